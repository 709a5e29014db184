"""Writes the sample list of historical records, with rows that are each wrong in their own way, and the template."""

import io
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from stdnum.cn import ric

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent))

# The line above makes the project importable from wherever this file is run.
from app.cli.demo.makers import credit_code  # noqa: E402
from app.services.history_import.kind import HISTORY  # noqa: E402
from app.services.imports.template import template, write_headings  # noqa: E402
from samples.fictitious import SPECIALTIES, Maker, Values  # noqa: E402
from samples.make_qualifications import allowed, lasting  # noqa: E402

SEED = 20070301
REGISTRATIONS = 320
HEADING_ROW = 3

# Enterprises of the demonstration: an employer must be known to the platform.
EMPLOYERS = (
    ("长沙示例建设有限公司（演示）", credit_code(1)),
    ("湘江样板工程有限公司（演示）", credit_code(2)),
    ("邵阳示例路桥有限公司（演示）", credit_code(3)),
)
_FIRST_YEAR, _LAST_YEAR, _LAST_BORN = 2008, 2018, 1988
_SHARE_OF_TEMPORARY, _SHARE_OF_CANCELLED = 0.25, 0.4
_REASONS = ("已与聘用企业解除聘用合同关系", "注册有效期满且未延续注册", "聘用企业破产")
_ORDINARY = ("二级注册建造师", "注册建造师(二级)", "二级建造师")
_TEMPORARY = ("二级注册临时建造师", "注册建造师(二级临时)", "二级临时建造师")


@dataclass
class Line:
    """One row of the list, and the codes by which the import must find it; none for a good row."""

    values: Values
    codes: set[tuple[str, str]] = field(default_factory=set)
    title: str = ""


class HistoryMaker(Maker):
    """Makes registrations of the paper era: one row for each specialty."""

    def registration(self, *, live: bool | None = None, several: int = 0) -> list[Values]:
        name, number = self._grown_up()
        first = self._day(self.chance.randrange(_FIRST_YEAR, _LAST_YEAR + 1))
        cancelled = self.chance.random() < _SHARE_OF_CANCELLED if live is None else not live
        temporary = self.chance.random() < _SHARE_OF_TEMPORARY
        self.issued += 1
        employer, code = self.chance.choice(EMPLOYERS)
        begins = first if cancelled else self._day(self.chance.choice((2024, 2025)))
        row = {
            "name": name,
            "id_number": number,
            "id_type": "身份证",
            "gender": "男" if int(number[16]) % 2 else "女",
            "birth_date": "",
            "number": f"湘243{(first.year - 1) % 100:02d}{first.year % 100:02d}{self.issued:05d}",
            "certificate_number": f"湘建{first.year}{self.issued:06d}",
            "kind": self.chance.choice(_TEMPORARY if temporary else _ORDINARY),
            "registered_on": f"{first}",
            "begins_on": f"{begins}",
            "ends_on": f"{begins.replace(year=begins.year + 3) - timedelta(days=1)}",
            "enterprise_name": employer,
            "uscc": code,
            "region_code": "",
            "seal_check_code": "",
            "status": "注销" if cancelled else "有效",
            "cancelled_on": f"{first + timedelta(days=self.chance.randrange(200, 900))}" if cancelled else "",
            "cancelled_reason": self.chance.choice(_REASONS) if cancelled else "",
            "specialty_ended_on": "",
        }
        count = several or self.chance.choices((1, 2, 3), (78, 18, 4))[0]
        chosen = self.chance.sample(tuple(SPECIALTIES), count)
        return [row | {"specialty": specialty} for specialty in chosen]

    def row(self, specialty: str = "", person: tuple[str, str] | None = None) -> Values:
        """A valid registration in one specialty, without a fault."""
        (values,) = self.registration(live=True, several=1)
        return values

    def _grown_up(self) -> tuple[str, str]:
        while True:
            name, number = self.person()
            if _FIRST_YEAR - 36 <= ric.get_birth_date(number).year <= _LAST_BORN:
                return name, number

    def _day(self, year: int) -> date:
        return date(year, self.chance.randrange(1, 13), self.chance.randrange(1, 29))


Fault = tuple[str, Callable[[HistoryMaker], list[Line]]]


def _one(title: str, attribute: str, code: str, value: Any, **also: Any) -> Fault:
    """A valid registration that is right but for one cell; `also` sets others so that nothing else is wrong."""

    def lines_of(maker: HistoryMaker) -> list[Line]:
        values = maker.row()
        for name, given in ({attribute: value} | also).items():
            values[name] = given(values) if callable(given) else given
        return [Line(values, {(attribute, code)}, title)]

    return title, lines_of


