"""Each rule on what is really stored: what stands in the register or in a decision, and stops a submission."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from app.cli.demo.filing import file_declaration
from app.cli.demo.makers import attach, id_number
from app.extensions.clock import SHANGHAI, today
from app.models import (
    Declaration,
    Enterprise,
    EnterpriseQualification,
    Person,
    PolicyValue,
    Qualification,
    Region,
    RegisterAct,
    Registration,
    RegistrationLock,
)
from app.services import filing, locks, register_acts, register_changes
from app.services.locks import Target
from app.services.register_changes import Employer
from app.workflow.call import Opinion
from app.workflow.facts import declared
from app.workflow.perform import perform
from app.workflow.types import registry
from tests.cast import Cast, Member, add_constructor, take
from tests.flows.steps import Story
from tests.registered import drafted, filer, registered

pytestmark = pytest.mark.both_engines

FALSE = Opinion("劳动合同系伪造。", ground="false_material")


@pytest.fixture(autouse=True)
def open_to_all(story: Story) -> None:
    for key, value in (("publicity_days", "0"), ("transfer_open", "1")):
        story.session.add(PolicyValue(key=key, value=value, valid_from=date(2026, 1, 1), source="演示文件"))
    story.session.commit()


def stood(story: Story, days: int = 600, who: Member | None = None, **traits: Any) -> Registration:
    """张伟, or whoever it is, registered for building works with 李娟's enterprise for so many days more."""
    ends = {"building": today() + timedelta(days=days)}
    return registered(story.session, story.cast.li_juan, who or story.cast.zhang_wei, ends=ends, **traits)


def begun(story: Story, key: str, clerk: Member, person: int, **values: Any) -> Declaration:
    """A draft of a type that is about no registration, which keeps every other rule."""
    row = file_declaration(
        story.session, registry[key], clerk.actor, story.session.get_one(Person, person), **values
    )
    story.session.commit()
    return row


def annulled(story: Story, kind: str) -> Registration:
    """What the one officer proposed and the other one carried out."""
    row, session = stood(story), story.session
    act = RegisterAct(
        registration_number=row.number, kind=kind, reason="以欺骗手段取得注册。",
        document_number="湘建罚〔2026〕1号（演示）",
    )  # fmt: skip
    register_acts.propose(session, story.cast.chen_jing.actor, act)
    session.add(act)
    session.flush()
    attach(session, register_acts.EVIDENCE, b"evidence", act_id=act.id)
    register_acts.confirm(session, story.cast.zhou_min.actor, act.id)
    session.commit()
    return row


def old(story: Story) -> Member:
    """Somebody who is 65 in two months."""
    number = id_number(date(1961, 8, 1), 771)
    found = add_constructor(story.session, story.cast.wang_qiang, "老陈", number, ("building", "municipal"))
    story.session.commit()
    return found


def moved(story: Story, row: Registration) -> None:
    employer = story.session.get_one(Enterprise, story.cast.fang_yuan.actor.enterprise_id)
    to = Employer(employer.id, employer.name, employer.region_code)
    register_changes.transfer(story.session, row, to, declaration_id=None, on=today())
    story.session.commit()


def changed(story: Story, model: Any, where: Any, **values: Any) -> None:
    story.session.execute(update(model).where(where).values(**values))
    story.session.commit()


def of_li_juan(story: Story) -> Any:
    return Enterprise.id == story.cast.li_juan.actor.enterprise_id


# --------------------------------------------------------------------------- what stands in the register


def registered_still(story: Story) -> Declaration:
    return begun(story, "initial_registration", story.cast.fang_yuan, stood(story).person_id)


def cancelled(story: Story, row: Registration) -> None:
    """Both parties have agreed to the end of this registration."""
    case = drafted(story.session, story.cast, "cancellation", row)
    take(story.session, story.cast, case.id, "submit", "agree")


def registered_before(story: Story) -> Declaration:
    row = stood(story)
    cancelled(story, row)
    return begun(story, "initial_registration", story.cast.fang_yuan, row.person_id)


def barred_by_annulment(story: Story) -> Declaration:
    return begun(story, "re_registration", story.cast.fang_yuan, annulled(story, "annul").person_id)


def barred_by_revocation(story: Story) -> Declaration:
    return begun(story, "re_registration", story.cast.fang_yuan, annulled(story, "revoke").person_id)


def cancelled_meanwhile(story: Story) -> Declaration:
    row = stood(story)
    draft = drafted(story.session, story.cast, "addition", row)
    cancelled(story, row)
    return draft


def moved_meanwhile(story: Story) -> Declaration:
    row = stood(story)
    draft = drafted(story.session, story.cast, "replacement", row)
    moved(story, row)
    return draft


def come_meanwhile(story: Story) -> Declaration:
    row = stood(story, kind="temporary")
    draft = drafted(story.session, story.cast, "temporary_transfer", row)
    moved(story, row)
    changed(story, Registration, Registration.id == row.id, employed_since=date(2024, 1, 1))
    return draft


