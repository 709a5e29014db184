"""The page behind the QR code: what it says of a certificate, what it does not say, and what it costs."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, select, update

from app.models import AttemptCount, Certificate, CertificateStatus, Ending, Registration, StoredFile
from app.models.personal import mask_name, public_id_mask
from app.models.policy import Policy
from app.security.access.roles import SYSTEM
from app.services import certificates
from app.services.verification import MISSES_IN_A_MINUTE
from app.views.verification import ENDINGS
from tests.cast import take
from tests.desk import on_one_list
from tests.pages import page

_APPROVED = ("submit", "accept", "endorse", "approve")
UNKNOWN = "A" * 32


@pytest.fixture
def certificate(session, cast, clock) -> Certificate:
    """A certificate in force; its file is none that anybody reads here."""
    _number, (row,) = on_one_list(session, cast, 1)
    clock.shift(20 * 86_400)
    take(session, cast, row.id, "announce")
    issued = session.scalars(select(Certificate)).one()
    stored = StoredFile(sha256="0" * 64, media_type="application/pdf", size=1, path="none")
    session.add(stored)
    session.flush()
    issued.status, issued.file_id = CertificateStatus.CURRENT, stored.id
    session.commit()
    session.refresh(issued)
    registration = issued.registration
    assert registration.id_number
    session.expunge_all()
    session.rollback()
    return issued


def verdict(client, token, status=200) -> str:
    return page(client, f"/v/{token}", status).select_one(".verdict")["class"][1].removeprefix("verdict-")


def test_the_page_says_where_genuine_codes_lead_whatever_host_was_asked_for(client):
    """A forger who shows this page under a name of his own must not have it vouch for his codes."""
    document = page(client, "/verify", headers={"Host": "forger.example"})
    assert "forger.example" not in document.get_text()
    assert f"{client.application.extensions['platform_config'].base_url}/v/" in document.get_text()


def set_(session, model, **values):
    session.rollback()
    session.execute(update(model).values(**values))
    session.commit()


def test_the_public_reads_what_it_may_know_of_a_valid_certificate(client, certificate):
    document = page(client, f"/v/{certificate.token}")
    text = document.get_text()
    registration = certificate.registration
    assert document.select_one(".verdict-green")
    said = (
        mask_name(registration.name), public_id_mask(registration.id_number_masked), registration.number,
        certificate.number, registration.enterprise_name, "湖南省住房和城乡建设厅", "建筑工程",
        "证书类别", "二级注册建造师",
    )  # fmt: skip
    for words in said:
        assert words in text
    assert registration.id_number_masked not in text, "what officers read is more than the public needs"
    for secret in (registration.name, registration.id_number, registration.birth_date.isoformat()):
        assert secret not in document.decode()


def test_the_page_opens_no_session_is_not_kept_and_not_indexed(client, certificate):
    answer = client.get(f"/v/{certificate.token}")
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex"


def test_the_page_takes_at_most_five_statements_and_writes_nothing(app, session, client, certificate):
    with app.app_context():
        from app.extensions.database import db

        engine = db.engine
    asked = []
    event.listen(engine, "before_cursor_execute", lambda *arguments: asked.append(arguments[2]))
    for language in ("zh", "en"):
        asked.clear()
        client.get(f"/v/{certificate.token}?_l_={language}")
        statements = [one for one in asked if not one.startswith(("BEGIN", "ROLLBACK", "COMMIT"))]
        assert len(statements) <= 5, statements
        assert not [one for one in asked if one.startswith(("INSERT", "UPDATE"))]


def test_an_expired_certificate_is_called_expired(client, certificate, clock):
    clock.move_to(datetime(2030, 1, 1, tzinfo=UTC))
    assert verdict(client, certificate.token) == "orange"


def test_the_last_day_of_a_term_belongs_to_it(client, certificate, clock):
    ends = max(ends for _name, _begins, ends in json.loads(certificate.face)["specialties"])
    last = datetime.fromisoformat(f"{ends}T15:59:00+00:00")
    clock.move_to(last)
    assert verdict(client, certificate.token) == "green"
    clock.move_to(last + timedelta(minutes=2))
    assert verdict(client, certificate.token) == "orange"


def test_one_expired_specialty_of_two_is_named_and_the_certificate_stays_valid(session, client, certificate):
    face = json.loads(certificate.face)
    face["specialties"].append(["市政公用工程", "2020-01-01", "2022-12-31"])
    set_(session, Certificate, face=json.dumps(face, ensure_ascii=False))
    document = page(client, f"/v/{certificate.token}")
    assert document.select_one(".verdict-green")
    badges = [one.select_one(".badge")["class"][1] for one in document.select(".terms li")]
    assert badges == ["bg-green-lt", "bg-orange-lt"]


@pytest.mark.parametrize(
    ("model", "values", "tone"),
    [
        (Registration, {"status": "cancelled"}, "red"),
        (Certificate, {"status": CertificateStatus.CANCELLED}, "red"),
        (Certificate, {"status": CertificateStatus.REPLACED}, "orange"),
        (Certificate, {"status": CertificateStatus.ISSUING}, "blue"),
    ],
)
def test_whatever_ended_a_certificate_is_said(session, client, certificate, model, values, tone):
    set_(session, model, **values)
    assert verdict(client, certificate.token) == tone


def replace(session, certificate, because) -> Certificate:
    """The next version is asked for, and its file is not made yet; meanwhile the register names another employer."""
    registration = session.get_one(Registration, certificate.registration_id)
    registration.enterprise_name = "湘江样板工程有限公司（演示）"
    (following,) = certificates.allot(
        session, [(registration, None)], actor=SYSTEM, policy=Policy({}), on=certificate.issued_on,
        because=because, renumbered=False,
    )  # fmt: skip
    session.commit()
    return following


def signed(session, key: int) -> None:
    stored = StoredFile(sha256="1" * 64, media_type="application/pdf", size=1, path="following")
    session.add(stored)
    session.flush()
    made = session.get_one(Certificate, key)
    made.status, made.file_id = CertificateStatus.CURRENT, stored.id
    session.commit()


@pytest.mark.parametrize("because", ["renewal", "addition", "damage", "transfer", "correction", "employer"])
def test_while_the_next_certificate_is_being_made_the_one_before_says_that_the_registration_is_valid(
    session, client, certificate, because
):
    following = replace(session, certificate, Ending(because)).id
    document = page(client, f"/v/{certificate.token}?_l_=en")
    said = document.select_one(".verdict").get_text(" ", strip=True)
    assert document.select_one(".verdict-blue"), said
    assert "Registration valid, new certificate being issued" in said
    assert str(ENDINGS[because])[:10] in said
    whole = document.get_text(" ", strip=True)
    assert "湘江样板工程有限公司" in whole, "what the register says now, and not what the copy says"
    assert "长沙示例建设有限公司" not in whole
    assert "Valid" in document.select_one(".terms").get_text(" ", strip=True)
    signed(session, following)
    document = page(client, f"/v/{certificate.token}?_l_=en")
    assert document.select_one(".verdict-orange")
    assert "a newer certificate was issued in its place" in document.get_text()
    assert "长沙示例建设有限公司" in document.get_text(), "of a replaced copy what it says itself"


def test_a_copy_that_was_reported_lost_is_never_spoken_well_of(session, client, certificate):
    replace(session, certificate, Ending.LOSS)
    document = page(client, f"/v/{certificate.token}?_l_=en")
    said = document.select_one(".verdict").get_text(" ", strip=True)
    assert document.select_one(".verdict-orange"), said
    assert "not valid any more" in said
    assert "just being made and signed" in said
    assert "reported lost" in said


def test_what_ended_meanwhile_and_what_was_replaced_before_awaits_nothing(session, client, certificate):
    following = replace(session, certificate, Ending.RENEWAL)
    token = following.token
    signed(session, following.id)
    third = replace(session, session.get_one(Certificate, following.id), Ending.ADDITION).id
    assert verdict(client, certificate.token) == "orange", "two versions ago"
    assert verdict(client, token) == "blue"
    set_(session, Registration, status="annulled")
    assert verdict(client, token) == "red"
    set_(session, Registration, status="valid")
    session.get_one(Certificate, third).ended_on = certificate.issued_on
    session.commit()
    assert verdict(client, token) == "orange"


def test_of_a_term_that_ended_the_public_reads_why(session, client, certificate):
    assert set(ENDINGS) == set(Ending)
    set_(session, Registration, status="cancelled", cancelled_on=certificate.issued_on)
    set_(session, Certificate, ended_on=certificate.issued_on, ended_because=Ending.EXPIRY)
    said = page(client, f"/v/{certificate.token}?_l_=en").select_one(".verdict").get_text(" ", strip=True)
    assert f"The term ended and was not renewed; it was struck off on {certificate.issued_on}." in said


def test_unknown_and_malformed_codes_get_one_answer(client, certificate):
    expected = stripped(client.get(f"/v/{UNKNOWN}"))
    for token in (
        "x",
        "A" * 200,
        certificate.token[:-1],
        certificate.token.swapcase(),
        "..%2e",
        "%00",
        "a'--",
        "证书",
    ):
        answer = client.get(f"/v/{token}")
        assert answer.status_code == 404
        assert stripped(answer) == expected, token


def stripped(answer) -> str:
    """The page without its nonce and the address in its language link."""
    import re

    return re.sub(r'nonce="[^"]+"', "", answer.text)


def test_unknown_and_malformed_codes_ask_the_database_alike(app, client, certificate):
    with app.app_context():
        from app.extensions.database import db

        engine = db.engine
    asked = []
    event.listen(engine, "before_cursor_execute", lambda *arguments: asked.append(arguments[2]))
    seen = []
    for token in (UNKNOWN, "x", "A" * 200):
        asked.clear()
        client.get(f"/v/{token}")
        seen.append([one.split()[0] for one in asked])
    assert seen[0] == seen[1] == seen[2]


def test_whoever_guesses_is_stopped_for_a_minute_and_nobody_else(client, certificate, clock):
    for _ in range(MISSES_IN_A_MINUTE):
        assert client.get(f"/v/{UNKNOWN}").status_code == 404
    answer = client.get(f"/v/{certificate.token}")
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "60"
    elsewhere = {"REMOTE_ADDR": "198.51.100.7"}
    assert client.get(f"/v/{certificate.token}", environ_base=elsewhere).status_code == 200
    clock.shift(61)
    assert client.get(f"/v/{certificate.token}").status_code == 200


def test_looking_at_certificates_is_not_counted(session, client, certificate):
    for _ in range(3):
        client.get(f"/v/{certificate.token}")
    assert session.scalars(select(AttemptCount)).all() == []


def test_the_entry_page_leads_from_a_code_or_an_address_to_the_answer(client, certificate):
    page(client, "/verify")
    token = certificate.token
    for typed in (
        token,
        f" {token} ",
        f"https://example.gov.cn/v/{token}",
        f"http://x/v/{token}?from=app#part",
    ):
        answer = client.get("/verify", query_string={"code": typed})
        assert answer.location == f"/v/{token}", typed
    for typed in ("二维码", "a b", "x" * 65, "<script>", "//evil.example/"):
        document = page(client, "/verify", query_string={"code": typed})
        assert document.find(id="code-error"), typed


def test_both_languages_are_whole_pages(client, certificate):
    for url in ("/verify", f"/v/{certificate.token}"):
        for language in ("zh", "en"):
            page(client, f"{url}?_l_={language}")
    english = page(client, f"/v/{certificate.token}?_l_=en").get_text()
    assert "Building" in english
    assert "建筑工程" not in english
