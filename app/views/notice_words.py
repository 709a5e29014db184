"""The words of notices: a title and a sentence for each kind, made anew in the language of whoever reads."""

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l

from app.models import Notice
from app.views.kit.words import words

_GOOD, _BAD, _PRESSING, _PLAIN = "green", "red", "orange", "blue"


@dataclass(frozen=True)
class Wording:
    """What a kind of notice says. `tone` is the colour beside its title."""

    title: Any
    sentence: Any
    tone: str = _PLAIN
    confirms: bool = False
    """Whether it leads to where the reader confirms."""
    title_of_person: Any = None
    """The title where no registration is named: who has none may be locked as well."""


_EVERYTHING_LOCKED = _l("Registration matters are locked")

KINDS: Mapping[str, Wording] = {
    "asked_to_confirm": Wording(
        _l("Your confirmation is asked for"),
        _l("%(type)s of %(name)s: please agree or disagree until %(due)s."),
        _PRESSING,
        confirms=True,
    ),
    "still_to_confirm": Wording(
        _l("Your confirmation is still missing"),
        _l("%(type)s of %(name)s: without your answer until %(due)s it goes back to the other party, who may turn "
           "to the province."),
        _PRESSING,
        confirms=True,
    ),
    "declared": Wording(
        _l("A declaration was submitted for you"),
        _l("%(enterprise)s has submitted %(type)s under the number %(number)s."),
    ),
    "withdrawn": Wording(
        _l("A declaration was withdrawn"),
        _l("%(type)s of %(name)s was withdrawn by whoever had begun it. You need not do anything."),
    ),
    "lapsed": Wording(
        _l("A declaration has lapsed"), _l("%(type)s of %(name)s was left lying for too long and has lapsed."), _BAD
    ),
    "disagreed": Wording(
        _l("The other party disagrees"),
        _l("%(type)s of %(name)s went back to whoever had begun it. The reason stands in the case."),
        _PRESSING,
    ),
    "unanswered": Wording(
        _l("There was no answer in time"),
        _l("%(type)s of %(name)s was not confirmed in time and went back to whoever had begun it."),
        _PRESSING,
    ),
    "agreed": Wording(
        _l("The other party has agreed"),
        _l("%(type)s of %(name)s is completed, and the register has changed."),
        _GOOD,
    ),
    "consented": Wording(
        _l("The former employer has agreed"), _l("%(type)s of %(name)s now lies with the province."), _GOOD
    ),
    "forced": Wording(
        _l("The province was asked to decide"),
        _l("%(type)s of %(name)s was handed to the province with evidence, without your consent."),
        _PRESSING,
    ),
    "dispute_ended": Wording(
        _l("A dispute was ended"),
        _l("%(type)s of %(name)s was ended by whoever was held up by it. A new declaration may be filed."),
        _BAD,
    ),
    "accepted": Wording(
        _l("The declaration was accepted"), _l("%(type)s of %(name)s is under review until %(due)s."), _GOOD
    ),
    "deemed_accepted": Wording(
        _l("The declaration counts as accepted"),
        _l("The city did not answer in time: %(type)s of %(name)s is under review until %(due)s."),
        _GOOD,
    ),
    "returned": Wording(
        _l("The declaration was returned for correction"),
        _l("%(type)s of %(name)s: the reasons stand in the case, at the fields they are about."),
        _PRESSING,
    ),
    "declined": Wording(
        _l("The declaration was not accepted"),
        _l("%(type)s of %(name)s was not accepted. The reason stands in the case."),
        _BAD,
    ),
    "extended": Wording(
        _l("The term of the review was extended"),
        _l("%(type)s of %(name)s is under review until %(due)s. The reason stands in the case."),
    ),
    "refused": Wording(
        _l("The registration was refused"),
        _l("%(type)s of %(name)s was refused by the province. The reason stands in the case."),
        _BAD,
    ),
    "publicised": Wording(
        _l("The declaration is in publicity"),
        _l("%(type)s of %(name)s stands on a list to which the public may object."),
    ),
    "announced": Wording(
        _l("The declaration was announced"),
        _l("%(type)s of %(name)s has taken effect; the register has changed."),
        _GOOD,
    ),
    "completed": Wording(
        _l("The declaration is completed"),
        _l("%(type)s of %(name)s: where an electronic certificate belongs to it, it is issued now."),
        _GOOD,
    ),
    "locked": Wording(
        _l("A registration is locked"),
        _l("From %(first)s on the province holds up %(locked)s of %(name)s. Please ask the province for the reason."),
        _BAD,
        title_of_person=_EVERYTHING_LOCKED,
    ),
    "locked_until": Wording(
        _l("A registration is locked"),
        _l("From %(first)s to %(last)s the province holds up %(locked)s of %(name)s. Please ask the province for the "
           "reason."),
        _BAD,
        title_of_person=_EVERYTHING_LOCKED,
    ),
    "unlocked": Wording(
        _l("A registration is unlocked"),
        _l("From %(date)s on %(locked)s of %(name)s is not locked any more."),
        _GOOD,
        title_of_person=_l("Registration matters are unlocked"),
    ),
    "term_ends": Wording(
        _l("A term ends soon"),
        _l("%(specialty)s of %(name)s ends on %(date)s. A renewal may be filed from %(opens)s to %(closes)s."),
        _PRESSING,
    ),
    "term_ends_closed": Wording(
        _l("A term ends soon, and its renewal is closed"),
        _l("%(specialty)s of %(name)s ends on %(date)s. A renewal could be filed until %(closes)s; now only a "
           "cancellation may be filed, and after it a re-registration."),
        _BAD,
    ),
    "term_ends_of_age": Wording(
        _l("A term ends before the age limit"),
        _l("%(specialty)s of %(name)s ends on %(date)s. It is not renewed: from %(gate)s on, near the age of "
           "%(age)s, only a cancellation may be filed."),
        _PRESSING,
    ),
    "temporary_term_ends_of_age": Wording(
        _l("A temporary registration ends soon"),
        _l("%(specialty)s of %(name)s ends on %(date)s. It is not extended after the age of %(age)s."),
        _PRESSING,
    ),
    "temporary_term_ends_for_good": Wording(
        _l("A temporary registration ends soon"),
        _l("%(specialty)s of %(name)s ends on %(date)s, and no temporary registration is extended any further."),
        _PRESSING,
    ),
    "temporary_term_ends": Wording(
        _l("A temporary registration ends soon"),
        _l("%(specialty)s of %(name)s ends on %(date)s, unless it is extended."),
        _PRESSING,
    ),
    "term_ended": Wording(
        _l("A term has ended"),
        _l("%(specialty)s of %(name)s was struck off the register on %(date)s."),
        _BAD,
    ),
    "registration_ended": Wording(
        _l("A registration has ended"),
        _l("The registration of %(name)s was cancelled on %(date)s: %(reason)s. Its certificate does not count any "
           "more."),
        _BAD,
    ),
    "act_annulled": Wording(
        _l("A registration was annulled"),
        _l("The province has annulled the registration of %(name)s on %(date)s by decision %(document)s. Its "
           "certificate does not count any more."),
        _BAD,
    ),
    "act_revoked": Wording(
        _l("A registration was revoked"),
        _l("The province has revoked the registration of %(name)s on %(date)s by decision %(document)s. Its "
           "certificate does not count any more."),
        _BAD,
    ),
    "act_corrected": Wording(
        _l("The register was put right"),
        _l("The province has corrected the registration of %(name)s on %(date)s by decision %(document)s. Its history "
           "says what changed; an electronic certificate that says something else was replaced."),
        _PRESSING,
    ),
    "consultation_answered": Wording(
        _l("Your question was answered"), _l("The question that you asked on %(date)s was answered."), _GOOD
    ),
    "consultation_forwarded": Wording(
        _l("Your question lies with the province"),
        _l("The city has forwarded the question that you asked on %(date)s to the province."),
    ),
    "consultation_closed": Wording(
        _l("Your question was closed"), _l("The authority has closed the question that you asked on %(date)s.")
    ),
    "enterprise_change_returned": Wording(
        _l("The change of your enterprise was returned for correction"),
        _l("%(number)s, submitted on %(date)s: the reason stands in its course."),
        _PRESSING,
    ),
    "enterprise_change_lapsed": Wording(
        _l("The change of your enterprise has lapsed"),
        _l("It was left lying for too long and has lapsed. Your enterprise may begin a new one."),
        _BAD,
    ),
    "enterprise_change_endorsed": Wording(
        _l("The change of your enterprise lies with the province"),
        _l("The city has endorsed %(number)s, submitted on %(date)s."),
    ),
    "enterprise_change_approved": Wording(
        _l("The change of your enterprise was approved"),
        _l("%(number)s: your enterprise, the registrations with it and their certificates say what is new."),
        _GOOD,
    ),
    "enterprise_change_refused": Wording(
        _l("The change of your enterprise was refused"),
        _l("%(number)s was refused by the province. The reason stands in its course."),
        _BAD,
    ),
    "employer_renamed": Wording(
        _l("Your employer has a new name"),
        _l("%(before)s is called %(enterprise)s now. The register says so, and a certificate that you hold was "
           "replaced: please use the new one."),
    ),
    "employer_moved": Wording(
        _l("Your employer has moved to another city"),
        _l("%(enterprise)s is supervised by another city now. Your registration stays as it is."),
    ),
    "verified_by_face": Wording(
        _l("You are verified"),
        _l("The face check of %(date)s has verified you; you need not go to the counter. Its picture is deleted after "
           "%(hours)s hours."),
        _GOOD,
    ),
}  # fmt: skip


