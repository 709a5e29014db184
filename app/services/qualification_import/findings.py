"""What a dry run finds: a place, a code and its parameters, which become a sentence in any language."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _l
from openpyxl.utils import get_column_letter

from app.models.identity import ID_NUMBER_MESSAGES
from app.services.qualification_import.columns import BY_ATTRIBUTE

# No message takes anything from the row but lengths, years, row numbers and the first sign of a text.
MESSAGES: dict[str, Any] = {
    "missing": _l("“%(heading)s” must be filled in."),
    "formula": _l("This cell holds a formula. Copy it and paste it as a value."),
    "cell_error": _l("This cell holds an error of Excel, such as #N/A. Type the value."),
    "merged": _l("This cell is merged with others. Unmerge them and type the value in each row."),
    "rounded": _l(
        "Excel has turned this long number into one like 4.3E+17, so its last digits are lost. "
        "Format the column as text and type the number again."
    ),
    "lively": _l(
        "This text begins with “%(sign)s”, which Excel may run as a formula. Type it without this sign."
    ),
    "too_long": _l("“%(heading)s” has %(length)s characters; at most %(limit)s are allowed."),
    "certificate_form": _l(
        "A certificate number has only letters, digits, Chinese characters, brackets and “-”."
    ),
    "management_form": _l("A management number has only letters and digits."),
    "name_form": _l("A name has only Chinese characters or letters, and “·” between its parts."),
    "name_short": _l("A name has at least two characters."),
    "choice": _l("“%(heading)s” must be one of these: %(allowed)s."),
    "province": _l("This is not the name of a province, an autonomous region or a municipality."),
    "year": _l("Type a year of four digits from %(first)s to %(last)s."),
    "date": _l("This is not a date. Type it like 2019-06-30."),
    "date_early": _l("This date is too long ago: before %(first)s there were no such certificates."),
    "date_late": _l("This date lies in the future."),
    "document_form": _l("The number of this kind of document has 5 to 20 letters and digits."),
    "under_age": _l("According to the ID number, this person was not yet %(age)s in the year obtained."),
    "graduated_early": _l("According to the ID number, this person was not yet %(age)s at the graduation."),
    "issued_early": _l("The certificate was issued before the year obtained."),
    "repeated": _l("This row repeats row %(other)s."),
    "same_certificate": _l("Row %(other)s has the same certificate number with other data."),
    "same_specialty": _l("Row %(other)s has the same ID number and the same specialty."),
    "other_name": _l("Row %(other)s has the same ID number with another name."),
    "library_differs": _l(
        "The library already holds this certificate number with other data. What differs: %(headings)s."
    ),
    "library_specialty": _l(
        "The library already holds another certificate for this ID number and specialty."
    ),
    "library_name": _l("The library already holds this ID number with another name."),
    **ID_NUMBER_MESSAGES,
}

NOTICES: dict[str, Any] = {
    "hidden_sheets": _l("Hidden sheets were not read: %(count)s."),
    "other_sheets": _l("Sheets without the heading row were not read: %(count)s."),
    "unused_columns": _l("Columns that the list does not know were not read: %(columns)s."),
}


class Wrong(Exception):
    """What is wrong with one cell: a code of `MESSAGES` and its parameters."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


@dataclass(frozen=True, slots=True)
class RowFinding:
    """One thing that is wrong in one cell. It holds no personal data, so that it may be kept and shown."""

    row: int
    column: int
    attribute: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def letter(self) -> str:
        return get_column_letter(self.column)

    @property
    def heading(self) -> str:
        return BY_ATTRIBUTE[self.attribute].heading

    @property
    def message(self) -> str:
        return str(MESSAGES[self.code]) % {"heading": self.heading, **self.params}


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that was left aside without being wrong."""

    code: str
    params: Mapping[str, Any]

    @property
    def message(self) -> str:
        return str(NOTICES[self.code]) % self.params


def stored(findings: Iterable[RowFinding], notices: Iterable[Notice]) -> str:
    rows = [[one.row, one.column, one.attribute, one.code, one.params] for one in findings]
    return json.dumps(
        {"rows": rows, "notices": [[one.code, one.params] for one in notices]},
        ensure_ascii=False,
        separators=(",", ":"),
    )


def restored(text: str) -> tuple[list[RowFinding], list[Notice]]:
    kept = json.loads(text)
    return [RowFinding(*row) for row in kept["rows"]], [Notice(*notice) for notice in kept["notices"]]
