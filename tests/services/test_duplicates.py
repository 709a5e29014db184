"""重复注册: who is bound to another enterprise, by a registration or by a case, and who is not."""

import pytest
from sqlalchemy import func, select, update

from app.models import Declaration, RegistrationEvent, RegistrationStatus
from tests.cast import file_draft, take
from tests.desk import declared
from tests.neighbours import detail, known, work
from tests.registered import registered


@pytest.mark.both_engines
def test_a_live_registration_at_another_enterprise_is_a_flag(app, session, cast, neighbours):
    registered(session, cast.liu_yang, cast.zhang_wei, kind="temporary", certified=False)
    row = take(session, cast, draft_of(session, cast), "submit")
    work(app)
    assert known(session, row.id)["duplicate"] == ("flagged", None)
    (one,) = detail(session, row.id, "duplicate")["elsewhere"]
    assert one["enterprise"] == "邵阳示例路桥有限公司（演示）"
    assert one["kind"] == "temporary"
    assert one["type_key"] == ""


def test_a_registration_at_the_applicant_or_one_that_has_ended_is_none(app, session, cast, neighbours):
    ended = registered(session, cast.liu_yang, cast.zhang_wei, kind="temporary", certified=False)
    ended.status = RegistrationStatus.CANCELLED
    session.commit()
    registered(session, cast.li_juan, cast.zhang_wei, kind="temporary", certified=False)
    row = take(session, cast, draft_of(session, cast), "submit")
    work(app)
    assert known(session, row.id)["duplicate"] == ("clear", None)


def test_a_registration_in_a_row_of_its_own_is_found_by_the_id_number(app, session, cast, neighbours):
    """Records of the paper era may have entered the same human being a second time."""
    other = declared(session, cast, serial=5)
    found = registered(session, cast.liu_yang, cast.zhang_wei, kind="temporary", certified=False)
    session.execute(update(type(found)).where(type(found).id == found.id).values(person_id=other.person_id))
    session.commit()
    assert session.scalar(select(func.count()).select_from(RegistrationEvent)) == 1
    row = take(session, cast, draft_of(session, cast), "submit")
    work(app)
    assert known(session, row.id)["duplicate"] == ("flagged", None)


@pytest.mark.both_engines
@pytest.mark.parametrize("steps", [("submit",), ("submit", "decline"), ()])
def test_a_case_under_way_at_another_enterprise_is_a_flag_and_one_that_has_ended_is_none(
    app, session, cast, neighbours, steps
):
    """One person is declared once at a time; whoever stands in two rows is declared twice."""
    row = take(session, cast, draft_of(session, cast), "submit")
    other = declared(session, cast, *steps, clerk=cast.liu_yang, serial=5)
    session.execute(
        update(Declaration).where(Declaration.id == other.id).values(id_number_index=row.id_number_index)
    )
    session.commit()
    work(app)
    assert known(session, row.id)["duplicate"] == ("flagged" if steps == ("submit",) else "clear", None)
    found = [
        (one["type_key"], one["enterprise"]) for one in detail(session, row.id, "duplicate")["elsewhere"]
    ]
    flagged = [("initial_registration", "邵阳示例路桥有限公司（演示）")]
    assert found == (flagged if steps == ("submit",) else [])


def draft_of(session, cast) -> int:
    return file_draft(session, cast.li_juan, cast.zhang_wei)
