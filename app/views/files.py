"""Files: an attachment of a row in scope, and a file that was sent with a form that is not saved yet."""

from typing import Any

from flask import jsonify, request
from flask_appbuilder import expose
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.extensions.database import begin_writing, db
from app.extensions.refused import Refused
from app.models import Attachment, StoredFile
from app.security.access.audit import record
from app.security.access.scope import find
from app.services import files
from app.views.kit.access import SIGNED_IN, Screen
from app.views.kit.exporting import disposition
from app.views.kit.requests import commit, writes_late
from app.views.kit.uploads import slot_of, stage, staged_file

_SHOWN_IN_PAGE = frozenset({"image/jpeg", "image/png"})


class FilesScreen(Screen):
    """Every file goes out through here, decrypted for whoever may see its row."""

    route_base = "/files"
    title = _l("Attachments")
    roles = {"file": SIGNED_IN, "staged": SIGNED_IN, "stage": SIGNED_IN}

    @expose("/<attachment_id>")
    def file(self, attachment_id: str) -> Response:
        """Show or hand over an attachment in scope; that it was read is written down."""
        attachment = find(db.session, Attachment, attachment_id, self.actor)
        answer = _sent(attachment.file_id, attachment.file_name)
        kind = attachment.kind
        begin_writing(db.session)
        record(db.session, self.actor, "file.read", "attachment", attachment_id, kind=kind)
        commit()
        return answer

    @expose("/staged/<token>")
    def staged(self, token: str) -> Response:
        number, name, _kind, _warnings = staged_file(token)
        return _sent(number, name)

    @expose("/stage", methods=("POST",))
    @writes_late
    def stage(self) -> Response:
        """Take in one file for the page's script; the answer holds what the form has to hand in with it."""
        sent = request.files.get("file")
        if sent is None:
            raise Refused(_l("No file was sent."))
        held = stage(sent, slot_of(request.form.get("slot", "")))
        answer: Response = jsonify(
            token=held.token, name=held.name, url=held.url, picture=held.picture, warnings=list(held.warnings)
        )
        return answer


def _sent(number: int, name: str) -> Response:
    """Pictures of our own making are shown in the page; whatever a person made is only handed over to be kept."""
    stored: Any = db.session.scalar(select(StoredFile).where(StoredFile.id == number))
    if stored is None:
        raise NotFound
    answer = Response(files.read(stored), content_type=stored.media_type)
    inline = stored.media_type in _SHOWN_IN_PAGE
    answer.headers["Content-Disposition"] = disposition(name, inline=inline)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    return answer


SCREENS = (FilesScreen,)
