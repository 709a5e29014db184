"""What a bulk decision costs: 5,000 complete cases foreseen, endorsed by the worker, and told row by row."""

import json
import time
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session
from sqlalchemy.schema import Table

from app.cli.demo import makers
from app.cli.demo.filing import file_declaration
from app.declarations.initial_registration import TYPE
from app.extensions.database import begin_writing, db
from app.models import (
    Account,
    Attachment,
    Declaration,
    DeclaredSpecialty,
    Job,
    JobState,
    Person,
)
from app.security.access.roles import Actor, Role
from app.services import bulk
from app.tasks.worker import run_next
from app.workflow.call import Opinion
from app.workflow.perform import perform

ROWS = bulk.MOST
DONE_IN, FORESEEN_IN = 60.0, 10.0
_ORDER = (
    "person",
    "qualification",
    "declaration",
    "initial_registration",
    "declared_specialty",
    "attachment",
)
_ABOUT = {"list": "", "matching": True, "shown": ROWS}


@pytest.mark.parametrize("engine", ["postgresql", "sqlite"])
def test_five_thousand_rows_are_foreseen_and_endorsed(engine, provinces, calibration, report):
    province = provinces.copy_of(engine, "bulk")
    province.enter()
    with province.app.app_context():
        session = db.session()
        officer = makers.as_actor(
            session.scalars(select(Account).where(Account.login_name == "changsha")).one()
        )
        keys = _cases(session, officer)

        clock = _Clock()
        job = bulk.plan(session, officer, "endorse", dict.fromkeys(keys), key="bench", about=_ABOUT)
        session.commit()
        foreseen = clock.read()
        plan = bulk.find_plan(session, officer, job.id)
        assert len(plan.passing) == ROWS, plan.stopped[:1]

        opinion = Opinion("符合条件。", positive=True)
        bulk.confirm(session, officer, plan, opinion, with_changed=False, language="zh")
        session.execute(update(Job).where(Job.kind != bulk.JOB).values(state=JobState.DONE))
        session.commit()
        clock = _Clock()
        assert run_next(province.app)
        done = clock.read()
        result = json.loads(db.session.scalar(select(Job.result).where(Job.kind == bulk.JOB)) or "{}")
        assert len(result["done"]) == ROWS
        db.session.remove()
        db.engine.dispose()

    for what, (wall, cpu), bar in (
        (f"Plan of {ROWS:,} rows", foreseen, FORESEEN_IN),
        (f"Bulk endorsement of {ROWS:,} rows by the worker", done, DONE_IN),
    ):
        report(
            f"{what}, {engine}",
            f"{wall:.1f} s, {ROWS / wall:,.0f} rows/s ({cpu:.1f} s of our processor)",
            f"{wall * 1000 / calibration:,.0f}",
            f"≤ {bar:.0f} s",
        )
    assert foreseen[0] <= FORESEEN_IN
    assert done[0] <= DONE_IN


class _Clock:
    """Seconds on the wall and of this process's processor since it was made."""

    def __init__(self) -> None:
        self.wall, self.cpu = time.perf_counter(), time.process_time()

    def read(self) -> tuple[float, float]:
        return time.perf_counter() - self.wall, time.process_time() - self.cpu


def _cases(session: Session, officer: Actor) -> list[int]:
    """Complete cases that the city has accepted: the first one by its own steps, the others as its likenesses."""
    employer = makers.make_enterprise(session, "批量示例建设有限公司（演示）", "430102", 900_001)
    nobody = makers.Credentials("-", "-")
    person = makers.make_person(session, "演示甲", makers.id_number(_born(0), 1), "430100")
    account = makers.make_account(session, Role.INDIVIDUAL, person.name, nobody, person_id=person.id)
    makers.verify_person(session, account, officer)
    qualification = makers.make_qualification(session, person, "building", date(2025, 9, 1))
    clerk = Actor(None, "演示", frozenset({Role.ENTERPRISE.value}), enterprise_id=employer.id)
    row = file_declaration(session, TYPE, clerk, person)
    session.commit()
    for action, actor in (("submit", clerk), ("accept", officer)):
        outcome = perform(session, action, {row.id: None}, actor)
        assert outcome.done, outcome
    begin_writing(session)
    keys = _alike(session, row.id, person.id, qualification.id)
    session.commit()
    return [row.id, *keys]


def _born(number: int) -> date:
    return date(2000 + number // 300, 1 + number // 25 % 12, 1 + number % 25)


def _alike(session: Session, declaration_id: int, person_id: int, qualification_id: int) -> list[int]:
    """The same case for so many other persons, each with a number, a qualification and papers of his own."""
    tables: dict[str, Table] = Declaration.metadata.tables
    of_case = {
        model.__tablename__: _rows(session, model.__table__, model.declaration_id == declaration_id)
        for model in (DeclaredSpecialty, Attachment)
    }
    of_case |= {
        name: _rows(session, tables[name], tables[name].c.id == key)
        for name, key in (
            ("person", person_id),
            ("qualification", qualification_id),
            ("declaration", declaration_id),
            ("initial_registration", declaration_id),
        )
    }
    first = {
        name: (session.scalar(select(func.max(tables[name].c.id))) or 0) + 1
        for name in of_case
        if name != "initial_registration"
    }
    first["initial_registration"] = first["declaration"]
    for name in _ORDER:
        made = [
            {**row, **_own(name, row, number, first), "id": first[name] + number * len(of_case[name]) + place}
            for number in range(ROWS - 1)
            for place, row in enumerate(of_case[name])
        ]
        for start in range(0, len(made), 1000):
            session.connection().execute(insert(tables[name]), made[start : start + 1000])
    return [first["declaration"] + number for number in range(ROWS - 1)]


def _own(name: str, row: dict[str, Any], number: int, first: dict[str, int]) -> dict[str, Any]:
    """What differs between one likeness and the next."""
    born = _born(number // 40 + 1)
    known = {
        "birth_date": born,
        **Person.id_number.columns(makers.id_number(born, 2 * (number % 40) + 1)),
        "declaration_id": first["declaration"] + number,
        "person_id": first["person"] + number,
        "qualification_id": first["qualification"] + number,
        "number": f"B{number:08d}",
    }
    if name == "qualification":
        known |= {"certificate_number": f"B{number}", "management_number": f"B{number}"}
    # A column that is empty in the first case stays empty: a paper has one owner.
    return {column: value for column, value in known.items() if row.get(column) is not None}


def _rows(session: Session, table: Any, condition: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in session.execute(select(table).where(condition)).mappings()]
