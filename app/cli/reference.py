"""Reference data: the regions and the dictionaries of the law, loaded from the CSV files in reference/."""

import csv
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import click
from flask.cli import with_appcontext
from sqlalchemy import RowMapping, insert, select, tuple_, update
from sqlalchemy.orm import Session

from app.extensions.database import begin_writing, db
from app.models import DictionaryEntry, Region

FOLDER = Path(__file__).with_suffix("")

Row = dict[str, Any]


class Loaded(NamedTuple):
    """How many rows the database did not have, and how many it had otherwise and were set again."""

    added: int
    changed: int


def dictionary_names() -> list[str]:
    """Every dictionary that is shipped; a file is a dictionary."""
    return sorted(path.stem for path in (FOLDER / "dictionaries").glob("*.csv"))


def load(session: Session, *, overwrite: bool = False) -> Loaded:
    """Add what is missing; the caller commits.

    Rows that are there stay as the administrators left them, unless `overwrite` asks for the shipped text.
    """
    regions = _write(session, Region, ("code",), _regions(), overwrite=overwrite)
    entries = _write(session, DictionaryEntry, ("dictionary", "code"), _entries(), overwrite=overwrite)
    return Loaded(regions.added + entries.added, regions.changed + entries.changed)


def _regions() -> list[Row]:
    """Provinces first, then cities, then counties: a superior region stands before those it leads."""
    return [
        {
            **row,
            "valid_from": _day(row["valid_from"]),
            "valid_to": _day(row["valid_to"]),
        }
        for row in _read(FOLDER / "regions.csv")
    ]


def _entries() -> list[Row]:
    return [
        {"dictionary": name, "position": position, **row}
        for name in dictionary_names()
        for position, row in enumerate(_read(FOLDER / "dictionaries" / f"{name}.csv"), 1)
    ]


def _read(path: Path) -> list[dict[str, str | None]]:
    with path.open(encoding="utf-8", newline="") as file:
        return [{column: text or None for column, text in row.items()} for row in csv.DictReader(file)]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _write(
    session: Session, model: type, key: tuple[str, ...], rows: Iterable[Row], *, overwrite: bool
) -> Loaded:
    columns: Any = model.__table__.c  # type: ignore[attr-defined]
    present = {tuple(row[name] for name in key): row for row in _present(session, columns)}
    shipped = {tuple(row[name] for name in key): row for row in rows}
    fresh = [row for name, row in shipped.items() if name not in present]
    if fresh:
        session.execute(insert(model), fresh)
    changed = 0
    for name, row in shipped.items() if overwrite else ():
        if name in present and any(present[name][column] != value for column, value in row.items()):
            where = tuple_(*(columns[column] for column in key)) == name
            session.execute(update(model).where(where).values(row))
            changed += 1
    return Loaded(len(fresh), changed)


def _present(session: Session, columns: Any) -> Iterable[RowMapping]:
    return session.execute(select(*columns)).mappings()


@click.command("load-reference")
@click.option("--overwrite", is_flag=True, help="Set rows that are there to the shipped text again.")
@with_appcontext
def load_reference(*, overwrite: bool) -> None:
    """Load the regions and the dictionaries that the database lacks."""
    begin_writing(db.session)
    loaded = load(db.session, overwrite=overwrite)
    db.session.commit()
    click.echo(f"Reference data: {loaded.added} rows added, {loaded.changed} changed.")


COMMANDS = (load_reference,)
