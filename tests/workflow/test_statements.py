"""What a call costs: a fixed number of statements, and beside them one for each row, which moves that row."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import event

from app.cli.demo.makers import id_number
from app.models import Declaration, PolicyValue
from app.workflow.call import Opinion
from app.workflow.perform import perform
from tests.cast import add_constructor, assemble, file_draft

pytestmark = pytest.mark.both_engines

FEW, MANY = 3, 9
BORN = date(1990, 1, 1)
YES = Opinion("符合条件。", positive=True)

FIXED = 36
"""Statements of a call whatever the number of its rows: with the ones below, 136 for a hundred rows."""

WAY = (
    ("submit", "li_juan", 2),
    ("accept", "wang_qiang", 1),
    ("endorse", "wang_qiang", 1),
    ("approve", "chen_jing", 1),
    ("publicise", "chen_jing", 1),
    ("announce", "zhou_min", 6),
)
"""Steps, who takes them, and what each row may cost. SQLite hands out the keys of new rows one by one."""


@pytest.fixture
def cast(app, session):
    with app.app_context():
        session.add(PolicyValue(key="publicity_days", value="0", valid_from=date(2020, 1, 1), source="测试"))
        yield assemble(session)


@contextmanager
def counted(engine) -> Iterator[list[str]]:
    """Every statement that reaches the database meanwhile; one for many rows is one."""
    seen: list[str] = []

    def see(_connection, _cursor, statement, *_rest) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", see)
    yield seen
    event.remove(engine, "before_cursor_execute", see)


def drafts(session, cast, first: int, count: int) -> list[int]:
    people = [
        add_constructor(session, cast.wang_qiang, f"演示{n:03d}", id_number(BORN, n))
        for n in range(first, first + count)
    ]
    return [file_draft(session, cast.li_juan, person) for person in people]


def test_no_step_asks_about_one_row_after_the_other(cast, session):
    piles = [drafts(session, cast, 1, FEW), drafts(session, cast, 1 + FEW, MANY)]
    for action, who, each in WAY:
        cost = []
        for pile in piles:
            session.rollback()
            with counted(session.get_bind()) as seen:
                outcome = perform(
                    session,
                    action,
                    dict.fromkeys(pile),
                    getattr(cast, who).actor,
                    opinion=YES,
                    key=f"{action}{len(pile)}",
                )
            assert list(outcome.done) == pile, outcome
            cost.append(len(seen))
        assert cost[1] - cost[0] <= each * (MANY - FEW), (action, cost)
        assert cost[0] <= FIXED + each * FEW, (action, cost)


def test_a_row_that_a_rule_stops_costs_nothing_of_its_own(cast, session):
    keys = drafts(session, cast, 1, MANY)
    perform(session, "submit", dict.fromkeys(keys), cast.li_juan.actor)
    for key in keys[1:]:
        session.get_one(Declaration, key).school = ""
    session.commit()
    cost = []
    for pile in (keys[1 : 1 + FEW], keys[1:]):
        with counted(session.get_bind()) as seen:
            outcome = perform(session, "accept", dict.fromkeys(pile), cast.wang_qiang.actor)
        assert [one.id for one in outcome.skipped] == pile
        cost.append(len(seen))
    assert cost[0] == cost[1]
