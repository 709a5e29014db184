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
    email: str = ""


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
    qualification_category: str
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
    """The persons of a form on sheets of their own; `number` is that of the form, `authority` who answers for it."""

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


@dataclass(frozen=True, kw_only=True)
class QualificationRow:
    """A 资格证 as the form of 初始申报 shows it; hours are asked for only when it is overdue."""

    number: str
    management_number: str
    specialty: str
    issued_on: date | None
    required_hours: str = ""
    elective_hours: str = ""


def qualification_section(rows: tuple[QualificationRow, ...], gettext: Translate) -> Section:
    """执业资格证书 block of the initial registration (domain notes 6.1)."""
    columns = (
        gettext("Qualification certificate number"),
        gettext("Management number"),
        gettext("Date of issue"),
        gettext("Specialty to register"),
        gettext("Mandatory hours"),
        gettext("Elective hours"),
    )
    cells = tuple(
        (
            row.number,
            row.management_number,
            row.issued_on.isoformat() if row.issued_on else "",
            row.specialty,
            row.required_hours,
            row.elective_hours,
        )
        for row in rows
    )
    return Section(
        gettext("Qualification certificates"), table=Table(columns, cells, (22, 22, 15, 17, 12, 12))
    )


def registered_section(rows: tuple[tuple[str, date | None, str, str], ...], gettext: Translate) -> Section:
    """注册专业 block of what is about a registration: specialty, its end, mandatory and elective hours (notes: 6.1)."""
    columns = (
        gettext("Specialty"),
        gettext("Valid until"),
        gettext("Mandatory hours"),
        gettext("Elective hours"),
    )
    cells = tuple(
        (specialty, ends_on.isoformat() if ends_on else "", mandatory, elective)
        for specialty, ends_on, mandatory, elective in rows
    )
    return Section(gettext("Registered specialties"), table=Table(columns, cells, (40, 24, 18, 18)))


def former_employer_promise(gettext: Translate) -> Promise:
    """原聘用企业意见 of a transfer (notes: 2.9)."""
    return Promise(
        gettext("Opinion of the former employer"),
        gettext("Our enterprise has ended the labour contract with this person and agrees to the transfer."),
        (gettext("Legal representative (signature)"), gettext("Enterprise (official seal)")),
    )


def applicant_promise(
    gettext: Translate, signature: bytes | None = None, *, gives_up: bool = False
) -> Promise:
    """申请人承诺, with the person's signature when it is on file; who gives up a registration claims no employment."""
    words = (
        gettext(
            "I ask for, or agree to, the cancellation of the registration named in this form. The particulars and the "
            "material that I hand in are true. I bear the legal responsibility for a false declaration."
        )
        if gives_up
        else gettext(
            "I am employed by this enterprise and by no other, have a labour contract with it and am insured "
            "through it. The particulars and the material that I hand in are true. I have concealed no "
            "circumstance under which registration is refused. I bear the legal responsibility for a false "
            "declaration."
        )
    )
    return Promise(gettext("Promise of the applicant"), words, (gettext("Applicant (signature)"),), signature)


def enterprise_promise(gettext: Translate, *, gives_up: bool = False) -> Promise:
    """聘用企业承诺; in a cancellation the enterprise may employ the person no longer."""
    words = (
        gettext(
            "Our enterprise asks for, or agrees to, the cancellation of the registration named in this form. We have "
            "examined the particulars and the material and found them true. We bear the legal responsibility for a "
            "false declaration."
        )
        if gives_up
        else gettext(
            "Our enterprise employs this person, has signed a labour contract and pays the social "
            "insurance. We have examined the particulars and the material of this declaration, found them "
            "true and agree to it. We bear the legal responsibility for a false declaration."
        )
    )
    return Promise(
        gettext("Promise of the employing enterprise"),
        words,
        (gettext("Legal representative (signature)"), gettext("Enterprise (official seal)")),
    )
