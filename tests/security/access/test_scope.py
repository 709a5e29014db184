"""Which rows exist for whom, asked of the condition itself."""

import pytest
from sqlalchemy import select
from werkzeug.exceptions import NotFound

from app.cli.demo import makers
from app.models import Attachment, Certificate, Declaration, Enterprise, Person, Registration
from app.models.attachment import OWNERS
from app.security.access.roles import Actor, Role
from app.security.access.scope import find, rows_of, visible_to
from app.views.kit import uploads
from tests.cast import CHANGSHA, file_draft, take


@pytest.mark.parametrize("model", [Enterprise, Person, Declaration, Registration, Certificate, Attachment])
def test_no_business_exists_for_the_administrator(session, cast, model):
    take(session, cast, file_draft(session, cast.li_juan, cast.zhang_wei), "submit")
    if model in {Enterprise, Person, Declaration, Attachment}:
        assert session.scalars(select(model)).first(), "there is something that must not be seen"
    assert session.scalars(rows_of(model, cast.admin.actor)).all() == []


def test_a_person_exists_for_the_counter_only_once_the_check_was_asked_for(session, cast):
    makers.bare_person(session, "何静", "439900199002280025").region_code = CHANGSHA
    session.commit()
    seen = session.scalars(rows_of(Person, cast.wang_qiang.actor)).all()
    assert [one.name for one in seen] == ["张伟"]


def test_a_row_has_one_name(session, cast):
    row = take(session, cast, file_draft(session, cast.li_juan, cast.zhang_wei), "submit")
    actor = cast.wang_qiang.actor
    assert find(session, Declaration, str(row.id), actor) is row
    wide = str(row.id).translate({code: code + 0xFEE0 for code in range(0x30, 0x3A)})
    for other in (f"0{row.id}", wide, f"+{row.id}", f" {row.id}", "", "9" * 20):
        with pytest.raises(NotFound):
            find(session, Declaration, other, actor)


def test_whose_a_file_may_be_is_known_to_the_scope_and_to_the_forms_alike():
    columns = Attachment.__table__.columns
    pointing = {one.name for one in columns if one.foreign_keys} - {"file_id", "uploaded_by_id"}
    assert pointing == set(OWNERS) == set(uploads._OWNERS.values())
    condition = str(visible_to(Attachment, Actor(1, "陈静", frozenset({Role.PROVINCIAL}))))
    assert [owner for owner in OWNERS if f"attachment.{owner}" not in condition] == []
