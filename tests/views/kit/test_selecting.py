"""A selection is the ticked rows, or what the filter finds but a few; never more than the actor may see."""

import pytest
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound

from app.extensions.database import db
from app.extensions.refused import Refused
from app.models import Declaration
from app.views.kit.selecting import Selection, read_selection
from app.views.review import ReviewScreen
from tests.desk import declared, several


def chosen(app, member, sent) -> set[int]:
    """What this officer's form selects on the work list."""
    screen = next(one for one in app.extensions["appbuilder"].baseviews if isinstance(one, ReviewScreen))
    with app.test_request_context():
        query = read_selection(MultiDict(sent)).rows(screen, member.actor)
        return set(db.session.scalars(query.with_only_columns(Declaration.id)))


def test_ticked_rows_are_those_of_the_officers_own_city(app, session, cast):
    ours = several(session, cast, 2, "submit")
    theirs = declared(session, cast, "submit", clerk=cast.liu_yang, serial=5)
    sent = [("ids", f"{row.id}:{row.version}") for row in (*ours, theirs)]
    assert chosen(app, cast.wang_qiang, sent) == {row.id for row in ours}
    assert chosen(app, cast.zhao_min, sent) == {theirs.id}


def test_all_that_match_are_those_of_the_filter_but_the_exceptions(app, session, cast):
    ours = several(session, cast, 3, "submit")
    declared(session, cast, "submit", clerk=cast.liu_yang, serial=5)
    sent = [
        ("select", "matching"),
        ("list", "?state=submitted"),
        ("except", f"{ours[0].id}:{ours[0].version}"),
    ]
    assert chosen(app, cast.wang_qiang, sent) == {row.id for row in ours[1:]}
    assert len(session.scalars(select(Declaration.id)).all()) == 4
    assert chosen(app, cast.wang_qiang, [("select", "matching"), ("list", "?state=accepted")]) == set()


def test_a_search_that_cannot_be_read_any_more_selects_nothing_rather_than_everything(app, session, cast):
    several(session, cast, 2, "submit")
    of_another_session = "~" + "A" * 60
    for address in (f"?q={of_another_session}&state=submitted", "?state=submitted&state=unheard-of"):
        with pytest.raises(Refused):
            chosen(app, cast.wang_qiang, [("select", "matching"), ("list", address)])


def test_what_no_list_sends_does_not_exist():
    for sent in (
        [("ids", "1:x")],
        [("list", "?q=" + "x" * 5000)],
        [("select", "matching"), *[("except", str(number)) for number in range(1100)]],
    ):
        with pytest.raises(NotFound):
            read_selection(MultiDict(sent))


def test_nothing_ticked_is_an_empty_selection():
    assert read_selection(MultiDict()).empty
    assert not read_selection(MultiDict({"select": "matching"})).empty
    assert Selection().empty
