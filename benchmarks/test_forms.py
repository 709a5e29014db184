"""What it costs to open a form whose field points at every person of the province."""

import pytest

from app.models import RegistrationLock
from app.security.access.roles import Role
from app.views.kit.forms import Field, Fieldset
from app.views.kit.records import RecordScreen
from app.views.kit.relating import Lookup
from benchmarks.calibration import measured

CPU, SEARCH = 20.0, 20.0


class BenchLockScreen(RecordScreen):
    """A lock of any person: 300,000 rows to choose from, and as many names to search in."""

    model = RegistrationLock
    route_base = "/bench-locks"
    title = "Locks"
    readers = adders = editors = (Role.PROVINCIAL,)
    list_columns = ("reason",)
    form_fieldsets = (
        Fieldset(
            "Lock",
            (
                Field("person_id", "Person", lookup=Lookup(note="id_number_masked", exact="id_number")),
                "reason",
                "until",
            ),
        ),
    )


@pytest.fixture(params=("postgresql", "sqlite"))
def client(request, provinces):
    """A provincial officer before a platform that has this one screen more."""
    from app.extensions.database import db
    from app.security.login.manager import sync_roles
    from app.views import files

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "SCREENS", (*files.SCREENS, BenchLockScreen))
        province = provinces.copy_of(request.param, "forms")
    province.enter()
    with province.app.app_context():
        sync_roles(db.session, province.app.extensions["appbuilder"])
        db.session.commit()
    yield province.engine, province.client("province")
    with province.app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_a_form_with_a_relation_to_every_person_opens_at_once(client, calibration, report, provinces):
    engine, browser = client

    def opened():
        answer = browser.get("/bench-locks/add")
        assert answer.status_code == 200, answer.status

    found = measured(opened)
    report(
        f"Form with a relation to {provinces.size.persons:,} rows, processor, {engine}",
        f"{found.cpu:.1f} ms ({found.wall:.1f} ms on the wall)",
        f"{found.cpu / calibration:.2f}",
        f"≤ {CPU:.0f} ms",
    )
    assert found.cpu <= CPU


@pytest.mark.parametrize("typed", ["王", "王芳", "龘靐"])
def test_its_search_answers_while_one_types(client, calibration, report, provinces, typed):
    engine, browser = client

    def searched():
        answer = browser.get(
            "/bench-locks/related/person_id",
            query_string={"q": typed},
            headers={"Accept": "application/json"},
        )
        assert answer.status_code == 200, answer.status

    found = measured(searched)
    report(
        f"Search of {typed} in a relation to {provinces.size.persons:,} rows, processor, {engine}",
        f"{found.cpu:.1f} ms ({found.wall:.1f} ms on the wall, {found.p95:.1f} ms p95)",
        f"{found.cpu / calibration:.2f}",
        f"≤ {SEARCH:.0f} ms" if engine == "postgresql" else "–",
    )
    # SQLite has no index of pairs of characters and reads the names one by one.
    assert engine == "sqlite" or found.cpu <= SEARCH
