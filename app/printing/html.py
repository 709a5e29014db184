"""Turn a document into HTML: labels translated, values escaped, pictures inside as data; nothing is fetched later."""

import base64
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from app.printing.documents import Document, Field, ListedPerson, NameList, Table, Translate
from app.printing.drawing import check_picture

TEMPLATES: Final = Path(__file__).parent / "templates"
SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
# A cell without a value says so: an empty one could be filled in by hand after the print.
NOTHING: Final = "—"
# Room to write a number by hand; ordinary and ideographic spaces would collapse.
BLANK: Final = "\N{NO-BREAK SPACE}" * 6
# From here on characters are written without spaces between words.
WIDE: Final = re.compile("[\u2e80-\ud7ff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")

_environment: Final = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def picture(data: bytes) -> str:
    """A data: address of a JPEG or PNG that was decoded once to be sure; PrintFailed for anything else."""
    check_picture(data)
    kind = "png" if data.startswith(b"\x89PNG") else "jpeg"
    return f"data:image/{kind};base64,{base64.b64encode(data).decode()}"


def lines(fields: Iterable[Field]) -> Iterator[tuple[Field, ...]]:
    """Two fields to a line; a wide one, and one that finds no partner, stands alone."""
    waiting: Field | None = None
    for field in fields:
        if field.wide:
            if waiting:
                yield (waiting,)
            waiting = None
            yield (field,)
        elif waiting:
            yield waiting, field
            waiting = None
        else:
            waiting = field
    if waiting:
        yield (waiting,)


def shown(value: str) -> str:
    return value if value.strip() else NOTHING


def day(value: date | None) -> str:
    return value.isoformat() if value else NOTHING


def moment(value: datetime) -> str:
    return value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def script(text: str) -> str:
    """The style class by which lines of this text break: between any two characters, or between words."""
    return "chinese" if WIDE.search(text) else "latin"


def share(table: Table, column: int) -> int:
    return table.widths[column] if table.widths else 100 // len(table.columns)


def _person_table(persons: tuple[ListedPerson, ...], translate: Translate) -> Table:
    columns = (
        translate("No."),
        translate("Name"),
        translate("ID number"),
        translate("Employing enterprise"),
        translate("Specialties"),
        translate("Remark"),
    )
    rows = tuple(
        (str(number), one.name, one.id_number, one.enterprise, one.specialties, one.remark)
        for number, one in enumerate(persons, 1)
    )
    return Table(columns, rows, (7, 13, 21, 31, 18, 10))


def to_html(document: Document, translate: Translate) -> str:
    """The document as one self-contained page; `translate` is gettext in the language of the document."""

    def page_of_pages() -> Markup:
        text = escape(translate("Page %(page)s of %(pages)s", page="{page}", pages="{pages}"))
        return text.replace("{page}", Markup("<pdf:pagenumber/>")).replace(
            "{pages}", Markup("<pdf:pagecount/>")
        )

    def long_day(value: date) -> str:
        if document.language == "zh":
            return f"{value.year}年{value.month}月{value.day}日"
        return value.isoformat()

    def date_line() -> str:
        return (
            f"{BLANK * 3}年{BLANK}月{BLANK}日"
            if document.language == "zh"
            else (translate("Date") + ": ____________")
        )

    def person_table() -> Table:
        return _person_table(document.persons if isinstance(document, NameList) else (), translate)

    return _environment.get_template(document.template).render(
        document=document,
        _=translate,
        field=Field,
        lines=lines,
        shown=shown,
        script=script,
        share=share,
        day=day,
        long_day=long_day,
        moment=moment,
        date_line=date_line,
        picture=picture,
        page_of_pages=page_of_pages,
        person_table=person_table,
    )
