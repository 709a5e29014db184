"""What a dry run finds: a place, a code and its parameters, which become a sentence in any language."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

from flask_babel import gettext, lazy_gettext as _l
from openpyxl.utils import get_column_letter

from app.models.identity import ID_NUMBER_MESSAGES

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
    "name_form": _l("A name has only Chinese characters or letters, and “·” between its parts."),
    "name_short": _l("A name has at least two characters."),
    "choice": _l("“%(heading)s” must be one of these: %(allowed)s."),
    "year": _l("Type a year of four digits from %(first)s to %(last)s."),
    "date": _l("This is not a date. Type it like 2019-06-30."),
    "date_early": _l("This date is too long ago: before %(first)s there were no such certificates."),
    "date_late": _l("This date lies in the future."),
    "document_form": _l("The number of this kind of document has 5 to 20 letters and digits."),
    "repeated": _l("This row repeats row %(other)s."),
    "other_name": _l("Row %(other)s has the same ID number with another name."),
    **ID_NUMBER_MESSAGES,
}
"""What may be wrong in a list of any kind; a kind adds what is wrong in its own alone."""

NOTICES: dict[str, Any] = {
    "hidden_sheets": _l("Hidden sheets were not read: %(count)s."),
    "other_sheets": _l("Sheets without the heading row were not read: %(count)s."),
    "unused_columns": _l("Columns that the list does not know were not read: %(columns)s."),
    "left_alone": _l(
        "Rows whose draft was begun before: %(count)s. These drafts were left as they are; change them there."
    ),
}

_SAID = "said"


class Wrong(Exception):
    """What is wrong with one cell: a code of the kind's messages and its parameters."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


@dataclass(frozen=True)
class Wording:
    """How the findings of one kind of list are said: its headings by attribute, and the sentence of each code."""

    headings: Mapping[str, str]
    messages: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RowFinding:
    """One thing that is wrong in one cell. It holds no personal data, so that it may be kept and shown."""

    row: int
    column: int
    attribute: str
    code: str
    params: Mapping[str, Any]
    wording: Wording = field(compare=False, repr=False)

    @property
    def letter(self) -> str:
        return get_column_letter(self.column)

    @property
    def heading(self) -> str:
        return self.wording.headings.get(self.attribute, self.attribute)

    @property
    def message(self) -> str:
        if self.code == _SAID:
            return _say(self.params)
        return str(self.wording.messages[self.code]) % {"heading": self.heading, **self.params}


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that was left aside without being wrong."""

    code: str
    params: Mapping[str, Any]

    @property
    def message(self) -> str:
        return str(NOTICES[self.code]) % self.params


@dataclass(frozen=True)
class Findings:
    """All that a dry run has to say: what is wrong, what is still to do for good rows, and what was left aside.

    A row that is left aside is named at its cell; the notices speak of the list as a whole.
    """

    rows: list[RowFinding] = field(default_factory=list)
    to_do: list[RowFinding] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    aside: list[RowFinding] = field(default_factory=list)


def stored(found: Findings) -> str:
    return json.dumps(
        {
            **{
                name: [[one.row, one.column, one.attribute, one.code, one.params] for one in rows]
                for name, rows in (("rows", found.rows), ("to_do", found.to_do), ("aside", found.aside))
            },
            "notices": [[one.code, one.params] for one in found.notices],
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def restored(text: str, wording: Wording) -> Findings:
    kept = json.loads(text)
    return Findings(
        [_at(row, wording) for row in kept["rows"]],
        [_at(row, wording) for row in kept.get("to_do", ())],
        [Notice(*notice) for notice in kept["notices"]],
        [_at(row, wording) for row in kept.get("aside", ())],
    )


def _at(kept: list[Any], wording: Wording) -> RowFinding:
    row, column, attribute, code, params = kept
    return RowFinding(row, column, attribute, code, params, wording)


def said(message: Any) -> tuple[str, Mapping[str, Any]]:
    """Code and parameters of a finding that says what a rule of the platform said, in any language later on."""
    return _SAID, _told(message)


def _told(message: Any) -> dict[str, Any]:
    """A translated sentence as the text that it is translated from; its parameters may be such sentences too."""
    source = getattr(message, "_args", None)
    if not source:
        return {"text": str(message)}
    given = getattr(message, "_kwargs", {})
    return {"text": source[0], "params": {name: _plain(value) for name, value in given.items()}}


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value if isinstance(value, str | int | float) else _told(value)


def _say(kept: Mapping[str, Any]) -> str:
    given = {name: _again(value) for name, value in kept.get("params", {}).items()}
    source = str(kept["text"])
    return str(gettext(source, **given))


def _again(value: Any) -> Any:
    if isinstance(value, list):
        return reduce(
            lambda first, then: str(gettext("%(first)s, %(then)s", first=first, then=then)),
            map(_again, value),
        )
    return _say(value) if isinstance(value, Mapping) else value
