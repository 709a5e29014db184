"""统计: declarations counted by what the officer chooses, as a chart, as a table, and as a file."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import xlsxwriter
from flask import current_app, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _, lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.extensions.clock import local, now
from app.extensions.database import db
from app.models import Declaration
from app.security.access import audit
from app.security.access.roles import Role
from app.services.exports.harmless import harmless
from app.services.statistics import Trait
from app.views.counting import LABELS, Table, offered
from app.views.kit.access import Screen
from app.views.kit.exporting import file_answer
from app.views.kit.filtering import Filter
from app.views.kit.navigation import Section
from app.views.kit.requests import commit
from app.views.kit.words import words

_OFFICERS = frozenset({Role.MUNICIPAL, Role.PROVINCIAL})
_CHOICES = (Filter("type_key"), Filter("registration_kind"), Filter("state"))
_PERIOD = ("submitted_at_from", "submitted_at_to")
_ORDERS = ("label", "-label", "number", "-number")
_MOST_COLOURS = 8


class StatisticsScreen(Screen):
    """One page; the address carries what is counted, under which filters and in which order."""

    route_base = "/statistics"
    default_view = "index"
    title = _l("Statistics")
    section = Section.REVIEWING
    position = 80
    icon = "chart-bar"
    roles = {"index": _OFFICERS, "export": _OFFICERS}

    @expose("/")
    def index(self) -> str:
        table = self._table()
        return self.page(
            "statistics/index.html",
            table=table,
            traits=self._traits(),
            labels=LABELS,
            offered=offered(self.actor),
            choices=list(self._choices()),
            kept=self._kept(),
            chosen=self._chosen(),
            order=self._order(),
            chart=self._chart(table),
            address=self._address,
            declaration=Declaration,
        )

    @expose("/export", methods=("POST",))
    def export(self) -> Response:
        """The table of the page as a file, with the same numbers in the same order."""
        format_ = request.form.get("format", "")
        if format_ not in {"csv", "xlsx"}:
            raise NotFound
        table = self._table()
        names = [trait.value for trait in self._traits()]
        audit.record(
            db.session, self.actor, "export", "statistics", format=format_, rows=len(table.lines), by=names
        )
        rows, notes = list(self.cells(table)), list(self._notes(table))
        commit()
        body = as_csv(notes, rows) if format_ == "csv" else as_xlsx(notes, rows)
        return file_answer(body, f"{self.title}_{local(now()):%Y%m%d-%H%M}.{format_}")

    def cells(self, table: Table) -> Iterator[Sequence[str | int | float]]:
        """Heads, lines and sums of the table."""
        first = str(LABELS[self._traits()[0]])
        yield [first, *table.heads, _("In all"), _("Share")]
        for line in table.lines:
            yield [line.label, *(one.number for one in line.cells), line.all.number, _percent(line.share)]
        yield [_("In all"), *(one.number for one in table.sums), table.number, ""]

    def _notes(self, table: Table) -> Iterator[str]:
        yield " · ".join([str(self.title), *(str(LABELS[trait]) for trait in self._traits())])
        yield _(
            "Exported by %(person)s at %(time)s",
            person=self.actor.name,
            time=f"{local(now()):%Y-%m-%d %H:%M}",
        )
        on = [f"{one.label}{_(': ')}{one.text}" for one in self._listing().filters]
        yield _("Filter: %(filter)s", filter="; ".join(on) or _("none"))
        if table.counts_twice:
            yield _("A declaration for several specialties counts in each of them.")

    # ------------------------------------------------------------------------------------ what the address asks for

    def _traits(self) -> list[Trait]:
        """Rows and columns; what makes no sense is left out."""
        allowed = {trait.value: trait for trait in offered(self.actor)}
        rows = allowed.get(request.args.get("rows", ""), Trait.TYPE)
        columns = allowed.get(request.args.get("columns", ""))
        return [rows] if columns is None or columns is rows else [rows, columns]

    def _filters(self) -> list[str]:
        city = ["region_code"] if self.actor.has(Role.PROVINCIAL) else []
        return [*(one.name for one in _CHOICES), *city, *_PERIOD]

    def _listing(self) -> Any:
        """The filters as the work list understands them: a number and its list cannot differ."""
        desk = next(
            one for one in current_app.extensions["appbuilder"].baseviews if one.endpoint == "ReviewScreen"
        )
        asked = MultiDict({name: request.args[name] for name in self._filters() if request.args.get(name)})
        return desk.listing(asked or MultiDict({"desk": "all"}))

    def _kept(self) -> dict[str, str]:
        """The filters that are on, as arguments of an address."""
        kept: dict[str, str] = {}
        for one in self._listing().filters:
            kept |= {name: str(value) for name, value in one.arguments.items() if name in self._filters()}
        return kept

    def _order(self) -> str:
        order = request.args.get("sort", "")
        return order if order in _ORDERS else ""

    def _table(self) -> Table:
        conditions = [one.condition for one in self._listing().filters]
        return Table(self.actor, self._traits(), conditions, self._kept(), self._order())

    def _chosen(self) -> dict[str, str]:
        chosen = dict(zip(("rows", "columns"), (trait.value for trait in self._traits()), strict=False))
        return {**chosen, **self._kept()}

    def _address(self, **changes: str) -> str:
        """This page with changes."""
        order = {"sort": self._order()} if self._order() else {}
        arguments: dict[str, Any] = {**self._chosen(), **order, **changes}
        return str(url_for(f"{self.endpoint}.index", **arguments))

    def _choices(self) -> Iterator[tuple[Filter, Sequence[tuple[str, str]]]]:
        city = (Filter("region_code"),) if self.actor.has(Role.PROVINCIAL) else ()
        for one in (*_CHOICES, *city):
            yield one, one.offered(Declaration, words()) or ()

    # -------------------------------------------------------------------------------------------------------- chart

    def _chart(self, table: Table) -> Mapping[str, Any]:
        """The numbers of the table again, as the chart reads them."""
        lines = table.lines
        labels = [line.label for line in lines]
        by_month = self._traits()[0] is Trait.MONTH
        if not table.columns:
            numbers = [line.all.number for line in lines]
            kind = "line" if by_month else "bar" if len(lines) <= _MOST_COLOURS else "hbar"
            series = [{"name": _("Declarations"), "values": numbers}]
        else:
            kind = "stacked"
            series = [
                {"name": head, "values": [line.cells[place].number for line in lines]}
                for place, head in enumerate(table.heads)
            ]
        links = [line.all.url for line in lines]
        return {"kind": kind, "labels": labels, "series": series, "links": links, "unit": ""}


def _percent(share: float) -> str:
    return f"{100 * share:.1f}%"


def as_csv(notes: Sequence[str], rows: Sequence[Sequence[str | int | float]]) -> bytes:
    """UTF-8 with the mark that Excel needs to see that it is UTF-8."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([harmless(line)] for line in notes)
    writer.writerows([harmless(str(cell)) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def as_xlsx(notes: Sequence[str], rows: Sequence[Sequence[str | int | float]]) -> bytes:
    """Counts as numbers, to go on counting with; every other cell is text and never a formula."""
    file = io.BytesIO()
    book: Any = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet, bold = book.add_worksheet(), book.add_format({"bold": True})
    for number, line in enumerate(notes):
        sheet.write_string(number, 0, harmless(line))
    for number, row in enumerate(rows, len(notes)):
        shape = bold if number == len(notes) or number == len(notes) + len(rows) - 1 else None
        for place, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(number, place, harmless(cell), shape)
            else:
                sheet.write_number(number, place, cell, shape)
    sheet.set_column(0, 0, 28)
    book.close()
    return file.getvalue()


SCREENS = (StatisticsScreen,)
