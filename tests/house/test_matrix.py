"""The permission matrix: every role on every route, with rows of every side and state."""

import os
from collections import defaultdict
from pathlib import Path

import pytest
import yaml
from sqlalchemy import select

from app.extensions.database import db
from app.models import (
    Attachment,
    Declaration,
    Enterprise,
    Job,
    LoginSession,
    Person,
    Publicity,
    Registration,
)
from app.security.access.roles import NOBODY, Role
from app.security.login import grants
from app.views.kit.access import PUBLIC
from app.views.kit.records import RecordScreen
from tests.cast import login
from tests.house.world import build, case_of, in_scope
from tests.pages import page

GOLDEN = Path(__file__).parents[1] / "golden"

# Which rows the parameter of a route names, where the screen is not made of one model.
SUBJECTS = {
    "FilesScreen.file": Attachment,
    "FilesScreen.pages": Attachment,
    "JobScreen.show": Job,
    "JobScreen.progress": Job,
    "JobScreen.file": Job,
    "AccountScreen.end": LoginSession,
    "CentralRegistryScreen.ask": Enterprise,
    "CentralRegistryScreen.take": Enterprise,
    "FaceCheckScreen.open": None,
    "FaceCheckScreen.look": None,
    "HelpScreen.guide": None,
    "PlanScreen.plan": None,
    "PlanScreen.file": None,
    "PlanScreen.result": None,
    "AccountsScreen.open": None,
    "FilesScreen.staged": None,
    "VerificationScreen.show": None,
    "PublicityScreen.show": None,
    "PublicityScreen.objection": None,
    "AnnouncementScreen.show": None,
    "PublicityDeskScreen.paper": None,
}
# Routes of the frameworks themselves: files that everybody may have.
NOT_OURS = {"static", "appbuilder.static"}
ROLES = {
    "li_juan": Role.ENTERPRISE,
    "zhang_wei": Role.INDIVIDUAL,
    "wang_qiang": Role.MUNICIPAL,
    "zhao_min": Role.MUNICIPAL,
    "chen_jing": Role.PROVINCIAL,
    "province_admin": Role.PROVINCIAL_ADMINISTRATOR,
    "admin": Role.ADMINISTRATOR,
    "auditor": Role.AUDITOR,
    "visitor": Role.PUBLIC,
}
SAMPLE = 14
"""Rows of one model that are tried on one route."""


@pytest.fixture
def world(app, session):
    with app.app_context(), app.test_request_context():
        return build(session)


def screens(app):
    return {type(screen).__name__: screen for screen in app.extensions["appbuilder"].baseviews}


def routes(app):
    """Every route with its screen, its method and the roles that are declared for it."""
    known = screens(app)
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if rule.endpoint in NOT_OURS:
            continue
        name, method = rule.endpoint.split(".")
        for verb in sorted(rule.methods & {"GET", "POST"}):
            yield rule, verb, known[name], method


def test_every_route_belongs_to_a_screen_that_declares_its_roles(app):
    known = screens(app)
    for rule in app.url_map.iter_rules():
        if rule.endpoint in NOT_OURS:
            continue
        name, method = rule.endpoint.split(".")
        assert name in known, f"{rule.rule} belongs to no screen"
        assert known[name].roles.get(method), f"{rule.endpoint} does not say who may call it"


def test_every_route_with_a_parameter_says_which_rows_it_names(app):
    for rule, _, screen, _ in routes(app):
        if rule.arguments and not isinstance(screen, RecordScreen):
            assert rule.endpoint in SUBJECTS, f"add {rule.endpoint} to SUBJECTS"


@pytest.mark.golden
@pytest.mark.parametrize("name", ROLES)
def test_nobody_reaches_what_is_not_granted_or_not_in_scope(app, session, world, name):
    role = ROLES[name]
    member = None if role is Role.PUBLIC else getattr(world, name)
    actor = member.actor if member else NOBODY
    client = app.test_client()
    if member:
        login(client, member)
    token = page(client, "/account/sessions" if member else "/login").find(
        "input", attrs={"name": "csrf_token"}
    )
    walk = Walk(app, session, client, actor, role, token["value"])
    before = walk.everything()
    for rule, verb, screen, method in routes(app):
        walk.try_route(rule, verb, screen, method)
    assert not walk.faults, "\n".join(walk.faults)
    assert walk.everything() == before, "a request that was refused changed something"
    compare(f"matrix/{name}.yml", walk.answers)


