"""变更申请表: what the printed application of an enterprise for a change of its particulars says."""

from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy.orm import Session

from app.extensions.clock import local, now
from app.models import Enterprise, EnterpriseChange, Person, Registration
from app.models.enterprise_change import CHANGED
from app.printing.documents import (
    Document,
    EnterpriseChangeForm,
    Language,
    PersonsAnnex,
    Promise,
    Table,
    Translate,
)
from app.security.access.roles import Actor
from app.services import enterprise_changes
from app.services.form_words import FormWords

_WIDTHS = (22, 39, 39)
_PERSON_WIDTHS = (9, 20, 19, 28, 24)
MOST_ON_FORM = 30
"""Persons that stand on the form itself; more of them make its table too slow to lay out."""


def change_form(
    session: Session, row: EnterpriseChange, actor: Actor, language: Language, gettext: Translate
) -> list[Document]:
    """The form, and an annex when many are listed. ID numbers are masked: a registration number says who it is."""
    words = FormWords(session, language, gettext)
    persons = _persons(session, row, actor, words, gettext)
    form = _form(row, persons, words, language, gettext)
    if len(persons.rows) <= MOST_ON_FORM:
        return [form]
    annex = PersonsAnnex(
        language=language,
        number=form.number,
        printed_at=form.printed_at,
        title=gettext("Constructors whose registrations follow"),
        introduction=(gettext("They are registered with %(enterprise)s.", enterprise=row.old_name),),
        persons=persons,
        authority=row.old_name,
        dated=local(form.printed_at).date(),
    )
    return [replace(form, persons=replace(persons, rows=()), annexed=len(persons.rows)), annex]


def _form(
    row: EnterpriseChange, persons: Table, words: FormWords, language: Language, gettext: Translate
) -> EnterpriseChangeForm:
    return EnterpriseChangeForm(
        language=language,
        number=row.number or "",
        printed_at=now(),
        enterprise=row.old_name,
        authority=words.region(row.region_code),
        changed_on=row.changed_on,
        reason=row.reason or "",
        comparison=Table(
            (gettext("Item"), gettext("Before"), gettext("After")),
            tuple(_compared(row, words)),
            _WIDTHS,
        ),
        persons=persons,
        promises=tuple(_promises(gettext)),
    )


def _compared(row: EnterpriseChange, words: FormWords) -> Iterator[tuple[str, str, str]]:
    """Every item, also one that stays: the form says how the enterprise is registered altogether."""
    columns = Enterprise.__table__.columns
    for name, column in CHANGED.items():
        before, after = (getattr(row, f"{when}_{name}") or "" for when in ("old", "new"))
        if columns[column].info.get("region"):
            before, after = words.region(before), words.region(after)
        yield str(columns[column].info["label"]), before, after


def _persons(
    session: Session, row: EnterpriseChange, actor: Actor, words: FormWords, gettext: Translate
) -> Table:
    """{姓名, 证件类型, 证号, 注册编号} of everybody whom the change is about (notes: 6.1)."""
    found = session.execute(
        enterprise_changes.following(row, actor)
        .join(Person, Person.id == Registration.person_id)
        .with_only_columns(
            Registration.name, Person.id_type, Registration.id_number_masked, Registration.number
        )
    )
    return Table(
        (
            gettext("No."), gettext("Name"), gettext("ID type"), gettext("ID number"),
            gettext("Registration number"),
        ),
        tuple(
            (str(place), name, words.choice("id_type", id_type), masked or "", number)
            for place, (name, id_type, masked, number) in enumerate(found, 1)
        ),
        _PERSON_WIDTHS,
    )  # fmt: skip


def _promises(gettext: Translate) -> Iterator[Promise]:
    yield Promise(
        gettext("Promise of the enterprise"),
        gettext(
            "The change was registered by the market regulator. What this form says and the papers with it are "
            "true. The constructors listed here are still employed by our enterprise, and we bear the legal "
            "responsibility for a false declaration."
        ),
        (gettext("Legal representative (signature)"), gettext("Enterprise (official seal)")),
    )
    yield Promise(gettext("Opinion of the municipal authority"), "", (gettext("Authority (official seal)"),))
    yield Promise(
        gettext("Decision of the provincial authority"), "", (gettext("Authority (official seal)"),)
    )