def added_meanwhile(story: Story) -> Declaration:
    row = stood(story)
    first = drafted(story.session, story.cast, "addition", row)
    take(story.session, story.cast, first.id, "submit")
    again = drafted(story.session, story.cast, "addition", row)
    take(
        story.session,
        story.cast,
        first.id,
        "accept",
        "endorse",
        "approve",
        "publicise",
        "announce",
        "complete",
    )
    return again


def ended_before_an_extension(story: Story) -> Declaration:
    return drafted(story.session, story.cast, "temporary_extension", stood(story, -1, kind="temporary"))


def ended_before_a_transfer(story: Story) -> Declaration:
    return drafted(story.session, story.cast, "temporary_transfer", stood(story, -1, kind="temporary"))


def in_the_last_days(key: str) -> Callable[[Story], Declaration]:
    return lambda story: drafted(story.session, story.cast, key, stood(story, 29))


def ground_of(ground: str) -> Callable[[Story], Declaration]:
    def told(story: Story) -> Declaration:
        return drafted(story.session, story.cast, "cancellation", stood(story), cancellation_reason=ground)

    return told


def too_old_for(key: str) -> Callable[[Story], Declaration]:
    def filed(story: Story) -> Declaration:
        days = 60 if key == "renewal" else 600
        return drafted(story.session, story.cast, key, stood(story, days, old(story)))

    return filed


def too_old_to_come_back(story: Story) -> Declaration:
    row = stood(story, who=old(story))
    changed(
        story, Registration, Registration.id == row.id,
        status="cancelled", cancelled_on=today(), cancelled_reason="employment_ended",
    )  # fmt: skip
    return begun(story, "re_registration", story.cast.fang_yuan, row.person_id)


# --------------------------------------------------------------------------------- persons and decisions


def locked(story: Story) -> Declaration:
    row = stood(story)
    lock = RegistrationLock(locked_on=today(), reason="涉嫌挂证")
    person = story.session.get_one(Person, row.person_id)
    locks.lock(story.session, story.cast.chen_jing.actor, lock, Target(person, row))
    story.session.commit()
    return drafted(story.session, story.cast, "replacement", row)


def of_another_gender(story: Story) -> Declaration:
    row = stood(story)
    changed(story, Person, Person.id == row.person_id, gender="2")
    return drafted(story.session, story.cast, "addition", row)


def graduated_as_a_child(story: Story) -> Declaration:
    key = story.cast.zhang_wei.actor.person_id
    return begun(story, "initial_registration", story.cast.li_juan, key, graduation_date=date(1999, 6, 14))


def turned_down_for_falsehood(*steps: str) -> Callable[[Story], Declaration]:
    """By the province, or by the city that did not even accept it."""

    def filed(story: Story) -> Declaration:
        cast: Cast = story.cast
        key = cast.zhang_wei.actor.person_id
        first = begun(story, "initial_registration", cast.li_juan, key)
        take(story.session, cast, first.id, *steps[:-1])
        officer = cast.chen_jing if steps[-1] == "refuse" else cast.wang_qiang
        outcome = perform(story.session, steps[-1], {first.id: None}, officer.actor, opinion=FALSE)
        assert outcome.done == [first.id], outcome
        again = "re_registration" if steps[-1] == "refuse" else "initial_registration"
        return begun(story, again, cast.fang_yuan, key)

    return filed


# -------------------------------------------------------------------------------------------- employers


def in_a_city_that_is_no_more(story: Story) -> Declaration:
    draft = drafted(story.session, story.cast, "addition", stood(story))
    changed(story, Region, Region.code == "430100", valid_to=today() - timedelta(days=1))
    return draft


def with_a_qualification_that_ran_out(story: Story) -> Declaration:
    draft = drafted(story.session, story.cast, "renewal", stood(story, 60))
    own = EnterpriseQualification.enterprise_id == story.cast.li_juan.actor.enterprise_id
    changed(story, EnterpriseQualification, own, valid_until=today() - timedelta(days=1))
    return draft


def with_a_branch(story: Story) -> Declaration:
    changed(story, Enterprise, of_li_juan(story), name="长沙示例建设有限公司岳麓分公司（演示）")
    return begun(story, "initial_registration", story.cast.li_juan, story.cast.zhang_wei.actor.person_id)


def to_another_province(story: Story) -> Declaration:
    new = Enterprise.id == story.cast.fang_yuan.actor.enterprise_id
    changed(story, Enterprise, new, enterprise_type="2")
    return drafted(story.session, story.cast, "temporary_transfer", stood(story, kind="temporary"))


def to_supervisors(story: Story) -> Declaration:
    own = EnterpriseQualification.enterprise_id == story.cast.fang_yuan.actor.enterprise_id
    changed(story, EnterpriseQualification, own, category="control")
    return drafted(story.session, story.cast, "temporary_transfer", stood(story, kind="temporary"))


