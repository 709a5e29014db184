"""企业申请汇总表: the declarations that an enterprise hands in together, on one list (notes: 6.1)."""

from collections.abc import Mapping, Sequence

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.extensions.clock import local, now
from app.extensions.refused import Refused
from app.models import Declaration, DictionaryEntry, Enterprise, Party, State
from app.printing.documents import Language, PersonsAnnex, Table, Translate
from app.security.access.roles import Actor
from app.security.access.scope import find, rows_of
from app.workflow.checks import Finding
from app.workflow.types import registry

_WIDTHS = (6, 18, 11, 20, 16, 17, 12)


def summary_list(
    session: Session, actor: Actor, keys: Sequence[int], language: Language, gettext: Translate
) -> PersonsAnnex:
    """The declarations in this order, ID numbers masked: the number of each says which form belongs to it.

    Raises `Refused` with the names of those that it has not handed in: drafts, and what others have declared.
    """
    found = {
        row.id: row for row in session.scalars(rows_of(Declaration, actor).where(Declaration.id.in_(keys)))
    }
    rows = [found[key] for key in keys if key in found]
    enterprise = find(session, Enterprise, actor.enterprise_id, actor)
    others = [Finding(row.name) for row in rows if not _handed_in(row, enterprise)]
    if others:
        raise Refused(
            _l("Only what your enterprise itself has submitted stands in a summary list. Please leave out:"),
            others,
        )
    printed_at = now()
    return PersonsAnnex(
        language=language,
        number="",
        printed_at=printed_at,
        title=gettext("Summary list of declarations"),
        introduction=(
            gettext(
                "%(enterprise)s hands in the following declarations; their forms belong to this list.",
                enterprise=enterprise.name,
            ),
        ),
        persons=_table(rows, _specialties(session, language), gettext),
        authority=enterprise.name,
        dated=local(printed_at).date(),
    )


def _handed_in(row: Declaration, enterprise: Enterprise) -> bool:
    """An enterprise also reads what persons ask of it, and what takes its constructors to other enterprises."""
    own = row.initiator == Party.ENTERPRISE and row.enterprise_id == enterprise.id
    return own and row.number is not None and row.state != State.DRAFT


def _table(rows: Sequence[Declaration], specialties: Mapping[str, str], gettext: Translate) -> Table:
    heads = (
        gettext("No."),
        gettext("Declaration number"),
        gettext("Name"),
        gettext("ID number"),
        gettext("Declaration type"),
        gettext("Specialties"),
        gettext("Submitted at"),
    )
    lines = tuple(
        (
            str(place),
            row.number or "",
            row.name,
            row.id_number_masked or "",
            str(registry[row.type_key].label),
            gettext(", ").join(specialties.get(one, one) for one in row.specialties_text.split("、") if one),
            f"{local(row.submitted_at):%Y-%m-%d}" if row.submitted_at else "",
        )
        for place, row in enumerate(rows, 1)
    )
    return Table(heads, lines, _WIDTHS)


def _specialties(session: Session, language: Language) -> dict[str, str]:
    """What the specialties, which a declaration holds in Chinese, are called in the language of the list."""
    entries = session.execute(
        select(DictionaryEntry.label_zh, DictionaryEntry.label_en).where(
            DictionaryEntry.dictionary == "specialty"
        )
    )
    return {zh: zh if language == "zh" else en for zh, en in entries}
