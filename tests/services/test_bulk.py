"""Bulk decisions: what is foreseen and confirmed, what one chunk leaves behind, and what a repeated job does again."""

import json

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from app.extensions.refused import Refused
from app.models import Account, Announcement, Declaration, Job, JobState, Publicity
from app.security.access.scope import rows_of
from app.services import bulk, bulk_run
from app.services.jobs import Cancelled
from app.workflow.call import Opinion
from tests.desk import declared, several, state_of, steps_of

_ABOUT = {"list": "", "matching": False, "shown": 0}


@pytest.fixture
def chunks_of_two(monkeypatch):
    """Rows by twos, and everything as a job."""
    monkeypatch.setattr(bulk_run, "MOST_ROWS", 2)
    monkeypatch.setattr(bulk, "AT_ONCE", 0)


def planned(session, member, action, rows, key="k" * 32) -> bulk.Plan:
    session.rollback()
    versions = {row.id: row.version for row in rows}
    job = bulk.plan(session, member.actor, action, versions, key=key, about=_ABOUT)
    session.commit()
    return bulk.find_plan(session, member.actor, job.id)


def confirmed(session, member, action, rows, *, with_changed=False, **opinion) -> Job:
    plan = planned(session, member, action, rows)
    bulk.confirm(session, member.actor, plan, Opinion(**opinion), with_changed=with_changed, language="zh")
    return session.get_one(Job, plan.job.id)


def run(session, job: Job, stop_after: int = 10_000, error: type[BaseException] = KeyboardInterrupt) -> dict:
    """Run the job; a progress of `stop_after` rows kills it as if the machine had failed, or as `error` says."""

    def advance(done: int, total: int) -> None:
        if done >= stop_after:
            raise error

    return bulk_run.run(session, job.id, json.loads(job.payload), advance)


@pytest.mark.both_engines
def test_what_was_foreseen_is_what_comes_when_nothing_changes_between(session, cast, chunks_of_two):
    rows = several(session, cast, 5, "submit")
    session.get_one(Declaration, rows[1].id).school = ""
    session.commit()
    rows[1] = session.get_one(Declaration, rows[1].id)
    rows.append(declared(session, cast, "submit", "accept", serial=5))
    plan = planned(session, cast.wang_qiang, "accept", rows)
    passing = [one.id for one in plan.passing]
    assert [one.id for one in plan.stopped] == [rows[1].id, rows[5].id]
    assert plan.changed == []
    bulk.confirm(session, cast.wang_qiang.actor, plan, Opinion(), with_changed=False, language="zh")
    result = run(session, session.get_one(Job, plan.job.id))
    assert result["done"] == passing
    assert {one["id"]: one["reason"] for one in result["skipped"]} == {
        one.id: one.reason for one in plan.stopped
    }


@pytest.mark.both_engines
def test_a_large_act_is_performed_chunk_by_chunk_and_names_what_it_left(session, cast, chunks_of_two):
    rows = several(session, cast, 5, "submit")
    job = confirmed(session, cast.wang_qiang, "accept", rows)
    session.execute(
        update(Declaration).where(Declaration.id == rows[3].id).values(version=rows[3].version + 1)
    )
    session.commit()
    result = run(session, job)
    assert result["done"] == [rows[0].id, rows[1].id, rows[2].id, rows[4].id]
    assert [one["id"] for one in result["skipped"]] == [rows[3].id]
    assert rows[3].name not in json.dumps(result, ensure_ascii=False)
    assert state_of(session, rows[3].id) == "submitted"


def test_a_row_that_changed_since_it_was_ticked_is_taken_only_when_that_is_said(session, cast, chunks_of_two):
    rows = several(session, cast, 2, "submit")
    session.execute(
        update(Declaration).where(Declaration.id == rows[1].id).values(version=rows[1].version + 1)
    )
    session.commit()
    plan = planned(session, cast.wang_qiang, "accept", rows)
    assert [[one.id for one in part] for part in (plan.passing, plan.changed, plan.stopped)] == [
        [rows[0].id],
        [rows[1].id],
        [],
    ]
    result = run(session, confirmed(session, cast.wang_qiang, "accept", rows))
    assert result["done"] == [rows[0].id]
    assert [one["id"] for one in result["skipped"]] == [rows[1].id]
    session.rollback()
    again = planned(session, cast.wang_qiang, "accept", rows[1:], key="again")
    bulk.confirm(session, cast.wang_qiang.actor, again, Opinion(), with_changed=True, language="zh")
    assert run(session, session.get_one(Job, again.job.id))["done"] == [rows[1].id]


def test_what_was_said_to_be_left_out_stays_out(session, cast, chunks_of_two):
    rows = several(session, cast, 2, "submit")
    stopped = session.get_one(Declaration, rows[1].id)
    school, stopped.school = stopped.school, ""
    session.commit()
    job = confirmed(session, cast.wang_qiang, "accept", [rows[0], stopped])
    session.get_one(Declaration, rows[1].id).school = school
    session.commit()
    assert run(session, job)["done"] == [rows[0].id]
    assert state_of(session, rows[1].id) == "submitted"


