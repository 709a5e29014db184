"""The reference data is complete, loads once, and leaves alone what the administrators changed."""

from collections import Counter

import pytest
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

import app.models  # noqa: F401 - makes every table known
from app.cli import reference
from app.cli.reference import Loaded, dictionary_names, load
from app.extensions.database import db
from app.models import Counter as CounterRow, DictionaryEntry, Region

CITIES = {
    "changsha", "zhuzhou", "xiangtan", "hengyang", "shaoyang", "yueyang", "changde", "zhangjiajie",
    "yiyang", "chenzhou", "yongzhou", "huaihua", "loudi", "xiangxi",
}  # fmt: skip


@pytest.fixture
def session():
    engine = create_engine("sqlite://")
    db.metadata.create_all(engine, tables=[CounterRow.__table__, Region.__table__, DictionaryEntry.__table__])
    with Session(engine) as session:
        yield session
    engine.dispose()


@pytest.fixture
def loaded(session):
    load(session)
    session.commit()
    return session


def test_hunan_has_its_cities_and_counties(loaded):
    cities = loaded.scalars(select(Region).where(Region.parent_code == "430000")).all()
    assert {city.account_name for city in cities} == CITIES
    counties = loaded.scalars(select(Region).where(Region.parent_code.in_([c.code for c in cities]))).all()
    assert len([county for county in counties if county.valid_to is None]) == 122


def test_a_retired_code_ends_the_day_before_its_successor_begins(loaded):
    for old, new in {"430521": "430582", "431121": "431181", "430124": "430182"}.items():
        retired, current = loaded.get(Region, old), loaded.get(Region, new)
        assert (current.valid_from - retired.valid_to).days == 1


def test_every_region_has_both_names_and_a_superior_of_its_own_province(loaded):
    for region in loaded.scalars(select(Region)):
        assert region.name
        assert region.name_en.isascii()
        assert region.parent_code is None or region.parent_code[:2] == region.code[:2]


def test_every_entry_has_both_names_and_a_source(loaded):
    for entry in loaded.scalars(select(DictionaryEntry)):
        assert entry.label_en.isascii(), entry.code
        assert not entry.label_zh.isascii(), entry.code
        assert entry.source, entry.code


def test_dictionaries_have_the_sizes_that_their_sources_have(loaded):
    sizes = Counter(loaded.scalars(select(DictionaryEntry.dictionary)))
    assert sizes["ethnicity"] == 56 + 2
    assert sizes["specialty"] == 6
    assert sizes["registration_kind"] == 2
    assert sizes["gender"] == 2


def test_entries_keep_the_order_of_their_file(loaded):
    order = select(DictionaryEntry.code).where(DictionaryEntry.dictionary == "specialty")
    codes = loaded.scalars(order.order_by(DictionaryEntry.position)).all()
    assert codes == ["building", "highway", "water", "mining", "municipal", "mechanical"]


def test_codes_fit_the_columns_that_hold_them(loaded):
    lengths = dict(
        loaded.execute(
            select(DictionaryEntry.dictionary, func.max(func.length(DictionaryEntry.code))).group_by(
                DictionaryEntry.dictionary
            )
        ).all()
    )
    held = [
        (column.info["dictionary"], column.type.length, f"{table.name}.{column.name}")
        for table in db.metadata.tables.values()
        for column in table.columns
        if "dictionary" in column.info and column.type.length  # a text holds as many codes as there are
    ]
    assert held
    assert [place for name, length, place in held if lengths[name] > length] == []


def test_every_dictionary_that_a_column_names_is_shipped():
    named = {
        column.info["dictionary"]
        for table in db.metadata.tables.values()
        for column in table.columns
        if "dictionary" in column.info
    }
    assert named <= set(dictionary_names())


def test_loading_twice_adds_nothing(loaded):
    assert load(loaded) == Loaded(0, 0)
    assert load(loaded, overwrite=True) == Loaded(0, 0)


def test_a_label_that_an_administrator_changed_stays(loaded):
    entry = loaded.scalars(select(DictionaryEntry).where(DictionaryEntry.code == "mining")).one()
    entry.label_en, entry.active = "Mining", False
    loaded.commit()
    assert load(loaded) == Loaded(0, 0)
    assert entry.label_en == "Mining"


def test_overwriting_sets_the_text_again_and_keeps_what_is_switched_off(loaded):
    entry = loaded.scalars(select(DictionaryEntry).where(DictionaryEntry.code == "mining")).one()
    entry.label_en, entry.active = "Mining", False
    loaded.commit()
    assert load(loaded, overwrite=True) == Loaded(0, 1)
    loaded.refresh(entry)
    assert (entry.label_en, entry.active) == ("Mining engineering", False)


def test_a_row_that_a_new_release_ships_is_added(loaded, monkeypatch):
    shipped = reference._entries()
    more = {**shipped[0], "dictionary": "specialty", "code": "railway", "position": 7}
    monkeypatch.setattr(reference, "_entries", lambda: [*shipped, more])
    assert load(loaded) == Loaded(1, 0)


@pytest.mark.both_engines
def test_a_prepared_database_lacks_nothing(app):
    done = app.test_cli_runner().invoke(args=["load-reference"])
    assert done.output == "Reference data: 0 rows added, 0 changed.\n"
    done = app.test_cli_runner().invoke(args=["load-reference", "--overwrite"])
    assert done.output == "Reference data: 0 rows added, 0 changed.\n"
