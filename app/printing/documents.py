"""What each printed form says: plain values, already masked and in words; the labels are in the templates."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Final, Literal

Language = Literal["zh", "en"]
# gettext under the language of the document: a message and the values of its placeholders.
Translate = Callable[..., str]

MASK: Final = "*"


@dataclass(frozen=True)
class Field:
    """A label and its value; `wide` takes a line of its own."""

    label: str
    value: str
    wide: bool = False


@dataclass(frozen=True)
class Table:
    """Rows of text under column heads; `widths` in percent, evenly shared when left out."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError("a row has another number of cells than the table has columns")


@dataclass(frozen=True)
class Section:
    """One titled block of a form: pairs of label and value, then a table."""

    title: str
    fields: tuple[Field, ...] = ()
    table: Table | None = None


@dataclass(frozen=True)
class Promise:
    """A 承诺 or an opinion: its words, and who signs below them (each with a line and a date)."""

    title: str
    text: str
    signers: tuple[str, ...]
    signature: bytes | None = None


@dataclass(frozen=True, kw_only=True)
class Document:
    """What every print has. `number` stands on every page, `printed_at` is aware."""

    language: Language
    number: str
    printed_at: datetime


@dataclass(frozen=True, kw_only=True)
class Form(Document):
    """A document that is laid out from a template."""

    template: ClassVar[str]


@dataclass(frozen=True, kw_only=True)
class PersonDetails:
    name: str
    gender: str
    birth_date: date | None
    ethnicity: str
    id_type: str
    id_number: str
    mobile: str
    phone: str = ""


@dataclass(frozen=True, kw_only=True)
class EnterpriseDetails:
    name: str
    uscc: str
    legal_representative: str
    registered_place: str
    enterprise_type: str
    address: str
    contact: str
    contact_phone: str
    qualification_kind: str
    qualification_grade: str
    qualification_number: str


@dataclass(frozen=True, kw_only=True)
class ApplicationForm(Form):
    """申报表 of any declaration type: the common head, then the type's own sections and promises."""

    template: ClassVar[str] = "application_form.html"

    declaration_type: str
    registration_kind: str
    authority: str
    person: PersonDetails
    enterprise: EnterpriseDetails
    photo: bytes | None = None
    sections: tuple[Section, ...] = ()
    promises: tuple[Promise, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AcceptanceNotice(Form):
    """受理通知书: that a declaration was accepted, when, by whom, and what follows."""

    template: ClassVar[str] = "acceptance_notice.html"

    accepted_on: date
    enterprise: str
    applicant: str
    matter: str
    contact: str
    mobile: str
    officer: str
    authority: str
    notice: str


@dataclass(frozen=True, kw_only=True)
class EnterpriseChangeForm(Form):
    """变更申请表: what an enterprise wants changed, as it was and as it shall be, and whose registrations follow."""

    template: ClassVar[str] = "enterprise_change_form.html"

    enterprise: str
    authority: str
    changed_on: date | None
    reason: str
    comparison: Table
    persons: Table
    annexed: int = 0
    """So many persons stand in an annex instead, since they are too many for a form."""
    promises: tuple[Promise, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PersonsAnnex(Document):
    """A table of persons on sheets of its own; `number` is that of the form it is annexed to, `authority` who signs it.

    A list that belongs to several forms has no number.
    """

    title: str
    introduction: tuple[str, ...]
    persons: Table
    authority: str
    dated: date


@dataclass(frozen=True)
class ListedPerson:
    """One line of a published list; `id_number` must be masked already."""

    name: str
    id_number: str
    enterprise: str
    specialties: str
    remark: str = ""


@dataclass(frozen=True, kw_only=True)
class NameList(Document):
    """公示 or 公告 list; `number` is that of the batch, `introduction` the sentences above the table."""

    title: str
    introduction: tuple[str, ...]
    persons: tuple[ListedPerson, ...]
    authority: str
    dated: date

    def __post_init__(self) -> None:
        if any(MASK not in person.id_number for person in self.persons):
            raise ValueError("a published list shows masked ID numbers only")
