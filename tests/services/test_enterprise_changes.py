"""企业信息变更: one at a time, of nobody with an open case, moved by its own city and the province alone."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import NotFound

from app.cli.demo.makers import credit_code
from app.extensions.clock import today
from app.extensions.refused import Refused
from app.models import Enterprise, EnterpriseChange, EnterpriseChangeStep, Notice, PolicyValue
from app.security.access.scope import find
from app.services import enterprise_changes, filing, roster
from app.workflow.types import registry
from tests.cast import CHANGSHA, SHAOYANG, file_draft, take
from tests.changing import NEW, SHUANGQING, YUELU, asked, mover, step
from tests.desk import audited
from tests.registered import drafted, registered


def refused_at(session, cast, row, action, words=""):
    """Why this step cannot be taken, and which rules say so."""
    session.refresh(row)
    with pytest.raises(Refused) as told:
        enterprise_changes.take(session, mover(cast, row, action), action, row.id, row.version, words=words)
    session.rollback()
    return [one.rule for one in told.value.findings] or str(told.value)


@pytest.mark.both_engines
def test_a_change_goes_from_the_enterprise_by_its_city_to_the_province(session, cast):
    row = asked(session, cast.li_juan)
    assert (row.state, row.number, row.region_code) == ("draft", None, CHANGSHA)
    step(session, cast, row, "submit")
    assert row.number == f"{today():%Y%m%d}3200001"
    step(session, cast, row, "endorse", "approve")
    assert (row.state, row.decided_by_id, row.decided_on) == (
        "completed", cast.chen_jing.actor.account_id, today()
    )  # fmt: skip
    course = [(one.action, one.from_state, one.to_state, one.actor_name) for one in row.steps]
    assert course == [
        ("submit", "draft", "submitted", "李娟"),
        ("endorse", "submitted", "endorsed", "王强"),
        ("approve", "endorsed", "completed", "陈静"),
    ]
    assert [one.subject_id for one in audited(session, "enterprise_change.approve")] == [str(row.id)]
    told = session.scalars(
        select(Notice.kind).where(Notice.enterprise_id == row.enterprise_id).order_by(Notice.id)
    ).all()
    assert told == ["enterprise_change_endorsed", "enterprise_change_approved"]


@pytest.mark.both_engines
def test_an_enterprise_has_one_change_that_is_not_at_its_end(session, cast):
    row = asked(session, cast.li_juan)
    with pytest.raises(IntegrityError):
        asked(session, cast.li_juan)
    session.rollback()
    step(session, cast, row, "submit", "endorse", "refuse")
    assert asked(session, cast.li_juan).id != row.id
    assert asked(session, cast.fang_yuan).id


@pytest.mark.both_engines
@pytest.mark.parametrize(
    ("key", "of", "seen"),
    [
        ("cancellation", "registered", True),
        ("personal_cancellation", "registered", True),
        ("temporary_transfer", "temporary", True),
        ("initial_registration", "temporary", False),
    ],
)
def test_nothing_is_changed_while_a_case_of_one_of_its_persons_is_open(session, cast, key, of, seen):
    """Its own, the person's, that of a new employer, and what another enterprise declares for whom it employs."""
    held = registered(session, cast.li_juan, cast.zhang_wei, kind=of)
    row = asked(session, cast.li_juan)
    if key == "initial_registration":
        case = file_draft(session, cast.fang_yuan, cast.zhang_wei)
    else:
        case = drafted(session, cast, key, held).id
    take(session, cast, case, "submit")
    assert refused_at(session, cast, row, "submit") == ["no_open_case"]
    (found,) = enterprise_changes.open_cases(session, cast.li_juan.actor, row, 5)
    assert (found.name, "*" in found.id_number, found.id is not None) == ("张伟", True, seen)


@pytest.mark.both_engines
def test_a_case_that_was_opened_since_holds_up_the_approval_until_it_is_at_its_end(session, cast):
    held = registered(session, cast.li_juan, cast.zhang_wei)
    row = asked(session, cast.li_juan)
    step(session, cast, row, "submit", "endorse")
    case = drafted(session, cast, "personal_cancellation", held)
    take(session, cast, case.id, "submit")
    assert refused_at(session, cast, row, "approve") == ["no_open_case"]
    take(session, cast, case.id, "disagree", "withdraw")
    step(session, cast, row, "approve")
    assert row.state == "completed"


