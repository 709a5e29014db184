"""The worker deletes what is long over, and nothing that somebody still uses."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.extensions.clock import now
from app.models import AttemptCount, LoginSession, WorkbookImport
from app.security.access.roles import SYSTEM, Role
from app.services.imports import life_cycle
from app.services.qualification_import.kind import QUALIFICATIONS
from app.tasks.sweeping import KEPT, LISTS_KEPT, PAUSE, Sweeper
from tests.logins import is_in, log_in, make_account, send_password
from tests.workbooks import listed, people


def _count(session, model):
    session.rollback()
    return session.scalar(select(func.count()).select_from(model))


@pytest.mark.both_engines
def test_what_is_long_over_is_swept_and_what_lives_is_kept(client, session, clock):
    sweep = Sweeper()
    make_account(session, "clerk", Role.ENTERPRISE)
    log_in(client, "clerk")
    send_password(client, "nobody")
    clock.shift(KEPT + timedelta(hours=13))
    log_in(client, "clerk")
    old = _count(session, AttemptCount)
    send_password(client.application.test_client(), "nobody")
    fresh = _count(session, AttemptCount) - old
    assert (_count(session, LoginSession), old > 0, fresh > 0) == (2, True, True)
    sweep(session)
    assert _count(session, LoginSession) == 1
    assert _count(session, AttemptCount) == fresh
    assert is_in(client)


def test_a_sweep_is_not_followed_by_another_at_once(session, clock):
    sweep = Sweeper()
    sweep(session)
    session.add(LoginSession(token_hash="x", expires_at=now() - 2 * KEPT))
    session.commit()
    sweep(session)
    assert _count(session, LoginSession) == 1
    clock.shift(PAUSE)
    sweep(session)
    assert _count(session, LoginSession) == 0


def test_a_list_of_qualifications_that_nobody_loads_is_forgotten(session, clock):
    sweep = Sweeper()
    life_cycle.check(session, QUALIFICATIONS, listed(people(2)), "list.xlsx", SYSTEM)
    clock.shift(LISTS_KEPT - timedelta(minutes=1))
    sweep(session)
    assert session.scalar(select(WorkbookImport.content)) is not None
    clock.shift(PAUSE)
    sweep(session)
    assert session.scalar(select(WorkbookImport.content)) is None
