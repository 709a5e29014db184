"""Comparing: what is asked about whom, what is kept of the answers, and what is never taken for clear."""

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update

from app.extensions.clock import now
from app.integrations import signed_http
from app.models import (
    Comparison,
    Declaration,
    Job,
    JobState,
    PolicyValue,
)
from app.services import comparing, comparisons
from app.workflow.comparing import JOB
from simulators.server import Fault
from tests.cast import take
from tests.desk import audited, declared, several
from tests.neighbours import (
    OTHER,
    OTHER_NAME,
    OWN,
    detail,
    jobs,
    known,
    mark,
    minutes_until,
    resting,
    work,
)
from tests.registered import drafted, registered

MINUTES = timedelta(minutes=5)


def again(session, clock, key: int) -> None:
    """Another job wants everything to be asked anew, some minutes later."""
    clock.shift(MINUTES)
    payload = json.dumps({"declaration_id": key, "since": now().isoformat()})
    session.add(Job(kind=JOB, key=f"again:{key}:{now()}", payload=payload))
    session.commit()


# ------------------------------------------------------------------------------------------------- when it is asked


@pytest.mark.both_engines
def test_each_submission_asks_for_a_comparison_in_its_own_commit(session, cast, neighbours):
    row = declared(session, cast, "submit")
    assert [json.loads(job.payload)["declaration_id"] for job in jobs(session)] == [row.id]
    assert mark(session, row.id) == "unknown"
    take(session, cast, row.id, "return", "submit")
    assert len(jobs(session)) == 2
    take(session, cast, row.id, "accept", "endorse")
    assert len(jobs(session)) == 2


def test_a_type_without_comparisons_asks_for_none(session, cast):
    row = registered(session, cast.li_juan, cast.zhang_wei)
    lost = drafted(session, cast, "replacement", row)
    take(session, cast, lost.id, "submit")
    assert jobs(session) == []
    assert mark(session, lost.id) is None


def test_a_case_that_no_authority_has_in_hand_is_not_compared(app, session, cast, neighbours):
    row = registered(session, cast.li_juan, cast.zhang_wei, kind="temporary")
    moving = drafted(session, cast, "temporary_transfer", row)
    take(session, cast, moving.id, "submit")
    assert jobs(session) == []
    take(session, cast, moving.id, "withdraw")
    returned = declared(session, cast, "submit", "return")
    work(app)
    assert known(session, returned.id) == {}
    assert neighbours.insurance.asked == neighbours.projects.asked == 0


BRIDGE = {"name": "示例大桥", "enterprise": "长沙示例建设有限公司（演示）", "since": "2025-03-18"}


@pytest.mark.both_engines
@pytest.mark.parametrize("before_the_answer", [True, False])
@pytest.mark.parametrize("key", ["cancellation", "personal_cancellation"])
def test_a_cancellation_that_the_parties_settle_is_compared_and_stopped_by_nothing(
    app, session, cast, neighbours, key, before_the_answer
):
    """What is found is kept with the case, whether the other party waits for it or agrees at once."""
    neighbours.projects.led[cast.zhang_wei.login_name] = [BRIDGE]
    ending = drafted(session, cast, key, registered(session, cast.li_juan, cast.zhang_wei))
    take(session, cast, ending.id, "submit")
    assert mark(session, ending.id) == "unknown"
    if before_the_answer:
        work(app)
    row = take(session, cast, ending.id, "agree")
    assert row.state == "completed"
    work(app)
    assert known(session, ending.id) == {"projects": ("flagged", None)}
    assert mark(session, ending.id) == "flagged"
    seen = comparisons.current(session, ending.id, cast.wang_qiang.actor)
    assert [one.result for one in seen.values()] == ["flagged"]
    for party in (cast.li_juan, cast.zhang_wei, cast.zhao_min):
        assert comparisons.current(session, ending.id, party.actor) == {}


def test_of_a_cancellation_that_was_settled_long_ago_nothing_is_asked_any_more(
    app, session, cast, neighbours, clock
):
    ending = drafted(session, cast, "cancellation", registered(session, cast.li_juan, cast.zhang_wei))
    neighbours.silence(cast.zhang_wei.login_name)
    take(session, cast, ending.id, "submit", "agree")
    work(app)
    assert known(session, ending.id) == {"projects": ("unknown", "unreachable")}
    neighbours.speak()
    clock.shift(timedelta(days=31))
    work(app)
    assert known(session, ending.id) == {"projects": ("unknown", "unreachable")}
    assert jobs(session, JobState.QUEUED) == []


def test_what_the_other_party_gave_back_is_not_compared_until_the_province_has_it(
    app, session, cast, neighbours
):
    ending = drafted(session, cast, "cancellation", registered(session, cast.li_juan, cast.zhang_wei))
    take(session, cast, ending.id, "submit", "disagree")
    work(app)
    assert known(session, ending.id) == {}


