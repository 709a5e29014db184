"""How PostgreSQL reads the pages of a list out of its indexes: in order, and never the whole table."""

import pytest
from sqlalchemy import event, text

from app.extensions.search import contains
from app.models import Declaration
from app.security.access.scope import rows_of
from app.views.kit.filtering import Search
from app.views.kit.listing import read_listing
from app.views.kit.paging import load

pytestmark = pytest.mark.on_postgresql

# Closed cases of one person: what is under way is one for each.
_MANY = """
INSERT INTO declaration (type_key, registration_kind, number, state, version, region_code, initiator, enterprise_id,
    person_id, employed_open_ended, specialties_text, created_at, changed_at, submitted_at, due_on, name,
    id_type, enterprise_name, decided_by_id)
SELECT 'initial_registration', 'registered', 'N' || i, CASE i % 9 WHEN 0 THEN 'refused' ELSE 'completed' END, 1,
    CASE i % 3 WHEN 0 THEN '430500' ELSE '430100' END, 'enterprise', 1, 1, false, '', now(), now(),
    now() - i * interval '1 minute', CASE i % 50 WHEN 0 THEN current_date + i % 20 END,
    (ARRAY['王', '李', '张', '刘', '欧阳'])[i % 5 + 1] || chr(19968 + i % 3000), '1', '示例', 1
FROM generate_series(1, 30000) i
"""


@pytest.fixture
def plans(session, cast):
    """The plans of all that `load` asks for such a list, after thirty thousand more cases."""
    session.execute(text("SET LOCAL session_replication_role = replica"))
    session.execute(text(_MANY))
    # What other tests have rolled back stands in the indexes still, and would count as their size.
    session.execute(text("REINDEX TABLE declaration"))
    session.execute(text("ANALYZE declaration"))
    # The cases of a test are short and fit into memory; those of a province do not, and are read as if these were so.
    session.execute(text("SET LOCAL enable_seqscan = off"))

    def planned(actor, *conditions, order="due_on", **arguments):
        asked = []
        connection = session.connection()

        def hear(_connection, _cursor, statement, parameters, *_rest):
            asked.append((statement, parameters))

        listing = read_listing(
            Declaration, {"sort": order, **arguments}, None, search=Search("name"), filters=(),
            sortable=[order.removeprefix("-")], order="due_on", size=30,
        )  # fmt: skip
        event.listen(connection, "before_cursor_execute", hear)
        load(session, rows_of(Declaration, actor).where(*conditions), listing, ())
        event.remove(connection, "before_cursor_execute", hear)
        found = []
        for statement, parameters in asked:
            lines = connection.exec_driver_sql(f"EXPLAIN {statement}", parameters).scalars()
            found.append((statement, "\n".join(lines)))
        return listing, found

    yield planned
    session.rollback()


def reads_the_whole(plan: str) -> bool:
    return "Seq Scan on declaration" in plan


ORDERS = ("due_on", "-due_on", "submitted_at", "-submitted_at")


@pytest.mark.parametrize("order", ORDERS)
def test_pages_of_a_city_and_of_the_province_come_in_order_out_of_an_index(plans, cast, order):
    for actor in (cast.wang_qiang.actor, cast.chen_jing.actor):
        _listing, found = plans(actor, order=order)
        for statement, plan in found:
            assert not reads_the_whole(plan), f"{statement}\n{plan}"
            assert "count(" in statement or "Sort" not in plan, f"{statement}\n{plan}"


@pytest.mark.parametrize("order", ORDERS)
def test_a_page_beyond_the_counted_ones_is_read_from_its_key_on(plans, cast, order):
    last, _found = plans(cast.wang_qiang.actor, order=order, page="9999")
    assert not last.ends
    _listing, found = plans(cast.wang_qiang.actor, order=order, **last.next)
    (_count, _plan), *pages = found
    for statement, plan in pages:
        assert "OFFSET" not in statement.upper()
        assert not reads_the_whole(plan), f"{statement}\n{plan}"
        assert "Sort" not in plan, f"{statement}\n{plan}"


def test_no_count_of_a_page_is_without_an_end(plans, cast):
    for actor in (cast.wang_qiang.actor, cast.chen_jing.actor):
        for conditions in ((), (Declaration.state == "completed",), (contains(Declaration.name, "王"),)):
            listing, found = plans(actor, *conditions)
            counts = [(statement, plan) for statement, plan in found if "count(" in statement]
            assert counts
            for statement, plan in counts:
                assert "LIMIT" in statement
                assert not reads_the_whole(plan), f"{statement}\n{plan}"
            assert listing.total <= listing.cap + 1


@pytest.mark.parametrize("needle", ["龘", "龘靐", "王一丁"])
def test_a_rare_name_is_found_by_its_characters(plans, cast, needle):
    _listing, found = plans(cast.wang_qiang.actor, contains(Declaration.name, needle))
    for statement, plan in found:
        assert "ix_declaration_name_grams" in plan, f"{statement}\n{plan}"


@pytest.mark.parametrize("needle", ["龘", "欧阳"])
def test_a_name_within_a_city_is_found_without_reading_the_city(plans, cast, needle):
    _listing, found = plans(cast.wang_qiang.actor, contains(Declaration.name, needle))
    for statement, plan in found:
        assert "BitmapAnd" not in plan, f"{statement}\n{plan}"
        if "ix_declaration_name_grams" in plan:
            assert "region_code" in plan.partition("ix_declaration_name_grams")[2].partition("Index Cond")[2]


def test_a_common_name_is_sifted_out_of_an_index_that_holds_the_names(plans, cast):
    """Three in ten names are passed over for each that is shown, and no row is read for those."""
    (wanted,) = [
        plan
        for statement, plan in plans(cast.wang_qiang.actor, contains(Declaration.name, "王"), q="王")[1]
        if "count(" not in statement
    ]
    assert "Index Only Scan using ix_declaration_region_due" in wanted
    assert "Sort Key: declaration_1" not in wanted


def test_a_statement_that_is_asked_often_is_planned_for_its_own_values(session):
    """One plan for all names would be made for the common ones, and read thousands of rows for a rare one."""
    assert session.scalar(text("SHOW plan_cache_mode")) == "force_custom_plan"
