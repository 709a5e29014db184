"""No list, export, search, picker, count or shared view reaches across a border: every one of every screen is tried."""

import csv
import io

import pytest
from sqlalchemy import select

from app.models import Declaration, Enterprise, EnterpriseChange, Person, Registration, SavedView
from app.views.kit.filtering import Asks
from app.views.kit.records import RecordScreen
from tests.desk import officer, send
from tests.house.test_matrix import ROLES, screens
from tests.house.world import build, in_scope
from tests.pages import page

WATCHED = ("li_juan", "fang_yuan", "liu_yang", "zhang_wei", "wang_qiang", "zhao_min")
"""Those for whom something of the world lies behind a border; the province sees all of it."""


@pytest.fixture
def world(app, session):
    with app.app_context(), app.test_request_context():
        return build(session)


class Eye:
    """One member before the platform: what of the world is his, and what must never come before him."""

    def __init__(self, app, session, member):
        self.client = officer(app, member)
        self.actor = member.actor
        self.known = screens(app)
        own, all_of_them = set(), set()
        for model in (Declaration, Person, Enterprise, Registration):
            for row in session.scalars(select(model)):
                all_of_them.add(row.name)
                if in_scope(row, self.actor):
                    own.add(row.name)
                    # A declaration of one's own names both employers, whoever they are.
                    own |= {
                        getattr(row, name, None) for name in ("enterprise_name", "former_enterprise_name")
                    }
        for row in session.scalars(select(EnterpriseChange)):
            if in_scope(row, self.actor):
                own.add(row.old_name)  # it has come from another city
        session.rollback()
        self.own = {name for name in own if name}
        self.foreign = {name for name in all_of_them if name} - self.own

    def lists(self):
        """Every list that this member may open."""
        for screen in self.known.values():
            if isinstance(screen, RecordScreen) and self.actor.has(*screen.roles.get("list", ())):
                yield screen

    def export(self, screen, address):
        answer = send(
            self.client, f"{screen.route_base}/export", format="csv", select="matching", list=address
        )
        assert answer.status_code == 200, f"{screen.route_base} answered {answer.status} to an export"
        return answer.data.decode("utf-8-sig")

    def strangers(self, text):
        return sorted(name for name in self.foreign if name in text)


@pytest.fixture
def eye(app, session, world, request):
    return Eye(app, session, getattr(world, request.param))


watched = pytest.mark.parametrize("eye", WATCHED, indirect=True)


@watched
def test_no_list_and_no_export_holds_a_stranger(eye):
    seen, faults = "", []
    for screen in eye.lists():
        text = str(page(eye.client, f"{screen.route_base}/?all=1", follow_redirects=True))
        if eye.actor.has(*screen.roles.get("export", ())):
            text += eye.export(screen, "?all=1")
        faults += [f"{screen.route_base} shows {name}" for name in eye.strangers(text)]
        seen += text
    assert not faults, "\n".join(faults)
    assert any(name in seen for name in eye.own), "nothing at all was looked at"


@watched
def test_no_search_finds_a_stranger(eye):
    for screen in eye.lists():
        if screen.search is None:
            continue
        for name in sorted(name for name in eye.foreign if name.startswith("演示"))[::3]:
            found = page(eye.client, f"{screen.route_base}/?q={name}", follow_redirects=True)
            rows = [row.get_text() for row in found.select("table.rows tbody tr")]
            assert not [row for row in rows if name in row], f"{screen.route_base} finds {name}"


@watched
def test_no_picker_offers_a_stranger(eye):
    for screen in eye.lists():
        for one in screen.filters_for(eye.actor):
            if one.asks(screen.model) is not Asks.RELATION:
                continue
            answer = eye.client.get(f"{screen.route_base}/offered/{one.name}?q=")
            assert answer.status_code == 200
            assert eye.strangers(answer.get_data(as_text=True)) == []


@pytest.mark.parametrize("name", ["wang_qiang", "zhao_min", "chen_jing"])
def test_the_statistics_count_what_is_in_scope_and_nothing_else(app, session, world, name):
    member = getattr(world, name)
    expected = sum(in_scope(row, member.actor) for row in session.scalars(select(Declaration)))
    session.rollback()
    for by in ("type", "state", "month"):
        answer = send(officer(app, member), f"/statistics/export?rows={by}", format="csv")
        lines = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
        assert int(lines[-1][-2]) == expected, by


def test_a_view_that_another_city_shares_shows_ones_own_city(app, session, world):
    send(
        officer(app, world.wang_qiang), "/review/views",
        do="save", name="全部在办", shared="1", list="?state=submitted",
    )  # fmt: skip
    view = session.scalars(select(SavedView)).one()
    eye = Eye(app, session, world.zhao_min)
    shown = page(eye.client, f"/review/?view={view.id}").get_text()
    assert eye.strangers(shown) == []
    assert any(name in shown for name in eye.own)


def test_everybody_of_the_matrix_who_has_a_border_is_watched():
    assert set(ROLES) - set(WATCHED) == {"chen_jing", "province_admin", "admin", "auditor", "visitor"}
