"""The chore that has cases compared which nobody asked about: those of before, and those of a wish of later."""

from datetime import date, timedelta

import pytest
from sqlalchemy import delete, update

from app.models import Declaration, Job, JobState, PolicyValue
from app.tasks.comparing import PAUSE, MissingComparisons
from app.workflow.comparing import JOB
from tests.cast import take
from tests.desk import declared, several
from tests.neighbours import jobs, known, mark, work
from tests.registered import drafted, registered

pytestmark = pytest.mark.both_engines


def from_before(session) -> None:
    """As if these cases had been submitted before there were comparisons."""
    session.rollback()
    session.execute(delete(Job).where(Job.kind == JOB))
    session.execute(update(Declaration).values(comparison=None))
    session.commit()


def test_what_was_under_way_before_there_were_comparisons_is_compared(app, session, cast):
    first, second = several(session, cast, 2, "submit")
    returned = declared(session, cast, "submit", "return", serial=2)
    lost = drafted(session, cast, "replacement", registered(session, cast.li_juan, cast.zhang_wei))
    take(session, cast, lost.id, "submit")
    from_before(session)
    chore = MissingComparisons()
    chore(session)
    assert len(jobs(session)) == 2
    assert [mark(session, one.id) for one in (first, second, returned, lost)] == ["unknown"] * 2 + [None] * 2
    chore(session)
    assert len(jobs(session)) == 2
    work(app)
    for row in (first, second):
        assert set(known(session, row.id)) == {"duplicate", "insurance"}
    MissingComparisons()(session)
    assert work(app) == 0


@pytest.mark.parametrize("steps", [("submit",), ("submit", "agree")])
def test_what_the_parties_settle_themselves_is_asked_again_when_its_job_was_lost(
    app, session, cast, clock, steps
):
    ending = drafted(session, cast, "cancellation", registered(session, cast.li_juan, cast.zhang_wei))
    take(session, cast, ending.id, *steps)
    session.execute(delete(Job))
    session.commit()
    MissingComparisons()(session)
    assert len(jobs(session)) == 1
    work(app)
    assert set(known(session, ending.id)) == {"projects"}
    MissingComparisons()(session)
    assert len(jobs(session, JobState.QUEUED)) == 0


def test_what_the_parties_settled_long_ago_is_not_asked_again(session, cast, clock):
    ending = drafted(session, cast, "cancellation", registered(session, cast.li_juan, cast.zhang_wei))
    take(session, cast, ending.id, "submit", "agree")
    session.execute(delete(Job))
    session.commit()
    clock.shift(timedelta(days=31))
    MissingComparisons()(session)
    assert jobs(session) == []


def test_a_comparison_that_the_province_wants_from_today_on_is_made_of_the_cases_in_hand(
    app, session, cast, clock
):
    wish = PolicyValue(key="compare_insurance", value="0", valid_from=date(2020, 1, 1), source="测试")
    session.add(wish)
    session.commit()
    row = declared(session, cast, "submit")
    work(app)
    assert mark(session, row.id) == "clear"
    chore = MissingComparisons()
    chore(session)
    assert mark(session, row.id) == "clear", "what is not wanted is not missing"
    session.add(PolicyValue(key="compare_insurance", value="1", valid_from=date(2026, 6, 2), source="测试"))
    session.commit()
    clock.shift(timedelta(days=1))
    chore(session)
    assert mark(session, row.id) == "unknown"
    work(app)
    assert known(session, row.id)["insurance"] == ("unknown", "not_connected")


def test_a_case_that_a_job_is_about_already_is_left_to_it(session, cast):
    """Else one that waits for a system that keeps silent would be asked about at once, at every round."""
    row = declared(session, cast, "submit")
    (job,) = jobs(session)
    MissingComparisons()(session)
    assert [one.key for one in jobs(session)] == [job.key]
    assert mark(session, row.id) == "unknown"


def test_the_chore_does_not_look_again_before_its_pause_is_over(session, cast, clock):
    chore = MissingComparisons()
    chore(session)
    declared(session, cast, "submit")
    from_before(session)
    chore(session)
    assert len(jobs(session)) == 0
    clock.shift(PAUSE + timedelta(seconds=1))
    chore(session)
    assert len(jobs(session)) == 1
