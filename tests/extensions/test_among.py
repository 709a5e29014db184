"""A question about several values is one statement, and the same rows as when each is asked for."""

from enum import StrEnum

import pytest
from sqlalchemy import event, select, text

from app.extensions.among import among, one_of
from app.extensions.database import plain_rows
from app.models import Declaration, State
from app.services.workload import is_under_way
from tests.desk import several


@pytest.fixture
def asked(session):
    """The texts of the statements from here on."""
    texts = []
    engine = session.get_bind()

    def note(_connection, _cursor, statement, *_rest):
        texts.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield texts
    event.remove(engine, "before_cursor_execute", note)


def test_the_rows_of_a_list_of_keys_are_found_by_a_statement_that_does_not_grow(session, cast, asked):
    keys = [row.id for row in several(session, cast, 3, "submit")]
    question = select(Declaration.id).where(among(Declaration.id, "wanted")).order_by(Declaration.id)
    asked.clear()
    for wanted in (keys, keys[:1], [], [-1]):
        found = plain_rows(session, question, {"wanted": wanted}).scalars().all()
        assert found == sorted(set(wanted) & set(keys))
    assert len({text for text in asked if "declaration" in text}) == 1


def test_words_of_the_code_stand_in_the_statement_itself(session, cast):
    rows = several(session, cast, 2, "submit")
    question = select(Declaration.id).where(one_of(Declaration.state, (State.SUBMITTED, State.DRAFT)))
    assert sorted(session.scalars(question)) == sorted(row.id for row in rows)
    assert (
        session.scalars(select(Declaration.id).where(~one_of(Declaration.state, (State.SUBMITTED,)))).all()
        == []
    )
    assert question.compile(session.get_bind()).params == {}


def test_what_is_under_way_in_a_city_is_counted_out_of_its_own_index(session):
    """SQLite knows a partial index by its very words; without it a home page reads a million rows."""
    query = select(Declaration.type_key).where(is_under_way(), Declaration.region_code == "430100")
    said = query.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
    plan = " ".join(row[-1] for row in session.execute(text(f"EXPLAIN QUERY PLAN {said}")))
    assert "ix_declaration_under_way" in plan


def test_nothing_else_is_written_into_a_statement():
    class Forged(StrEnum):
        ONE = "x') OR ('1'='1"

    with pytest.raises(ValueError, match="no word"):
        one_of(Declaration.state, Forged)
