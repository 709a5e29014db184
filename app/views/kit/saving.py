"""Adding and changing one row: what was typed is checked, kept when wrong, and written in one commit."""

from typing import TYPE_CHECKING, Any

from flask import flash, redirect, request
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.extensions.database import begin_writing, db
from app.extensions.refused import Refused
from app.security.access import audit
from app.security.access.roles import Actor
from app.views.kit import drafts
from app.views.kit.forms import RecordForm, is_stored
from app.views.kit.requests import allow_camera, commit, typed
from app.views.kit.uploads import Uploads
from app.views.kit.words import words

if TYPE_CHECKING:
    from app.views.kit.records import RecordScreen

Answer = str | Response | tuple[str, int]

_UNPROCESSABLE, _CONFLICT = 422, 409


def add(screen: "RecordScreen") -> Answer:
    actor = screen.actor
    if request.method == "GET":
        return _opened(screen, actor, screen.fresh(actor))
    staged = Uploads.stage(screen, screen.fresh(actor), actor)
    begin_writing(db.session)
    row = screen.fresh(actor)
    return _save(screen, actor, row, staged, added=True)


def edit(screen: "RecordScreen", key: str) -> Answer:
    actor = screen.actor
    if request.method == "GET":
        return _opened(screen, actor, _editable(screen, key, actor))
    staged = Uploads.stage(screen, _editable(screen, key, actor), actor)
    begin_writing(db.session)
    row = _editable(screen, key, actor, locked=True)
    return _save(screen, actor, row, staged, added=False)


def _opened(screen: "RecordScreen", actor: Actor, row: Any) -> str:
    """The form over what is stored, or over the input that was kept when its owner asks for that."""
    draft = drafts.kept_for(screen, row, actor)
    if draft is None or drafts.GIVEN_BACK not in request.args:
        form, uploads = _form(screen, actor, row), Uploads.of(screen, row, actor)
        return _page(screen, actor, row, form, uploads, offer=drafts.offer(screen, row, draft))
    given_back = drafts.give_back(draft)
    form = _form(screen, actor, row)
    uploads = Uploads().beside(screen, row, actor)
    # What was saved since by anybody stands beside the field, and nothing of it is overwritten unseen.
    newer = is_stored(row) and form.changed_meanwhile(given_back)
    return _page(screen, actor, row, form, uploads, conflict=newer, unsaved=True, given_back=True)


def _editable(screen: "RecordScreen", key: str, actor: Actor, *, locked: bool = False) -> Any:
    row = screen.one(key, actor, locked=locked)
    if not screen.may_edit(row, actor):
        raise NotFound
    return row


def _form(screen: "RecordScreen", actor: Actor, row: Any) -> RecordForm:
    with db.session.no_autoflush:
        fieldsets = screen.form_for(row, actor)
        form = RecordForm(screen.model, fieldsets, row, words(), typed(), boxes=screen.form_boxes)
        form.about_oneself = screen.about_oneself
        return form


def _save(screen: "RecordScreen", actor: Actor, row: Any, staged: Uploads, *, added: bool) -> Answer:
    form = _form(screen, actor, row)
    uploads = staged.beside(screen, row, actor)
    if not added and form.changed_meanwhile(request.form):
        return _again(screen, actor, row, form, uploads, code=_CONFLICT)
    valid = form.validate()
    with db.session.no_autoflush:
        uploads.check(form)
        form.fill(row)
        # The screen's own rules look at the row even when a field is wrong, so that all is said at once.
        stopped = _findings(screen, actor, row, form)
        if not valid or stopped or form.problems:
            return _again(screen, actor, row, form, uploads, code=_UNPROCESSABLE)
    try:
        _write(screen, actor, row, uploads, added=added)
    except Refused as refused:
        form.refuse("", refused.message)
        for finding in refused.findings:
            form.refuse(finding.field, finding.message)
        return _again(screen, actor, row, form, uploads, code=_UNPROCESSABLE)
    except StaleDataError:
        form.refuse("", _("Somebody else has just saved this. Please compare and save again."))
        return _again(screen, actor, row, form, uploads, code=_CONFLICT)
    except IntegrityError:
        form.refuse(_unique(screen, form), _("There is already an entry with this value."))
        return _again(screen, actor, row, form, uploads, code=_UNPROCESSABLE)
    flash(_("Saved."), "success")
    for problem in form.extra:
        flash(problem.message, "warning")
    return screen.after_save(row, actor, added=added) or redirect(_page_of(screen, row))


def _page_of(screen: "RecordScreen", row: Any) -> str:
    return screen.url("show", key=screen.key_of(row)) if screen.may("show") else screen.url("list")


def _findings(screen: "RecordScreen", actor: Actor, row: Any, form: RecordForm) -> bool:
    """Put the screen's findings into the form; True when one of them stops the save."""
    stopped = False
    for finding in screen.check(row, actor):
        name, message = finding if isinstance(finding, tuple) else (finding.field, finding.message)
        warning = getattr(finding, "severity", "error") == "warning"
        form.refuse(name, message, warning=warning)
        stopped = stopped or not warning
    return stopped


def _write(screen: "RecordScreen", actor: Actor, row: Any, uploads: Uploads, *, added: bool) -> None:
    screen.before_save(row, actor, added=added)
    if added:
        db.session.add(row)
    db.session.flush()
    uploads.attach(db.session, row, actor)
    drafts.forget(screen, row, actor, added=added)
    audit.record(db.session, actor, "add" if added else "change", screen.subject, screen.key_of(row))
    commit()


def _unique(screen: "RecordScreen", form: RecordForm) -> str:
    """The field that is most likely meant when the database says that a value is taken."""
    columns = screen.model.__table__.columns
    return next((name for name in form.declared if name in columns and columns[name].unique), "")


def _again(
    screen: "RecordScreen", actor: Actor, row: Any, form: RecordForm, uploads: Uploads, *, code: int
) -> tuple[str, int]:
    """The same page with what was typed. Nothing of the row was kept; uploaded files were."""
    db.session.rollback()
    conflict = code == _CONFLICT
    if conflict:
        form.changed_meanwhile(request.form)
    return _page(screen, actor, row, form, uploads, conflict=conflict, unsaved=True), code


def _page(
    screen: "RecordScreen",
    actor: Actor,
    row: Any,
    form: RecordForm,
    uploads: Uploads,
    **told: Any,
) -> str:
    """`told`: `conflict`, what stands here is `unsaved`, and the `offer` of input that was kept."""
    with db.session.no_autoflush:
        stored = is_stored(row)
        key = screen.key_of(row) if stored else ""
        if uploads.slots:
            allow_camera()
        return screen.page(
            screen.form_template, row=row, form=form, uploads=uploads,
            kept_key=key, kept_version=screen.version_of(row) if stored else None,
            whose=drafts.whose(screen, key, actor), **told, **screen.context(row, actor),
        )  # fmt: skip