class Walk:
    """One role on its way along every route."""

    def __init__(self, app, session, client, actor, role, token):
        self.app, self.session, self.client, self.actor, self.role, self.token = (
            app, session, client, actor, role, token,
        )  # fmt: skip
        self.faults = []
        self.answers = defaultdict(dict)

    def try_route(self, rule, verb, screen, method):
        granted = screen.roles[method] == PUBLIC or self.role in screen.roles[method]
        key = f"{verb} {rule.endpoint}"
        if not rule.arguments:
            self.try_plain(rule, verb, screen, method, key, granted=granted)
            return
        for row in self.subjects(rule, screen):
            own = row is not None and in_scope(row, self.actor)
            if verb == "POST" and granted and (own or row is None):
                continue  # what one's own rows answer is told by the stories; here nothing may change
            url = self.url(rule, row)
            status = self.ask(verb, url)
            self.judge(key, url, status, granted=granted, reachable=own or row is None)
            if granted and row is not None:
                self.answers[key][case_of(row, self.actor)] = status

    def try_plain(self, rule, verb, screen, method, key, *, granted):
        if verb == "POST" and granted:
            if isinstance(screen, RecordScreen) and method in {"act", "reveal"}:
                self.try_foreign_ids(rule, screen, method, key)
            return
        status = self.ask(verb, rule.rule)
        self.judge(key, rule.rule, status, granted=granted, reachable=True)
        if granted:
            self.answers[key]["page"] = status

    def try_foreign_ids(self, rule, screen, method, key):
        """The frame's own actions took any posted id; ours must not."""
        for row in self.subjects(rule, screen):
            if in_scope(row, self.actor):
                continue
            if method == "reveal":
                forms = [{"key": screen.key_of(row), "field": "id_number"}]
            else:
                forms = [
                    {"action": action.name, "ids": screen.ticket(row), "confirmed": "1"}
                    for action in screen.actions
                ]
            for form in forms:
                status = self.ask("POST", rule.rule, **form)
                self.judge(key, f"{rule.rule} {form}", status, granted=True, reachable=False)

    def judge(self, key, url, status, *, granted, reachable):
        """What a refusal looks like, and that nothing ever breaks."""
        if not granted:
            expected = {302} if self.role is Role.PUBLIC else {404}
        elif not reachable:
            expected = {404}
        else:
            expected = {200, 302, 303, 404, 422}
        if status not in expected:
            self.faults.append(f"{key} at {url}: {status} instead of {sorted(expected)}")

    def subjects(self, rule, screen):
        model = SUBJECTS.get(rule.endpoint, getattr(screen, "model", None))
        if model is None:
            return [None]
        rows = self.session.scalars(select(model)).all()
        chosen = {case_of(row, self.actor): row for row in reversed(rows)}
        return list(chosen.values())[:SAMPLE]

    def url(self, rule, row):
        values = {}
        for argument in rule.arguments:
            values[argument] = "1" if row is None else str(row.__mapper__.primary_key_from_instance(row)[0])
        if rule.endpoint == "PublicityScreen.objection":
            values |= {"number": self.session.scalar(select(Publicity.number)), "declaration_id": 1}
        with self.app.test_request_context():
            return self.app.url_map.bind("localhost").build(rule.endpoint, values)

    def ask(self, verb, url, **form):
        if verb == "GET":
            return self.client.get(url).status_code
        form["csrf_token"] = self.token
        return self.client.post(url, data=form, headers={"Referer": "http://localhost/"}).status_code

    def everything(self):
        """What a refused request might have changed: states, versions, owners."""
        self.session.rollback()
        self.session.expire_all()
        declarations = [
            (row.id, row.state, row.version, row.region_code, row.enterprise_id)
            for row in self.session.scalars(select(Declaration).order_by(Declaration.id))
        ]
        persons = [
            (row.id, row.real_name_state, row.version)
            for row in self.session.scalars(select(Person).order_by(Person.id))
        ]
        register = [
            (row.id, row.status, row.ends_on)
            for row in self.session.scalars(select(Registration).order_by(Registration.id))
        ]
        return declarations, persons, register


@pytest.mark.golden
def test_the_routes_are_those_that_were_agreed(app):
    found = {f"{verb} {rule.rule}": rule.endpoint for rule, verb, _, _ in routes(app)}
    compare("routes.yml", found)


@pytest.mark.golden
def test_the_grants_are_those_that_were_agreed(app):
    declared = grants.declared(app.extensions["appbuilder"].baseviews)
    found = {
        role: sorted(f"{view}.{permission}" for permission, view in of_role)
        for role, of_role in declared.items()
    }
    compare("grants.yml", found)


def compare(name, found):
    """Compare with a file of tests/golden, or write it when GOLDEN=write; the difference is read in review."""
    path = GOLDEN / name
    text = yaml.safe_dump({key: found[key] for key in sorted(found)}, allow_unicode=True, width=110)
    if os.environ.get("GOLDEN") == "write":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    assert path.exists(), f"tests/golden/{name} is missing: run `make golden` and read it"
    assert yaml.safe_load(path.read_text()) == yaml.safe_load(text), (
        f"read the difference, then run `make golden`: {name}"
    )


def test_the_frames_own_unscoped_routes_do_not_exist(app, session, world):
    """Flask-AppBuilder's action, action_post and download ignore the scope; here they are no routes at all."""
    client = login(app.test_client(), world.zhao_min)
    row = session.scalar(select(Declaration.id).where(Declaration.state == "submitted"))
    token = page(client, "/account/sessions").find("input", attrs={"name": "csrf_token"})["value"]
    for screen in screens(app).values():
        base = (screen.route_base or "").rstrip("/")
        for url in (f"{base}/action/accept/{row}", f"{base}/action_post", f"{base}/download/photo.jpg"):
            assert client.get(url).status_code == 404, url
            answer = client.post(
                url,
                data={"action": "accept", "rowid": [row], "csrf_token": token},
                headers={"Referer": "http://localhost/"},
            )
            assert answer.status_code in {404, 405}, url
    with app.app_context():
        assert db.session.get_one(Declaration, row).state == "submitted"
