"""Taking from the central registry beside a change of the enterprise that is open."""

import dataclasses

import pytest

from app.extensions.clock import now, today
from app.extensions.database import begin_writing
from app.extensions.refused import Refused
from app.integrations.central_registry import Entry
from app.models import Enterprise
from app.services.central_registry.answers import Answer, mark, sealed
from app.services.central_registry.differences import FIELDS, differences_between
from app.services.central_registry.taking import take
from tests.changing import asked, step


@pytest.mark.both_engines
def test_what_an_open_change_is_about_is_not_taken_even_if_it_was_ticked_before(session, cast):
    clerk = cast.li_juan.actor
    ours = session.get_one(Enterprise, clerk.enterprise_id)
    same = {name: getattr(ours, name) for name in FIELDS}
    entry = Entry(as_of=today(), uscc=ours.uscc, qualifications=(), **same)
    entry = dataclasses.replace(entry, legal_representative="新代表", fax="0731-00000102")
    token = sealed(Answer(entry, now(), mark(ours)), clerk, ours)
    representative = ours.legal_representative
    step(session, cast, asked(session, cast.li_juan), "submit")
    begin_writing(session)
    with pytest.raises(Refused, match=r"change of the enterprise|企业信息变更"):
        take(session, clerk, ours.id, token, ["legal_representative", "fax"])
    session.rollback()
    found = differences_between(session, ours, entry)
    assert {one.name for one in found.fields if one.why_not is None} == {"fax"}
    assert take(session, clerk, ours.id, token, ["fax"]) == 1
    session.commit()
    assert (ours.legal_representative, ours.fax) == (representative, "0731-00000102")
