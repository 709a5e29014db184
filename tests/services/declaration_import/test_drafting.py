"""An enterprise asks for many at once: the types' own rules answer, and only good rows become drafts, once."""

from datetime import timedelta

import pytest
from flask_babel import force_locale
from sqlalchemy import func, select
from werkzeug.exceptions import NotFound

from app.extensions.clock import today
from app.extensions.refused import Refused
from app.models import Attachment, Declaration, Enterprise, State
from app.services.declaration_import.kind import declarations_of
from app.services.imports import life_cycle
from app.workflow.types import registry
from tests.cast import add_constructor, take
from tests.registered import drafted, registered
from tests.workbooks import workbook as table

pytestmark = pytest.mark.both_engines

SUN_LI = "439900198808080108"
ZHANG_WEI = "439900198506150019"


@pytest.fixture
def kind(app):
    return declarations_of(registry)


@pytest.fixture
def renewable(session, cast):
    """张伟, whose term ends in the window of renewal."""
    return registered(session, cast.li_juan, cast.zhang_wei, ends={"building": today() + timedelta(days=60)})


def renewal(**changed):
    row = {
        "姓名": "张伟", "证件号码": ZHANG_WEI, "申报类型": "延续", "必修学时": "60", "选修学时": 60,
        "联系电话": "0731-00000000", "聘用开始时间": "2020-01-01", "是否长期": "是",
    }  # fmt: skip
    return row | changed


def listed(kind, rows) -> bytes:
    headings = [column.heading for column in kind.columns]
    assert all(set(row) <= set(headings) for row in rows)
    return table([headings, *([row.get(heading, "") for heading in headings] for row in rows)])


def dry(session, kind, cast, *rows, clerk=None):
    return life_cycle.dry_run(session, kind, listed(kind, rows), (clerk or cast.li_juan).actor)


def said(session, kind, cast, *rows, clerk=None) -> list[tuple[int, str, str]]:
    found = dry(session, kind, cast, *rows, clerk=clerk).found.rows
    return [(one.row, one.heading, one.message) for one in found]


def check(session, kind, cast, *rows, clerk=None):
    member = clerk or cast.li_juan
    return life_cycle.check(session, kind, listed(kind, rows), "staff.xlsx", member.actor)


def drafts(session) -> list[Declaration]:
    session.expire_all()
    return list(session.scalars(select(Declaration).order_by(Declaration.id)))


def test_a_good_row_becomes_a_draft_that_says_what_the_row_says(session, cast, kind, renewable):
    kept = check(session, kind, cast, renewal())
    assert drafts(session) == []
    assert life_cycle.load(session, kind, kept.id, cast.li_juan.actor).loaded_count == 1
    (row,) = drafts(session)
    assert (row.type_key, row.state, row.enterprise_id) == (
        "renewal",
        State.DRAFT,
        cast.li_juan.actor.enterprise_id,
    )
    assert (row.registration_id, row.registration_number) == (renewable.id, renewable.number)
    assert (row.phone, f"{row.employed_from}", row.employed_open_ended) == (
        "0731-00000000",
        "2020-01-01",
        True,
    )
    (one,) = row.specialties
    assert (one.specialty, one.mandatory_hours, one.elective_hours) == ("building", 60, 60)
    assert one.registered_until == renewable.ends_on


def test_the_papers_are_still_to_do_and_no_errors(app, session, cast, kind, renewable):
    found = dry(session, kind, cast, renewal()).found
    assert found.rows == []
    with app.app_context(), force_locale("en"):
        (one,) = [each.message for each in found.to_do]
    assert one == (
        "To be attached before the submission: One-inch photo, Scan of the ID card, Employment contract, "
        "Proof of continuing education."
    )
    with app.app_context(), force_locale("zh"):
        assert "一寸免冠照片、" in found.to_do[0].message


def test_a_draft_with_its_papers_can_be_submitted(session, cast, kind, renewable):
    life_cycle.load(session, kind, check(session, kind, cast, renewal()).id, cast.li_juan.actor)
    (row,) = drafts(session)
    source = session.scalars(select(Attachment).where(Attachment.person_id.is_not(None)).limit(1)).one()
    for name in ("photo", "id_card", "employment_contract", "education_proof"):
        session.add(Attachment(kind=name, file_name="a.jpg", file_id=source.file_id, declaration_id=row.id))
    session.commit()
    assert take(session, cast, row.id, "submit").state == State.SUBMITTED


