"""What is typed into a form is kept by itself, offered when its owner comes back, and gone when it is stored."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask import current_app, g, jsonify, redirect, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response

from app.extensions.clock import local, today
from app.extensions.database import begin_writing, db
from app.extensions.refused import Refused
from app.models import FormDraft
from app.security.access.roles import Actor
from app.security.login import again
from app.services import form_drafts
from app.views.kit.columns import Kind, Unknown, attribute
from app.views.kit.forms import is_stored
from app.views.kit.requests import commit
from app.views.kit.uploads import is_held

if TYPE_CHECKING:
    from app.views.kit.records import RecordScreen

GIVEN_BACK = "restore"
"""The argument of a form's address that fills in what was kept."""

_HELD = "held-"
_NEVER = frozenset({"csrf_token", "key", "who"})
_MOST_FIELDS, _LONGEST_NAME = 300, 80
_UNFIT = re.compile("[\x00\ud800-\udfff]")
"""What no database keeps: NUL, and half of a pair, which only JSON can say."""


@dataclass(frozen=True)
class Offer:
    """Input that was not saved, as the page offers it; `outdated` when the row was saved since by anybody."""

    since: str
    outdated: bool
    key: str
    address: str


def form_name(screen: "RecordScreen", key: str) -> str:
    """The name under which the input of one form is kept; a row that is being added has no key."""
    return f"{screen.endpoint} {key or 'add'}"


def is_secret(model: Any, name: str) -> bool:
    """What is never shown again is not kept either: passwords, and columns that are only written."""
    if name.endswith("password"):
        return True
    try:
        return attribute(model, name).kind is Kind.WRITE_ONLY
    except Unknown:
        return False  # a box to tick, a file: nothing of the model


def worth_keeping(screen: "RecordScreen", sent: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Of what a form sends, what may be kept. A consent is given anew, and secrets are typed anew."""
    return [
        (name, value)
        for name, value in sent
        if name not in _NEVER
        and len(name) <= _LONGEST_NAME
        and name not in screen.form_boxes
        and not is_secret(screen.model, name)
    ]


def keep(screen: "RecordScreen") -> Response:
    """Asked by the page's script while one types; only for a form that the actor may open now."""
    actor = screen.actor
    if not request.is_json:
        key = request.form.get("key", "")
        openable(screen, key, actor)
        return _discard(screen, key, actor)
    key, version, fields = _sent()
    openable(screen, key, actor)
    begin_writing(db.session)
    draft = form_drafts.keep(
        db.session(), actor, form_name(screen, key), version, worth_keeping(screen, fields)
    )
    saved_at = draft.saved_at
    commit()
    return jsonify(kept=clock(saved_at))


def _discard(screen: "RecordScreen", key: str, actor: Actor) -> Response:
    """The button of the offer: the form opens as it is stored."""
    begin_writing(db.session)
    form_drafts.discard(db.session(), actor, form_name(screen, key))
    commit()
    return redirect(screen.url("edit", key=key) if key else screen.url("add"))


def openable(screen: "RecordScreen", key: str, actor: Actor) -> Any:
    """The row whose form the actor may open now, a new one without a key; 404 for every other one."""
    if not screen.may("edit" if key else "add"):
        raise NotFound
    if not key:
        return screen.fresh(actor)
    row = screen.one(key, actor)
    if not screen.may_edit(row, actor):
        raise NotFound
    return row


def _sent() -> tuple[str, int | None, list[tuple[str, str]]]:
    try:
        told = request.get_json(silent=True)
    except RecursionError as error:
        raise BadRequest from error  # a nest of brackets is no form
    if not isinstance(told, Mapping):
        raise BadRequest
    key, version, fields = told.get("key", ""), told.get("version"), told.get("fields", [])
    if not isinstance(key, str) or not isinstance(fields, list) or len(fields) > _MOST_FIELDS:
        raise BadRequest
    if version is not None and (not isinstance(version, int) or abs(version) >= 2**31):
        raise BadRequest
    pairs = [tuple(one) for one in fields if isinstance(one, list)]
    if len(pairs) != len(fields) or any(len(one) != 2 or not _is_text(one) for one in pairs):  # noqa: PLR2004
        raise BadRequest
    return key, version, [(name, value) for name, value in pairs]


def _is_text(values: tuple[Any, ...]) -> bool:
    return all(isinstance(value, str) and not _UNFIT.search(value) for value in values)


def rescued() -> str | None:
    """Keep what came after its session had ended, for the account whose page it was; the form's address.

    It is asked of a request without a valid token, so the page's own sealed word is the proof: it names the
    account and the form, no other site knows it, and the input is only offered to its owner, never filled in.
    None when there is no such word, or nothing to keep.
    """
    known = again.read(request.form.get("who", "")) if request.method == "POST" else None
    screen = _screen_asked()
    if known is None or screen is None or known[1] != form_name(screen, _key_asked()):
        return None
    owner = Actor(known[0], "", frozenset())
    try:
        begin_writing(db.session)
        sent = worth_keeping(screen, request.form.items(multi=True))
        form_drafts.keep(db.session(), owner, known[1], None, sent)
        commit()
    except Refused:
        db.session.rollback()
        return None
    return request.path


def _key_asked() -> str:
    return str((request.view_args or {}).get("key", ""))


def _screen_asked() -> "RecordScreen | None":
    """The screen whose form was sent: where input can be kept, and where it is asked."""
    endpoint, _dot, method = str(request.endpoint).partition(".")
    if method not in {"add", "edit"}:
        return None
    views = current_app.extensions["appbuilder"].baseviews
    return next((one for one in views if one.endpoint == endpoint and hasattr(one, "form_boxes")), None)


def whose(screen: "RecordScreen", key: str, actor: Actor) -> str:
    """The word that a page holds of its account and its form (security/login/again.py)."""
    return again.word_of(actor.account_id or 0, form_name(screen, key))


def kept_for(screen: "RecordScreen", row: Any, actor: Actor) -> FormDraft | None:
    key = screen.key_of(row) if is_stored(row) else ""
    return form_drafts.draft_of(db.session(), actor, form_name(screen, key))


def offer(screen: "RecordScreen", row: Any, draft: FormDraft | None) -> Offer | None:
    """What the page says of input that was kept and is not given back yet."""
    if draft is None:
        return None
    stored = is_stored(row)
    key = screen.key_of(row) if stored else ""
    outdated = stored and draft.version != screen.version_of(row)
    return Offer(clock(draft.saved_at), outdated, key, f"{request.path}?{GIVEN_BACK}=1")


def give_back(draft: FormDraft) -> MultiDict[str, str]:
    """From now on this request's form holds what was kept, without files that have been swept since."""
    pairs = [
        (name, value)
        for name, value in form_drafts.fields_of(draft)
        if not name.startswith(_HELD) or is_held(value)
    ]
    g.given_back = MultiDict(pairs)
    return g.given_back  # type: ignore[no-any-return]


def forget(screen: "RecordScreen", row: Any, actor: Actor, *, added: bool) -> None:
    """The form was stored; what was typed on the way is not needed any more. The caller commits."""
    form_drafts.discard(db.session(), actor, form_name(screen, "" if added else screen.key_of(row)))


def clock(moment: datetime) -> str:
    """The time of a day, with the day when it is another one."""
    shown = local(moment)
    return shown.strftime("%H:%M" if shown.date() == today() else "%Y-%m-%d %H:%M")
