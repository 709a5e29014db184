"""Papers as answers: in which language they are printed, how a browser gets them, and many of them as a job."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import redirect, request, url_for
from flask_babel import get_locale, lazy_gettext as _l
from sqlalchemy import Select, inspect
from werkzeug.wrappers import Response

from app.extensions.database import db
from app.printing.documents import Language
from app.security.access.roles import Actor, Role
from app.services import bulk_prints
from app.views.kit import paging
from app.views.kit.actions import Action, Call
from app.views.kit.exporting import disposition
from app.views.kit.requests import commit, note_job
from app.views.kit.selecting import SelectionCall


def language() -> Language:
    """The language that a print is made in: that of the page it was asked for on."""
    locale = get_locale()
    return "en" if locale is not None and locale.language == "en" else "zh"


def language_of_form() -> Language:
    """The language of a form that is signed: Chinese on English pages too, unless its translation is asked for."""
    return "en" if request.form.get("language") == "en" else "zh"


def pdf_answer(pdf: bytes, name: str) -> Response:
    answer = Response(pdf, content_type="application/pdf")
    answer.headers["Content-Disposition"] = disposition(f"{name}.pdf", inline=False)
    return answer


def print_many(paper: str) -> Callable[[SelectionCall], Response]:
    """What a list does with a selection of rows to print: a job, in the order of the list."""

    def asked(call: SelectionCall) -> Response:
        listing = call.screen.listing(call.selection.arguments)
        rows: Select[Any] = paging.ordered(call.rows(), listing)
        key = inspect(call.screen.model).primary_key[0]
        found = db.session.scalars(
            rows.with_only_columns(key, maintain_column_froms=True).limit(bulk_prints.MOST + 1)
        ).all()
        return _planned(call.actor, paper, found, call.key)

    return asked


def notices(owner: Sequence[Role]) -> Action:
    """受理通知书 of the rows that are selected."""

    def few(call: Call) -> Response:
        return _planned(call.actor, bulk_prints.NOTICE, [row.id for row in call.rows], call.key)

    return Action(
        "print_notices", _l("Print notices of acceptance"), owner, few, single=False, bulk=True, changes=False,
        icon="files", many=print_many(bulk_prints.NOTICE), many_from=1,
    )  # fmt: skip


def _planned(actor: Actor, paper: str, keys: Sequence[int], key: str) -> Response:
    job = bulk_prints.plan(db.session(), actor, paper, keys, language=language(), key=key)
    commit()
    note_job()
    return redirect(url_for("JobScreen.show", key=job.id))