def test_the_rules_of_the_type_answer_at_the_cell_that_they_are_about(session, cast, kind, renewable):
    wanted = "60 mandatory and 60 elective hours of continuing education are needed"
    assert said(session, kind, cast, renewal(必修学时="30")) == [
        (2, "专业", f"{wanted} for this specialty, 30 and 60 are given.")
    ]
    assert said(session, kind, cast, renewal(联系电话="")) == [(2, "联系电话", "Telephone is missing.")]
    assert said(session, kind, cast, renewal(是否长期="")) == [
        (2, "聘用结束时间", "Give the day on which the employment ends, or tick open-ended.")
    ]
    early = registered(
        session,
        cast.li_juan,
        add_constructor(session, cast.wang_qiang, "孙丽", SUN_LI, ("highway",)),
        ends={"highway": today() + timedelta(days=400)},
    )
    opens = early.ends_on - timedelta(days=90)
    assert said(session, kind, cast, renewal(姓名="孙丽", 证件号码=SUN_LI)) == [
        (2, "专业", f"The renewal of a specialty opens on {opens}.")
    ]


def test_a_stored_finding_of_a_rule_is_said_in_the_language_of_its_reader(
    app, session, cast, kind, renewable
):
    kept = check(session, kind, cast, renewal(必修学时="30"))
    (one,) = life_cycle.findings_of(kind, kept).rows
    with app.app_context(), force_locale("zh"):
        assert "必修60学时" in one.message
        assert "hours" not in one.message


def test_one_row_may_be_found_by_its_registration_number(session, cast, kind, renewable):
    assert said(session, kind, cast, renewal(证件号码="", 注册编号=renewable.number)) == []
    assert said(session, kind, cast, renewal(证件号码="")) == [
        (2, "证件号码", "Give the ID number or the registration number.")
    ]


def test_strangers_and_the_staff_of_others_get_one_sentence(session, cast, kind, renewable):
    """Nobody can find out by a workbook who is registered elsewhere, under which name or number."""
    sentence = "This person is not registered with your enterprise."
    rows = (
        renewal(),
        renewal(姓名="章伟"),
        renewal(证件号码=SUN_LI),
        renewal(证件号码="", 注册编号=renewable.number),
        renewal(证件号码="", 注册编号="湘243131300001"),
    )
    told = [said(session, kind, cast, row, clerk=cast.liu_yang) for row in rows]
    assert told == [[(2, "证件号码" if row["证件号码"] else "注册编号", sentence)] for row in rows]
    renewable.status = "cancelled"
    session.commit()
    assert said(session, kind, cast, renewal()) == [(2, "证件号码", sentence)]


def test_what_does_not_belong_together_is_named(session, cast, kind, renewable):
    other = registered(
        session, cast.li_juan, add_constructor(session, cast.wang_qiang, "孙丽", SUN_LI, ("highway",))
    )
    assert said(session, kind, cast, renewal(注册编号=other.number)) == [
        (2, "注册编号", "The ID number and the registration number belong to different persons.")
    ]
    assert said(session, kind, cast, renewal(姓名="章伟")) == [
        (2, "姓名", "The register has another name under this number.")
    ]
    assert said(session, kind, cast, renewal(), renewal(申报类型="注销", 注册编号=""))[0] == (
        3, "姓名", "Row 2 is about the same person. A workbook asks once for each person.",
    )  # fmt: skip


def test_what_the_type_does_not_ask_or_offer_is_named(session, cast, kind, renewable):
    assert said(session, kind, cast, renewal(注销原因="聘用企业破产")) == [
        (2, "注销原因", "“注销原因” is not asked for in this kind of declaration. Leave the cell blank.")
    ]
    assert said(session, kind, cast, renewal(专业="公路")) == [
        (2, "专业", "This specialty cannot be asked for in this declaration: 公路工程.")
    ]
    assert said(session, kind, cast, renewal(必修学时="60、30")) == [
        (2, "必修学时", "There are 2 numbers of hours for 1 specialties.")
    ]
    assert said(session, kind, cast, renewal(申报类型="变更"))[0][1] == "申报类型"


