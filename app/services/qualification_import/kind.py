"""资格证导入: the one value by which the list of qualifications is read, checked and loaded."""

from app.security.access.roles import Role
from app.services.imports.kinds import ImportKind
from app.services.qualification_import import library, rows
from app.services.qualification_import.columns import COLUMNS

QUALIFICATIONS = ImportKind(
    key="qualification",
    sheet="资格证",
    importers=frozenset({Role.PROVINCIAL, Role.SYSTEM}),
    columns=COLUMNS,
    messages=rows.MESSAGES,
    entry=rows.entry,
    together=rows.together,
    among=rows.find_conflicts,
    against=library.compare,
    lock=library.lock,
    write=library.write,
)
