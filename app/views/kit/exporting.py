"""A filtered list as a file: CSV or XLSX, masked, with no cell that a spreadsheet would run."""

import csv
import io
import re
import tempfile
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import xlsxwriter
from flask import request
from flask_babel import gettext as _
from sqlalchemy import Select, func, inspect, select
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.extensions.clock import local, now
from app.extensions.database import db
from app.extensions.refused import Refused
from app.security.access import audit
from app.views.kit.columns import Column, label_of
from app.views.kit.listing import Listing, narrowed, related
from app.views.kit.paging import ordered
from app.views.kit.requests import commit
from app.views.kit.selecting import read_selection
from app.views.kit.words import words

if TYPE_CHECKING:
    from app.views.kit.records import RecordScreen

MOST_ROWS = 20_000
"""More than this takes too long for a page; the person is asked to narrow the list."""

_CHUNK = 500
_RUNS = re.compile("[\\s\ufeff\u200b-\u200f\u2060]*[-=+@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
"""What a spreadsheet takes for the start of a formula, in both widths, also behind what is not seen."""
_BROKEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula: an apostrophe goes before what could start one."""
    text = _BROKEN.sub("", text)
    return f"'{text}" if _RUNS.match(text) else text


def export_answer(screen: "RecordScreen", format_: str) -> Response:
    """All pages of the list that the address describes. The audit line is written before the file is made."""
    if format_ not in {"csv", "xlsx"}:
        raise NotFound
    actor, selection = screen.actor, read_selection(request.form)
    arguments = selection.arguments if "list" in request.form else request.args
    listing = screen.listing(arguments)
    query = narrowed(screen.rows(actor), listing, screen.search)
    if not selection.empty:
        query = selection.rows(screen, actor)
    columns = screen.columns_for(actor, arguments)
    keys = inspect(screen.model).primary_key
    counted = db.session.scalar(
        select(func.count()).select_from(query.with_only_columns(*keys).limit(MOST_ROWS + 1).subquery())
    )
    if (counted or 0) > MOST_ROWS:
        raise Refused(
            _("More than %(count)s rows match. Please narrow the list with filters first.", count=MOST_ROWS)
        )
    audit.record(
        db.session, actor, "export", screen.subject, format=format_, rows=counted,
        filters=[one.label for one in listing.filters], searched=bool(listing.typed),
    )  # fmt: skip
    commit()
    table = _table(screen, query, listing, columns)
    heads = [str(label_of(screen.model, column)) for column in columns]
    lines = note(actor.name, str(screen.title), listing)
    body = as_csv(heads, table, lines) if format_ == "csv" else as_xlsx(heads, table, lines)
    return file_answer(body, f"{screen.title}_{local(now()):%Y%m%d-%H%M}.{format_}")


def note(person: str, title: str, listing: Listing | None) -> Sequence[str]:
    """Who took this file, when, and what it holds: the first lines of every file."""
    on = [f"{one.label}: {one.text}" for one in (listing.filters if listing else ())]
    if listing and listing.typed:
        on.append(_("Search: %(text)s", text=_masked(listing.typed)))
    when = f"{local(now()):%Y-%m-%d %H:%M}"
    return (
        title,
        _("Exported by %(person)s at %(time)s", person=person, time=when),
        _("Filter: %(filter)s", filter="; ".join(on) or _("none")),
    )


def _masked(text: str) -> str:
    """An ID number that was searched for does not stand in the file in full."""
    return f"{text[:4]}****{text[-4:]}" if sum(map(str.isdigit, text)) > len("12345678") else text


def _table(
    screen: "RecordScreen", query: Select[Any], listing: Listing, columns: Sequence[Column]
) -> Iterator[list[str]]:
    actor = screen.actor
    query = ordered(query, listing).options(*related(screen.model, columns))
    query = query.execution_options(yield_per=_CHUNK)
    words().prepare(screen.dictionaries(columns))
    for rows in db.session.scalars(query).partitions():
        screen.read_beside(rows, actor)
        for row in rows:
            yield [screen.cell(column, row).text for column in columns]


def as_csv(heads: Sequence[str], table: Iterator[Sequence[str]], lines: Sequence[str]) -> bytes:
    """UTF-8 with the mark that Excel needs to see that it is UTF-8."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    for line in lines:
        writer.writerow([harmless(line)])
    writer.writerow([harmless(head) for head in heads])
    writer.writerows([harmless(value) for value in row] for row in table)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def as_xlsx(heads: Sequence[str], table: Iterator[Sequence[str]], lines: Sequence[str]) -> bytes:
    """Strings only: an 18-digit number stays whole and nothing is a formula or a link."""
    with tempfile.TemporaryFile() as file:
        book: Any = xlsxwriter.Workbook(
            file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        )
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        for number, line in enumerate(lines):
            sheet.write_string(number, 0, _BROKEN.sub("", line))
        for place, head in enumerate(heads):
            sheet.set_column(place, place, max(10, min(40, 2 * len(head) + 4)))
            sheet.write_string(len(lines), place, head, bold)
        for number, row in enumerate(table, len(lines) + 1):
            for place, value in enumerate(row):
                sheet.write_string(number, place, harmless(value))
        book.close()
        file.seek(0)
        return file.read()


def file_answer(body: bytes, name: str) -> Response:
    """A file to keep, never shown in the page."""
    kind = _XLSX if name.endswith("xlsx") else "text/csv; charset=utf-8"
    answer = Response(body, content_type=kind)
    answer.headers["Content-Disposition"] = disposition(name)
    return answer


def disposition(name: str, *, inline: bool = False) -> str:
    """How a browser is told what a file is called, in any script."""
    return f"{'inline' if inline else 'attachment'}; filename*=UTF-8''{quote(name, safe='')}"