def test_cancellations_and_additions_are_asked_by_their_own_rules(session, cast, kind):
    registered(session, cast.li_juan, cast.zhang_wei, ends={"building": today() + timedelta(days=600)})
    addition = renewal(申报类型="增项", 专业="市政", 必修学时="", 选修学时="")
    cancellation = {"姓名": "张伟", "证件号码": ZHANG_WEI, "申报类型": "注销", "联系电话": "0731-00000000"}
    for row in (addition, cancellation | {"注销原因": "聘用企业破产"}):
        kept = check(session, kind, cast, row)
        assert (kept.good_count, kept.bad_count) == (1, 0)
        life_cycle.load(session, kind, kept.id, cast.li_juan.actor)
    first, second = drafts(session)
    assert (first.type_key, [one.specialty for one in first.specialties]) == ("addition", ["municipal"])
    assert (second.type_key, second.cancellation_reason) == ("cancellation", "bankrupt")
    assert [one.specialty for one in second.specialties] == ["building"]


def test_a_cancellation_without_a_reason_is_an_error(session, cast, kind, renewable):
    row = {"姓名": "张伟", "证件号码": ZHANG_WEI, "申报类型": "注销", "联系电话": "0731-00000000"}
    assert said(session, kind, cast, row) == [(2, "注销原因", "Reason of cancellation is missing.")]


def test_the_same_workbook_again_makes_no_draft_twice(session, cast, kind, renewable):
    life_cycle.load(session, kind, check(session, kind, cast, renewal()).id, cast.li_juan.actor)
    again = check(session, kind, cast, renewal(联系电话="0731-11111111"))
    assert (again.known_count, again.good_count, again.bad_count) == (1, 0, 0)
    (notice,) = life_cycle.findings_of(kind, again).notices
    assert notice.code == "left_alone"
    assert life_cycle.load(session, kind, again.id, cast.li_juan.actor).loaded_count == 0
    assert [row.phone for row in drafts(session)] == ["0731-00000000"]


def test_a_draft_that_was_begun_in_the_browser_is_named_at_its_row_and_left_as_it_is(
    session, cast, kind, renewable
):
    drafted(session, cast, "renewal", renewable, phone="0731-22222222")
    person = add_constructor(session, cast.wang_qiang, "周芳", "439900199002280025", ("building",))
    registered(session, cast.li_juan, person, ends={"building": today() + timedelta(days=45)})
    kept = check(
        session,
        kind,
        cast,
        renewal(姓名="周芳", 证件号码="439900199002280025"),
        renewal(联系电话="0731-11111111"),
    )
    assert (kept.known_count, kept.good_count, kept.bad_count) == (1, 1, 0)
    (aside,) = life_cycle.findings_of(kind, kept).aside
    assert (aside.row, aside.heading) == (3, "申报类型")
    assert "draft of this kind" in aside.message
    assert life_cycle.load(session, kind, kept.id, cast.li_juan.actor).loaded_count == 1
    assert [(row.name, row.phone) for row in drafts(session)] == [
        ("张伟", "0731-22222222"), ("周芳", "0731-00000000"),
    ]  # fmt: skip


def test_a_draft_of_another_kind_is_no_hindrance(session, cast, kind, renewable):
    drafted(session, cast, "replacement", renewable)
    kept = check(session, kind, cast, renewal())
    assert (kept.known_count, kept.good_count) == (0, 1)
    assert life_cycle.findings_of(kind, kept).aside == []


def test_what_is_wrong_in_a_row_is_said_though_its_draft_was_begun(session, cast, kind, renewable):
    drafted(session, cast, "renewal", renewable)
    kept = check(session, kind, cast, renewal(选修学时="六十"))
    assert (kept.known_count, kept.good_count, kept.bad_count) == (0, 0, 1)
    life_cycle.load(session, kind, kept.id, cast.li_juan.actor)
    assert len(drafts(session)) == 1


