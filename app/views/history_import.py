"""历史数据导入: the province brings in registrations from before this platform, ordinary and temporary ones."""

from flask_babel import lazy_gettext as _l

from app.security.access.roles import Role
from app.services.history_import.kind import HISTORY
from app.views.imports import ImportScreen, roles_of
from app.views.kit.navigation import Section

_ROLES = (Role.PROVINCIAL,)


class HistoryImportScreen(ImportScreen):
    """Persons, registrations and terms as the paper era left them."""

    kind = HISTORY
    route_base = "/history-imports"
    title = _l("Import historical records")
    lead = _l(
        "Registrations from before this platform, ordinary and temporary ones: one row for each specialty. A "
        "registration is loaded with all its rows or not at all."
    )
    section = Section.REGISTER
    position = 50
    readers = _ROLES
    roles = roles_of(*_ROLES)
    known_label = _l("Already in the register")
    loaded_text = _l("%(count)s rows were loaded into the register.")
    template_name = _l("Historical records (template)")


SCREENS = (HistoryImportScreen,)
