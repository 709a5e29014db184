"""Locks on the screen: set and ended by the province, felt at the next step, and told to each as far as he may know."""

import io
from datetime import date
from urllib.parse import quote

import pytest
from sqlalchemy import select

from app.cli.demo.pictures import sheet
from app.extensions.clock import today
from app.models import Attachment, Notice, PolicyValue, RegistrationLock
from tests.cast import ZHANG_WEI
from tests.desk import audited, declared, officer, send, state_of
from tests.pages import checked, fields, page
from tests.registered import registered


def scan() -> tuple[io.BytesIO, str]:
    return io.BytesIO(sheet("依据材料", ("示例",))), "依据.jpg"


@pytest.fixture
def province(app, cast):
    return officer(app, cast.chen_jing)


@pytest.fixture
def held(session, cast):
    return registered(session, cast.li_juan, cast.zhang_wei)


def lock(client, **values):
    url = "/locks/add"
    form = fields(page(client, url).find(id="record"))
    asked = {"number": "", "name": "", "id_number": "", "locked_on": today().isoformat(), "until": ""}
    return send(client, url, **{**form, **asked, "reason": "涉嫌挂证", **values})


def locks(session) -> list[RegistrationLock]:
    session.rollback()
    return list(session.scalars(select(RegistrationLock).order_by(RegistrationLock.id)))


def test_a_locked_person_moves_on_only_after_the_lock_is_ended(app, session, cast, province):
    row = declared(session, cast, "submit")
    assert lock(province, name=row.name, id_number=row.id_number, everything="1").status_code == 302
    city = officer(app, cast.wang_qiang)
    answer = send(city, f"/review/{row.id}/decide", action="accept", version=row.version)
    problems = checked(answer, 409).find(id="problems").get_text()
    assert "自2026-06-01起" in problems
    assert "涉嫌挂证" not in problems
    assert "涉嫌挂证" in page(city, f"/review/{row.id}").find(id="lock-1").get_text()
    (entry,) = locks(session)
    assert (entry.registration_id, entry.locked_by_id) == (None, cast.chen_jing.actor.account_id)
    assert row.id_number_masked in page(province, "/locks/").get_text()
    act = {"action": "unlock", "ids": [str(entry.id)], "confirmed": "1"}
    assert send(province, "/locks/act", **act).status_code == 422
    assert send(province, "/locks/act", **act, reason="核查完毕").status_code == 302
    assert send(city, f"/review/{row.id}/decide", action="accept", version=row.version).status_code == 302
    assert state_of(session, row.id) == "accepted"
    (entry,) = locks(session)
    assert (entry.unlocked_on, entry.unlock_reason) == (today(), "核查完毕")
    for action in ("person.lock", "person.unlock"):
        (line,) = audited(session, action)
        assert line.actor_name == cast.chen_jing.name
        assert row.name not in line.detail


@pytest.mark.parametrize("named", ["number", "name"])
def test_a_registration_is_found_by_its_number_or_by_name_and_id_number(session, held, province, named):
    whom = {"number": held.number} if named == "number" else {"name": "张伟", "id_number": ZHANG_WEI}
    assert lock(province, **whom, until="2026-08-31").status_code == 302
    (entry,) = locks(session)
    assert (entry.registration_id, entry.person_id) == (held.id, held.person_id)
    assert (entry.locked_on, entry.until.isoformat()) == (today(), "2026-08-31")
    (line,) = audited(session, "registration.lock")
    assert line.subject_id == str(held.id)


@pytest.mark.parametrize(
    ("values", "at"),
    [
        ({"reason": " "}, "f-reason"),
        ({"name": "别人"}, "f-name"),
        ({"id_number": "439900199002280025"}, "f-name"),
        ({"number": "湘243130000099"}, "f-number"),
        ({"name": "", "id_number": ""}, "f-name"),
        ({"locked_on": "2026-05-31"}, "f-locked_on"),
        ({"locked_on": ""}, "f-locked_on"),
        ({"locked_on": "2026-07-01", "until": "2026-06-30"}, "f-until"),
        ({"until": "soon"}, "f-until"),
    ],
)
def test_a_lock_that_makes_no_sense_is_refused_and_nothing_typed_is_lost(session, held, province, values, at):
    document = checked(lock(province, **{"name": "张伟", "id_number": ZHANG_WEI, **values}), 422)
    assert document.select(f"#problems a[href='#{at}']")
    assert document.find(id="f-name")["value"] == values.get("name", "张伟")
    assert locks(session) == []


def test_a_lock_is_found_by_the_name_the_id_number_and_the_number_of_whom_it_is_about(
    session, held, province
):
    lock(province, number=held.number)
    for typed, found in (
        ("张", 1), (ZHANG_WEI, 1), (held.number, 1), ("李", 0), ("439900199002280025", 0), ("%", 0)
    ):  # fmt: skip
        answer = send(province, "/locks/find", q=typed)
        rows = page(province, answer.location).select("table.rows tbody tr")
        assert len(rows) == found, typed


