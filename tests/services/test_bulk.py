"""Bulk decisions: what is frozen, what one chunk leaves behind, and what a repeated job does again (nothing)."""

import json

import pytest
from sqlalchemy import select, update
from werkzeug.exceptions import NotFound

from app.extensions.database import begin_writing
from app.extensions.refused import Refused
from app.models import Account, Announcement, Declaration, Job, Publicity
from app.security.access.scope import rows_of
from app.services import bulk
from app.workflow.call import Opinion
from tests.desk import declared, several, state_of, steps_of


@pytest.fixture
def chunks_of_two(monkeypatch):
    monkeypatch.setattr(bulk, "MOST_ROWS", 2)


def planned(session, member, action, rows, **opinion) -> Job:
    frozen = [(row.id, row.version) for row in rows]
    session.rollback()
    begin_writing(session)
    job = bulk.plan(session, member.actor, action, frozen, opinion=Opinion(**opinion), key="k" * 32)
    session.commit()
    return job


def run(session, job: Job, stop_after: int = 10_000) -> dict:
    """Run the job; a progress of `stop_after` rows kills it as if the machine had failed."""

    def advance(done: int, total: int) -> None:
        if done >= stop_after:
            raise KeyboardInterrupt

    return bulk.run(session, job.id, json.loads(job.payload), advance)


@pytest.mark.both_engines
def test_a_large_act_is_performed_chunk_by_chunk_and_names_what_it_left(session, cast, chunks_of_two):
    rows = several(session, cast, 5, "submit")
    job = planned(session, cast.wang_qiang, "accept", rows)
    session.execute(
        update(Declaration).where(Declaration.id == rows[3].id).values(version=rows[3].version + 1)
    )
    session.commit()
    result = run(session, job)
    assert result["done"] == [rows[0].id, rows[1].id, rows[2].id, rows[4].id]
    assert [one["id"] for one in result["skipped"]] == [rows[3].id]
    assert rows[3].name not in json.dumps(result, ensure_ascii=False)
    assert state_of(session, rows[3].id) == "submitted"


@pytest.mark.both_engines
def test_a_killed_job_repeats_nothing_when_it_is_run_again(session, cast, chunks_of_two):
    rows = several(session, cast, 5, "submit")
    job = planned(session, cast.wang_qiang, "accept", rows)
    with pytest.raises(KeyboardInterrupt):
        run(session, job, stop_after=4)
    session.rollback()
    result = run(session, job)
    assert result["done"] == [row.id for row in rows]
    assert result["skipped"] == []
    for row in rows:
        assert steps_of(session, row.id) == ["submit", "accept"]


@pytest.mark.both_engines
def test_many_rows_are_one_list_also_after_a_crash(session, cast, chunks_of_two):
    rows = several(session, cast, 5, "submit", "accept", "endorse", "approve")
    job = planned(session, cast.chen_jing, "publicise", rows)
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
    assert len(run(session, planned(session, cast.chen_jing, "announce", rows))["skipped"]) == 3
    session.rollback()
    assert session.scalars(select(Announcement)).all() == []
    session.rollback()
    begin_writing(session)
    frozen = [(row.id, row.version) for row in rows]
    job = bulk.plan(session, cast.zhou_min.actor, "announce", frozen, opinion=Opinion(), key="z" * 32)
    session.commit()
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
        planned(session, getattr(cast, who), action, [row], text="理由")


def test_a_reason_is_asked_for_before_anything_is_planned(session, cast):
    row = declared(session, cast, "submit")
    for action, opinion in (("return", {}), ("decline", {"text": " "})):
        with pytest.raises(Refused):
            planned(session, cast.wang_qiang, action, [row], **opinion)
        session.rollback()
    accepted = declared(session, cast, "submit", "accept", serial=1)
    for opinion in ({}, {"positive": False}):
        with pytest.raises(Refused):
            planned(session, cast.wang_qiang, "endorse", [accepted], **opinion)
        session.rollback()


@pytest.mark.parametrize("change", [{"active": False}, {"region_code": "430500"}])
def test_an_officer_who_lost_his_office_meanwhile_decides_nothing(session, cast, change):
    row = declared(session, cast, "submit")
    job = planned(session, cast.wang_qiang, "accept", [row])
    session.execute(update(Account).where(Account.id == cast.wang_qiang.actor.account_id).values(**change))
    session.commit()
    result = run(session, job)
    assert result["done"] == []
    assert [one["id"] for one in result["skipped"]] == [row.id]
    assert state_of(session, row.id) == "submitted"


def test_only_what_stands_where_the_step_begins_is_counted_and_frozen(session, cast):
    rows = several(session, cast, 2, "submit")
    declared(session, cast, "submit", "accept", serial=2)
    declared(session, cast, "submit", clerk=cast.liu_yang, serial=3)
    scope = rows_of(Declaration, cast.wang_qiang.actor)
    assert bulk.count(session, "accept", scope) == 2
    assert bulk.count(session, "endorse", scope) == 1
    assert bulk.count(session, "approve", scope) == 0
    assert bulk.freeze(session, "accept", scope) == [(row.id, row.version) for row in rows]


def test_the_same_key_is_the_same_job_and_nobody_elses(session, cast):
    row = declared(session, cast, "submit", "accept", "endorse")
    first = planned(session, cast.chen_jing, "approve", [row]).id
    assert planned(session, cast.chen_jing, "approve", [row]).id == first
    assert planned(session, cast.zhou_min, "approve", [row]).id != first
