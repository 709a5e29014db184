"""What is counted is what the reader may see, each figure in one statement and each sum as in the list."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import event, func, select

from app.extensions.clock import today
from app.models import Declaration
from app.security.access.scope import rows_of
from app.services.statistics import Trait, counted, officer_names, total
from app.services.workload import under_way
from tests.desk import declared, several

pytestmark = pytest.mark.both_engines


def as_table(found):
    return {one.keys: one.number for one in found}


def test_the_officer_of_another_city_counts_nothing_of_ours(session, cast):
    several(session, cast, 2, "submit")
    for trait in Trait:
        assert counted(session, cast.zhao_min.actor, [trait]) == []
    assert total(session, cast.zhao_min.actor) == 0
    assert as_table(counted(session, cast.wang_qiang.actor, [Trait.REGION])) == {("430100",): 2}


def test_the_enterprise_next_door_counts_nothing_of_ours(session, cast):
    declared(session, cast, "submit")
    assert total(session, cast.fang_yuan.actor) == 0
    assert total(session, cast.li_juan.actor) == 1


def test_a_draft_is_counted_by_nobody_but_its_enterprise(session, cast):
    declared(session, cast)
    assert total(session, cast.chen_jing.actor) == 0
    assert total(session, cast.li_juan.actor) == 1


def test_every_trait_sums_up_to_what_the_list_holds(session, cast):
    several(session, cast, 3, "submit", "accept")
    declared(session, cast, "submit", clerk=cast.liu_yang, serial=7)
    actor = cast.chen_jing.actor
    listed = session.scalar(select(func.count()).select_from(rows_of(Declaration, actor).subquery()))
    assert listed == 4
    for trait in Trait:
        assert sum(one.number for one in counted(session, actor, [trait])) == listed, trait


def test_a_declaration_for_two_specialties_counts_in_each_and_once_in_all(session, cast):
    from tests.cast import file_draft, take

    take(session, cast, file_draft(session, cast.li_juan, cast.zhang_wei), "submit")
    found = as_table(counted(session, cast.wang_qiang.actor, [Trait.SPECIALTY]))
    assert found == {("building",): 1, ("municipal",): 1}
    assert total(session, cast.wang_qiang.actor) == 1


def test_two_traits_make_a_table(session, cast):
    several(session, cast, 2, "submit")
    declared(session, cast, "submit", "accept", serial=3)
    found = as_table(counted(session, cast.chen_jing.actor, [Trait.STATE, Trait.REGION]))
    assert found == {("submitted", "430100"): 2, ("accepted", "430100"): 1}


def test_a_month_begins_at_midnight_in_the_province(session, cast):
    first, second = several(session, cast, 2, "submit")
    # One minute before and one minute after the first of May in Changsha.
    for row, moment in (
        (first, datetime(2026, 4, 30, 15, 59, tzinfo=UTC)),
        (second, datetime(2026, 4, 30, 16, 1, tzinfo=UTC)),
    ):
        session.get_one(Declaration, row.id).submitted_at = moment
    session.commit()
    found = as_table(counted(session, cast.chen_jing.actor, [Trait.MONTH]))
    assert found == {("2026-04",): 1, ("2026-05",): 1}


def test_what_nobody_has_decided_has_no_officer_yet(session, cast):
    declared(session, cast, "submit")
    declared(session, cast, "submit", "accept", "endorse", serial=2)
    found = counted(session, cast.chen_jing.actor, [Trait.ENDORSER])
    officer = str(cast.wang_qiang.actor.account_id)
    assert as_table(found) == {(None,): 1, (officer,): 1}
    assert officer_names(session, [key for one in found for key in one.keys]) == {officer: "王强"}
    assert officer_names(session, [None]) == {}


def test_conditions_narrow_what_is_counted(session, cast):
    declared(session, cast, "submit")
    declared(session, cast, "submit", "accept", serial=2)
    found = counted(session, cast.chen_jing.actor, [Trait.TYPE], [Declaration.state == "accepted"])
    assert as_table(found) == {("initial_registration",): 1}


@pytest.mark.parametrize("traits", [[], [Trait.TYPE, Trait.STATE, Trait.REGION]])
def test_none_and_three_traits_are_no_table(session, cast, traits):
    with pytest.raises(ValueError, match="one trait or by two"):
        counted(session, cast.chen_jing.actor, traits)


def test_each_figure_is_one_statement(session, cast):
    declared(session, cast, "submit")
    asked = []

    def note(*arguments):
        asked.append(arguments[2])

    event.listen(session.get_bind(), "before_cursor_execute", note)
    counted(session, cast.chen_jing.actor, [Trait.SPECIALTY, Trait.MONTH])
    under_way(session, cast.chen_jing.actor, {"overdue": Declaration.due_on < today()})
    event.remove(session.get_bind(), "before_cursor_execute", note)
    assert len([one for one in asked if one.startswith("SELECT")]) == 2
