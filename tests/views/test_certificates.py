"""二级建造师电子证书: the employer and the holder fetch the signed file as it was issued, and nobody else does."""

import hashlib

import pytest
from sqlalchemy import select

from app.models import AuditEntry, Certificate, CertificateStatus, Ending, Registration, RegistrationStatus
from app.models.policy import Policy
from app.security.access.roles import SYSTEM
from app.services import certificates, files
from tests.cast import ZHANG_WEI, add_constructor, file_draft, login, take
from tests.pages import page
from tests.views.clerk import anew, buttons, post

URL = "/certificates"
SIGNED = b"%PDF-1.7 signed as it was issued"


@pytest.fixture
def registration(app, session, cast) -> int:
    """张伟 is registered and his certificate is in force; a stand-in for the file, which the issuing tests prove."""
    key = file_draft(session, cast.li_juan, cast.zhang_wei)
    take(session, cast, key, "submit", "accept", "endorse", "approve", "publicise")
    from app.models import Publicity

    for one in session.scalars(select(Publicity)):
        one.closes_on = one.opens_on
    session.commit()
    take(session, cast, key, "announce")
    certificate = session.scalars(select(Certificate)).one()
    stored = files.store(session, SIGNED, "application/pdf")
    certificate.file_id, certificate.status = stored.id, CertificateStatus.CURRENT
    certificate.sha256 = hashlib.sha256(SIGNED).hexdigest()
    session.commit()
    return session.scalars(select(Registration.id)).one()


def fetch(client, key: int):
    return post(client, f"{URL}/act", action="print", ids=str(key))


def test_the_list_says_who_holds_what_until_when(app, session, cast, registration):
    clerk = login(app.test_client(), cast.li_juan)
    row = page(clerk, f"{URL}/").select_one("table.rows tbody tr")
    text = row.get_text(" ", strip=True)
    numbers = ("4399**********0019", "湘2432526", "4300000001", "2026-06-01", "2029-05-31")
    for part in ("张伟", *numbers, "建筑工程", "市政公用工程", "有效"):
        assert part in text, part
    assert set(buttons(row.find(class_="acts"))) == {"查阅", "打印"}
    shown = page(clerk, f"{URL}/{registration}").get_text(" ", strip=True)
    assert "2029-05-31" in shown
    assert ZHANG_WEI not in shown


@pytest.mark.both_engines
def test_employer_and_holder_get_the_very_bytes_that_were_signed(app, session, cast, registration):
    for member in (cast.li_juan, cast.zhang_wei):
        answer = fetch(login(app.test_client(), member), registration)
        assert (answer.status_code, answer.mimetype, answer.data) == (200, "application/pdf", SIGNED)
    lines = anew(session).scalars(select(AuditEntry).where(AuditEntry.action == "print")).all()
    assert [(one.actor_id, one.subject) for one in lines] == [
        (cast.li_juan.actor.account_id, "certificate"), (cast.zhang_wei.actor.account_id, "certificate"),
    ]  # fmt: skip


@pytest.mark.both_engines
def test_another_enterprise_and_another_person_get_404(app, session, cast, registration):
    other = add_constructor(session, cast.wang_qiang, "何静", "439900199002280025")
    session.commit()
    for member in (cast.fang_yuan, cast.liu_yang, other, cast.wang_qiang, cast.admin):
        stranger = login(app.test_client(), member)
        assert stranger.get(f"{URL}/{registration}").status_code == 404
        assert fetch(stranger, registration).status_code == 404
        assert post(stranger, f"{URL}/reveal", key=str(registration), field="id_number").status_code == 404
        assert "张伟" not in stranger.get(f"{URL}/").text
    assert anew(session).scalars(select(AuditEntry).where(AuditEntry.action == "print")).all() == []


def test_a_certificate_in_the_making_is_listed_and_not_handed_out(app, session, cast, registration):
    certificate = session.scalars(select(Certificate)).one()
    certificate.status, certificate.file_id = CertificateStatus.ISSUING, None
    session.commit()
    clerk = login(app.test_client(), cast.li_juan)
    assert "打印" not in buttons(page(clerk, f"{URL}/").select_one("td.acts"))
    assert "制证中" in page(clerk, f"{URL}/{registration}").get_text()
    assert fetch(clerk, registration).mimetype != "application/pdf"


def test_while_the_next_certificate_is_made_lists_say_so_and_nothing_old_is_handed_out(
    app, session, cast, registration
):
    row = session.get_one(Registration, registration)
    before = session.scalars(select(Certificate)).one()
    certificates.allot(
        session, [(row, None)], actor=SYSTEM, policy=Policy({}), on=before.issued_on,
        because=Ending.RENEWAL, renumbered=False,
    )  # fmt: skip
    session.commit()
    for member, start in ((cast.li_juan, f"{URL}/"), (cast.zhang_wei, f"{URL}/"), (cast.zhang_wei, "/")):
        reader = login(app.test_client(), member)
        text = page(reader, f"{start}?_l_=en").get_text(" ", strip=True)
        assert "Valid, certificate being made" in text, (member.name, start)
        shown = page(reader, f"{URL}/{registration}?_l_=en")
        assert shown.find("button", value="print") is None
        assert "printed as soon as it is there. The one before does not count any more." in shown.get_text()
        assert fetch(reader, registration).mimetype != "application/pdf"
    made = session.scalars(select(Certificate).order_by(Certificate.version.desc())).first()
    made.status, made.file_id = CertificateStatus.CURRENT, before.file_id
    session.commit()
    clerk = login(app.test_client(), cast.li_juan)
    assert "being made" not in page(clerk, f"{URL}/?_l_=en").get_text()
    assert fetch(clerk, registration).data == SIGNED


def test_a_cancelled_registration_hands_out_nothing(app, session, cast, registration):
    session.get_one(Registration, registration).status = RegistrationStatus.CANCELLED
    session.commit()
    clerk = login(app.test_client(), cast.li_juan)
    assert "注销" in page(clerk, f"{URL}/").select_one("table.rows tbody tr").get_text()
    assert fetch(clerk, registration).mimetype != "application/pdf"


def test_an_expired_certificate_says_so(app, cast, registration, clock):
    clock.shift(4 * 366 * 86_400)
    clerk = login(app.test_client(), cast.li_juan)
    assert "过期" in page(clerk, f"{URL}/").select_one("table.rows tbody tr").get_text()
