"""Personal data in full: to whom, of which row, and how often."""

from datetime import date

import pytest
from sqlalchemy import select
from werkzeug.exceptions import NotFound

from app.extensions.refused import Refused
from app.models import AuditEntry, PolicyValue
from app.security.access.privacy import _REVEALABLE, reveal, revealable
from tests.cast import file_draft, login, take
from tests.pages import page
from tests.views.clerk import BASE, anew, post


@pytest.fixture
def as_clerk(client, cast):
    return login(client, cast.li_juan)


def outcomes(session) -> list[str]:
    found = session.scalars(select(AuditEntry).where(AuditEntry.action == "reveal").order_by(AuditEntry.id))
    return [line.outcome for line in found]


def test_an_account_sees_only_so_much_in_a_day(session, cast, clock):
    session.add(PolicyValue(key="reveal_per_day", value="2", valid_from=date(2026, 1, 1), source="测试"))
    session.commit()
    officer, person = cast.wang_qiang.actor, cast.zhang_wei.actor.person_id
    for _ in range(2):
        assert reveal(session, officer, "person", person, "id_number") == cast.zhang_wei.login_name
        session.commit()
    with pytest.raises(Refused):
        reveal(session, officer, "person", person, "id_number")
    session.commit()
    assert outcomes(session) == ["done", "done", "refused"]
    assert reveal(session, cast.chen_jing.actor, "person", person, "id_number"), "each account for itself"
    session.commit()
    clock.shift(86_400)
    assert reveal(session, officer, "person", person, "id_number"), "and tomorrow again"


def test_the_page_says_why_nothing_is_shown(session, cast, as_clerk):
    session.add(PolicyValue(key="reveal_per_day", value="0", valid_from=date(2026, 1, 1), source="测试"))
    draft = file_draft(session, cast.li_juan, cast.zhang_wei)
    answer = post(as_clerk, f"{BASE}/reveal", json=True, key=str(draft), field="id_number")
    assert answer.status_code == 422
    assert cast.zhang_wei.login_name not in answer.text
    assert outcomes(anew(session)) == ["refused"]


def test_an_enterprise_reads_no_mobile_number_from_a_draft(session, cast, as_clerk):
    """It may pick anybody whose name and number it knows: that is no consent to be called."""
    draft = file_draft(session, cast.li_juan, cast.zhang_wei)
    asked = {"key": str(draft), "field": "mobile"}
    assert post(as_clerk, f"{BASE}/reveal", **asked).status_code == 404
    shown = page(as_clerk, f"{BASE}/{draft}")
    assert shown.find(attrs={"data-reveal": "id_number"})
    assert not shown.find(attrs={"data-reveal": "mobile"})
    row = take(anew(session), cast, draft)
    form = page(as_clerk, f"{BASE}/{draft}/edit").decode()
    assert row.mobile
    assert row.mobile not in form
    assert row.mobile not in shown.decode()
    with pytest.raises(NotFound):
        reveal(session, cast.li_juan.actor, "declaration", draft, "mobile")
    take(anew(session), cast, draft, "submit")
    assert page(as_clerk, f"{BASE}/{draft}").find(attrs={"data-reveal": "mobile"})
    assert post(as_clerk, f"{BASE}/reveal", **asked).status_code == 200


def test_roles_without_business_reveal_nothing(cast):
    for member in (cast.admin, cast.auditor, cast.province_admin):
        assert not revealable(member.actor, "declaration")
        assert not revealable(member.actor, "person")


def test_whoever_may_look_at_a_number_has_a_page_where_it_works_without_a_script(app):
    screens = [one for one in app.extensions["appbuilder"].baseviews if "reveal" in getattr(one, "roles", {})]
    showing = [one for one in screens if one.subject in _REVEALABLE]
    assert len(showing) > 5
    for screen in showing:
        assert screen.roles["reveal"] <= screen.roles["show"], type(screen).__name__