_OF_A_LOCK = frozenset({"locked", "locked_until", "unlocked"})


def title(row: Notice) -> str:
    known = KINDS.get(row.kind)
    if known is None:
        return row.kind
    of_person = known.title_of_person is not None and not json.loads(row.parameters).get("locked_number")
    return str(known.title_of_person if of_person else known.title)


def tone(row: Notice) -> str:
    known = KINDS.get(row.kind)
    return known.tone if known else _PLAIN


def sentence(row: Notice, name: str) -> str:
    """The whole sentence; `name` is empty where the reader may not see any more whom it is about."""
    known = KINDS.get(row.kind)
    if known is None:
        return ""
    said: dict[str, Any] = defaultdict(str, json.loads(row.parameters), name=name or _("a constructor"))
    if "type" in said:
        said["type"] = words().declaration_type(said["type"])
    if "specialty" in said:
        said["specialty"] = words().choice("specialty", said["specialty"])
    if "reason" in said:
        said["reason"] = words().choice("cancellation_reason", said["reason"])
    if row.kind in _OF_A_LOCK:
        said["locked"] = _locked(said["locked_number"], but_cancellations="but" in said)
    return str(known.sentence) % said


def _locked(number: str, *, but_cancellations: bool) -> str:
    """What a lock holds up: one registration, or everything about the person."""
    if number:
        one = _("registration %(number)s (cancellation excepted)", number=number)
        return str(one if but_cancellations else _("registration %(number)s", number=number))
    every = _("every matter of registration (cancellation excepted)")
    return str(every if but_cancellations else _("every matter of registration"))
