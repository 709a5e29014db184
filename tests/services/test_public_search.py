"""What is looked for in all public lists: parts of a name and of an enterprise, never less than two characters."""

import pytest
from sqlalchemy import func, select

from app.models import Announcement, Publicity
from app.services import public_search
from app.services.public_search import Wanted, lists, persons
from tests.desk import several


@pytest.mark.parametrize(
    ("wanted", "short", "of_persons", "anything"),
    [
        (Wanted(), False, False, False),
        (Wanted("张"), True, True, True),
        (Wanted("张伟"), False, True, True),
        (Wanted("张伟", "长"), True, True, True),
        (Wanted(number="G"), False, False, True),
        (Wanted(type_key="renewal"), False, False, True),
    ],
)
def test_what_is_asked_for_is_read_from_what_was_typed(wanted, short, of_persons, anything):
    assert (wanted.too_short, wanted.persons, wanted.anything) == (short, of_persons, anything)


@pytest.mark.both_engines
def test_persons_are_found_page_by_page_and_no_more_than_the_most(session, cast, monkeypatch):
    rows = several(session, cast, 3, "submit", "accept", "endorse", "approve", "publicise")
    wanted = Wanted(enterprise="长沙示例")
    first, total = persons(session, Publicity, wanted, 1, 2)
    second, _total = persons(session, Publicity, wanted, 2, 2)
    assert total == 3
    assert [one.line.name for one in (*first, *second)] == [row.name for row in reversed(rows)]
    monkeypatch.setattr(public_search, "MOST", 1)
    assert persons(session, Publicity, wanted, 1, 2)[1] == 1
    assert len(persons(session, Publicity, wanted, 1, 2)[0]) == 1
    assert persons(session, Announcement, wanted, 1, 2) == ([], 0)
    assert (
        session.scalar(select(func.count()).select_from(lists(Publicity, Wanted(number="%")).subquery())) == 0
    )
