"""What the migration makes of the past: who employed at each change, who left whom, and one of two drafts."""

import json
from datetime import date, timedelta

import flask_migrate
import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.cli.demo.filing import file_declaration
from app.models import (
    Certificate,
    Decision,
    Declaration,
    Departure,
    Person,
    RegistrationEvent,
    RegistrationLock,
)
from app.workflow.types import registry
from tests.cast import file_draft, take
from tests.registered import registered

BEFORE = "0012"


def told(engine) -> dict[str, list]:
    with Session(engine) as own:
        kept = [
            column
            for column in Departure.__table__.columns
            if column.name not in {"id", "at", "employed_since"}
        ]
        return {
            "events": list(own.execute(select(RegistrationEvent.id, RegistrationEvent.enterprise_id))),
            "certificates": list(own.execute(select(Certificate.id, Certificate.enterprise_id))),
            "departures": list(own.execute(select(*kept).order_by(Departure.id))),
        }


@pytest.mark.both_engines
def test_the_history_says_again_who_employed_and_who_left(app, session, cast, engine, stages, clock):
    ends = {"building": date(2029, 12, 31)}
    row = registered(session, cast.li_juan, cast.zhang_wei, kind="temporary", ends=ends)
    person = session.get_one(Person, row.person_id)
    for clerk in (cast.fang_yuan, cast.li_juan):
        clock.shift(timedelta(days=400))
        asked = file_declaration(session, registry["temporary_transfer"], clerk.actor, person, row)
        session.commit()
        take(session, cast, asked.id, "submit", "consent", "approve", "announce", "complete")
        session.refresh(row)
    session.add(RegistrationLock(person_id=person.id, reason="核查", locked_on=date(2026, 5, 1)))
    draft = file_draft(session, cast.li_juan, cast.zhang_wei)
    session.commit()
    session.close()
    database = stages(engine).database
    before = told(database)
    assert [one.enterprise_id for one in before["departures"]] == [
        cast.li_juan.actor.enterprise_id,
        cast.fang_yuan.actor.enterprise_id,
    ]
    with app.app_context():
        flask_migrate.downgrade(revision=BEFORE)
        _doubled(database, draft)
        _forgotten(database)
        flask_migrate.upgrade()
    assert told(database) == before
    with Session(database) as own:
        since = own.scalars(select(Departure.employed_since).order_by(Departure.id)).all()
        # Of 李娟's the day of the first event: the register was told of it later than it was so.
        assert since == [date(2026, 6, 1), date(2026, 6, 1) + timedelta(days=400)]
        states = own.execute(select(Declaration.id, Declaration.state).order_by(Declaration.id)).all()
        assert [state for key, state in states if key >= draft] == ["lapsed", "draft"]
        first, second = own.execute(
            select(Declaration.version, Declaration.id)
            .where(Declaration.id >= draft)
            .order_by(Declaration.id)
        ).all()
        assert first.version == second.version + 1
        step = own.scalars(select(Decision).where(Decision.action == "lapse")).one()
        assert (step.declaration_id, step.actor_id, step.role) == (first.id, None, "System")
        assert "草稿" in step.opinion
        assert own.scalars(select(RegistrationLock.registration_id)).all() == [None]


def _forgotten(database) -> None:
    """What the events of then did not keep: since when somebody is employed."""
    table = RegistrationEvent.__table__
    with database.begin() as connection:
        for key, content in connection.execute(select(table.c.id, table.c.content)).all():
            kept = {name: value for name, value in json.loads(content).items() if name != "employed_since"}
            connection.execute(update(table).where(table.c.id == key).values(content=json.dumps(kept)))


def _doubled(database, key: int) -> None:
    """The same draft once more, as two browsers made it before the database forbade it."""
    table = Declaration.__table__
    columns = [column for column in table.columns if column.name != "id"]
    again = select(*columns).where(table.c.id == key)
    with database.begin() as connection:
        connection.execute(insert(table).from_select([one.name for one in columns], again))
