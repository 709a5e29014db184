"""A filtered list as a file: sent at once when it is small, made by a job when it is large, masked unless allowed."""

from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from flask import redirect, request, stream_with_context, url_for
from flask_babel import get_locale
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.extensions.clock import local, now
from app.extensions.database import begin_writing, db
from app.extensions.refused import Refused
from app.services.exports import asking
from app.services.exports.asking import IN_FULL
from app.services.exports.lists import FORMATS, Wanted, exportable
from app.services.exports.making import MEDIA_TYPES, streamed
from app.views.kit.formats import normal
from app.views.kit.requests import commit, idempotency_key, note_job
from app.views.kit.selecting import read_selection

if TYPE_CHECKING:
    from app.views.kit.records import RecordScreen

_LONGEST_REASON, _UNPROCESSABLE = 200, 422


def export_answer(screen: "RecordScreen") -> Response | str | tuple[str, int]:
    """The file, the page of the job that makes it, or the question what personal data in full is needed for."""
    wanted = _wanted(screen)
    actor = screen.actor
    if wanted.unmasked and "reason" not in request.form:
        return _ask_reason(screen, wanted)
    try:
        asking.require_reason(wanted)
    except Refused as refused:
        return _ask_reason(screen, wanted, str(refused)), _UNPROCESSABLE
    asked = exportable(wanted.list)
    most = max(asking.STREAMED, len(wanted.ticked))
    rows = asked.count(db.session(), actor, wanted, most)
    if rows < len(wanted.ticked):
        raise NotFound  # the first lines of the file say how many rows were ticked
    export = None if rows > asking.STREAMED else asked.export(db.session(), actor, wanted)
    begin_writing(db.session)
    asking.count_unmasked(db.session(), actor, wanted)
    if export is None:
        job = asking.plan(db.session(), actor, wanted, idempotency_key(request.form))
        commit()
        note_job()
        return redirect(url_for("JobScreen.show", key=job.id))
    asking.write_down(db.session(), actor, wanted, export, rows)
    commit()
    blocks = stream_with_context(streamed(Session(db.engine), export, wanted.format))
    answer = Response(blocks, content_type=MEDIA_TYPES[wanted.format])
    name = f"{export.file_name}_{local(now()):%Y%m%d-%H%M}.{wanted.format}"
    answer.headers["Content-Disposition"] = disposition(name)
    return answer


def _wanted(screen: "RecordScreen") -> Wanted:
    """What the form of the list asks for; 404 for what no list sends."""
    sent = request.form
    if sent.get("format") not in FORMATS:
        raise NotFound
    unmasked = sent.get("unmasked") == "1"
    if unmasked and not screen.may(IN_FULL):
        raise NotFound
    selection = read_selection(sent)
    address = selection.address if "list" in sent else urlencode(list(request.args.items(multi=True)))
    columns = screen.columns_for(screen.actor, selection.arguments)
    locale = get_locale()
    return Wanted(
        list=type(screen).__name__,
        format=sent["format"],
        language=locale.language if locale else "zh",
        columns=tuple(column.name for column in columns),
        address=address,
        matching=selection.matching,
        ticked=tuple(selection.ticked),
        exceptions=tuple(sorted(selection.exceptions)),
        unmasked=unmasked,
        reason=normal("", sent.get("reason", ""))[:_LONGEST_REASON] if unmasked else "",
    )


def _ask_reason(screen: "RecordScreen", wanted: Wanted, fault: str = "") -> str:
    fields = read_selection(request.form).fields()
    return screen.page("kit/export_reason.html", wanted=wanted, fields=list(fields), fault=fault)


def file_answer(body: bytes, name: str) -> Response:
    """A file to keep, never shown in the page."""
    answer = Response(body, content_type=MEDIA_TYPES[name.rsplit(".", 1)[-1]])
    answer.headers["Content-Disposition"] = disposition(name)
    return answer


def disposition(name: str, *, inline: bool = False) -> str:
    """How a browser is told what a file is called, in any script."""
    return f"{'inline' if inline else 'attachment'}; filename*=UTF-8''{quote(name, safe='')}"
