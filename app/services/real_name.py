"""个人实名认证: a person asks for the check, and an officer verifies or rejects it in person, or a face check does."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from app.extensions.clock import now
from app.extensions.refused import Refused
from app.models import Account, Attachment, Person, RealNameState
from app.models.identity import RESIDENCE_PERMIT, RESIDENT_CARD, birth_date_of, gender_of, id_number_findings
from app.security.access.audit import record
from app.security.access.roles import Actor, Role
from app.security.access.scope import find
from app.services.consents import REAL_NAME, given
from app.workflow.checks import Finding

PICTURES: dict[str, Any] = {
    "id_front": _l("Front of the ID card"),
    "id_back": _l("Back of the ID card"),
    "id_in_hand": _l("Person holding the ID card"),
    "signature": _l("Signature"),
    "commitment": _l("Letter of commitment"),
}
"""The five pictures of the manual, 2.3."""

IDENTITY = ("name", "id_type", "id_number", "gender", "birth_date", "ethnicity")
"""What the officer compares; fixed once it is verified, and while it waits."""

EDITABLE = frozenset({RealNameState.INCOMPLETE, RealNameState.REJECTED})
"""The states in which the person may change identity and pictures."""

LABELS: dict[str, Any] = {
    RealNameState.INCOMPLETE: _l("Incomplete"),
    RealNameState.WAITING: _l("Waiting for the check"),
    RealNameState.VERIFIED: _l("Verified"),
    RealNameState.REJECTED: _l("Rejected"),
}
TONES: dict[str, str] = {
    RealNameState.INCOMPLETE: "secondary",
    RealNameState.WAITING: "blue",
    RealNameState.VERIFIED: "green",
    RealNameState.REJECTED: "red",
}


COUNTER, FACE = "counter", "face"
METHODS: dict[str, Any] = {COUNTER: _l("At the counter"), FACE: _l("By face check")}
"""How somebody was verified, as `Person.verified_how` keeps it."""


@dataclass(frozen=True)
class Step:
    """One legal step of the real-name check."""

    action: str
    sources: frozenset[RealNameState]
    to: RealNameState
    by: Role


STEPS: dict[str, Step] = {
    step.action: step
    for step in (
        Step("ask", EDITABLE, RealNameState.WAITING, Role.INDIVIDUAL),
        Step("recall", frozenset({RealNameState.WAITING}), RealNameState.INCOMPLETE, Role.INDIVIDUAL),
        Step("verify", frozenset({RealNameState.WAITING}), RealNameState.VERIFIED, Role.MUNICIPAL),
        Step("reject", frozenset({RealNameState.WAITING}), RealNameState.REJECTED, Role.MUNICIPAL),
        Step(
            "face",
            frozenset({RealNameState.INCOMPLETE, RealNameState.WAITING}),
            RealNameState.VERIFIED,
            Role.INDIVIDUAL,
        ),
    )
}
"""The state machine of RealNameState. Whoever may take a step, and on which person, is asked in `_taken`."""

_LONGEST_REASON = 500


def fill_from_number(person: Person) -> None:
    """Birth date and gender stand in the number of a resident's card; nobody has to type them."""
    number = person.id_number or ""
    if person.id_type in {RESIDENT_CARD, RESIDENCE_PERMIT}:
        person.birth_date = birth_date_of(number) or person.birth_date
        person.gender = gender_of(number) or person.gender


def missing(session: Session, person: Person) -> list[Finding]:
    """All that is still to be filled in, uploaded or put right before the check can be asked for."""
    columns = Person.__mapper__.columns
    found = [
        Finding(_l("%(field)s is missing.", field=column.info["label"]), name)
        for name, column in columns.items()
        if column.info.get("required") and getattr(person, name) in (None, "")
    ]
    if not person.mobile_masked:
        found.append(Finding(_l("%(field)s is missing.", field=_l("Mobile number")), "mobile"))
    if not person.region_code:
        label = columns["region_code"].info["label"]
        found.append(Finding(_l("%(field)s is missing.", field=label), "region_code"))
    present = set(session.scalars(select(Attachment.kind).where(Attachment.person_id == person.id)))
    found += [
        Finding(_l("The attachment %(name)s is missing.", name=label), f"attachment_{kind}")
        for kind, label in PICTURES.items()
        if kind not in present
    ]
    faults = id_number_findings(person.id_number or "", person.birth_date, person.gender, person.id_type)
    return found + [Finding(fault.message, fault.field) for fault in faults]