REFUSALS: list[tuple[str, Callable[[Story], Declaration], str]] = [
    ("never_registered", registered_still, "registered already"),
    ("never_registered", registered_before, "file a re-registration"),
    ("barred", barred_by_annulment, "from 2029-06-01 on"),
    ("barred", barred_by_revocation, "from 2028-06-01 on"),
    ("registered", cancelled_meanwhile, "has been cancelled"),
    ("employed", moved_meanwhile, "with another enterprise by now"),
    ("elsewhere", come_meanwhile, "with your enterprise already"),
    ("not_registered_yet", added_meanwhile, "registered already"),
    ("temporary_term", ended_before_an_extension, "ended on 2026-05-31"),
    ("not_ended", ended_before_a_transfer, "file its cancellation first"),
    ("in_force", in_the_last_days("addition"), "In the last 30 days"),
    ("in_force", in_the_last_days("transfer"), "In the last 30 days"),
    ("in_force", in_the_last_days("replacement"), "In the last 30 days"),
    ("ground", ground_of("expired"), "has not ended"),
    ("ground", ground_of("term_under_30_days"), "more than that is left"),
    ("ground", ground_of("age"), "not older than 65"),
    ("ground", ground_of("temporary_age"), "temporary constructors alone"),
    ("age", too_old_for("addition"), "From 2026-05-03 on"),
    ("age", too_old_for("renewal"), "From 2026-05-03 on"),
    ("age", too_old_for("transfer"), "From 2026-05-03 on"),
    ("age", too_old_to_come_back, "From 2026-05-03 on"),
    ("lock", locked, "locked by the province"),
    ("identity", of_another_gender, "gender is not the one"),
    ("graduation", graduated_as_a_child, "not yet 14 years old"),
    (
        "false_material",
        turned_down_for_falsehood("submit", "accept", "endorse", "refuse"),
        "from 2027-06-01 on",
    ),
    ("false_material", turned_down_for_falsehood("submit", "decline"), "from 2027-06-01 on"),
    ("region", in_a_city_that_is_no_more, "not in force any more"),
    ("employer", with_a_qualification_that_ran_out, "have run out"),
    ("employer", with_a_branch, "A branch registers nobody"),
    ("local_builder", to_another_province, "of the province alone"),
    ("local_builder", to_supervisors, "qualified for building works"),
]


@pytest.mark.parametrize(
    ("rule", "stage", "said"),
    REFUSALS,
    ids=[f"{rule}-{number}" for number, (rule, *_) in enumerate(REFUSALS)],
)
def test_what_is_stored_stops_the_submission_by_this_rule_alone(story, rule, stage, said):
    """The pre-check says it before, the submission in the end, and the draft stays what it was."""
    row, session = stage(story), story.session
    kind = registry[row.type_key]
    found = filing.precheck(session, kind, declared(session, kind, row)).findings
    assert {one.rule for one in found if one.severity == "error"} == {rule}
    session.rollback()
    clerk = filer(story.cast, kind)
    if (
        kind.key in {"initial_registration", "re_registration"}
        and row.enterprise_id != clerk.actor.enterprise_id
    ):
        clerk = story.cast.fang_yuan
    outcome = filing.submit(session, clerk.actor, {row.id: row.version})
    assert outcome.done == []
    assert said in " ".join(outcome.skipped[0].findings)
    session.refresh(row)
    assert row.state == "draft"


@pytest.mark.parametrize(("kind", "years"), [("annul", 3), ("revoke", 2)])
def test_the_bar_after_an_annulment_or_a_revocation_ends_on_its_day(story, kind, years):
    row = annulled(story, kind)
    for month, day, done in ((5, 31, False), (6, 1, True)):
        story.clock.move_to(datetime(2026 + years, month, day, 10, tzinfo=SHANGHAI))
        changed(story, Qualification, Qualification.id > 0, issued_on=date(2026 + years, 1, 5))
        filed = begun(story, "re_registration", story.cast.fang_yuan, row.person_id)
        outcome = filing.submit(story.session, story.cast.fang_yuan.actor, {filed.id: filed.version})
        assert bool(outcome.done) is done, outcome


def test_a_new_enterprise_commits_itself_in_place_of_its_qualification(story):
    """Founded half a year ago it may register its first constructors; a year later it has to be qualified."""
    session, own = story.session, story.cast.li_juan.actor.enterprise_id
    session.query(EnterpriseQualification).filter_by(enterprise_id=own).delete()
    changed(story, Enterprise, of_li_juan(story), founded_on=date(2025, 12, 1))
    row = begun(story, "initial_registration", story.cast.li_juan, story.cast.zhang_wei.actor.person_id)
    kind = registry[row.type_key]
    what = declared(session, kind, row)
    assert filing.precheck(session, kind, what).ready
    without = {**what.attachments, "new_enterprise_commitment": 0}
    bare = declared(session, kind, row, without)
    found = filing.precheck(session, kind, bare).findings
    assert [one.field for one in found] == ["attachment_new_enterprise_commitment"]
    changed(story, Enterprise, of_li_juan(story), founded_on=date(2025, 6, 1))
    session.expire_all()
    found = filing.precheck(session, kind, what).findings
    assert [one.rule for one in found] == ["employer"]