def test_a_draft_of_somebody_holds_nothing_up(session, cast):
    registered(session, cast.li_juan, cast.zhang_wei)
    file_draft(session, cast.li_juan, cast.zhang_wei)
    row = asked(session, cast.li_juan)
    step(session, cast, row, "submit")
    assert row.state == "submitted"


@pytest.mark.both_engines
def test_while_it_is_open_nothing_that_names_the_enterprise_is_submitted(session, cast):
    key = file_draft(session, cast.li_juan, cast.zhang_wei)
    row = asked(session, cast.li_juan)
    for actions, held in ((("submit",), True), (("return",), True), (("withdraw",), False)):
        step(session, cast, row, *actions)
        version = session.get_one(registry["initial_registration"].model, key).version
        outcome = filing.submit(session, cast.li_juan.actor, {key: version})
        assert bool(outcome.skipped) is held, actions
        if held:
            assert [
                one for one in outcome.skipped[0].findings if "particulars" in one or "企业信息变更" in one
            ]


@pytest.mark.both_engines
def test_the_roster_says_that_a_change_is_open(session, cast):
    held = registered(session, cast.li_juan, cast.zhang_wei, ends={"building": today() + timedelta(days=60)})
    kind = registry["renewal"]
    assert roster.read(session, [held])[held.id].of(kind).open
    row = asked(session, cast.li_juan)
    step(session, cast, row, "submit")
    found = roster.read(session, [held])[held.id]
    assert [
        one for one in found.of(kind).hindrances if "particulars" in str(one) or "企业信息变更" in str(one)
    ]
    assert found.of(registry["cancellation"]).open


@pytest.mark.both_engines
def test_a_cancellation_may_be_filed_while_it_is_open(session, cast):
    held = registered(session, cast.li_juan, cast.zhang_wei)
    row = asked(session, cast.li_juan)
    step(session, cast, row, "submit")
    take(session, cast, drafted(session, cast, "cancellation", held).id, "submit")
    assert refused_at(session, cast, row, "endorse") == ["no_open_case"]


@pytest.mark.both_engines
def test_the_credit_code_of_another_enterprise_is_not_taken(session, cast):
    theirs = session.get_one(Enterprise, cast.fang_yuan.actor.enterprise_id).uscc
    row = asked(session, cast.li_juan, new_uscc=theirs)
    assert refused_at(session, cast, row, "submit") == ["credit_code"]
    row.new_uscc = credit_code(77)
    session.commit()
    step(session, cast, row, "submit", "endorse")
    # Another enterprise is registered under it while the province reads.
    session.execute(
        update(Enterprise)
        .where(Enterprise.id == cast.fang_yuan.actor.enterprise_id)
        .values(uscc=credit_code(77))
    )
    session.commit()
    assert refused_at(session, cast, row, "approve") == ["credit_code"]


def test_what_the_enterprise_is_by_now_is_what_the_change_begins_from(session, cast):
    row = asked(session, cast.li_juan)
    session.get_one(Enterprise, row.enterprise_id).business_address = "演示新路 2 号"
    session.commit()
    assert refused_at(session, cast, row, "submit") == ["as_it_stands"]
    enterprise_changes.complete(session, row)
    row.new_address = row.old_address
    session.commit()
    step(session, cast, row, "submit")
    assert row.state == "submitted"


def test_without_evidence_and_without_a_difference_nothing_is_submitted(session, cast):
    row = asked(session, cast.li_juan, papers=(), new_name="长沙示例建设有限公司（演示）")
    assert refused_at(session, cast, row, "submit") == ["differs", "papers", "papers"]


@pytest.mark.parametrize(
    "name", ["fang_yuan", "liu_yang", "zhang_wei", "zhao_min", "province_admin", "auditor"]
)
def test_for_everybody_else_the_change_does_not_exist(session, cast, name):
    row = asked(session, cast.li_juan)
    step(session, cast, row, "submit")
    actor = getattr(cast, name).actor
    for action in ("submit", "withdraw", "return", "endorse", "approve", "refuse"):
        with pytest.raises(NotFound):
            enterprise_changes.take(session, actor, action, row.id, row.version, words="x")
        session.rollback()


