"""The province imports the 资格证 library: a dry run that finds every fault, then the good rows, once."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import PureWindowsPath

from flask_babel import lazy_gettext as _l
from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from app.extensions.clock import now, today
from app.extensions.database import begin_writing
from app.extensions.refused import Refused
from app.extensions.vault import vault
from app.models import ImportStage, Qualification, QualificationImport
from app.security.access.audit import record
from app.security.access.roles import SYSTEM, Actor, Role
from app.security.access.scope import find, rows_of
from app.services.marked_workbooks import marked
from app.services.qualification_import.columns import is_heading, layout_of
from app.services.qualification_import.findings import Notice, RowFinding, restored, stored
from app.services.qualification_import.library import known_rows
from app.services.qualification_import.rows import LIBRARY_FIELDS, Entry, Rules, find_conflicts
from app.services.qualification_import.words import context_on
from app.services.workbooks import Table, read

_SUBJECT = "qualification_import"
_PURPOSE = "qualification_import"
_AT_ONCE = 2_000
_LONGEST_FILE_NAME = 200


@dataclass
class DryRun:
    """What a list holds, compared with the library as it was at that moment; nothing is written."""

    table: Table
    good: list[Entry]
    known: int
    findings: list[RowFinding]
    notices: list[Notice]

    @property
    def rows(self) -> int:
        return len(self.table.rows)

    @property
    def bad(self) -> int:
        return self.rows - self.known - len(self.good)

    @property
    def counts(self) -> dict[str, int]:
        return {"rows": self.rows, "good": len(self.good), "known": self.known, "bad": self.bad}


def dry_run(session: Session, data: bytes) -> DryRun:
    """Every fault of every row. Raises `Refused` for what is no such list at all."""
    table, entries, rules = _read(session, data)
    return _compare(session, table, entries, rules)


def check(session: Session, data: bytes, file_name: str, actor: Actor) -> QualificationImport:
    """Dry-run the workbook and keep it, encrypted, until its import is loaded or discarded. Commits."""
    if not actor.has(Role.PROVINCIAL, Role.SYSTEM):
        raise NotFound
    result = dry_run(session, data)
    sealed = vault.encrypt(data, _PURPOSE)
    begin_writing(session)
    kept = QualificationImport(
        file_name=PureWindowsPath(file_name).name[-_LONGEST_FILE_NAME:],
        content_hash=hashlib.sha256(data).hexdigest(),
        content=sealed,
        stage=ImportStage.CHECKED,
        uploaded_by_id=actor.account_id,
    )
    _count(kept, result)
    session.add(kept)
    session.flush()
    record(session, actor, "check_import", _SUBJECT, kept.id, **result.counts)
    session.commit()
    return kept


def load(session: Session, key: object, actor: Actor) -> QualificationImport:
    """Put the good rows into the library, all of them or none, and forget the workbook. Commits.

    The list is compared with the library once more, so that what was loaded meanwhile counts as known. An
    import that is loaded already is given back as it is; a discarded one raises `Refused`.
    """
    kept = find(session, QualificationImport, key, actor)
    if kept.stage != ImportStage.CHECKED:
        return _settled(kept)
    # Reading takes seconds, and the database stays free for others meanwhile.
    table, entries, rules = _read(session, _content(kept))
    kept = _locked(session, kept.id)
    if kept.stage != ImportStage.CHECKED:
        return _settled(kept)
    _lock_library(session)
    result = _compare(session, table, entries, rules)
    _insert(session, result.good, kept.id)
    _count(kept, result)
    kept.loaded_count = len(result.good)
    kept.stage, kept.loaded_at, kept.content = ImportStage.LOADED, now(), None
    record(session, actor, "load_import", _SUBJECT, kept.id, **result.counts)
    session.commit()
    return kept


def discard(session: Session, key: object, actor: Actor) -> QualificationImport:
    """Forget the workbook without loading anything. Commits. Raises `Refused` when it was loaded already."""
    kept = _locked(session, find(session, QualificationImport, key, actor).id)
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
        select(QualificationImport)
        .where(QualificationImport.stage == ImportStage.CHECKED, QualificationImport.uploaded_at < before)
        .with_for_update(skip_locked=True)
    ).all()
    for kept in stale:
        _forget(session, kept, SYSTEM)
    session.commit()
    return len(stale)


def marked_workbook(session: Session, key: object, actor: Actor) -> bytes:
    """The uploaded list with its bad cells coloured and commented. Commits the audit line of the download.

    Raises `Refused` when the import was loaded or discarded, since the workbook is gone then.
    """
    kept = find(session, QualificationImport, key, actor)
    table = read(_content(kept), is_heading)
    data = mark(table, findings_of(kept)[0])
    number = kept.id
    begin_writing(session)
    record(session, actor, "download_marked_import", _SUBJECT, number)
    session.commit()
    return data


def mark(table: Table, findings: Iterable[RowFinding]) -> bytes:
    """The table as a workbook with each finding at its cell, in the language of whoever asks."""
    messages: dict[tuple[int, int], list[str]] = {}
    for one in findings:
        messages.setdefault((one.row, one.column), []).append(one.message)
    return marked(table, messages)


def findings_of(kept: QualificationImport) -> tuple[list[RowFinding], list[Notice]]:
    return restored(kept.findings)


def loaded_before(session: Session, kept: QualificationImport, actor: Actor) -> QualificationImport | None:
    """The import that loaded exactly this file earlier."""
    return session.scalar(
        rows_of(QualificationImport, actor)
        .where(
            QualificationImport.content_hash == kept.content_hash,
            QualificationImport.stage == ImportStage.LOADED,
            QualificationImport.id != kept.id,
        )
        .order_by(QualificationImport.id.desc())
        .limit(1)
    )


def _read(session: Session, data: bytes) -> tuple[Table, list[Entry], Rules]:
    table = read(data, is_heading)
    layout = layout_of(table.heading)
    if not table.rows:
        raise Refused(_l("There is no row under the heading row."))
    rules = Rules(table, layout, context_on(session, today()))
    entries = rules.entries()
    find_conflicts(entries, rules)
    return table, entries, rules


def _compare(session: Session, table: Table, entries: list[Entry], rules: Rules) -> DryRun:
    known = known_rows(session, entries, rules)
    good = [entry for entry in entries if entry.sound and entry.row not in known]
    notices = []
    for code, count in (("hidden_sheets", table.hidden_sheets), ("other_sheets", table.other_sheets)):
        if count:
            notices.append(Notice(code, {"count": count}))
    if rules.layout.unused:
        notices.append(Notice("unused_columns", {"columns": "、".join(rules.layout.unused)}))
    findings = sorted(rules.findings, key=lambda one: (one.row, one.column))
    return DryRun(table, good, len(known), findings, notices)


def _count(kept: QualificationImport, result: DryRun) -> None:
    kept.row_count, kept.good_count = result.rows, len(result.good)
    kept.known_count, kept.bad_count = result.known, result.bad
    kept.findings = stored(result.findings, result.notices)


def _content(kept: QualificationImport) -> bytes:
    if kept.content is None:
        raise Refused(
            _l("The workbook was deleted when its import was loaded or discarded. Please upload it again.")
        )
    return vault.decrypt(bytes(kept.content), _PURPOSE)


def _settled(kept: QualificationImport) -> QualificationImport:
    if kept.stage == ImportStage.DISCARDED:
        raise Refused(_l("This workbook was discarded. Please upload it again."))
    return kept


def _locked(session: Session, number: int) -> QualificationImport:
    """The row as it is now, and nobody else's until the commit."""
    begin_writing(session)
    return session.scalars(
        select(QualificationImport)
        .where(QualificationImport.id == number)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def _lock_library(session: Session) -> None:
    """Two lists that share rows are loaded one after the other. SQLite has only one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE qualification IN SHARE ROW EXCLUSIVE MODE"))


def _insert(session: Session, good: list[Entry], number: int) -> None:
    # The table takes many rows twice as fast as the model, which would look for defaults and keys.
    table = insert(Qualification.__table__)
    plain = [name for name in LIBRARY_FIELDS if name != "id_number_index"]
    for start in range(0, len(good), _AT_ONCE):
        rows = [
            {name: getattr(entry, name) for name in plain}
            | Qualification.id_number.columns(entry.id_number)
            | {"import_id": number}
            for entry in good[start : start + _AT_ONCE]
        ]
        session.execute(table, rows)


def _forget(session: Session, kept: QualificationImport, actor: Actor) -> None:
    kept.stage, kept.discarded_at, kept.content = ImportStage.DISCARDED, now(), None
    record(session, actor, "discard_import", _SUBJECT, kept.id)
