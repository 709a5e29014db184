"""历史数据导入: the one value by which the list of historical records is read, checked and loaded."""

from app.security.access.roles import Role
from app.services.history_import import comparing, entering, rows
from app.services.history_import.columns import COLUMNS
from app.services.imports.kinds import ImportKind

HISTORY = ImportKind(
    key="history",
    sheet="建造师历史数据",
    importers=frozenset({Role.PROVINCIAL, Role.SYSTEM}),
    columns=COLUMNS,
    messages=rows.MESSAGES,
    entry=rows.entry,
    together=rows.together,
    among=rows.find_conflicts,
    against=comparing.compare,
    lock=entering.lock,
    write=entering.write,
)
