"""Files: an attachment of a row in scope, and a file that was sent with a form that is not saved yet."""

from base64 import b64encode
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
from app.services.pdf_pages import pages_of
from app.views.kit.access import SIGNED_IN, Screen
from app.views.kit.exporting import disposition
from app.views.kit.listing import whole
from app.views.kit.requests import commit, writes_late
from app.views.kit.uploads import slot_of, stage, staged_file

_SHOWN_IN_PAGE = frozenset({"image/jpeg", "image/png"})


class FilesScreen(Screen):
    """Every file goes out through here, decrypted for whoever may see its row."""

    route_base = "/files"
    title = _l("Attachments")
    roles = {"file": SIGNED_IN, "pages": SIGNED_IN, "staged": SIGNED_IN, "stage": SIGNED_IN}

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

    @expose("/<attachment_id>/pages")
    @writes_late
    def pages(self, attachment_id: str) -> Response:
        """Pages of a document as pictures, for the page that shows it; each answer is a look, and written down."""
        attachment = find(db.session, Attachment, attachment_id, self.actor)
        stored: Any = db.session.get(StoredFile, attachment.file_id)
        if stored is None or stored.media_type != "application/pdf":
            raise NotFound
        kind, data = attachment.kind, files.read(stored)
        db.session.rollback()  # to paint takes a moment: nothing is held meanwhile
        found = pages_of(data, max(1, whole(request.args.get("from"), 1)))
        begin_writing(db.session)
        record(db.session, self.actor, "file.read", "attachment", attachment_id, kind=kind, first=found.first)
        commit()
        pictures = [f"data:image/jpeg;base64,{b64encode(one).decode()}" for one in found.pictures]
        answer: Response = jsonify(first=found.first, total=found.total, pages=pictures)
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
