"""批量申报: the one value by which a workbook for many persons is read, checked, and turned into drafts."""

from collections.abc import Iterable, Sequence

from sqlalchemy.orm import Session

from app.models import WorkbookImport
from app.security.access.roles import Actor, Role
from app.services.declaration_import import drafting, rows
from app.services.declaration_import.columns import columns_of, offered_values
from app.services.declaration_import.rows import DeclarationEntry
from app.services.imports.kinds import ImportKind
from app.services.imports.reading import Reading
from app.workflow.types import DeclarationType

MOST_PERSONS = 200


def declarations_of(kinds: Iterable[DeclarationType]) -> ImportKind[DeclarationEntry]:
    """The list in which the types that name themselves for a workbook may be asked for."""
    offered = {kind.key: kind for kind in kinds if kind.in_workbook}

    def against(
        session: Session,
        entries: Sequence[DeclarationEntry],
        reading: Reading[DeclarationEntry],
        actor: Actor,
    ) -> set[int]:
        drafting.require_complete(session, actor)
        return drafting.Drafting(session, reading, actor).run(entries, offered.__getitem__)

    def write(
        session: Session, good: Sequence[DeclarationEntry], _kept: WorkbookImport, actor: Actor
    ) -> None:
        drafting.write(session, good, actor, offered.__getitem__)

    return ImportKind(
        key="declaration",
        sheet="批量申报",
        importers=frozenset({Role.ENTERPRISE}),
        columns=columns_of(offered.values()),
        messages=rows.MESSAGES,
        entry=rows.entry,
        together=rows.together,
        among=lambda _entries, _reading: None,
        against=against,
        lock=drafting.lock,
        write=write,
        most_rows=MOST_PERSONS,
        of_enterprise=True,
        offered=offered_values(offered.values()),
    )
