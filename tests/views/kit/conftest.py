"""An application with the trial screens, and people of two cities who meet on them."""

import os
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.models import Enterprise, Person, RealNameState
from app.security.access.roles import Role
from tests.logins import log_in, make_account
from tests.pages import page
from tests.prepared import TEST_TIME, Prepared

CHANGSHA, SHAOYANG = "430100", "430500"


@dataclass
class People:
    """Who is there, each with a browser in which he has logged in, and the rows by name."""

    app: object
    clients: dict[str, FlaskClient]
    rows: dict[str, int]

    def __getitem__(self, name: str) -> FlaskClient:
        return self.clients[name]


def enterprise(name: str, region: str, serial: int, **columns) -> Enterprise:
    made = Enterprise(
        name=name,
        uscc=f"91430000{serial:010d}",
        region_code=region,
        business_address="示例路 1 号",
        contact_name="李娟",
        founded_on=date(2001, 5, 20),
        registered_capital=3000,
        **columns,
    )
    made.mobile = f"138000{serial:05d}"
    return made


def _settle(session: Session) -> tuple[dict[str, int], dict[str, str]]:
    """The rows that every test finds, and the names to log in with."""
    changsha = enterprise("长沙示例建设有限公司", CHANGSHA, 1)
    shaoyang = enterprise("邵阳示例路桥有限公司", SHAOYANG, 2)
    # Whoever has asked for the real-name check is seen by the counter of his city.
    person = Person(name="张伟", region_code=CHANGSHA, real_name_state=RealNameState.WAITING)
    person.id_number, person.mobile = "439900198501010015", "13900000001"
    session.add_all([changsha, shaoyang, person])
    session.flush()
    rows = {"changsha": changsha.id, "shaoyang": shaoyang.id, "person": person.id}
    names = {
        "li_juan": (Role.ENTERPRISE, {"enterprise_id": changsha.id}),
        "wang_qiang": (Role.MUNICIPAL, {"region_code": CHANGSHA}),
        "zhao_min": (Role.MUNICIPAL, {"region_code": SHAOYANG}),
        "chen_jing": (Role.PROVINCIAL, {}),
        "province_admin": (Role.PROVINCIAL_ADMINISTRATOR, {}),
        "admin": (Role.ADMINISTRATOR, {}),
        "auditor": (Role.AUDITOR, {}),
    }
    for name, (role, columns) in names.items():
        make_account(session, name, role, **columns)
    return rows, dict.fromkeys(names, "")


class Stage:
    """The platform with the trial screens on one engine; its database is put back before each test."""

    def __init__(self, prepared: Prepared, engine: str, folder: Path) -> None:
        self.prepared, self.engine, self.folder = prepared, engine, folder
        name = f"trial_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
        self.live, self.ready = f"{name}_live", f"{name}_ready"
        url = prepared.fresh(engine, self.live, folder)
        self.app = self._assemble(url)
        self.clients, self.rows = self._settle()
        self._copy(self.live, self.ready)

    def _assemble(self, url: str):
        from app import create_app
        from app.views import files
        from config import Config
        from tests.views.kit import trial

        config = Config(
            data_dir=self.folder,
            key_file=self.prepared.key_file,
            database_url=url,
            secret_key="tests " * 8,
            testing=True,
        )
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(files, "SCREENS", (*files.SCREENS, *trial.SCREENS))
            return create_app(config)

    def _settle(self):
        """Everybody logs in once; the tests go on with their browsers."""
        from app.extensions.database import db
        from app.security.login.manager import sync_roles

        with time_machine.travel(TEST_TIME, tick=True):
            with self.app.app_context():
                sync_roles(db.session, self.app.extensions["appbuilder"])
                rows, names = _settle(db.session)
                db.session.remove()
            clients = {name: self.app.test_client() for name in names}
            for name, client in clients.items():
                log_in(client, name)
        return clients, rows

    def leave(self) -> None:
        from app.extensions.database import db

        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()

    def _copy(self, source: str, target: str) -> None:
        self.leave()
        if self.engine == "postgresql":
            self.prepared.server.clone(source, target)
            return
        # The last connection has put everything into the one file when it was closed.
        names = {self.live: "platform.sqlite", self.ready: "ready"}
        place = self.folder / names[target]
        for left in self.folder.glob(f"{place.name}*"):
            left.unlink()
        shutil.copyfile(self.folder / names[source], place)

    def again(self) -> People:
        from app.factory import open_vault

        self._copy(self.ready, self.live)
        # There is one vault in a process, and each engine's database has keys of its own.
        open_vault(self.app, self.app.extensions["platform_config"])
        return People(self.app, self.clients, self.rows)


@pytest.fixture(scope="session")
def trial_stages(prepared: Prepared, tmp_path_factory):
    """The stages of this process, each made when the first test asks for its engine."""
    made: dict[str, Stage] = {}

    def stage(engine: str) -> Stage:
        if engine not in made:
            made[engine] = Stage(prepared, engine, tmp_path_factory.mktemp(f"trial-{engine}"))
        return made[engine]

    yield stage
    for one in made.values():
        one.leave()


@pytest.fixture
def people(engine, trial_stages) -> People:
    return trial_stages(engine).again()


@pytest.fixture
def trial_app(people):
    return people.app


@pytest.fixture
def stored(trial_app):
    """A row as it is stored now."""
    from app.extensions.database import db

    def read(model, key):
        with trial_app.app_context():
            row = db.session.get_one(model, key)
            db.session.expunge(row)
            return row

    return read


@pytest.fixture
def send():
    """Post like a page of the same browser, with its token."""

    def post(client, url, data=None, **options):
        token = page(client, "/account/sessions").find("meta", attrs={"name": "csrf"})["content"]
        return client.post(
            url,
            data={"csrf_token": token, **(data or {})},
            headers={"Referer": "http://localhost/", **options.pop("headers", {})},
            **options,
        )

    return post
