"""企业信息变更 and the declarations that it must not pass: whichever comes second waits, and sees the first."""

from concurrent.futures import ThreadPoolExecutor, wait

import pytest
from sqlalchemy.orm import Session

from app.extensions.database import begin_writing
from app.extensions.refused import Refused
from app.models import Declaration
from app.services import enterprise_changes, filing
from tests.cast import file_draft
from tests.changing import asked, step
from tests.registered import drafted, registered

OWN, ELSEWHERE, TRANSFER = "of its own", "of another employer", "a transfer"


@pytest.fixture
def approving(app, session, cast, engine, stages, monkeypatch):
    """Submit a declaration while the province approves the change between its check-up and its step."""

    def approve(change):
        with app.app_context(), app.test_request_context(), Session(stages(engine).database) as own:
            begin_writing(own)
            try:
                enterprise_changes.take(own, cast.chen_jing.actor, "approve", change[0], change[1])
            except Refused as refused:
                return [one.rule for one in refused.findings]
            own.commit()
            return "approved"

    def submit(clerk, declaration, row):
        ask = {declaration.id: declaration.version}
        change = (row.id, row.version)
        session.rollback()
        with ThreadPoolExecutor(1) as province:
            begun = []
            real = filing.perform

            def interrupted(*args, **more):
                begun.append(province.submit(approve, change))
                wait(begun, timeout=0.7)
                return real(*args, **more)

            monkeypatch.setattr(filing, "perform", interrupted)
            outcome = filing.submit(session, clerk.actor, ask)
            return bool(outcome.done), begun[0].result()

    return submit


@pytest.mark.both_engines
@pytest.mark.parametrize(
    ("what", "submitted", "change"),
    [
        (OWN, False, "approved"),
        (TRANSFER, False, "approved"),
        (ELSEWHERE, True, ["no_open_case"]),
    ],
)
def test_no_approval_passes_a_declaration_that_is_being_submitted(
    session, cast, approving, what, submitted, change
):
    """Or it would announce the old name after the new one, or leave the register with an employer that is gone."""
    if what == OWN:
        clerk, held = cast.li_juan, None
    else:
        clerk = cast.fang_yuan
        held = registered(session, cast.li_juan, cast.zhang_wei, kind="temporary")
    row = asked(session, cast.li_juan)
    if what == TRANSFER:
        declaration = drafted(session, cast, "temporary_transfer", held)
    else:
        key = file_draft(session, clerk, cast.zhang_wei)
        declaration = session.get_one(Declaration, key)
    step(session, cast, row, "submit", "endorse")
    assert approving(clerk, declaration, row) == (submitted, change)


@pytest.mark.both_engines
def test_nobody_is_taken_from_an_enterprise_that_is_changing_and_anybody_may_leave_it(session, cast):
    held = registered(session, cast.li_juan, cast.zhang_wei, kind="temporary")
    row = asked(session, cast.li_juan)
    step(session, cast, row, "submit")
    moving = drafted(session, cast, "temporary_transfer", held)
    outcome = filing.submit(session, cast.fang_yuan.actor, {moving.id: moving.version})
    (told,) = [one for one in outcome.skipped[0].findings if "particulars" in one or "企业信息变更" in one]
    assert "former employer" in told or "原聘用企业" in told
    leaving = drafted(session, cast, "temporary_cancellation", held)
    assert filing.submit(session, cast.li_juan.actor, {leaving.id: leaving.version}).done
