"""Doing an act on ticked rows or on one: read again in scope, asked about, done once, and told."""

from typing import TYPE_CHECKING, Any

from flask import flash, redirect, request
from flask_babel import gettext as _, ngettext
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.extensions.refused import Refused
from app.views.kit.actions import Action, Asking, Call, Outcome, read_ids, split
from app.views.kit.requests import idempotency_key

if TYPE_CHECKING:
    from app.views.kit.records import RecordScreen

_LONGEST_BACK, _NAMED = 1000, 10


def act(screen: "RecordScreen") -> str | Response | tuple[str, int]:
    """`action` and `ids` come from a form; what is not on the screen's own list does not exist."""
    action = _action(screen, request.form.get("action", ""))
    actor = screen.actor
    ids = read_ids(request.form.getlist("ids"))
    if not ids:
        raise Refused(_("Please tick at least one row first."))
    if len(ids) > 1 and not action.bulk:
        raise NotFound
    rows = screen.many(ids, actor)
    back = _back(request.form.get("back", ""))
    if action.asks:
        asking = Asking(action, rows, request.form.getlist("ids"), back, key=idempotency_key(request.form))
        confirmed = "confirmed" in request.form
        if not (confirmed and asking.read(request.form)):
            ready, other = split(rows, action, actor)
            page = screen.page("kit/confirm.html", asking=asking, ready=ready, other=other)
            return (page, 422) if confirmed else page
        answers = asking.answers
    else:
        answers = {}
    ready, other = split(rows, action, actor)
    moved = [(screen.named(row), _("It is in another state by now.")) for row in other]
    names = {screen.key_of(row): row for row in ready}
    versions = {row.id: ids[key] or 0 for key, row in names.items()} if hasattr(screen.model, "id") else {}
    outcome: Any = Outcome()
    if ready:
        outcome = action.perform(Call(screen, actor, ready, versions, answers, idempotency_key(request.form)))
    if isinstance(outcome, Response):
        return outcome
    outcome = outcome or Outcome(done=len(ready))
    _tell(outcome, [*outcome.skipped, *moved])
    return redirect(_target(screen, back, next(iter(ids))))


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
    named = "; ".join(f"{name}: {reason}" for name, reason in skipped[:_NAMED])
    more = len(skipped) - _NAMED
    if more > 0:
        named += ngettext("; and %(num)s more", "; and %(num)s more", more)
    flash(
        ngettext("%(num)s row was not done: %(names)s", "%(num)s rows were not done: %(names)s", len(skipped),
                 names=named),
        "warning",
    )  # fmt: skip