def _pair(title: str, codes: set[tuple[str, str]], change: Callable[[HistoryMaker, Values], Values]) -> Fault:
    """Two rows that are right each by itself and cannot be true beside each other."""

    def lines_of(maker: HistoryMaker) -> list[Line]:
        first = maker.row()
        return [Line(first, set(codes), title), Line(change(maker, first), set(codes), title)]

    return title, lines_of


def _repeated(maker: HistoryMaker) -> list[Line]:
    values = maker.row()
    title = "the same row twice"
    return [
        Line(values, {("number", "held_back")}, title),
        Line(dict(values), {("specialty", "repeated")}, title),
    ]


def _future(maker: HistoryMaker) -> list[Line]:
    values = maker.row() | {"begins_on": "2091-01-01", "ends_on": "2093-12-31"}
    return [Line(values, {("begins_on", "date_late"), ("ends_on", "past_age")}, "begins in the future")]


def _half(maker: HistoryMaker) -> list[Line]:
    first, second = maker.registration(live=True, several=2)
    title = "one of two rows of a registration"
    return [
        Line(first, {("number", "held_back")}, title),
        Line(second | {"ends_on": "长期"}, {("ends_on", "date")}, title),
    ]


def _nothing_left(maker: HistoryMaker) -> list[Line]:
    title = "valid, and both specialties cancelled"
    rows = [
        row | {"specialty_ended_on": row["begins_on"]} for row in maker.registration(live=True, several=2)
    ]
    return [Line(row, {("specialty_ended_on", "specialty_left")}, title) for row in rows]


def _last_went_before(maker: HistoryMaker) -> list[Line]:
    title = "all specialties cancelled before the registration"
    rows = [
        row | {"specialty_ended_on": row["begins_on"]} for row in maker.registration(live=False, several=2)
    ]
    return [Line(row, {("specialty_ended_on", "specialty_last")}, title) for row in rows]


def _of_two(title: str, code: str, value: Callable[[Values], str], *, live: bool = True) -> Fault:
    """One of two specialties went on a day on which it cannot have gone, and the other row waits for it."""

    def lines_of(maker: HistoryMaker) -> list[Line]:
        first, second = maker.registration(live=live, several=2)
        wrong = first | {"specialty_ended_on": value(first)}
        return [
            Line(wrong, {("specialty_ended_on", code)}, title),
            Line(second, {("number", "held_back")}, title),
        ]

    return title, lines_of


def _one_went_first(maker: HistoryMaker) -> list[Line]:
    """What is right: one of two specialties was cancelled before the other."""
    first, second = maker.registration(live=True, several=2)
    return [Line(first | {"specialty_ended_on": first["begins_on"]}), Line(second)]


def _other_check(values: Values) -> str:
    number = values["id_number"]
    return f"{number[:17]}{'1' if number[17] != '1' else '2'}"


def _cancelled(values: Values) -> str:
    return f"{int(values['registered_on'][:4]) + 1}-06-30"