def test_a_draft_that_was_begun_after_the_check_is_left_as_it_is(session, cast, kind, renewable):
    kept = check(session, kind, cast, renewal())
    assert kept.good_count == 1
    drafted(session, cast, "renewal", renewable, phone="0731-22222222")
    loaded = life_cycle.load(session, kind, kept.id, cast.li_juan.actor)
    assert (loaded.loaded_count, loaded.known_count) == (0, 1)
    assert [row.phone for row in drafts(session)] == ["0731-22222222"]


def test_a_corrected_workbook_goes_on_where_the_first_one_stopped(session, cast, kind, renewable):
    add_constructor(session, cast.wang_qiang, "孙丽", SUN_LI, ("highway",))
    person = add_constructor(session, cast.wang_qiang, "周芳", "439900199002280025", ("building",))
    registered(session, cast.li_juan, person, ends={"building": today() + timedelta(days=45)})
    second = renewal(姓名="周芳", 证件号码="439900199002280025")
    first_time = check(session, kind, cast, renewal(), second | {"选修学时": "六十"})
    assert (first_time.good_count, first_time.bad_count) == (1, 1)
    life_cycle.load(session, kind, first_time.id, cast.li_juan.actor)
    then = check(session, kind, cast, renewal(), second)
    assert (then.known_count, then.good_count, then.bad_count) == (1, 1, 0)
    life_cycle.load(session, kind, then.id, cast.li_juan.actor)
    assert [row.name for row in drafts(session)] == ["张伟", "周芳"]


def test_a_crash_in_the_middle_makes_no_draft(session, cast, kind, renewable, monkeypatch):
    number = check(session, kind, cast, renewal()).id

    def crash(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(life_cycle, "record", crash)
        with pytest.raises(KeyboardInterrupt):
            life_cycle.load(session, kind, number, cast.li_juan.actor)
    session.rollback()
    assert drafts(session) == []
    assert life_cycle.load(session, kind, number, cast.li_juan.actor).loaded_count == 1


def test_a_dry_run_leaves_no_draft_behind(session, cast, kind, renewable):
    dry(session, kind, cast, renewal())
    session.commit()
    assert session.scalar(select(func.count()).select_from(Declaration)) == 0


def test_a_workbook_is_seen_by_its_own_enterprise_alone(session, cast, kind, renewable):
    number = check(session, kind, cast, renewal()).id
    for member in cast:
        if member.name == "李娟":
            continue
        for act in (life_cycle.load, life_cycle.discard, life_cycle.marked_workbook):
            with pytest.raises(NotFound):
                act(session, kind, number, member.actor)
        if not member.actor.enterprise_id:
            with pytest.raises(NotFound):
                check(session, kind, cast, renewal(), clerk=member)
        session.rollback()
    assert drafts(session) == []


def test_more_than_two_hundred_persons_are_too_many(session, cast, kind, renewable):
    with pytest.raises(Refused, match="200"):
        dry(session, kind, cast, *[renewal()] * 201)


def test_an_enterprise_that_is_not_complete_is_told_what_is_missing(session, cast, kind, renewable):
    session.get_one(Enterprise, cast.li_juan.actor.enterprise_id).contact_name = None
    session.commit()
    for row in (renewal(), renewal(证件号码=SUN_LI)):
        with pytest.raises(Refused) as caught:
            dry(session, kind, cast, row)
        assert caught.value.findings


def test_every_message_can_be_said(kind):
    params = dict.fromkeys(("given", "count", "heading", "specialty", "other"), "?")
    for message in kind.messages.values():
        assert str(message) % params


def test_a_type_is_offered_once_it_names_itself(kind):
    names = [column.attribute for column in kind.columns]
    assert {"achievements", "cancellation_reason", "employed_to"} <= set(names)
    assert "declared_lost_in" not in names
    from dataclasses import replace

    more = declarations_of([*registry, replace(registry["replacement"], in_workbook=("补办",))])
    assert "declared_lost_in" in [column.attribute for column in more.columns]
    assert more.offered["declaration_type"].endswith("补办")
    assert not any(word in str(names) for word in ("id_type", "ethnicity", "mobile"))
