"""The peer: a list of the same table as stock Flask-AppBuilder shows it, with its own templates, menu and login."""

from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from flask_appbuilder import AppBuilder, ModelView
from flask_appbuilder.models.sqla.base import SQLA
from flask_appbuilder.models.sqla.filters import FilterEqual
from flask_appbuilder.models.sqla.interface import SQLAInterface
from sqlalchemy import MetaData, Table, create_engine, event
from sqlalchemy.orm import DeclarativeBase

COLUMNS = [
    "number", "name", "id_number_masked", "due_on", "state", "enterprise_name", "specialties_text", "type_key",
    "submitted_at", "region_code",
]  # fmt: skip
"""The columns of the work list of a city."""


class Peer:
    """An application of its own over the declarations of a database; its accounts stand in memory."""

    def __init__(self, url: str) -> None:
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
            self._assemble(url)

    def _assemble(self, url: str) -> None:
        db = SQLA()
        db.init_app(self.app)
        builder = AppBuilder(self.app, db.session)
        model = _declarations(url)
        engine = db.engines["platform"]
        view = type(
            "DeclarationView",
            (ModelView,),
            {
                "datamodel": SQLAInterface(model, db.session),
                "list_columns": COLUMNS,
                "search_columns": ["number", "name", "state", "due_on", "region_code"],
                "base_filters": [["region_code", FilterEqual, "430100"]],
                "base_order": ("due_on", "asc"),
                "page_size": 30,
            },
        )
        builder.add_view(view, "Declarations", category="Review")
        role = builder.sm.find_role("Admin")
        builder.sm.add_user("peer", "Peer", "Peer", "peer@example.com", role, password="peer")
        for one in (engine, db.engine):
            event.listen(one, "before_cursor_execute", self._count)

    def _count(self, *_: Any) -> None:
        self.statements += 1

    def client(self) -> FlaskClient:
        client = self.app.test_client()
        answer = client.post("/login/", data={"username": "peer", "password": "peer"})
        assert answer.status_code == 302, answer.text
        return client


def _declarations(url: str) -> Any:
    """The table as it stands in the database, under a model of the peer's own."""
    engine = create_engine(url)
    metadata = MetaData(info={"bind_key": "platform"})
    table = Table("declaration", metadata, autoload_with=engine, resolve_fks=False)
    engine.dispose()

    class Base(DeclarativeBase):
        pass

    return type("Declaration", (Base,), {"__table__": table})
