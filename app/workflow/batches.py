"""Batches: the numbered lists of 公示 and 公告 that a move puts its rows on."""

from app.models import Announcement, Declaration, Publicity
from app.workflow.calendar import add_working_days, exceptions
from app.workflow.call import Call
from app.workflow.flows import Batch
from app.workflow.numbering import batch_number
from app.workflow.types import DeclarationType


def put_on_list(call: Call, kind: DeclarationType, batch: Batch, rows: list[Declaration]) -> str:
    """Open a list of one type for these rows; its number. Takes the batch counter, so call it last."""
    session, day = call.session, call.day
    if batch is Batch.PUBLICITY:
        days = call.policy.number("publicity_days")
        closes_on = add_working_days(day, days, exceptions(session))
        publicity = Publicity(
            number=batch_number(session, "S", kind.code, day),
            type_key=kind.key,
            opens_on=day,
            closes_on=closes_on,
            size=len(rows),
            created_by_id=call.actor.account_id,
        )
        session.add(publicity)
        session.flush()
        for row in rows:
            row.publicity_id = publicity.id
        return publicity.number
    announcement = Announcement(
        number=batch_number(session, "G", kind.code, day),
        type_key=kind.key,
        announced_on=day,
        size=len(rows),
        created_by_id=call.actor.account_id,
    )
    session.add(announcement)
    session.flush()
    for row in rows:
        row.announcement_id = announcement.id
    return announcement.number
