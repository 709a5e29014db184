"""What is typed finds exactly the rows whose text holds it, whether an index helps or not."""

import random

import pytest
from hypothesis import given, strategies as st
from sqlalchemy import insert, select, text

from app.extensions.search import contains, grams
from app.models import Enterprise, Person

CHARACTERS = "王张伟芳欧阳龘靐𫖮·a%_\\'\"{}, "
NAMES = (
    "王伟",
    "王伟芳",
    "张王",
    "欧阳龘",
    "龘靐",
    "𫖮王",
    "阿依·买",
    "50%",
    "a_b",
    "a\\b",
    "{王}",
    "王",
    "伟王伟王",
    "O'Neil",
)
NEEDLES = st.text(CHARACTERS, min_size=1, max_size=4)


@pytest.fixture
def named(session):
    """A few hundred persons with names of few characters, so that needles hit."""
    chance = random.Random(7)
    names = [*NAMES, *("".join(chance.choices(CHARACTERS, k=chance.randint(1, 5))) for _ in range(400))]
    session.execute(insert(Person), [{"name": name, "real_name_state": "incomplete"} for name in names])
    session.flush()
    return names


@pytest.mark.both_engines
def test_a_search_finds_what_a_full_scan_finds(session, named):
    @given(NEEDLES)
    def finds(needle):
        found = session.scalars(select(Person.name).where(contains(Person.name, needle)))
        assert sorted(found) == sorted(name for name in named if needle in name)

    finds()


@pytest.mark.on_postgresql
def test_the_index_alone_finds_what_a_full_scan_finds(session, named):
    session.execute(text("SET LOCAL enable_seqscan = off"))

    @given(NEEDLES)
    def finds(needle):
        query = select(Person.name).where(contains(Person.name, needle))
        assert sorted(session.scalars(query)) == sorted(name for name in named if needle in name)

    finds()
    plan = "\n".join(explained(session, select(Person.name).where(contains(Person.name, "王伟"))))
    assert "ix_person_name_grams" in plan


@pytest.mark.on_postgresql
def test_the_rows_of_a_name_are_found_without_reading_the_others(session, named):
    for needle in ("王", "王伟", "王伟芳", "伟王伟王"):
        query = select(Person).where(contains(Person.name, needle))
        session.execute(text("SET LOCAL enable_seqscan = off"))
        plan = "\n".join(explained(session, query))
        assert "Bitmap Index Scan on ix_person_name_grams" in plan, plan


def explained(session, query):
    asked = query.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
    return session.scalars(text(f"EXPLAIN {asked}".replace(":", r"\:")))


def test_a_name_is_searched_by_its_pairs():
    assert grams("王") == ["王"]
    assert grams("王伟") == ["王伟"]
    assert grams("欧阳建国") == ["欧阳", "阳建", "建国"]


@pytest.mark.both_engines
def test_a_column_without_the_index_is_searched_as_well(session):
    row = {"uscc": "1", "region_code": "430100", "name": "示例", "former_name": "湘江样板"}
    session.execute(insert(Enterprise), [row])
    asked = contains(Enterprise.former_name, "江样")
    assert session.scalar(select(Enterprise.name).where(asked)) == "示例"
    assert "grams" not in str(select(Enterprise.id).where(asked).compile(session.get_bind()))