def test_a_negative_opinion_is_also_given_on_what_a_rule_stops(session, cast, chunks_of_two):
    rows = several(session, cast, 2, "submit", "accept")
    session.get_one(Declaration, rows[1].id).school = ""
    session.commit()
    rows[1] = session.get_one(Declaration, rows[1].id)
    plan = planned(session, cast.wang_qiang, "endorse", rows)
    assert [one.id for one in plan.stopped] == [rows[1].id]
    against = Opinion("材料不符", positive=False)
    bulk.confirm(session, cast.wang_qiang.actor, plan, against, with_changed=False, language="zh")
    assert run(session, session.get_one(Job, plan.job.id))["done"] == [row.id for row in rows]


@pytest.mark.both_engines
def test_a_killed_job_repeats_nothing_when_it_is_run_again(session, cast, chunks_of_two):
    rows = several(session, cast, 5, "submit")
    job = confirmed(session, cast.wang_qiang, "accept", rows)
    with pytest.raises(KeyboardInterrupt):
        run(session, job, stop_after=4)
    session.rollback()
    result = run(session, job)
    assert result["done"] == [row.id for row in rows]
    assert result["skipped"] == []
    for row in rows:
        assert steps_of(session, row.id) == ["submit", "accept"]


def test_what_a_killed_job_did_is_told_also_when_the_row_has_left_the_scope(session, cast, chunks_of_two):
    rows = several(session, cast, 3, "submit")
    job = confirmed(session, cast.wang_qiang, "accept", rows)
    with pytest.raises(KeyboardInterrupt):
        run(session, job, stop_after=2)
    session.execute(update(Declaration).where(Declaration.id == rows[0].id).values(region_code="430500"))
    session.commit()
    assert run(session, job)["done"] == [row.id for row in rows]


def test_a_cancelled_job_says_what_was_done_and_what_was_left(session, cast, chunks_of_two):
    rows = several(session, cast, 5, "submit")
    job = confirmed(session, cast.wang_qiang, "accept", rows)
    with pytest.raises(Cancelled) as cancelled:
        run(session, job, stop_after=2, error=Cancelled)
    result = cancelled.value.result
    assert result["done"] == [row.id for row in rows[:2]]
    assert [one["id"] for one in result["skipped"]] == [row.id for row in rows[2:]]
    assert [state_of(session, row.id) for row in rows] == ["accepted"] * 2 + ["submitted"] * 3


def test_a_job_that_is_cancelled_after_its_last_row_is_done(session, cast, chunks_of_two):
    rows = several(session, cast, 2, "submit")
    job = confirmed(session, cast.wang_qiang, "accept", rows)
    assert run(session, job, stop_after=2, error=Cancelled)["done"] == [row.id for row in rows]


@pytest.mark.both_engines
def test_many_rows_are_one_list_also_after_a_crash(session, cast, chunks_of_two):
    rows = several(session, cast, 5, "submit", "accept", "endorse", "approve")
    job = confirmed(session, cast.chen_jing, "publicise", rows)
    with pytest.raises(KeyboardInterrupt):
        run(session, job, stop_after=2)
    session.rollback()
    result = run(session, job)
    (batch,) = session.scalars(select(Publicity)).all()
    assert result["batches"] == [batch.number]
    assert batch.size == 5
    listed = session.scalars(select(Declaration.id).where(Declaration.publicity_id == batch.id)).all()
    assert sorted(listed) == [row.id for row in rows]


def test_whoever_approved_announces_nothing_and_the_other_officer_one_list(
    session, cast, chunks_of_two, clock
):
    rows = several(session, cast, 3, "submit", "accept", "endorse", "approve", "publicise")
    clock.shift(20 * 86_400)
    assert len(planned(session, cast.chen_jing, "announce", rows).stopped) == 3
    with pytest.raises(Refused):
        confirmed(session, cast.chen_jing, "announce", rows)
    session.rollback()
    job = confirmed(session, cast.zhou_min, "announce", rows)
    result = run(session, job)
    assert len(result["done"]) == 3
    assert [one.size for one in session.scalars(select(Announcement))] == [3]


def test_one_foreign_row_refuses_the_whole_plan(session, cast):
    own = declared(session, cast, "submit")
    foreign = declared(session, cast, "submit", clerk=cast.liu_yang, serial=1)
    with pytest.raises(NotFound):
        planned(session, cast.wang_qiang, "accept", [own, foreign])
    session.rollback()
    assert session.scalars(select(Job).where(Job.kind == bulk.JOB)).all() == []


