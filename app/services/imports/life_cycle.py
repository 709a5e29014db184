"""The life of a workbook: a dry run finds every fault, then its good rows are loaded once, or it is forgotten."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PureWindowsPath
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from app.extensions.clock import now, today
from app.extensions.database import begin_writing
from app.extensions.refused import Refused
from app.extensions.vault import vault
from app.models import ImportStage, Person, Registration, WorkbookImport
from app.security.access.audit import record, record_selected
from app.security.access.limits import attempts, count_attempt
from app.security.access.roles import SYSTEM, Actor
from app.security.access.scope import find, rows_of
from app.services.imports.findings import Findings, Notice, RowFinding, restored, stored
from app.services.imports.kinds import ImportKind
from app.services.imports.reading import Entry, Reading
from app.services.imports.words import context_on
from app.services.marked_workbooks import marked
from app.services.workbooks import Table, read

MOST_AN_HOUR = 60
"""Workbooks of one account."""

_LONGEST_FILE_NAME = 200
_AT_ONCE = 500

DOWNLOADED = "download_marked_import"
"""What the audit calls it that somebody has taken the marked workbook away."""

Kind = ImportKind[Any]


@dataclass
class DryRun:
    """What a list holds, compared with what is stored as it was at that moment; nothing is written."""

    table: Table
    good: list[Entry]
    known: int
    found: Findings

    @property
    def rows(self) -> int:
        return len(self.table.rows)

    @property
    def bad(self) -> int:
        return self.rows - self.known - len(self.good)

    @property
    def counts(self) -> dict[str, int]:
        return {"rows": self.rows, "good": len(self.good), "known": self.known, "bad": self.bad}


def dry_run(session: Session, kind: Kind, data: bytes, actor: Actor = SYSTEM) -> DryRun:
    """Every fault of every row. Raises `Refused` for what is no such list at all."""
    entries, reading = _read(session, kind, data)
    return _dry_run(session, kind, entries, reading, actor)


def check(session: Session, kind: Kind, data: bytes, file_name: str, actor: Actor) -> WorkbookImport:
    """Dry-run the workbook and keep it, encrypted, until its import is loaded or discarded. Commits."""
    if not actor.has(*kind.importers) or (kind.of_enterprise and actor.enterprise_id is None):
        raise NotFound
    _count_sent(session, actor)
    result = dry_run(session, kind, data, actor)
    sealed = vault.encrypt(data, kind.subject)
    begin_writing(session)
    kept = WorkbookImport(
        kind=kind.key,
        enterprise_id=actor.enterprise_id if kind.of_enterprise else None,
        file_name=PureWindowsPath(file_name).name[-_LONGEST_FILE_NAME:],
        content_hash=hashlib.sha256(data).hexdigest(),
        content=sealed,
        stage=ImportStage.CHECKED,
        uploaded_by_id=actor.account_id,
    )
    _count(kept, result)
    session.add(kept)
    session.flush()
    record(session, actor, "check_import", kind.subject, kept.id, **result.counts)
    session.commit()
    return kept


def _count_sent(session: Session, actor: Actor) -> None:
    """Count one workbook more before it is read, whatever comes of it: a hostile one takes half a minute. Commits."""
    if actor.account_id is None:
        return
    subject = f"workbooks:{actor.account_id}"
    begin_writing(session)
    if attempts(session, subject, timedelta(hours=1)) >= MOST_AN_HOUR:
        raise Refused(_l("You have sent very many files in the last hour. Please go on a little later."))
    count_attempt(session, subject)
    session.commit()


def load(session: Session, kind: Kind, key: object, actor: Actor) -> WorkbookImport:
    """Load the good rows, all of them or none, and forget the workbook. Commits.

    The list is compared with what is stored once more, so that what was loaded meanwhile counts as known. An
    import that is loaded already is given back as it is; a discarded one raises `Refused`.
    """
    kept = _own(session, kind, key, actor)
    if kept.stage != ImportStage.CHECKED:
        return _settled(kept)
    # Reading takes seconds, and the database stays free for others meanwhile.
    entries, reading = _read(session, kind, _content(kind, kept))
    kept = _locked(session, kept.id)
    if kept.stage != ImportStage.CHECKED:
        return _settled(kept)
    kind.lock(session, actor)
    result = _dry_run(session, kind, entries, reading, actor)
    kind.write(session, result.good, kept, actor)
    _count(kept, result)
    kept.loaded_count = len(result.good)
    kept.stage, kept.loaded_at, kept.content = ImportStage.LOADED, now(), None
    record(session, actor, "load_import", kind.subject, kept.id, **result.counts)
    session.commit()
    return kept


def discard(session: Session, kind: Kind, key: object, actor: Actor) -> WorkbookImport:
    """Forget the workbook without loading anything. Commits. Raises `Refused` when it was loaded already."""
    kept = _locked(session, _own(session, kind, key, actor).id)
    if kept.stage == ImportStage.LOADED:
        raise Refused(_l("This workbook was loaded already and cannot be discarded."))
    if kept.stage == ImportStage.CHECKED:
        _forget(session, kept, actor)
    session.commit()
    return kept


def discard_stale(session: Session, before: datetime) -> int:
    """Forget the workbooks that were uploaded before that moment and never loaded; their number. Commits."""
    begin_writing(session)
    stale = session.scalars(
        select(WorkbookImport)
        .where(WorkbookImport.stage == ImportStage.CHECKED, WorkbookImport.uploaded_at < before)
        .with_for_update(skip_locked=True)
    ).all()
    for kept in stale:
        _forget(session, kept, SYSTEM)
    session.commit()
    return len(stale)


def marked_workbook(session: Session, kind: Kind, key: object, actor: Actor) -> bytes:
    """The uploaded list with its bad cells coloured and commented. Commits the audit line of the download.

    Raises `Refused` when the import was loaded or discarded, since the workbook is gone then.
    """
    kept = _own(session, kind, key, actor)
    entries, reading = _read(session, kind, _content(kind, kept))
    found = findings_of(kind, kept)
    data = mark(reading.table, found.rows, found.aside)
    number = kept.id
    begin_writing(session)
    record(session, actor, DOWNLOADED, kind.subject, number)
    _record_persons(session, actor, entries)
    session.commit()
    return data


def _record_persons(session: Session, actor: Actor, entries: Sequence[Any]) -> None:
    """A line for each person of the list whom the platform knows: he can see who has taken his data away."""
    for name, known in (
        ("id_number_index", Person.id_number_index.in_),
        ("number", lambda numbers: Person.id.in_(_of_registrations(numbers))),
    ):
        # A row that names a person in both ways is found by the ID number alone.
        said = sorted(
            {
                value
                for one in entries
                if (value := getattr(one, name, None)) and (name != "number" or not one.id_number_index)
            }
        )
        for start in range(0, len(said), _AT_ONCE):
            keys = select(Person.id).where(known(said[start : start + _AT_ONCE]))
            record_selected(session, actor, DOWNLOADED, "person", keys)


def _of_registrations(numbers: Sequence[str]) -> Select[Any]:
    return select(Registration.person_id).where(Registration.number.in_(numbers))


def mark(table: Table, findings: Iterable[RowFinding], aside: Iterable[RowFinding] = ()) -> bytes:
    """The table as a workbook with each finding at its cell, in the language of whoever asks."""
    messages: dict[tuple[int, int], list[str]] = {}
    for one in (*findings, *aside):
        messages.setdefault((one.row, one.column), []).append(one.message)
    return marked(table, messages, {(one.row, one.column) for one in aside})


def findings_of(kind: Kind, kept: WorkbookImport) -> Findings:
    return restored(kept.findings, kind.wording)


def loaded_before(session: Session, kept: WorkbookImport, actor: Actor) -> WorkbookImport | None:
    """The import of the same kind that loaded exactly this file earlier."""
    return session.scalar(
        rows_of(WorkbookImport, actor)
        .where(
            WorkbookImport.kind == kept.kind,
            WorkbookImport.content_hash == kept.content_hash,
            WorkbookImport.stage == ImportStage.LOADED,
            WorkbookImport.id != kept.id,
        )
        .order_by(WorkbookImport.id.desc())
        .limit(1)
    )


def _read(session: Session, kind: Kind, data: bytes) -> tuple[list[Any], Reading[Any]]:
    table = read(data, kind.columns.is_heading)
    reading: Reading[Any] = Reading(kind, table, context_on(session, today()))
    if not table.rows:
        raise Refused(_l("There is no row under the heading row."))
    if len(table.rows) > kind.most_rows:
        raise Refused(
            _l(
                "The workbook has more than %(rows)s rows. Divide it into several workbooks.",
                rows=f"{kind.most_rows:,}",
            )
        )
    entries = reading.entries()
    kind.among(entries, reading)
    return entries, reading


def _dry_run(session: Session, kind: Kind, entries: list[Any], reading: Reading[Any], actor: Actor) -> DryRun:
    known = kind.against(session, entries, reading, actor)
    good = [entry for entry in entries if entry.sound and entry.row not in known]
    table, notices = reading.table, list(reading.notices)
    for code, count in (("hidden_sheets", table.hidden_sheets), ("other_sheets", table.other_sheets)):
        if count:
            notices.append(Notice(code, {"count": count}))
    if reading.layout.unused:
        notices.append(Notice("unused_columns", {"columns": "、".join(reading.layout.unused)}))
    findings = sorted(reading.findings, key=lambda one: (one.row, one.column))
    return DryRun(table, good, len(known), Findings(findings, reading.to_do, notices, reading.aside))


def _count(kept: WorkbookImport, result: DryRun) -> None:
    kept.row_count, kept.good_count = result.rows, len(result.good)
    kept.known_count, kept.bad_count = result.known, result.bad
    kept.findings = stored(result.found)


def _content(kind: Kind, kept: WorkbookImport) -> bytes:
    if kept.content is None:
        raise Refused(
            _l("The workbook was deleted when its import was loaded or discarded. Please upload it again.")
        )
    return vault.decrypt(bytes(kept.content), kind.subject)


def _settled(kept: WorkbookImport) -> WorkbookImport:
    if kept.stage == ImportStage.DISCARDED:
        raise Refused(_l("This workbook was discarded. Please upload it again."))
    return kept


def _own(session: Session, kind: Kind, key: object, actor: Actor) -> WorkbookImport:
    """The import with this key, in scope and of this kind, or 404."""
    kept = find(session, WorkbookImport, key, actor)
    if kept.kind != kind.key or not actor.has(*kind.importers):
        raise NotFound
    return kept


def _locked(session: Session, number: int) -> WorkbookImport:
    """The row as it is now, and nobody else's until the commit."""
    begin_writing(session)
    return session.scalars(
        select(WorkbookImport)
        .where(WorkbookImport.id == number)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def _forget(session: Session, kept: WorkbookImport, actor: Actor) -> None:
    kept.stage, kept.discarded_at, kept.content = ImportStage.DISCARDED, now(), None
    record(session, actor, "discard_import", f"{kept.kind}_import", kept.id)
