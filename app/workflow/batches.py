"""Batches: the numbered lists of 公示 and 公告 that a move puts its rows on."""

from typing import Any

from sqlalchemy import select, update

from app.models import Announcement, Declaration, Publicity
from app.workflow import deadlines
from app.workflow.call import Call
from app.workflow.moves import Batch
from app.workflow.numbering import batch_number
from app.workflow.types import DeclarationType

_LISTS: dict[Batch, type[Publicity] | type[Announcement]] = {
    Batch.PUBLICITY: Publicity,
    Batch.ANNOUNCEMENT: Announcement,
}


def put_on_list(call: Call, kind: DeclarationType, batch: Batch, keys: list[int]) -> str:
    """Put these declarations of one type on a list; its number. Takes the batch counter, so call it last.

    The step has made a version of each row already, and this is still the same step: it makes no second one.
    """
    listed = _opened_before(call, kind, batch) or _open(call, kind, batch)
    listed.size += len(keys)
    call.session.add(listed)
    call.session.flush()
    on_list = {f"{batch}_id": listed.id}
    call.session.execute(
        update(Declaration).where(Declaration.id.in_(keys)).values(on_list),
        execution_options={"synchronize_session": False},
    )
    return str(listed.number)


def _opened_before(call: Call, kind: DeclarationType, batch: Batch) -> Any:
    """The list that an earlier call of the same act opened, unless midnight has come between."""
    if not call.onto:
        return None
    listed = _LISTS[batch]
    begun = Publicity.opens_on if batch is Batch.PUBLICITY else Announcement.announced_on
    return call.session.scalar(
        select(listed)
        .where(listed.number.in_(call.onto), listed.type_key == kind.key, begun == call.day)
        .with_for_update()
    )


def _open(call: Call, kind: DeclarationType, batch: Batch) -> Publicity | Announcement:
    session, day = call.session, call.day
    author = {"type_key": kind.key, "size": 0, "created_by_id": call.actor.account_id}
    if batch is Batch.ANNOUNCEMENT:
        number = batch_number(session, "G", kind.code, day)
        return Announcement(number=number, announced_on=day, **author)
    return Publicity(
        number=batch_number(session, "S", kind.code, day),
        opens_on=day,
        closes_on=deadlines.publicity_closes(call.policy, call.holidays, day),
        **author,
    )
