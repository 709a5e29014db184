"""The peer: the work list of a city as a good developer shows it with stock Flask-AppBuilder, and nothing of ours."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from flask_appbuilder import AppBuilder, ModelView
from flask_appbuilder.models.sqla.base import SQLA
from flask_appbuilder.models.sqla.filters import FilterEqual, FilterInFunction
from flask_appbuilder.models.sqla.interface import SQLAInterface
from sqlalchemy import MetaData, Table, create_engine, event
from sqlalchemy.orm import DeclarativeBase, relationship

from app.security.access.roles import Role
from app.workflow import states
from app.workflow.states import WAITING_FOR
from app.workflow.types import registry

COLUMNS = [
    "number", "name", "id_number_masked", "due_on", "state", "enterprise.name", "specialties_text", "type_key",
    "submitted_at", "region.name",
]  # fmt: skip

Entry = tuple[str, str, str]
"""Of the menu: its group, its label, and its address."""


class Peer:
    """An application of its own over the declarations of a database; its accounts stand in memory.

    Login, session, permissions, menu and templates are Flask-AppBuilder's, as they come. What it shows is made like
    ours where that can be said with stock means:

    - the same table in the same database, the same rows (one city, what waits for its officers), thirty in order;
    - the columns that an officer may see, the same for city and province since a stock list knows no other: region
      and enterprise by their names through relations, in dotted form, which is read with a join and not row by row;
    - the filters that a stock list can offer; that of the enterprise is left out, since a stock search form reads
      all enterprises for every page;
    - the groups and entries that the same officer has in our menu, as links;
    - a role that may list and show, so that no row has buttons that ours has not.

    It lacks what ours has beside: the numbers over the list, saved views, acts on what is ticked, claims, exports,
    masks that can be lifted, a content policy, and a line in the log.
    """

    def __init__(self, url: str, menu: Sequence[Entry]) -> None:
        self.statements = 0
        self.app = Flask("peer")
        self.app.config.update(
            SECRET_KEY="peer " * 8,
            SQLALCHEMY_DATABASE_URI="sqlite://",
            SQLALCHEMY_BINDS={"platform": url},
            WTF_CSRF_ENABLED=False,
            FAB_ADD_SECURITY_API=False,
            RATELIMIT_ENABLED=False,
        )
        with self.app.app_context():
            self._db = self._assemble(url, menu)

    def _assemble(self, url: str, menu: Sequence[Entry]) -> SQLA:
        db = SQLA()
        db.init_app(self.app)
        builder = AppBuilder(self.app, db.session)
        view = _view(SQLAInterface(_declarations(url), db.session))
        builder.add_view(view, "Declarations", category="Declarations")
        for group, label, address in menu:
            builder.add_link(label, address, category=group)
        security = builder.sm
        entries = {name for group, label, _address in menu for name in (group, label)}
        officer = security.add_role("Officer")
        for permission, what in (
            *(("menu_access", one) for one in ("Declarations", *sorted(entries))),
            *((one, "DeclarationView") for one in ("can_list", "can_show")),
        ):
            security.add_permission_role(officer, security.add_permission_view_menu(permission, what))
        security.add_user("peer", "Peer", "Peer", "peer@example.com", officer, password="peer")
        for one in (db.engines["platform"], db.engine):
            event.listen(one, "before_cursor_execute", self._count)
        return db

    def _count(self, *_: Any) -> None:
        self.statements += 1

    def client(self) -> FlaskClient:
        client = self.app.test_client()
        answer = client.post("/login/", data={"username": "peer", "password": "peer"})
        assert answer.status_code == 302, answer.text
        return client

    def leave(self) -> None:
        with self.app.app_context():
            self._db.session.remove()
            for engine in self._db.engines.values():
                engine.dispose()


def _view(data: SQLAInterface) -> type[ModelView]:
    wait = sorted(WAITING_FOR[Role.MUNICIPAL])

    def words(codes: Iterable[str]) -> Any:
        """A code as a word, out of a dictionary as an application would have it."""
        known = {str(code): str(code).replace("_", " ").capitalize() for code in codes}
        return lambda value: known.get(value, value)

    return type(
        "DeclarationView",
        (ModelView,),
        {
            "datamodel": data,
            "list_columns": COLUMNS,
            "search_columns": ["number", "name", "state", "type_key", "due_on", "submitted_at", "region"],
            "formatters_columns": {
                "state": words(states.LABELS),
                "type_key": words(kind.key for kind in registry),
                "due_on": lambda day: day and f"{day:%Y-%m-%d}",
                "submitted_at": lambda moment: moment and f"{moment:%Y-%m-%d %H:%M}",
            },
            "base_filters": [
                ["region_code", FilterEqual, "430100"],
                ["state", FilterInFunction, lambda: wait],
            ],
            "base_order": ("due_on", "asc"),
            "page_size": 30,
        },
    )


def _declarations(url: str) -> Any:
    """The tables as they stand in the database, under models of the peer's own."""
    engine = create_engine(url)
    metadata = MetaData(info={"bind_key": "platform"})
    declarations, regions, enterprises = (
        Table(name, metadata, autoload_with=engine, resolve_fks=False)
        for name in ("declaration", "region", "enterprise")
    )
    engine.dispose()

    class Base(DeclarativeBase):
        pass

    def named(self: Any) -> str:
        return str(self.name)

    region = type("Region", (Base,), {"__table__": regions, "__repr__": named})
    enterprise = type("Enterprise", (Base,), {"__table__": enterprises, "__repr__": named})
    return type(
        "Declaration",
        (Base,),
        {
            "__table__": declarations,
            "region": relationship(region, foreign_keys=[declarations.c.region_code]),
            "enterprise": relationship(enterprise, foreign_keys=[declarations.c.enterprise_id]),
        },
    )
