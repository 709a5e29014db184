"""Changes of a registration that stands: one function for each effect of an announcement (notes: 2.13)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.extensions.refused import Refused
from app.models import RegisterAct, RegisteredSpecialty, Registration, RegistrationStatus
from app.models.policy import Policy
from app.services import departures, terms
from app.services.register import keep_history

_LAST_SEAL_CODE = 99


@dataclass(frozen=True)
class Employer:
    """The enterprise that a registration moves to."""

    enterprise_id: int
    name: str
    region_code: str


@dataclass(frozen=True)
class Identity:
    """Who the registered person is, after a wrong number was put right."""

    id_number: str
    birth_date: date
    gender: str | None


def standing(session: Session, keys: Sequence[int | None]) -> dict[int, Registration]:
    """These registrations, locked, with their specialties; `Refused` when one was cancelled meanwhile."""
    wanted = {key for key in keys if key is not None}
    rows = session.scalars(
        select(Registration)
        .where(Registration.id.in_(wanted), Registration.status == RegistrationStatus.VALID)
        .order_by(Registration.id)
        .options(selectinload(Registration.specialties))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    if len(rows) != len(wanted) or None in keys:
        raise Refused(_l("The registration has been cancelled."))
    return {row.id: row for row in rows}


def of_person(session: Session, person_id: int) -> Sequence[Registration]:
    """Every registration of this person, cancelled ones included, locked."""
    return session.scalars(
        select(Registration)
        .where(Registration.person_id == person_id)
        .order_by(Registration.id)
        .options(selectinload(Registration.specialties))
        .with_for_update()
    ).all()


def live(registration: Registration) -> list[RegisteredSpecialty]:
    """The specialties that are registered now."""
    return [one for one in registration.specialties if one.removed_on is None]


def add(
    session: Session,
    registration: Registration,
    specialties: Sequence[tuple[str, int | None]],
    *,
    declaration_id: int,
    policy: Policy,
    on: date,
) -> None:
    """增项: more specialties, each with a term of its own; the others keep theirs. (specialty, qualification)."""
    begins_on, ends_on = terms.first_term(on, registration.birth_date, policy)
    held = {one.specialty for one in live(registration)}
    for specialty, qualification_id in specialties:
        if specialty in held:
            raise Refused(_l("The specialty is registered already."))
        registration.specialties.append(
            RegisteredSpecialty(
                specialty=specialty,
                begins_on=begins_on,
                ends_on=ends_on,
                qualification_id=qualification_id,
                entered_by_id=declaration_id,
            )
        )
    _changed(session, registration, "add", declaration_id)


def renew(
    session: Session,
    registration: Registration,
    specialties: Sequence[str],
    *,
    declaration_id: int,
    policy: Policy,
) -> None:
    """延续: the chosen specialties run three years on from their old ends."""
    for one in _chosen(registration, specialties):
        one.ends_on = terms.renewed(one.ends_on, registration.birth_date, policy)
    _changed(session, registration, "renew", declaration_id)


def extend(session: Session, registration: Registration, *, declaration_id: int, policy: Policy) -> None:
    """临时延期: every specialty runs on; nothing else changes."""
    for one in live(registration):
        one.ends_on = terms.extended(one.ends_on, registration.birth_date, policy)
    _changed(session, registration, "extend", declaration_id)


def replace(session: Session, registration: Registration, *, lost: bool, declaration_id: int) -> None:
    """补办: after a loss the seal bears the next check code, so that the lost one is known (notes: 5.5)."""
    if lost:
        if registration.seal_check_code >= _LAST_SEAL_CODE:
            raise Refused(_l("The check codes of the seal are used up. The province has to decide."))
        registration.seal_check_code += 1
    _changed(session, registration, "replace", declaration_id)


def transfer(
    session: Session, registration: Registration, employer: Employer, *, declaration_id: int | None, on: date
) -> None:
    """变更: another employer, and the authority of its city; the terms go on as they were."""
    departures.leave(session, registration, on)
    registration.enterprise_id, registration.enterprise_name = employer.enterprise_id, employer.name
    registration.region_code, registration.employed_since = employer.region_code, on
    _changed(session, registration, "transfer", declaration_id)


def correct_identity(
    session: Session,
    registration: Registration,
    identity: Identity,
    *,
    declaration_id: int,
    policy: Policy,
    on: date,
) -> None:
    """身份证号变更: the right number with its birth date and gender, and the terms by the right age (notes: 2.13).

    Whose limit has passed by the right birth date is registered until today and no longer: the terms stay as they
    were printed, and the caller strikes them off (lapsing.strike_off).
    """
    births = (registration.birth_date, identity.birth_date)
    registration.id_number = identity.id_number
    registration.birth_date = identity.birth_date
    registration.gender = identity.gender
    for one in live(registration):
        ends_on = terms.recapped(one.begins_on, one.ends_on, registration.kind, births, policy)
        one.ends_on = ends_on if ends_on >= on else one.ends_on
    _changed(session, registration, "correct_identity", declaration_id)


def cancel(
    session: Session,
    registration: Registration,
    specialties: Sequence[str],
    *,
    reason: str,
    declaration_id: int | None,
    on: date,
) -> bool:
    """注销: these specialties, or all; True when nothing is left and the registration itself is cancelled.

    What was printed stays as it was printed: the last day of a cancelled registration is not changed.
    """
    entire = _remove(registration, _chosen(registration, specialties), reason, on)
    _changed(session, registration, "cancel", declaration_id)
    return entire


def strike_off(
    session: Session,
    registration: Registration,
    ended: Sequence[RegisteredSpecialty],
    *,
    reason: str,
    on: date,
) -> bool:
    """失效: these terms have ended by themselves; True when nothing is left (注册建造师管理规定 第十六条)."""
    entire = _remove(registration, ended, reason, on)
    _changed(session, registration, "strike_off", None)
    return entire


def _remove(
    registration: Registration, removed: Sequence[RegisteredSpecialty], reason: str, on: date
) -> bool:
    for one in removed:
        one.removed_on = on
    entire = not live(registration)
    if entire:
        registration.status = RegistrationStatus.CANCELLED
        registration.cancelled_on, registration.cancelled_reason = on, reason
    return entire


def end(
    session: Session, registration: Registration, status: RegistrationStatus, *, act: RegisterAct, on: date
) -> None:
    """撤销 or 吊销: nothing of the registration is left; the status says which, and since when.

    What was cancelled before keeps the day on which its specialties went.
    """
    for one in live(registration):
        one.removed_on = on
    registration.status = status
    registration.cancelled_on, registration.cancelled_reason = on, status
    session.flush()
    keep_history(session, registration, status, None, act)


def _chosen(registration: Registration, specialties: Sequence[str]) -> list[RegisteredSpecialty]:
    held = {one.specialty: one for one in live(registration)}
    if not specialties or any(one not in held for one in specialties):
        raise Refused(_l("A specialty that was chosen is not registered any more."))
    return [held[one] for one in specialties]


def _changed(
    session: Session,
    registration: Registration,
    action: str,
    declaration_id: int | None,
) -> None:
    """The last day of a registration is the latest of its specialties; each change adds to its history."""
    left = live(registration)
    if left:
        registration.ends_on = max(one.ends_on for one in left)
    session.flush()
    keep_history(session, registration, action, declaration_id)