def test_what_both_parties_want_is_compared_when_it_reaches_the_province(app, session, cast, neighbours):
    row = registered(session, cast.li_juan, cast.zhang_wei, kind="temporary")
    moving = drafted(session, cast, "temporary_transfer", row)
    take(session, cast, moving.id, "submit")
    assert jobs(session) == []
    take(session, cast, moving.id, "consent")
    neighbours.projects.led[cast.zhang_wei.login_name] = [BRIDGE]
    work(app)
    assert known(session, moving.id) == {
        "duplicate": ("clear", None),
        "projects": ("flagged", None),
        "insurance": ("flagged", None),
    }


# ------------------------------------------------------------------------------------------------------- answers


@pytest.mark.both_engines
def test_a_person_whom_the_applicant_insures_is_clear(app, session, submitted, neighbours):
    neighbours.insure(submitted.id_number, OWN)
    assert work(app) == 1
    assert known(session, submitted.id) == {"duplicate": ("clear", None), "insurance": ("clear", None)}
    months = detail(session, submitted.id, "insurance")["months"]
    assert [one["month"] for one in months] == ["2026-03", "2026-04", "2026-05"]
    assert mark(session, submitted.id) == "clear"
    assert session.get_one(Declaration, submitted.id).version == submitted.version
    assert [job.state for job in jobs(session)] == [JobState.DONE]
    assert [json.loads(one.detail)["kinds"] for one in audited(session, "declaration.compare")] == [
        ["duplicate", "insurance"]
    ]


@pytest.mark.parametrize("units", [(OTHER,), (), (OWN, OTHER)])
def test_a_person_whom_the_applicant_does_not_insure_alone_is_flagged(
    app, session, submitted, neighbours, units
):
    neighbours.insure(submitted.id_number, *units)
    work(app)
    assert known(session, submitted.id)["insurance"] == ("flagged", None)
    assert mark(session, submitted.id) == "flagged"
    found = detail(session, submitted.id, "insurance")["months"][0]
    assert found["here"] == (OWN in units)
    assert found["others"] == ([OTHER_NAME] if OTHER in units else [])


def test_one_month_without_insurance_is_a_flag(app, session, submitted, neighbours):
    neighbours.insurance.insured[submitted.id_number] = [
        {"credit_code": OWN, "from": "2010-01", "missing": [2]}
    ]
    work(app)
    months = detail(session, submitted.id, "insurance")["months"]
    assert [one["here"] for one in months] == [True, False, True]
    assert mark(session, submitted.id) == "flagged"


def test_what_is_kept_holds_no_id_number_and_is_encrypted(app, session, submitted, neighbours):
    neighbours.insure(submitted.id_number, OTHER)
    work(app)
    assert submitted.id_number not in json.dumps(detail(session, submitted.id, "insurance"))
    stored = session.execute(select(Comparison.__table__.c.detail)).scalars()
    raw = session.connection().exec_driver_sql("SELECT detail FROM comparison").scalars()
    assert OTHER_NAME in "".join(stored)
    assert all(OTHER_NAME.encode() not in bytes(one) for one in raw)


def test_the_months_are_those_before_the_month_of_the_submission():
    assert comparing.months_before(date(2026, 1, 31), 3) == ["2025-10", "2025-11", "2025-12"]
    assert comparing.months_before(date(2026, 3, 1), 1) == ["2026-02"]


def test_the_province_says_how_many_months_and_what_is_compared(app, session, submitted, neighbours):
    for key, value in (("insurance_months", "6"), ("compare_duplicate", "0")):
        session.add(PolicyValue(key=key, value=value, valid_from=date(2020, 1, 1), source="测试"))
    session.commit()
    work(app)
    assert list(known(session, submitted.id)) == ["insurance"]
    assert len(detail(session, submitted.id, "insurance")["months"]) == 6


def test_where_the_province_wants_no_comparison_nothing_is_asked(app, session, submitted, neighbours):
    for key in ("compare_insurance", "compare_duplicate"):
        session.add(PolicyValue(key=key, value="0", valid_from=date(2020, 1, 1), source="测试"))
    session.commit()
    work(app)
    assert neighbours.insurance.asked == 0
    assert known(session, submitted.id) == {}
    assert mark(session, submitted.id) is None


# ------------------------------------------------------------------------------------------------------ no answer


@pytest.mark.both_engines
def test_no_answer_is_unknown_and_is_asked_for_again_until_it_comes(
    app, session, clock, submitted, neighbours
):
    neighbours.insure(submitted.id_number, OWN)
    neighbours.silence(submitted.id_number)
    work(app)
    assert known(session, submitted.id) == {
        "duplicate": ("clear", None),
        "insurance": ("unknown", "unreachable"),
    }
    assert mark(session, submitted.id) == "unknown"
    (job,) = jobs(session, JobState.QUEUED)
    assert round(minutes_until(job)) == 1
    clock.shift(timedelta(minutes=1))
    assert work(app) == 1
    (job,) = jobs(session, JobState.QUEUED)
    assert round(minutes_until(job)) == 2
    neighbours.speak()
    clock.shift(timedelta(hours=1))
    work(app)
    assert known(session, submitted.id)["insurance"] == ("clear", None)
    assert mark(session, submitted.id) == "clear"
    assert [one.state for one in jobs(session)] == [JobState.DONE]


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (Fault.ERROR, "unreachable"),
        (Fault.WRONG_SIGNATURE, "wrong_answer"),
        (Fault.NOT_JSON, "wrong_answer"),
        (Fault.EMPTY, "wrong_answer"),
        (Fault.STALE, "wrong_answer"),
    ],
)
def test_a_wrong_answer_is_never_clear(app, session, submitted, neighbours, fault, why):
    neighbours.insure(submitted.id_number, OWN)
    neighbours.insurance.fault = fault
    work(app)
    assert known(session, submitted.id)["insurance"] == ("unknown", why)
    assert mark(session, submitted.id) == "unknown"


