"""公示 and 公告 lists as papers: the sentences above them, and the persons that the public may know of."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.extensions.clock import now
from app.models import Announcement, DictionaryEntry, Publicity
from app.printing.documents import Language, ListedPerson, NameList, Translate
from app.security.access.policies import policy_on
from app.services.publicity import announcement_lines, publicity_lines
from app.workflow.types import registry

_ALL = 100_000


def name_list(
    session: Session, batch: Publicity | Announcement, language: Language, gettext: Translate
) -> NameList:
    """The list with masked ID numbers; whoever was taken off it by an objection is marked.

    `gettext` speaks the language of the list.
    """
    label, words = str(registry[batch.type_key].title), _specialties(session, language)
    if isinstance(batch, Publicity):
        found, day = publicity_lines(session, batch, size=_ALL), batch.opens_on
        title = gettext("Publicity of registrations: %(type)s", type=label)
        sentence = gettext(
            "According to the review the following persons meet the conditions of registration. The list is publicised "
            "from %(opens)s to %(closes)s; objections may be raised in this time.",
            opens=batch.opens_on.isoformat(),
            closes=batch.closes_on.isoformat(),
        )
    else:
        found, day = announcement_lines(session, batch, size=_ALL), batch.announced_on
        title = gettext("Announcement of registrations: %(type)s", type=label)
        sentence = gettext("The registration of the following persons has been entered in the register.")
    return NameList(
        language=language,
        number=batch.number,
        printed_at=now(),
        title=title,
        introduction=(sentence,),
        persons=tuple(
            ListedPerson(
                one.name,
                one.id_number,
                one.enterprise,
                _in_words(one.specialties, words),
                "" if one.listed else gettext("Taken off the list"),
            )
            for one in found.lines
        ),
        authority=policy_on(session, day).text("issuing_authority"),
        dated=day,
    )


def _specialties(session: Session, language: Language) -> dict[str, str]:
    """What the specialties, which a declaration holds in Chinese, are called in another language."""
    if language == "zh":
        return {}
    entries = session.scalars(select(DictionaryEntry).where(DictionaryEntry.dictionary == "specialty"))
    return {one.label_zh: one.label_en for one in entries}


def _in_words(specialties: str, words: Mapping[str, str]) -> str:
    return ", ".join(words.get(one, one) for one in specialties.split("、")) if words else specialties