def test_a_form_that_names_nobody_says_what_it_needs_and_searches_for_nobody(province):
    for named in ({}, {"name": "张伟"}, {"id_number": ZHANG_WEI}):
        said = checked(lock(province, **named), 422).find(id="problems").get_text()
        assert "请填写注册编号，或者同时填写姓名和证件号码。" in said
        assert "没有姓名与身份证号一致的人员" not in said


def test_who_has_two_registrations_is_named_with_both_numbers(session, cast, held, province):
    second = registered(session, cast.li_juan, cast.zhang_wei, kind="temporary")
    told = checked(lock(province, name="张伟", id_number=ZHANG_WEI), 422).find(id="problems").get_text()
    assert held.number in told
    assert second.number in told
    assert lock(province, number=second.number).status_code == 302
    assert [one.registration_id for one in locks(session)] == [second.id]


def test_who_has_no_registration_is_locked_as_a_whole_or_not_at_all(session, cast, province):
    whom = {"name": "张伟", "id_number": ZHANG_WEI}
    assert lock(province, **whom).status_code == 422
    assert lock(province, **whom, everything="1").status_code == 302


def test_nothing_is_locked_twice_at_once(session, held, province):
    assert lock(province, number=held.number, until="2026-12-31").status_code == 302
    assert lock(province, number=held.number).status_code == 422
    assert lock(province, number=held.number, locked_on="2026-12-31").status_code == 422
    assert lock(province, number=held.number, locked_on="2027-01-01").status_code == 302
    assert lock(province, number=held.number, everything="1").status_code == 302
    assert len(locks(session)) == 3


def test_the_reason_is_shown_as_text(session, held, province):
    lock(province, number=held.number, reason="<script>alert(1)</script>")
    for url in ("/locks/", f"/registrations/{held.id}"):
        assert "<script>alert(1)" not in page(province, url).decode(formatter="minimal")


def test_nobody_but_the_province_sets_reads_or_ends_a_lock(app, session, cast, held, province):
    lock(province, number=held.number)
    (entry,) = locks(session)
    for member in (cast.wang_qiang, cast.zhao_min, cast.li_juan, cast.zhang_wei, cast.admin):
        client = officer(app, member)
        for url in ("/locks/", "/locks/add", f"/locks/{entry.id}"):
            assert client.get(url).status_code == 404, (member.name, url)
        for url, data in (
            ("/locks/add", {"number": held.number, "reason": "x"}),
            ("/locks/act", {"action": "unlock", "ids": [str(entry.id)], "confirmed": "1", "reason": "x"}),
        ):
            assert send(client, url, **data).status_code == 404, (member.name, url)
    assert [(one.id, one.unlocked_on) for one in locks(session)] == [(entry.id, None)]


def test_the_evidence_is_the_provinces(app, session, cast, held, province):
    assert lock(province, number=held.number, **{"file-lock_evidence": scan()}).status_code == 302
    session.rollback()
    (paper,) = session.scalars(select(Attachment).where(Attachment.kind == "lock_evidence"))
    assert province.get(f"/files/{paper.id}").status_code == 200
    assert page(province, f"/locks/{paper.lock_id}").select("a.attachment")
    for member in (cast.wang_qiang, cast.zhao_min, cast.li_juan, cast.zhang_wei):
        assert officer(app, member).get(f"/files/{paper.id}").status_code == 404, member.name


def test_the_authorities_read_the_history_of_locks_with_its_reasons(app, session, cast, held, province):
    lock(province, number=held.number, reason="首次核查")
    (first,) = locks(session)
    send(province, "/locks/act", action="unlock", ids=[str(first.id)], confirmed="1", reason="已澄清")
    lock(province, number=held.number, reason="再次核查", until="2026-06-30")
    for client in (province, officer(app, cast.wang_qiang)):
        rows = [
            row.get_text(" ", strip=True)
            for row in page(client, f"/registrations/{held.id}").select("#locks tbody tr")
        ]
        assert ["再次核查" in rows[0], "2026-06-30" in rows[0]] == [True, True]
        assert "已澄清" in rows[1]
        listed = page(client, "/registrations/").select_one("tbody tr")
        assert "锁定中" in listed.get_text()
        assert len(page(client, "/registrations/?lock=1").select("tbody tr")) == 1
    assert officer(app, cast.zhao_min).get(f"/registrations/{held.id}").status_code == 404
    link = page(province, f"/registrations/{held.id}").select_one("#locks a.btn")["href"]
    assert link == f"/locks/add?number={quote(held.number)}"
    assert page(province, link).find(id="f-number")["value"] == held.number


@pytest.mark.parametrize("url", ["/historical-records/{}", "/roster/{}", "/certificates/{}"])
def test_the_parties_see_the_days_and_not_the_reason(app, session, cast, held, province, url):
    lock(province, number=held.number, reason="公安机关协查", until="2026-06-30")
    members = [cast.li_juan] if "certificates" not in url else [cast.li_juan, cast.zhang_wei]
    for member in members:
        text = page(officer(app, member), url.format(held.id)).select_one("main").get_text()
        assert "2026-06-01至2026-06-30" in text
        assert "公安机关协查" not in text


