"""Writes the sample list of 资格证, with rows that are each wrong in their own way, and the empty template."""

import csv
import io
import re
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from stdnum.cn import ric

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent))

# The line above makes the project importable from wherever this file is run.
from app.services.imports.template import template, write_headings  # noqa: E402
from app.services.qualification_import.columns import COLUMNS  # noqa: E402
from app.services.qualification_import.kind import QUALIFICATIONS  # noqa: E402
from samples.fictitious import AREA, CAST, SPECIALTIES, Maker, Values  # noqa: E402

SEED = 20190601
PERSONS = 2_000
HEADING_ROW = 3


@dataclass
class Line:
    """One row of the list, and the codes by which the import must find it; none for a good row."""

    values: Values
    codes: set[tuple[str, str]] = field(default_factory=set)
    title: str = ""


def _day_as(form: str) -> Callable[[Values], Values]:
    return lambda row: {"issued_on": date.fromisoformat(row["issued_on"]).strftime(form)}


def _without(*names: str) -> Callable[[Values], Values]:
    return lambda _row: dict.fromkeys(names, "")


def _full_width(row: Values) -> Values:
    return {"id_number": "".join(chr(ord(sign) + 0xFEE0) for sign in row["id_number"].lower())}


def _stretched(row: Values) -> Values:
    name = row["name"]
    return {"name": f"{name[0]}\u3000{name[1:]}" if len(name) == len("张伟") else f" {name} "}


# How other clerks would have typed the same row; the import must understand them all.
VARIATIONS: tuple[Callable[[Values], Values], ...] = (
    lambda row: {"issued_on": date.fromisoformat(row["issued_on"])},
    _day_as("%Y年%m月%d日"),
    _day_as("%Y/%m/%d"),
    _day_as("%Y.%m.%d"),
    _day_as("%Y%m%d"),
    _full_width,
    _stretched,
    lambda row: {"year_obtained": int(row["year_obtained"])},
    lambda row: {"province": "湖南", "specialty": row["specialty"].removesuffix("工程")},
    lambda row: {"graduation_date": row["graduation_date"].replace("-", "年") + "月"},
    _without("management_number", "employer", "school", "major", "id_type"),
    lambda row: {"gender": "", "birth_date": "", "method": "" if row["method"] == "考试" else "考核"},
    *(_without(),) * 12,
)


Fault = tuple[str, Callable[[Maker], list[Line]]]


def _one(title: str, attribute: str, code: str, value: Any, **also: Any) -> Fault:
    """A row that is right but for one cell; `also` sets others so that nothing else is wrong."""

    def lines(maker: Maker) -> list[Line]:
        values = maker.row()
        for name, given in ({attribute: value} | also).items():
            values[name] = given(values) if callable(given) else given
        return [Line(values, {(attribute, code)}, title)]

    return title, lines


def _reissued(body: str) -> str:
    """An ID number with this body and the check digit that belongs to it."""
    return body + ric.calc_check_digit(f"{body}0")


def _other_check_digit(values: Values) -> str:
    number = values["id_number"]
    return f"{number[:17]}{'1' if number[17] != '1' else '2'}"


def _pair(title: str, code: tuple[str, str], change: Callable[[Maker, Values], Values]) -> Fault:
    """Two rows that are right each by itself and cannot be true beside each other."""

    def lines(maker: Maker) -> list[Line]:
        first = maker.row("建筑工程")
        second = change(maker, first)
        return [Line(first, {code}, title), Line(second, {code}, title)]

    return title, lines


def _repeated(maker: Maker) -> list[Line]:
    values = maker.row()
    return [Line(values), Line(dict(values), {("certificate_number", "repeated")}, "the same row twice")]


def _merged(maker: Maker) -> list[Line]:
    title = "merged cells"
    first, second = maker.row(), maker.row()
    second["employer"] = None
    return [Line(first, {("employer", "merged")}, title), Line(second, {("employer", "merged")}, title)]


def _many(maker: Maker) -> list[Line]:
    values = maker.row() | {"name": "", "id_number": "12345", "specialty": "园林", "issued_on": "去年"}
    codes = {
        ("name", "missing"), ("id_number", "id_number_form"), ("specialty", "choice"), ("issued_on", "date"),
    }  # fmt: skip
    return [Line(values, codes, "four faults at once")]


_BORN_LATE = {
    "id_number": _reissued(f"{AREA}19990228111"),
    "gender": "男",
    "birth_date": "1999-02-28",
    "issued_on": "2019-12-20",
    "graduation_date": "2018-06",
}