def test_a_platform_that_is_not_connected_says_so_and_does_not_try_again(app, session, submitted):
    work(app)
    assert known(session, submitted.id) == {
        "duplicate": ("clear", None),
        "insurance": ("unknown", "not_connected"),
    }
    assert [job.state for job in jobs(session)] == [JobState.DONE]


def test_while_a_system_keeps_silent_the_next_case_does_not_wait_for_it(
    app, session, cast, clock, neighbours, monkeypatch
):
    monkeypatch.setattr(signed_http, "_READ_SECONDS", 0.2)
    first, second = several(session, cast, 2, "submit")
    neighbours.insurance.fault, neighbours.insurance.slow_seconds = Fault.SLOW, 1.0
    work(app)
    assert neighbours.insurance.asked == 1
    assert known(session, first.id)["insurance"] == ("unknown", "unreachable")
    assert known(session, second.id) == {"duplicate": ("clear", None)}
    assert mark(session, second.id) == "unknown"
    neighbours.insurance.fault = Fault.NONE
    clock.shift(MINUTES)
    work(app)
    assert known(session, second.id)["insurance"] == ("flagged", None)


# ----------------------------------------------------------------------------------------------------- once more


def everything(session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(Comparison)) or 0


@pytest.mark.both_engines
def test_a_job_that_is_done_again_asks_nothing_again(app, session, submitted, neighbours):
    neighbours.insure(submitted.id_number, OWN)
    work(app)
    asked, rows = neighbours.insurance.asked, everything(session)
    session.execute(update(Job).where(Job.kind == JOB).values(state=JobState.QUEUED))
    session.commit()
    assert work(app) == 1
    assert (neighbours.insurance.asked, everything(session)) == (asked, rows)


@pytest.mark.both_engines
def test_a_later_answer_takes_the_place_of_the_earlier_one_which_stays_as_it_was(
    app, session, clock, submitted, neighbours
):
    work(app)
    assert known(session, submitted.id)["insurance"] == ("flagged", None)
    neighbours.insure(submitted.id_number, OWN)
    again(session, clock, submitted.id)
    work(app)
    assert known(session, submitted.id)["insurance"] == ("clear", None)
    earlier = session.scalars(
        select(Comparison.result).where(Comparison.kind == "insurance", Comparison.superseded_at.is_not(None))
    )
    assert list(earlier) == ["flagged"]


def test_an_answer_is_not_lost_because_nobody_answers_later(app, session, clock, submitted, neighbours):
    neighbours.insure(submitted.id_number, OWN)
    work(app)
    neighbours.silence(submitted.id_number)
    again(session, clock, submitted.id)
    work(app)
    assert known(session, submitted.id)["insurance"] == ("clear", None)
    row = session.scalars(select(Comparison).where(Comparison.kind == "insurance")).one()
    assert row.asked_again_at > row.checked_at
    assert jobs(session, JobState.QUEUED) == []


def test_what_was_found_before_the_return_says_nothing_of_what_is_handed_in_after_it(
    app, session, cast, clock, submitted, neighbours
):
    neighbours.insure(submitted.id_number, OWN)
    work(app)
    clock.shift(timedelta(days=40))
    take(session, cast, submitted.id, "return", "submit")
    neighbours.silence(submitted.id_number)
    work(app)
    assert known(session, submitted.id)["insurance"] == ("unknown", "unreachable")
    neighbours.speak()
    clock.shift(timedelta(hours=1))
    work(app)
    months = detail(session, submitted.id, "insurance")["months"]
    assert [one["month"] for one in months] == ["2026-04", "2026-05", "2026-06"]


def test_an_answer_from_before_the_return_does_not_make_a_case_clear_that_could_not_be_compared_since(
    app, session, cast, clock, submitted, neighbours
):
    neighbours.insure(submitted.id_number, OWN)
    work(app)
    clock.shift(timedelta(days=1))
    take(session, cast, submitted.id, "return", "submit")
    resting(session, "insurance")
    work(app)
    assert neighbours.insurance.asked == 1
    assert mark(session, submitted.id) == "unknown"


def test_an_answer_about_a_case_that_has_gone_back_meanwhile_is_not_written_down(
    app, session, cast, submitted, neighbours, monkeypatch
):
    asked = neighbours.insurance.answer

    def returned_meanwhile(question):
        take(session, cast, submitted.id, "return")
        session.rollback()
        return asked(question)

    monkeypatch.setattr(neighbours.insurance, "answer", returned_meanwhile)
    work(app)
    assert neighbours.insurance.asked == 1
    assert known(session, submitted.id) == {}
