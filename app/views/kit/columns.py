"""What a model says of its own attributes, and how one value of a row is shown."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import Boolean, ColumnElement, Date, Integer, Numeric, Text, inspect
from sqlalchemy.orm import ColumnProperty, RelationshipProperty

from app.extensions.clock import local
from app.extensions.columns import EncryptedText, Sealed, UtcDateTime
from app.models.details import read_terms
from app.views.kit.words import Words

Choices = Mapping[str, Any] | Callable[[], Sequence[tuple[str, Any]]]


class Kind(StrEnum):
    """What a value is, as far as showing it and asking for it go."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    WHOLE = "whole"
    AMOUNT = "amount"
    DAY = "day"
    INSTANT = "instant"
    FLAG = "flag"
    CHOICE = "choice"
    REGION = "region"
    STATE = "state"
    DECLARATION_TYPE = "declaration_type"
    TERMS = "terms"
    GRADES = "grades"
    SEALED = "sealed"
    WRITE_ONLY = "write_only"


@dataclass(frozen=True)
class Attribute:
    """One attribute of a model, reached through `path` when it belongs to a related row."""

    model: type
    name: str
    kind: Kind
    label: Any
    path: tuple[str, ...] = ()
    dictionary: str = ""
    required: bool = False
    fixed: bool = False
    longest: int | None = None
    digits: int = 0
    nullable: bool = True
    owned: bool = False
    natural_key: bool = False
    """A key that people write themselves, such as a day: asked for once and never changed."""

    def of(self, row: Any) -> Any:
        """The stored value; None when a relation on the way is empty. Nothing sealed is decrypted here."""
        for step in self.path:
            row = getattr(row, step) if row is not None else None
        if row is None or self.kind is Kind.WRITE_ONLY:
            return None
        return getattr(row, f"{self.name}_masked" if self.kind is Kind.SEALED else self.name)

    @property
    def reader(self) -> Callable[[Any], Any]:
        """`of` for many rows: what can be known without a row is looked up once."""
        if self.path or self.kind is Kind.WRITE_ONLY:
            return self.of
        return attrgetter(f"{self.name}_masked" if self.kind is Kind.SEALED else self.name)

    @property
    def key(self) -> str:
        return ".".join((*self.path, self.name))


@dataclass(frozen=True)
class Column:
    """A column of a list or a line of a page: an attribute, or words that are made from the row."""

    name: str
    label: Any = None
    text: Callable[[Any], Any] | None = None
    tone: Callable[[Any], str] | None = None
    """The colour of the row's mark, from whatever the row holds."""
    choices: Choices | None = None
    narrow: bool = False
    words: Callable[[Any], Any] | None = None
    """Words that are made from the stored value alone: once for each value of a page or an export, not each row."""
    words_tone: Callable[[Any], str] | None = None
    """The colour that goes with the words, from the stored value alone as well."""
    sql: Callable[[Words], ColumnElement[Any]] | None = None
    """The twin of `text` for exports: the same words as an expression over the model, made by the database."""


class Cell(NamedTuple):
    """A value in words. `tone` makes it a coloured mark; `reveal` names what a button can show in full."""

    text: str
    tone: str = ""
    reveal: str = ""
    kind: str = Kind.TEXT


class Unknown(AttributeError):
    """A screen names an attribute that its model does not have: the start fails instead of a page."""


def attribute(model: Any, name: str) -> Attribute:
    """What `model` says of `name`; `enterprise.name` goes through a relation. Raises `Unknown`."""
    return _attribute(model, name)


@cache
def _attribute(model: Any, name: str) -> Attribute:
    *path, last = name.split(".")
    for step in path:
        relation: Any = inspect(model).all_orm_descriptors.get(step)
        if not isinstance(getattr(relation, "property", None), RelationshipProperty):
            raise Unknown(f"{model.__name__} has no relation {step}.")
        model = relation.property.mapper.class_
    declared = getattr(model, last, None)
    if isinstance(declared, Sealed):
        return _sealed(model, last, tuple(path))
    found: Any = inspect(model).attrs.get(last)
    if not isinstance(found, ColumnProperty):
        raise Unknown(f"{model.__name__} has no column {last}.")
    column: Any = found.columns[0]
    info = column.info
    return Attribute(
        model=model,
        name=last,
        kind=_kind(column),
        label=info.get("label", last),
        path=tuple(path),
        dictionary=info.get("dictionary", ""),
        required=bool(info.get("required")) or not (column.nullable or column.default or column.primary_key),
        fixed=bool(info.get("fixed")),
        longest=getattr(column.type, "length", None) or getattr(column.type, "precision", None),
        digits=getattr(column.type, "scale", None) or 0,
        nullable=bool(column.nullable),
        owned=_is_owned(model, column),
        natural_key=bool(column.primary_key and column.table.autoincrement_column is not column),
    )


