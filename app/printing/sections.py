"""Sections: the tables that forms of several types have, in the words of the law (domain notes 6.1)."""

from dataclasses import dataclass
from datetime import date

from app.printing.documents import Section, Table, Translate


@dataclass(frozen=True, kw_only=True)
class QualificationRow:
    """A 资格证 that a registration shall rest on; hours are asked for only when it is overdue."""

    number: str
    management_number: str
    specialty: str
    issued_on: date | None
    required_hours: str = ""
    elective_hours: str = ""


def qualification_section(rows: tuple[QualificationRow, ...], gettext: Translate) -> Section:
    """执业资格证书 block of whoever asks for specialties that are not registered."""
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
            _day(row.issued_on),
            row.specialty,
            row.required_hours,
            row.elective_hours,
        )
        for row in rows
    )
    return Section(
        gettext("Qualification certificates"), table=Table(columns, cells, (22, 22, 15, 17, 12, 12))
    )


@dataclass(frozen=True, kw_only=True)
class RegisteredRow:
    """A specialty of the registration that the form is about; `asked` says whether the declaration asks for it."""

    specialty: str
    ends_on: date | None
    asked: bool = True
    required_hours: str = ""
    elective_hours: str = ""


def held_section(rows: tuple[RegisteredRow, ...], gettext: Translate) -> Section:
    """已注册专业 of whoever asks for more of them: nothing of it changes."""
    return Section(gettext("Specialties registered already"), table=_terms(rows, gettext))


def registered_section(rows: tuple[RegisteredRow, ...], gettext: Translate) -> Section:
    """注册专业 of what is about a registration as a whole."""
    return Section(gettext("Registered specialties"), table=_terms(rows, gettext))


def cancelled_section(rows: tuple[RegisteredRow, ...], gettext: Translate) -> Section:
    """注销专业: all of the registration, or some."""
    return Section(gettext("Specialties to be cancelled"), table=_terms(rows, gettext))


def extended_section(rows: tuple[RegisteredRow, ...], gettext: Translate) -> Section:
    """延期专业, with the continuing education of the term that ends."""
    columns = (*_term_columns(gettext), gettext("Mandatory hours"), gettext("Elective hours"))
    cells = tuple((*_term(row), row.required_hours, row.elective_hours) for row in rows)
    return Section(gettext("Registered specialties"), table=Table(columns, cells, (40, 24, 18, 18)))


def renewed_section(rows: tuple[RegisteredRow, ...], gettext: Translate) -> Section:
    """已注册专业, each with 是否延续: also one that is left to run out stands in the form (notes: 2.4)."""
    columns = (
        *_term_columns(gettext),
        gettext("Renewal asked for"),
        gettext("Mandatory hours"),
        gettext("Elective hours"),
    )
    cells = tuple(
        (
            *_term(row),
            gettext("Yes") if row.asked else gettext("No"),
            row.required_hours,
            row.elective_hours,
        )
        for row in rows
    )
    return Section(gettext("Registered specialties"), table=Table(columns, cells, (32, 20, 16, 16, 16)))


def compared(rows: tuple[tuple[str, str, str], ...], gettext: Translate) -> Table:
    """变更前, 变更后: what stands in the register, and what should."""
    return Table((gettext("Item"), gettext("Before"), gettext("After")), rows, (26, 37, 37))


def papers_section(rows: tuple[tuple[str, int], ...], gettext: Translate) -> Section:
    """申报材料: which papers were handed in with the form, and of how many files each is."""
    columns = (gettext("No."), gettext("Material"), gettext("Files"))
    cells = tuple((str(place), label, str(files)) for place, (label, files) in enumerate(rows, 1))
    return Section(gettext("Material handed in"), table=Table(columns, cells, (10, 72, 18)))


def _terms(rows: tuple[RegisteredRow, ...], gettext: Translate) -> Table:
    return Table(_term_columns(gettext), tuple(map(_term, rows)), (60, 40))


def _term_columns(gettext: Translate) -> tuple[str, str]:
    return gettext("Specialty"), gettext("Valid until")


def _term(row: RegisteredRow) -> tuple[str, str]:
    return row.specialty, _day(row.ends_on)


def _day(value: date | None) -> str:
    return value.isoformat() if value else ""