def test_a_draft_and_what_was_returned_are_the_enterprises_alone(session, cast):
    row = asked(session, cast.li_juan)

    def seen() -> list[str]:
        found = []
        for name in ("li_juan", "wang_qiang", "chen_jing"):
            try:
                find(session, EnterpriseChange, row.id, getattr(cast, name).actor)
                found.append(name)
            except NotFound:
                pass
        return found

    assert seen() == ["li_juan"]
    step(session, cast, row, "submit")
    assert seen() == ["li_juan", "wang_qiang", "chen_jing"]
    step(session, cast, row, "return")
    assert seen() == ["li_juan"]


@pytest.mark.both_engines
def test_the_new_city_sees_what_brought_the_enterprise_and_not_before(session, cast):
    row = asked(session, cast.li_juan, new_county_code=SHUANGQING)
    assert row.new_region_code == SHAOYANG
    step(session, cast, row, "submit", "endorse")
    for member, reads in ((cast.wang_qiang, True), (cast.zhao_min, False)):
        assert can_read(session, row, member) is reads
    step(session, cast, row, "approve")
    for member, reads in ((cast.wang_qiang, True), (cast.zhao_min, True)):
        assert can_read(session, row, member) is reads


def can_read(session, row, member) -> bool:
    try:
        return bool(find(session, EnterpriseChange, row.id, member.actor))
    except NotFound:
        return False


def test_the_city_follows_from_the_county(session, cast):
    row = asked(session, cast.li_juan, new_county_code=YUELU)
    assert (row.new_region_code, row.moved, row.renamed, row.reaches_register) == (
        CHANGSHA,
        False,
        False,
        False,
    )


@pytest.mark.both_engines
def test_the_same_page_sent_twice_and_a_page_of_yesterday_change_nothing_more(session, cast):
    row = asked(session, cast.li_juan)
    version = row.version
    for _ in range(2):
        enterprise_changes.take(session, cast.li_juan.actor, "submit", row.id, version, once="k1")
        session.commit()
    assert session.scalar(select(func.count()).select_from(EnterpriseChangeStep)) == 1
    with pytest.raises(Refused, match=r"already|已"):
        enterprise_changes.take(session, cast.li_juan.actor, "withdraw", row.id, row.version, once="k1")
    session.rollback()
    with pytest.raises(Refused, match=r"after you opened|打开后"):
        enterprise_changes.take(session, cast.li_juan.actor, "withdraw", row.id, version)
    session.rollback()


def test_a_return_and_a_refusal_need_their_reason(session, cast):
    row = asked(session, cast.li_juan)
    step(session, cast, row, "submit")
    assert "原因" in refused_at(session, cast, row, "return") or "reason" in refused_at(
        session, cast, row, "return"
    )
    step(session, cast, row, "endorse")
    for action in ("return_to_applicant", "refuse"):
        assert isinstance(refused_at(session, cast, row, action, " "), str)
    step(session, cast, row, "refuse", words="名称与资质证书不一致。")
    assert row.steps[-1].opinion == "名称与资质证书不一致。"
    assert session.get_one(Enterprise, row.enterprise_id).name != NEW


@pytest.mark.both_engines
def test_each_authority_has_the_days_of_the_policy_and_the_enterprise_has_none(session, cast, clock):
    """Handed in on Monday 1 June: the city has until Monday 8 June, and the province five days of its own."""
    row = asked(session, cast.li_juan)
    step(session, cast, row, "submit")
    assert row.due_on == date(2026, 6, 8)
    clock.shift(timedelta(days=2))
    step(session, cast, row, "return")
    assert row.due_on is None
    step(session, cast, row, "submit")
    assert row.due_on == date(2026, 6, 10)
    step(session, cast, row, "endorse")
    assert row.due_on == date(2026, 6, 10)
    step(session, cast, row, "approve")
    assert row.due_on is None


def test_the_days_of_a_change_are_a_value_of_the_policy(session, cast):
    session.add(
        PolicyValue(key="enterprise_change_days", value="2", valid_from=date(2026, 1, 1), source="测试")
    )
    session.commit()
    row = asked(session, cast.li_juan)
    step(session, cast, row, "submit")
    assert row.due_on == date(2026, 6, 3)