IN_ENGLISH = (
    "Registration matters are locked",
    "From 2026-06-01 to 2026-06-30 the province holds up every matter of registration",
    "of 张伟. Please ask the province for the reason.",
    "Registration matters are unlocked",
    "From 2026-06-01 on every matter of registration of 张伟 is not locked any more.",
)
IN_CHINESE = (
    "注册事项已被锁定",
    "2026-06-01至2026-06-30期间，张伟的全部注册事项（注销除外）暂停办理。",
    "注册事项已解锁",
    "自2026-06-01起，张伟的全部注册事项解除锁定。",
)


@pytest.mark.parametrize(("language", "sentences"), [("en", IN_ENGLISH), ("zh", IN_CHINESE)])
@pytest.mark.parametrize("url", ["/notices/", "/"])
def test_who_has_no_registration_is_told_by_name_and_of_no_registration(
    app, session, cast, province, language, sentences, url
):
    lock(province, name="张伟", id_number=ZHANG_WEI, everything="1", until="2026-06-30")
    (entry,) = locks(session)
    send(province, "/locks/act", action="unlock", ids=[str(entry.id)], confirmed="1", reason="已澄清")
    said = page(officer(app, cast.zhang_wei), f"{url}?_l_={language}").select_one("main")
    text = said.get_text(" ", strip=True)
    # A day stands in a mark of its own, so that it does not break.
    whole = "".join(text.split())
    for part in sentences:
        assert "".join(part.split()) in whole, part
    for wrong in ("a constructor", "有关人员", "A registration is", "注册已"):
        assert wrong not in text, wrong


def test_who_is_registered_twice_with_one_employer_is_told_once(session, cast, held, province):
    registered(session, cast.li_juan, cast.zhang_wei, kind="temporary")
    lock(province, number=held.number, everything="1")
    session.rollback()
    told = session.execute(select(Notice.enterprise_id, Notice.person_id)).all()
    assert len(told) == 2
    assert {tuple(one) for one in told} == {
        (None, held.person_id), (cast.li_juan.actor.enterprise_id, None),
    }  # fmt: skip


def test_person_and_employer_are_told(session, cast, held, province):
    lock(province, number=held.number, until="2026-06-30", reason="公安机关协查")
    (entry,) = locks(session)
    send(province, "/locks/act", action="unlock", ids=[str(entry.id)], confirmed="1", reason="已澄清")
    session.rollback()
    told = list(
        session.execute(select(Notice.kind, Notice.enterprise_id, Notice.person_id, Notice.parameters))
    )
    clerk, person = cast.li_juan.actor.enterprise_id, held.person_id
    assert [one[:3] for one in told] == [
        ("locked_until", clerk, None), ("locked_until", None, person),
        ("unlocked", clerk, None), ("unlocked", None, person),
    ]  # fmt: skip
    assert "协查" not in "".join(one[3] for one in told)


@pytest.mark.parametrize("stops_cancellation", [False, True])
@pytest.mark.parametrize("whole", [False, True])
def test_they_are_told_what_is_locked_and_whether_a_cancellation_is_excepted(
    app, session, cast, held, province, whole, stops_cancellation
):
    value = "1" if stops_cancellation else "0"
    session.add(
        PolicyValue(
            key="lock_stops_cancellation", value=value, valid_from=date(2026, 1, 1), source="演示文件"
        )
    )
    session.commit()
    lock(province, number=held.number, **({"everything": "1"} if whole else {}))
    said = page(officer(app, cast.li_juan), "/notices/").select_one("main").get_text()
    assert (f"注册编号{held.number}" in said) is not whole
    assert ("全部注册事项" in said) is whole
    assert ("注销除外" in said) is not stops_cancellation
    (entry,) = locks(session)
    send(province, "/locks/act", action="unlock", ids=[str(entry.id)], confirmed="1", reason="已澄清")
    said = page(officer(app, cast.li_juan), "/notices/").select_one("main tbody tr").get_text()
    assert ("全部注册事项" in said) is whole
    assert "注销除外" not in said


def test_a_lock_that_has_not_begun_can_be_taken_back(session, held, province):
    lock(province, number=held.number, locked_on="2026-07-01", until="2026-07-31")
    (entry,) = locks(session)
    assert "尚未开始" in page(province, "/locks/").select_one("tbody tr").get_text()
    act = {"action": "unlock", "ids": [str(entry.id)], "confirmed": "1", "reason": "误设"}
    for day in ("2026-08-01", "2026-05-31", "soon"):
        assert send(province, "/locks/act", **act, on=day).status_code == 422, day
    assert send(province, "/locks/act", **act).status_code == 302
    assert locks(session)[0].unlocked_on == today()