FAULTS: tuple[Fault, ...] = (
    _one("name missing", "name", "missing", ""),
    _one("digits in the name", "name", "name_form", "张3"),
    _one("name of one character", "name", "name_short", "张"),
    _one("name by formula", "name", "formula", '=CONCATENATE("张","三")'),
    _one("error of Excel", "major", "cell_error", "#N/A"),
    _one("check digit", "id_number", "id_number_check", _other_check_digit),
    _one("17 characters", "id_number", "id_number_form", lambda row: row["id_number"][:17]),
    _one("old number of 15 digits", "id_number", "id_number_old", "439900850615001"),
    _one("31 June in the number", "id_number", "id_number_date", _reissued("43990019850631001")),
    _one("number that Excel rounded", "id_number", "rounded", lambda row: float(row["id_number"][:17]) * 10),
    _one(
        "gender contradicts", "gender", "gender_differs", lambda row: "女" if row["gender"] == "男" else "男"
    ),
    _one("birth date contradicts", "birth_date", "birth_date_differs", "1990-02-27"),
    _one("unknown specialty", "specialty", "choice", "园林工程"),
    _one("specialty missing", "specialty", "missing", ""),
    _one("year to come", "year_obtained", "year", "2091"),
    _one("year in words", "year_obtained", "year", "二〇一九年"),
    _one("under age", "year_obtained", "under_age", "2008", **_BORN_LATE),
    _one("no such day", "issued_on", "date", "2019-02-30"),
    _one("day to come", "issued_on", "date_late", "2091-06-01"),
    _one("day too long ago", "issued_on", "date_early", "1999-06-01"),
    _one(
        "issued too early", "issued_on", "issued_early", lambda row: f"{int(row['year_obtained']) - 1}-12-01"
    ),
    _one("number of Excel days", "issued_on", "date", 43_819),
    _one(
        "graduated as a child",
        "graduation_date",
        "graduated_early",
        lambda row: f"{int(row['birth_date'][:4]) + 9}-06",
    ),
    _one("unknown method", "method", "choice", "赠予"),
    _one("unknown education", "education", "choice", "博导"),
    _one("unknown province", "province", "province", "湖难省"),
    _one("text like a formula", "employer", "lively", '+HYPERLINK("http://example.invalid")'),
    _one("text too long", "employer", "too_long", "虚构" * 101),
    _one("signs in the certificate number", "certificate_number", "certificate_form", "4320*9_01"),
    _one("certificate number that Excel rounded", "certificate_number", "rounded", 4.32019010000123e18),
    _one("signs in the management number", "management_number", "management_form", "2019/06/04"),
    _one(
        "passport number too short",
        "id_number",
        "document_form",
        "E12",
        id_type="护照",
        gender="",
        birth_date="",
    ),
    ("the same row twice", _repeated),
    ("merged cells", _merged),
    ("four faults at once", _many),
    _pair(
        "the same certificate number for two people",
        ("certificate_number", "same_certificate"),
        lambda maker, first: maker.row() | {"certificate_number": first["certificate_number"]},
    ),
    _pair(
        "the same specialty twice for one person",
        ("specialty", "same_specialty"),
        lambda maker, first: maker.row("建筑工程", (first["name"], first["id_number"])),
    ),
    _pair(
        "two names for one ID number",
        ("name", "other_name"),
        lambda maker, first: maker.row("公路工程", ("易名", first["id_number"])),
    ),
)


def _varied(row: Values, maker: Maker) -> Values:
    return row | maker.chance.choice(VARIATIONS)(row)


def lines(seed: int = SEED) -> list[Line]:
    """All rows under the heading row, the wrong ones strewn among the good ones."""
    maker = Maker(seed)
    made = [Line(maker.row(one, (name, number))) for name, number, several in CAST for one in several]
    for _ in range(PERSONS):
        person = maker.person()
        several = maker.chance.sample(tuple(SPECIALTIES), maker.chance.choices((1, 2, 3), (84, 13, 3))[0])
        made += [Line(_varied(maker.row(one, person), maker)) for one in several]
    apart = len(made) // (len(FAULTS) + 1)
    for position, (_title, fault) in reversed(list(enumerate(FAULTS, 1))):
        wrong = fault(maker)
        made[position * apart : position * apart] = wrong
    return made


def workbook(seed: int = SEED) -> bytes:
    book = Workbook()
    sheet: Any = book.active
    sheet.title = QUALIFICATIONS.sheet
    sheet["A1"] = "湖南省二级建造师资格证书信息表（演示数据，人员与单位均为虚构）"
    sheet["A1"].font, sheet["A1"].alignment = Font(bold=True, size=16), Alignment(horizontal="center")
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(COLUMNS))
    write_headings(sheet, COLUMNS, HEADING_ROW)
    for number, line in enumerate(lines(seed), HEADING_ROW + 1):
        for place, column in enumerate(COLUMNS, 1):
            _write(sheet.cell(number, place), line.values[column.attribute], line.codes)
        if ("employer", "merged") in line.codes and line.values["employer"] is None:
            sheet.merge_cells(start_row=number - 1, end_row=number, start_column=6, end_column=6)
    notes = book.create_sheet("说明")
    notes["A1"] = "本表人员与单位均为虚构；行政区划代码 439900 未曾使用。"
    notes.sheet_state = "hidden"
    data = io.BytesIO()
    book.save(data)
    return lasting(data.getvalue())


def _write(cell: Any, value: Any, codes: set[tuple[str, str]]) -> None:
    if value in ("", None):
        return
    cell.value = value
    if isinstance(value, str) and not {code for _, code in codes} & {"formula", "cell_error"}:
        cell.data_type, cell.number_format = "s", "@"
    elif isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"


def lasting(data: bytes) -> bytes:
    """The same package without the hour at which it was made, so that the same rows are the same file."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as package,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as lasts,
    ):
        for part in package.infolist():
            content = (
                re.sub(
                    rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*",
                    rb"\g<1>2019-06-01T00:00:00Z",
                    package.read(part),
                )
                if part.filename == "docProps/core.xml"
                else package.read(part)
            )
            lasts.writestr(
                zipfile.ZipInfo(part.filename, (2019, 6, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED
            )
    return made.getvalue()


def allowed() -> dict[str, str]:
    """The values of each dictionary as they are shipped."""
    return {
        path.stem: "、".join(_labels(path))
        for path in sorted((FOLDER.parent / "app/cli/reference/dictionaries").glob("*.csv"))
    }


def _labels(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield row["label_zh"]


def main() -> None:
    for name, data in (
        ("qualifications.xlsx", workbook()),
        ("qualifications-template.xlsx", lasting(template(QUALIFICATIONS, allowed()))),
    ):
        (FOLDER / name).write_bytes(data)
        print(f"samples/{name}: {len(data):,} bytes")


if __name__ == "__main__":
    main()