def _is_owned(model: type, column: Any) -> bool:
    """Whether the platform alone writes it: keys, owners, the state, the version, the kind of declaration."""
    info = column.info
    return bool(
        (column.primary_key and column.table.autoincrement_column is column)
        or info.get("state")
        or info.get("declaration_type")
        or (column.foreign_keys and not info.get("region"))
        or column is inspect(model).version_id_col
    )


def _sealed(model: type, name: str, path: tuple[str, ...]) -> Attribute:
    shown: Any = inspect(model).attrs[f"{name}_masked"]
    info = shown.columns[0].info
    return Attribute(
        model=model, name=name, kind=Kind.SEALED, label=info["label"], path=path,
        required=bool(info.get("required", True)), fixed=bool(info.get("fixed")),
    )  # fmt: skip


_BY_TYPE: tuple[tuple[type, Kind], ...] = (
    (EncryptedText, Kind.WRITE_ONLY),
    (Boolean, Kind.FLAG),
    (Date, Kind.DAY),
    (UtcDateTime, Kind.INSTANT),
    (Integer, Kind.WHOLE),
    (Numeric, Kind.AMOUNT),
    (Text, Kind.LONG_TEXT),
)


def _kind(column: Any) -> Kind:
    for key, kind in (
        ("terms", Kind.TERMS),
        ("grades", Kind.GRADES),
        ("dictionary", Kind.CHOICE),
        ("region", Kind.REGION),
        ("state", Kind.STATE),
        ("declaration_type", Kind.DECLARATION_TYPE),
    ):
        if column.info.get(key):
            return kind
    return next((kind for type_, kind in _BY_TYPE if isinstance(column.type, type_)), Kind.TEXT)


def label_of(model: type, column: Column) -> Any:
    return column.label if column.label is not None else attribute(model, column.name).label


def cell(model: type, column: Column, row: Any, words: Words) -> Cell:
    """The value of one row in words."""
    if column.text is not None:
        return Cell(str(column.text(row) or ""), column.tone(row) if column.tone else "")
    known = attribute(model, column.name)
    if known.kind is Kind.WRITE_ONLY and not known.path and getattr(row, known.name) is not None:
        found = Cell(str(_("Stored encrypted and never shown again.")))
    else:
        found = said(known, column, known.of(row), words)
    return found._replace(tone=column.tone(row) or found.tone) if column.tone else found


def said(known: Attribute, column: Column, value: Any, words: Words) -> Cell:
    """A stored value in the words of its column: the same for every row that holds it."""
    if column.words is not None:
        return Cell(str(column.words(value) or ""), column.words_tone(value) if column.words_tone else "")
    if column.choices is not None:
        return Cell(str(dict(options(column.choices)).get(value, value or "")))
    if known.kind is Kind.STATE:
        text, colour = words.state(value)
        return Cell(text, colour)
    reveal = known.name if known.kind is Kind.SEALED and value and not known.path else ""
    return Cell(in_words(known, value, words), "", reveal, known.kind)


def options(choices: Choices) -> Sequence[tuple[str, Any]]:
    return choices() if callable(choices) else tuple(choices.items())


def in_words(known: Attribute, value: Any, words: Words) -> str:
    """A stored value as people read it."""
    if value is None or value == "":
        return ""
    if known.kind is Kind.CHOICE:
        return words.choice(known.dictionary, value)
    if known.kind is Kind.TERMS:
        terms = [(words.choice(known.dictionary, code), ends_on) for code, ends_on in read_terms(value)]
        return str(_(", ")).join(_("%(name)s until %(date)s", name=name, date=day) for name, day in terms)
    if known.kind is Kind.REGION:
        return words.region_path(value) if known.name.endswith("county_code") else words.region(value)
    if known.kind in {Kind.DECLARATION_TYPE, Kind.GRADES}:
        return words.grades(value) if known.kind is Kind.GRADES else words.declaration_type(value)
    return plain(value)


def plain(value: Any) -> str:
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    if isinstance(value, datetime):
        # Flask-AppBuilder's own columns hold UTC without saying so.
        value = value if value.tzinfo else value.replace(tzinfo=UTC)
        return local(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(value)
