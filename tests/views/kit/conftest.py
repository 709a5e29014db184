"""An application with the trial screens, and people of two cities who meet on them."""

import shutil
from dataclasses import dataclass
from datetime import date

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.models import Enterprise, Person
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
    person = Person(name="张伟", region_code=CHANGSHA)
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


@pytest.fixture(scope="session")
def trial_stage(prepared: Prepared, tmp_path_factory):
    """The platform with two more screens, on a database in which everybody has logged in already."""
    from app import create_app
    from app.extensions.database import db
    from app.security.login.manager import sync_roles
    from app.views import files
    from config import Config
    from tests.views.kit import trial

    data_dir = tmp_path_factory.mktemp("trial")
    url = prepared.fresh("sqlite", "trial", data_dir)
    config = Config(
        data_dir=data_dir, key_file=prepared.key_file, database_url=url, secret_key="tests " * 8, testing=True
    )
    with pytest.MonkeyPatch.context() as patch, time_machine.travel(TEST_TIME, tick=True):
        patch.setattr(files, "SCREENS", (*files.SCREENS, *trial.SCREENS))
        app = create_app(config)
        with app.app_context():
            sync_roles(db.session, app.extensions["appbuilder"])
            rows, names = _settle(db.session)
            db.session.remove()
        clients = {name: app.test_client() for name in names}
        for name, client in clients.items():
            log_in(client, name)
        with app.app_context():
            db.session.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
            db.session.remove()
            db.engine.dispose()
    database = data_dir / "platform.sqlite"
    template = database.with_name("template")
    shutil.copyfile(database, template)

    def again() -> People:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        for left in data_dir.glob("platform.sqlite*"):
            left.unlink()
        shutil.copyfile(template, database)
        return People(app, clients, rows)

    yield again
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def people(trial_stage) -> People:
    from app import _open_vault

    found = trial_stage()
    _open_vault(found.app, found.app.extensions["platform_config"])
    return found


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