def mobile_in_use(session: Session, person: Person) -> bool:
    """Whether somebody else logs in with this mobile number: two accounts under one name would both be shut out."""
    if not person.mobile_index:
        return False
    others = (
        select(Account.id)
        .join(Person, Person.id == Account.person_id)
        .where(Person.mobile_index == person.mobile_index, Person.id != (person.id or 0))
    )
    return session.scalar(others.limit(1)) is not None


MOBILE_IN_USE = _l("This mobile number is in use by another account.")


def ask(session: Session, actor: Actor, key: object, version: int) -> Person:
    """The person asks the counter of the chosen city for the check."""

    def complete(person: Person) -> None:
        if given(session, actor, REAL_NAME) is None:
            raise Refused(_l("Please agree to the use of your identity data first."))
        wanting = missing(session, person)
        if wanting:
            raise Refused(_l("Your data are not complete yet:"), wanting)
        person.rejected_reason = None

    return _taken(session, actor, "ask", key, version, before=complete)


def recall(session: Session, actor: Actor, key: object, version: int) -> Person:
    """The person takes the data back to change them, as long as nobody has checked them."""
    return _taken(session, actor, "recall", key, version)


def verify(session: Session, actor: Actor, key: object, version: int) -> Person:
    """The officer has compared the person at the counter with the papers and found them to be the same."""

    def prove(person: Person) -> None:
        person.verified_at = now()
        person.verified_by_id = actor.account_id
        person.verified_how = COUNTER
        person.rejected_reason = person.rejected_at = None

    return _taken(session, actor, "verify", key, version, before=prove)


def why_not_by_face(session: Session, person: Person) -> Any:
    """What keeps this person from proving by face who he is, as a sentence; None when nothing does.

    What an officer has found wrong, no machine makes right: after a rejection the counter alone verifies.
    """
    if person.real_name_state == RealNameState.VERIFIED:
        return _l("You are verified already.")
    if person.rejected_at is not None:
        return _l("The counter has rejected your check before. From then on only the counter can verify you.")
    if person.id_type not in {RESIDENT_CARD, RESIDENCE_PERMIT}:
        return _l(
            "The face check knows identity cards and residence permits alone. Please go to the counter."
        )
    if missing(session, person):
        return _l("Please complete your data and pictures first.")
    return None


def verify_by_face(session: Session, actor: Actor, person: Person) -> Person:
    """The verification service has said that it was this person; nothing that a browser sends leads here."""

    def prove(person: Person) -> None:
        why_not = why_not_by_face(session, person)
        if why_not is not None:
            raise Refused(why_not)
        person.verified_at = now()
        person.verified_by_id = None
        person.verified_how = FACE
        person.rejected_reason = None

    return _taken(session, actor, "face", person.id, person.version, before=prove)


def reject(session: Session, actor: Actor, key: object, version: int, reason: str) -> Person:
    """The officer found that it is not so, or that something has to be put right; the person reads why."""
    words = reason.strip()
    if not words:
        raise Refused(_l("Give the reason."))
    if len(words) > _LONGEST_REASON:
        raise Refused(_l("The reason is too long: at most %(most)s characters.", most=_LONGEST_REASON))

    def explain(person: Person) -> None:
        person.rejected_reason = words
        person.rejected_at = now()

    return _taken(session, actor, "reject", key, version, before=explain)


def _taken(
    session: Session,
    actor: Actor,
    action: str,
    key: object,
    version: int,
    *,
    before: Callable[[Person], None] | None = None,
) -> Person:
    """Take one step on the row as it was seen; the caller commits. 404 outside the actor's own person or counter."""
    step = STEPS[action]
    person = _locked(session, actor, step, key)
    if person.real_name_state not in step.sources:
        raise Refused(_l("It was moved meanwhile, or does not stand where this step begins."))
    if person.version != version:
        raise Refused(_l("It was changed after you opened it. Please read it again."))
    if before is not None:
        before(person)
    source = person.real_name_state
    person.real_name_state = step.to
    session.flush()
    record(session, actor, f"real_name.{action}", "person", person.id, before=source, after=step.to)
    return person


def _locked(session: Session, actor: Actor, step: Step, key: object) -> Person:
    person: Person = find(session, Person, key, actor)
    if step.by is Role.MUNICIPAL:
        # An officer may read of more persons than he may check: only those who chose his own city's counter.
        mine = actor.region_code is not None and person.region_code == actor.region_code
    else:
        mine = person.id == actor.person_id
    if not (mine and actor.has(step.by)):
        raise NotFound
    session.refresh(person, with_for_update={"of": Person})
    return person
