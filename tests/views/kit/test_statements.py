"""A page of a list asks the database little, whoever opens it, and writes nothing."""

import pytest
from sqlalchemy.orm import Session

from tests.cast import login
from tests.desk import declared, several
from tests.statements import listening

pytestmark = pytest.mark.both_engines

MOST = {"ReviewScreen": 5, "RosterScreen": 11}
OTHERS = 10
"""Lists with further tables beside their rows: relations, counts over the list, choices of filters.

The roster asks all rules.
"""

_WRITES = ("INSERT", "UPDATE", "DELETE", "LOCK")


@pytest.fixture
def asked(stages, engine):
    with listening(stages(engine).database) as ask:
        yield ask


def lists(app):
    from app.views.kit.lists import ListScreen

    screens = [one for one in app.extensions["appbuilder"].baseviews if isinstance(one, ListScreen)]
    return [one for one in screens if "list" in one.roles]


def test_every_list_asks_little_and_writes_nothing(app, session: Session, cast, asked):
    several(session, cast, 3, "submit", "accept")
    session.rollback()
    seen = set()
    for member in (
        cast.li_juan,
        cast.zhang_wei,
        cast.wang_qiang,
        cast.chen_jing,
        cast.province_admin,
        cast.admin,
        cast.auditor,
    ):
        client = login(app.test_client(), member)
        for screen in lists(app):
            if not member.actor.roles & {role.value for role in screen.roles["list"]}:
                continue
            with app.test_request_context():
                url = screen.url("list")
            answer, statements = asked(lambda client=client, url=url: client.get(url))
            name = type(screen).__name__
            told = f"{name} of {member.name} asks {len(statements)}:\n" + "\n".join(statements)
            assert answer.status_code in {200, 302}, told  # an enterprise has one page instead of a list
            assert len(statements) <= MOST.get(name, OTHERS), told
            assert not [one for one in statements if one.lstrip().upper().startswith(_WRITES)], told
            seen.add(name)
    assert "ReviewScreen" in seen
    assert len(seen) > 12


def test_more_rows_ask_no_more(app, session: Session, cast, asked):
    client = login(app.test_client(), cast.wang_qiang)
    counts = []
    for serial in (0, 1, 2):
        declared(session, cast, "submit", serial=serial)
        counts.append(len(asked(lambda: client.get("/review/"))[1]))
    assert counts[1] == counts[2]
