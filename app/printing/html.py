"""Turn a form into HTML: labels translated, values escaped, pictures inside; nothing is fetched later."""

import base64
import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from app.printing.documents import Field, Form, Table, Translate
from app.printing.drawing import check_picture
from app.printing.wording import day, long_day, moment, shown, translation_mark

TEMPLATES: Final = Path(__file__).parent / "templates"
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


def script(text: str) -> str:
    """The style class by which lines of this text break: between any two characters, or between words."""
    return "chinese" if WIDE.search(text) else "latin"


def share(table: Table, column: int) -> int:
    return table.widths[column] if table.widths else 100 // len(table.columns)


def to_html(document: Form, translate: Translate) -> str:
    """The form as one self-contained page; `translate` is gettext in the language of the document."""

    def page_of_pages() -> Markup:
        text = escape(translate("Page %(page)s of %(pages)s", page="{page}", pages="{pages}"))
        return text.replace("{page}", Markup("<pdf:pagenumber/>")).replace(
            "{pages}", Markup("<pdf:pagecount/>")
        )

    def letter_day(value: date) -> str:
        return long_day(value, document.language)

    def date_line() -> str:
        return (
            f"{BLANK * 3}年{BLANK}月{BLANK}日"
            if document.language == "zh"
            else (translate("Date") + ": ____________")
        )

    return _environment.get_template(document.template).render(
        document=document,
        _=translate,
        field=Field,
        lines=lines,
        shown=shown,
        script=script,
        share=share,
        day=day,
        long_day=letter_day,
        mark=translation_mark(document.language, translate),
        moment=moment,
        date_line=date_line,
        picture=picture,
        page_of_pages=page_of_pages,
    )
