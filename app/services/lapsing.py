"""Lapsing: terms that have ended are struck off the register, and who has reached the age limit with them."""

from collections.abc import Sequence
from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session, selectinload

from app.extensions.database import begin_writing
from app.extensions.refused import Refused
from app.models import (
    UNDER_WAY,
    Declaration,
    Ending,
    RegisteredSpecialty,
    Registration,
    RegistrationKind,
    RegistrationStatus,
)
from app.models.policy import Policy
from app.security.access.audit import record_each
from app.security.access.policies import policy_on
from app.security.access.roles import SYSTEM
from app.services import certificates, notices, register_changes
from app.services.notices import Message
from app.services.terms import last_day

AT_ONCE = 100
"""Registrations that one commit strikes off."""

_AGE_REASONS = {RegistrationKind.REGISTERED: "age", RegistrationKind.TEMPORARY: "temporary_age"}
_AGE_LIMITS = {RegistrationKind.REGISTERED: "age_limit", RegistrationKind.TEMPORARY: "temporary_age_limit"}


def strike_off_ended(session: Session, day: date) -> int:
    """失效 of everything that ended before `day`; the number of registrations that changed.

    A term is good on its last day, and goes the day after; while a case of the person is under way the register waits
    for its end (注册建造师管理规定 第十六条; notes: 7). Safe to run again after any crash.
    """
    policy, done, after = policy_on(session, day), 0, 0
    while True:
        begin_writing(session)
        found = _next(session, policy, day, after)
        if not found:
            session.rollback()
            return done
        busy = _under_way(session, found)
        struck = [one for one in found if one.person_id not in busy and strike_off(session, one, policy, day)]
        # Whoever has lost one specialty of several holds a certificate that says so from now on.
        certificates.reissue(
            session, struck, actor=SYSTEM, policy=policy, on=day, because=Ending.PARTIAL_EXPIRY
        )
        record_each(session, SYSTEM, "registration.strike_off", "registration", [one.id for one in struck])
        after = found[-1].id
        session.commit()
        done += len(struck)


def _next(session: Session, policy: Policy, day: date, after: int) -> Sequence[Registration]:
    """The next registrations of which something ended, locked, with their specialties."""
    ended = exists().where(
        RegisteredSpecialty.registration_id == Registration.id,
        RegisteredSpecialty.removed_on.is_(None),
        RegisteredSpecialty.ends_on < day,
    )
    under_way = exists().where(
        Declaration.person_id == Registration.person_id, Declaration.state.in_(UNDER_WAY)
    )
    found: Sequence[Registration] = session.scalars(
        select(Registration)
        .where(
            Registration.id > after,
            Registration.status == RegistrationStatus.VALID,
            or_(ended, *(_too_old(kind, policy, day) for kind in RegistrationKind)),
            ~under_way,
        )
        .order_by(Registration.id)
        .limit(AT_ONCE)
        .options(selectinload(Registration.specialties))
        .with_for_update(of=Registration)
        .execution_options(populate_existing=True)
    ).all()
    return found


def _under_way(session: Session, found: Sequence[Registration]) -> set[int]:
    """Whose case was submitted while these registrations were being locked: asked again, now that they are."""
    persons = {one.person_id for one in found}
    return set(
        session.scalars(
            select(Declaration.person_id).where(
                Declaration.person_id.in_(persons), Declaration.state.in_(UNDER_WAY)
            )
        )
    )


def _too_old(kind: RegistrationKind, policy: Policy, day: date) -> ColumnElement[bool]:
    """Born before the day on which those are born who reach the age limit today."""
    year = day.year - policy.number(_AGE_LIMITS[kind])
    try:
        born = day.replace(year=year)
    except (
        ValueError
    ):  # 29 February of a year that has none: whoever was born the day before is older by a day
        born = date(year, 3, 1)
    return and_(Registration.kind == kind, Registration.birth_date < born)


def strike_off(session: Session, registration: Registration, policy: Policy, day: date) -> bool:
    """Everything beyond the age limit, else the terms that ended; told to the employer and to the person."""
    held = register_changes.live(registration)
    aged = last_day(registration.kind, registration.birth_date, policy) < day
    ended = held if aged else [one for one in held if one.ends_on < day]
    if not ended:
        return False
    reason = _AGE_REASONS[RegistrationKind(registration.kind)] if aged else "expired"
    if register_changes.strike_off(session, registration, ended, reason=reason, on=day):
        because = Ending.AGE if aged else Ending.EXPIRY
        certificates.cancel(session, [registration.id], because=because, on=day)
        told = notices.to_both(registration, "registration_ended", date=day.isoformat(), reason=reason)
    else:
        told = _told_of(registration, ended, day)
    notices.send(session, told)
    return True


def drop_ended(session: Session, registration: Registration, day: date) -> None:
    """Strike off what ended while a case was under way, before the case changes the rest; `Refused` if that is all."""
    held = register_changes.live(registration)
    ended = [one for one in held if one.ends_on < day]
    if not ended:
        return
    if len(ended) == len(held):
        raise Refused(_l("The term has ended: nothing can be entered in it any more."))
    register_changes.strike_off(session, registration, ended, reason="expired", on=day)
    notices.send(session, _told_of(registration, ended, day))


def _told_of(registration: Registration, ended: Sequence[RegisteredSpecialty], day: date) -> list[Message]:
    return [
        message
        for one in ended
        for message in notices.to_both(
            registration, "term_ended", specialty=one.specialty, date=day.isoformat()
        )
    ]