FAULTS: tuple[Fault, ...] = (
    _one("name missing", "name", "missing", ""),
    _one("digits in the name", "name", "name_form", "张3"),
    _one("check digit of the ID number", "id_number", "id_number_check", _other_check),
    _one("old number of 15 digits", "id_number", "id_number_old", "439900850615001"),
    _one("gender contradicts", "gender", "gender_differs", lambda row: "女" if row["gender"] == "男" else "男"),
    _one("a passport without a birth date", "birth_date", "missing", "",
         id_type="护照", id_number="E12345678", gender=""),
    _one("registration number too short", "number", "registration_number_form", lambda row: row["number"][:-1]),
    _one("registration number of the first grade", "number", "registration_number_form",
         lambda row: f"湘1{row['number'][2:]}"),
    _one("signs in the certificate number", "certificate_number", "certificate_form", "湘建*1"),
    _one("first registered in another year", "registered_on", "number_year",
         lambda row: f"{int(row['registered_on'][:4]) - 1}{row['registered_on'][4:]}"),
    _one("unknown kind", "kind", "choice", "一级建造师"),
    _one("unknown specialty", "specialty", "choice", "园林工程"),
    _one("no such day", "begins_on", "date", "2024-02-30"),
    ("begins in the future", _future),
    _one("ends before it begins", "ends_on", "term_reversed", "2020-01-01"),
    _one("begins before the first registration", "begins_on", "begins_early",
         lambda row: f"{int(row['registered_on'][:4]) - 1}-01-01"),
    _one("runs past the age limit", "ends_on", "past_age", "2069-01-01"),
    _one("check character of the credit code", "uscc", "uscc_check",
         lambda row: f"{row['uscc'][:-1]}{'0' if row['uscc'][-1] != '0' else '1'}"),
    _one("credit code too short", "uscc", "uscc_form", "9143"),
    _one("unknown enterprise", "uscc", "enterprise_unknown", credit_code(990_001)),
    _one("no code of the employer", "uscc", "employer_code", ""),
    _one("a dissolved enterprise without its city", "region_code", "employer_city", "", uscc="",
         enterprise_name="浏阳示例建筑公司（已注销）", status="注销", cancelled_on=_cancelled, cancelled_reason=_REASONS[0]),
    _one("a city of another province", "region_code", "city", "武汉市"),
    _one("a check code of three digits", "seal_check_code", "seal_check_code", "100"),
    _one("another name of the enterprise", "enterprise_name", "enterprise_name", "长沙示列建设有限公司"),
    _one("unknown status", "status", "choice", "挂失"),
    _one("valid and cancelled", "cancelled_on", "not_cancelled", _cancelled),
    _one("cancelled without a day", "cancelled_on", "missing", "", status="注销", cancelled_reason=_REASONS[0]),
    _one("cancelled without a reason", "cancelled_reason", "missing", "", status="注销", cancelled_on=_cancelled),
    _one("cancelled before the first registration", "cancelled_on", "cancelled_early", "2003-01-01",
         status="注销", cancelled_reason=_REASONS[0]),
    _of_two("a specialty cancelled before its term", "specialty_ended_early",
            lambda row: f"{int(row['begins_on'][:4]) - 1}-06-30"),
    _of_two("a specialty cancelled after the registration", "specialty_ended_late",
            lambda row: f"{int(row['cancelled_on'][:4]) + 1}-01-01", live=False),
    ("all specialties cancelled before the registration", _last_went_before),
    ("valid, and both specialties cancelled", _nothing_left),
    ("one of two specialties cancelled first", _one_went_first),
    ("the same row twice", _repeated),
    ("one of two rows of a registration", _half),
    _pair("the same registration number for two people", {("number", "same_number")},
          lambda maker, first: maker.row() | {"number": first["number"], "registered_on": first["registered_on"],
                                             "specialty": "机电工程" if first["specialty"] != "机电工程" else "公路工程"}),
    _pair("two valid registrations of one person", {("number", "two_live")},
          lambda maker, first: maker.row() | {name: first[name] for name in ("name", "id_number", "gender", "kind")}),
    _pair("the same certificate number twice", {("certificate_number", "same_certificate")},
          lambda maker, first: maker.row() | {"certificate_number": first["certificate_number"]}),
    _pair("two names for one ID number", {("name", "other_name")},
          lambda maker, first: maker.row() | {"id_number": first["id_number"], "gender": first["gender"], "name": "易名",
                                             "kind": "二级临时" if "临时" not in first["kind"] else "二级"}),
)  # fmt: skip


def lines(seed: int = SEED) -> list[Line]:
    """All rows under the heading row, the wrong ones strewn among the good ones."""
    maker = HistoryMaker(seed)
    made = [[Line(row) for row in maker.registration()] for _ in range(REGISTRATIONS)]
    apart = len(made) // (len(FAULTS) + 1)
    for position, (_title, fault) in reversed(list(enumerate(FAULTS, 1))):
        made.insert(position * apart, fault(maker))
    return [line for several in made for line in several]


def workbook(seed: int = SEED) -> bytes:
    book = Workbook()
    sheet: Any = book.active
    sheet.title = HISTORY.sheet
    sheet["A1"] = "湖南省二级建造师注册历史数据（演示数据，人员均为虚构）"
    sheet["A1"].font, sheet["A1"].alignment = Font(bold=True, size=16), Alignment(horizontal="center")
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(HISTORY.columns))
    write_headings(sheet, HISTORY.columns, HEADING_ROW)
    for number, line in enumerate(lines(seed), HEADING_ROW + 1):
        for place, column in enumerate(HISTORY.columns, 1):
            if value := line.values[column.attribute]:
                cell = sheet.cell(number, place, value)
                cell.data_type, cell.number_format = "s", "@"
    data = io.BytesIO()
    book.save(data)
    return lasting(data.getvalue())


def main() -> None:
    for name, data in (
        ("history.xlsx", workbook()),
        ("history-template.xlsx", lasting(template(HISTORY, allowed()))),
    ):
        (FOLDER / name).write_bytes(data)
        print(f"samples/{name}: {len(data):,} bytes")


if __name__ == "__main__":
    main()
