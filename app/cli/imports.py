"""Lists from the command line: checked, loaded once, and handed back with their faults marked."""

from itertools import islice
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext
from flask_babel import gettext as _

from app.extensions.database import db
from app.extensions.refused import Refused
from app.models import WorkbookImport
from app.security.access.roles import SYSTEM
from app.services.history_import.kind import HISTORY
from app.services.imports import life_cycle
from app.services.imports.kinds import ImportKind
from app.services.imports.life_cycle import DryRun
from app.services.qualification_import.kind import QUALIFICATIONS

_MOST_LINES = 200
_SOME_ROWS_WERE_BAD = 2


def _command(name: str, kind: ImportKind[Any], what: str) -> click.Command:
    """The command that imports lists of this kind.

    It ends with 0 when every row is stored now, with 2 when some rows were bad, and with 1 when the file is
    no such list.
    """

    @click.command(name, help=f"Import the list of {what} in FILE (.xlsx): the good rows, all at once.")
    @click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    @click.option("--dry-run", is_flag=True, help="Say what is wrong and load nothing.")
    @click.option(
        "--report",
        type=click.Path(dir_okay=False, writable=True, path_type=Path),
        help="Write the workbook with its bad cells coloured and commented to this file.",
    )
    @with_appcontext
    def run(file: Path, *, dry_run: bool, report: Path | None) -> None:
        try:
            bad = _import(kind, file, dry_run=dry_run, report=report)
        except Refused as refused:
            for sentence in (refused.message, *refused.findings):
                click.echo(str(sentence), err=True)
            raise SystemExit(1) from None
        raise SystemExit(_SOME_ROWS_WERE_BAD if bad else 0)

    return run


def _import(kind: ImportKind[Any], file: Path, *, dry_run: bool, report: Path | None) -> int:
    """The number of bad rows."""
    data = file.read_bytes()
    result = life_cycle.dry_run(db.session, kind, data)
    db.session.rollback()
    _tell(result)
    if report and result.found.rows:
        report.write_bytes(life_cycle.mark(result.table, result.found.rows, result.found.aside))
        click.echo(_("The marked workbook is in %(file)s.", file=str(report)))
    if dry_run:
        click.echo(_("Nothing was loaded, as was asked."))
        return result.bad
    loaded = _load(kind, data, file.name)
    click.echo(_("%(count)s rows were loaded.", count=loaded.loaded_count))
    return loaded.bad_count


def _load(kind: ImportKind[Any], data: bytes, name: str) -> WorkbookImport:
    kept = life_cycle.check(db.session, kind, data, name, SYSTEM)
    return life_cycle.load(db.session, kind, kept.id, SYSTEM)


def _tell(result: DryRun) -> None:
    for notice in result.found.notices:
        click.echo(notice.message)
    for one in islice(result.found.rows, _MOST_LINES):
        place = _("Row %(row)s, column %(column)s", row=one.row, column=one.letter)
        click.echo(f"{place} ({one.heading}): {one.message}")
    if len(result.found.rows) > _MOST_LINES:
        click.echo(
            _("… and %(count)s more; --report writes them all.", count=len(result.found.rows) - _MOST_LINES)
        )
    click.echo(
        _(
            "%(rows)s rows: %(good)s can be loaded, %(known)s are stored already, %(bad)s have errors.",
            **result.counts,
        )
    )


import_qualifications = _command("import-qualifications", QUALIFICATIONS, "qualifications")
import_history = _command("import-history", HISTORY, "historical records")

COMMANDS = (import_qualifications, import_history)
