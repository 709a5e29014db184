"""Doing an act on ticked rows or on one: read again in scope, asked about, done once, and told."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from flask import flash, redirect, request
from flask_babel import gettext as _, ngettext
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.extensions.database import begin_writing, db
from app.extensions.refused import Refused
from app.views.kit.actions import MOST_AT_ONCE, Action, Asking, Call, Outcome, sort_out
from app.views.kit.requests import allow_camera, idempotency_key
from app.views.kit.selecting import Selection, SelectionCall, read_selection
from app.views.kit.uploads import Slot, Uploads

if TYPE_CHECKING:
    from app.views.kit.records import RecordScreen

ACTED = "acted"
"""The category of a flashed word that no one reads: the list forgets its ticks when it comes."""

_LONGEST_BACK, _NAMED = 4000, 10


def act(screen: "RecordScreen") -> str | Response | tuple[str, int]:
    """`action` and a selection come from a form; what is not on the screen's own list does not exist."""
    action = _action(screen, request.form.get("action", ""))
    selection = read_selection(request.form)
    if selection.empty:
        raise Refused(_("Please tick at least one row first."))
    if (selection.matching or len(selection.ticked) > 1) and not action.bulk:
        raise NotFound
    back = _back(request.form.get("back", ""))
    uploads = _uploads(action)
    count = _count(screen, action, selection)
    if action.many is not None and count >= action.many_from:
        key = idempotency_key(request.form)
        return action.many(SelectionCall(screen, action, screen.actor, selection, request.form, key, back))
    if count > MOST_AT_ONCE:
        raise Refused(
            _(
                "This can be done with at most %(count)s rows at once. Please select fewer, or narrow the list.",
                count=MOST_AT_ONCE,
            )
        )
    rows = _rows(screen, selection)
    return _few(screen, action, rows, back, uploads)


def _uploads(action: Action) -> Uploads:
    """The files that came with the answers: slow work, done before anything of the act is read."""
    if not action.slots:
        return Uploads()
    sent = Uploads.sent(action.slots)
    begin_writing(db.session)
    allow_camera()
    return sent.laid([Slot(one) for one in action.slots])


def _count(screen: "RecordScreen", action: Action, selection: Selection) -> int:
    """How many rows are meant, as far as it matters; ticked rows that are not all in scope are 404."""
    if not selection.matching and action.many is None:
        return len(selection.ticked)
    most = max(MOST_AT_ONCE, action.many_from, len(selection.ticked))
    count = selection.count(db.session(), screen, screen.actor, most)
    if not selection.matching and count < len(selection.ticked):
        raise NotFound
    if not count:
        raise Refused(_("Nothing matches any more. Please look at the list again."))
    return count


def _rows(screen: "RecordScreen", selection: Selection) -> Sequence[Any]:
    if not selection.matching:
        return screen.many(selection.ticked, screen.actor)
    found: Sequence[Any] = db.session.scalars(selection.rows(screen, screen.actor).limit(MOST_AT_ONCE)).all()
    return found


def _few(
    screen: "RecordScreen", action: Action, rows: Sequence[Any], back: str, uploads: Uploads
) -> str | Response | tuple[str, int]:
    """As many rows as fit on a page: named, asked about where the act asks, and done in this request."""
    actor = screen.actor
    tickets = request.form.getlist("ids") or [screen.ticket(row) for row in rows]
    seen = read_selection(MultiDict([("ids", one) for one in tickets])).ticked
    found = sort_out(rows, action, actor, lambda row: _changed(screen, row, seen))
    answers: dict[str, str] = {}
    if action.asks:
        asking = Asking(action, rows, tickets, back, key=idempotency_key(request.form), uploads=uploads)
        confirmed = "confirmed" in request.form
        if not (confirmed and asking.read(request.form)):
            page = screen.page("kit/confirm.html", asking=asking, found=found)
            return (page, 422) if confirmed else page
        answers = asking.answers
    moved = [(screen.named(row), _("It is in another state by now.")) for row in found.stopped]
    moved += [(screen.named(row), _("It has changed since you looked.")) for row in found.changed]
    outcome: Any = Outcome()
    if found.passing:
        versions = _versions(screen, found.passing, seen)
        call = Call(screen, actor, found.passing, versions, answers, idempotency_key(request.form), uploads)
        outcome = action.perform(call)
    if action.changes:
        acted(screen, [screen.key_of(row) for row in rows])
    if isinstance(outcome, Response):
        return outcome
    outcome = outcome or Outcome(done=len(found.passing))
    _tell(outcome, [*outcome.skipped, *moved])
    return redirect(_target(screen, back, screen.key_of(rows[0])))


def _changed(screen: "RecordScreen", row: Any, seen: Mapping[str, int | None]) -> bool:
    """Whether the page showed another version of this row."""
    shown = seen.get(screen.key_of(row))
    return shown is not None and shown != screen.version_of(row)


def _versions(screen: "RecordScreen", rows: Sequence[Any], seen: Mapping[str, int | None]) -> dict[Any, int]:
    """Of each row the version that the page showed; without one the row is taken for changed."""
    return {row.id: seen[screen.key_of(row)] or 0 for row in rows} if hasattr(screen.model, "id") else {}


def acted(screen: "RecordScreen", keys: Sequence[str] = ()) -> None:
    """Let the next page forget that these rows of the list were ticked, or without keys that any was."""
    flash(" ".join((screen.endpoint, *keys)), ACTED)


def _action(screen: "RecordScreen", name: str) -> Action:
    found = next((one for one in screen.actions if one.name == name), None)
    if found is None or not screen.may(found.name):
        raise NotFound
    return found


def _back(sent: str) -> str:
    """The list with its filters, or the row's page; never another site."""
    return sent if sent == "show" or (sent.startswith("?") and len(sent) <= _LONGEST_BACK) else ""


def _target(screen: "RecordScreen", back: str, key: str) -> str:
    if back == "show" and screen.may("show"):
        return screen.url("show", key=key)
    return screen.url("list") + (back if back.startswith("?") else "")


def _tell(outcome: Outcome, skipped: list[tuple[str, str]]) -> None:
    if outcome.done or outcome.message is not None or not skipped:
        flash(outcome.sentence(), "success")
    if not skipped:
        return
    named = "; ".join(f"{name}{_(': ')}{reason}" for name, reason in skipped[:_NAMED])
    more = len(skipped) - _NAMED
    if more > 0:
        named += ngettext("; and %(num)s more", "; and %(num)s more", more)
    flash(
        ngettext("%(num)s row was not done: %(names)s", "%(num)s rows were not done: %(names)s", len(skipped),
                 names=named),
        "warning",
    )  # fmt: skip