@pytest.mark.parametrize(
    ("who", "action"),
    [("chen_jing", "accept"), ("wang_qiang", "approve"), ("li_juan", "submit"), ("wang_qiang", "extend"),
     ("chen_jing", "uphold"), ("chen_jing", "complete"), ("wang_qiang", "nonsense"), ("auditor", "accept")],
)  # fmt: skip
def test_an_act_that_is_not_the_actors_or_not_for_many_is_404(session, cast, who, action):
    row = declared(session, cast, "submit")
    with pytest.raises(NotFound):
        planned(session, getattr(cast, who), action, [row])


def test_a_reason_is_asked_for_before_anything_is_done(session, cast):
    row = declared(session, cast, "submit")
    for action, opinion in (("return", {}), ("decline", {"text": " "})):
        with pytest.raises(Refused):
            confirmed(session, cast.wang_qiang, action, [row], **opinion)
        session.rollback()
    accepted = declared(session, cast, "submit", "accept", serial=1)
    for opinion in ({}, {"positive": False}):
        with pytest.raises(Refused):
            confirmed(session, cast.wang_qiang, "endorse", [accepted], **opinion)
        session.rollback()


@pytest.mark.parametrize("change", [{"active": False}, {"region_code": "430500"}])
def test_an_officer_who_lost_his_office_meanwhile_decides_nothing(session, cast, chunks_of_two, change):
    row = declared(session, cast, "submit")
    job = confirmed(session, cast.wang_qiang, "accept", [row])
    session.execute(update(Account).where(Account.id == cast.wang_qiang.actor.account_id).values(**change))
    session.commit()
    result = run(session, job)
    assert result["done"] == []
    assert [one["id"] for one in result["skipped"]] == [row.id]
    assert state_of(session, row.id) == "submitted"


def test_the_same_key_is_the_same_plan_and_nobody_elses(session, cast):
    row = declared(session, cast, "submit", "accept", "endorse")
    first = planned(session, cast.chen_jing, "approve", [row]).job.id
    assert planned(session, cast.chen_jing, "approve", [row]).job.id == first
    assert planned(session, cast.zhou_min, "approve", [row]).job.id != first
    for stranger in (cast.zhou_min, cast.wang_qiang, cast.li_juan):
        with pytest.raises(NotFound):
            bulk.find_plan(session, stranger.actor, first)


def test_a_plan_is_confirmed_once(session, cast):
    rows = several(session, cast, 2, "submit")
    first = confirmed(session, cast.wang_qiang, "accept", rows)
    assert (first.state, first.progress) == (JobState.DONE, 2)
    confirmed(session, cast.wang_qiang, "accept", rows)
    for row in rows:
        assert steps_of(session, row.id) == ["submit", "accept"]


def test_what_was_confirmed_while_the_same_page_was_still_being_planned_stays_done(
    session, cast, monkeypatch
):
    row = declared(session, cast, "submit")
    foresee = bulk.foresee

    def slowly(*arguments):
        monkeypatch.setattr(bulk, "foresee", foresee)
        with Session(session.get_bind()) as other:
            confirmed(other, cast.wang_qiang, "accept", [row])
        return foresee(*arguments)

    monkeypatch.setattr(bulk, "foresee", slowly)
    plan = planned(session, cast.wang_qiang, "accept", [row])
    assert plan.job.state == JobState.DONE
    assert steps_of(session, row.id) == ["submit", "accept"]


def test_two_officers_plan_the_same_rows_and_each_row_is_decided_once(session, cast):
    rows = several(session, cast, 3, "submit", "accept", "endorse")
    plans = [planned(session, member, "approve", rows) for member in (cast.chen_jing, cast.zhou_min)]
    assert [len(plan.passing) for plan in plans] == [3, 3]
    for plan, member in zip(plans, (cast.chen_jing, cast.zhou_min), strict=True):
        bulk.confirm(session, member.actor, plan, Opinion(), with_changed=False, language="zh")
    results = [json.loads(session.get_one(Job, plan.job.id).result) for plan in plans]
    assert [(len(one["done"]), len(one["skipped"])) for one in results] == [(3, 0), (0, 3)]


def test_a_plan_that_nobody_confirmed_is_forgotten_after_a_day(session, cast, clock):
    row = declared(session, cast, "submit")
    plan = planned(session, cast.wang_qiang, "accept", [row])
    clock.shift(bulk.KEPT.total_seconds() - 60)
    bulk.discard_plans(session)
    assert session.get(Job, plan.job.id)
    clock.shift(120)
    bulk.discard_plans(session)
    session.expire_all()
    assert session.get(Job, plan.job.id) is None


def test_no_more_rows_than_an_act_takes_are_planned(session, cast, monkeypatch):
    several(session, cast, 3, "submit")
    monkeypatch.setattr(bulk, "MOST", 2)
    with pytest.raises(Refused):
        bulk.keys_of(session, rows_of(Declaration, cast.wang_qiang.actor))
