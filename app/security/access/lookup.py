"""The one exception to scope: the exact, limited and logged look-up of a stranger."""

from collections.abc import Sequence
from datetime import timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from app.extensions.clock import today
from app.extensions.refused import Refused
from app.models import Person, Qualification, RealNameState, Registration, RegistrationStatus
from app.models.personal import normal_name
from app.security.access.audit import record
from app.security.access.limits import attempts, count_attempt
from app.security.access.policies import policy_on
from app.security.access.roles import Actor, Role


def qualified_persons(session: Session, actor: Actor, name: str, id_number: str) -> Sequence[Person]:
    """The verified person with exactly this name and ID number who stands in the 资格证 library (manual 3.2.3.1).

    Raises `Refused` when the enterprise has asked too often. Each answer is written to the audit, the refusal too.
    """
    _count(session, actor, "look_up_person", "person")
    if not (name.strip() and id_number.strip()):
        return ()
    number = Person.id_number.equals(Person, id_number)
    found = session.scalars(
        select(Person).where(
            number,
            Person.name == normal_name(name),
            Person.real_name_state == RealNameState.VERIFIED,
            Person.id_number_index.in_(
                select(Qualification.id_number_index).where(Qualification.name == normal_name(name))
            ),
        )
    ).all()
    record(session, actor, "look_up_person", "person", found[0].id if found else "", found=len(found))
    return found


def registered_elsewhere(
    session: Session, actor: Actor, name: str, id_number: str, kind: str
) -> Sequence[Registration]:
    """The registration of exactly this person at another enterprise, to be moved to the asker's (manual 3.2.3.8).

    Raises `Refused` when the enterprise has asked too often. Each answer is written to the audit, the refusal too.
    """
    _count(session, actor, "look_up_registration", "registration")
    if not (name.strip() and id_number.strip()):
        return ()
    found = session.scalars(
        select(Registration).where(
            Registration.id_number.equals(Registration, id_number),
            Registration.name == normal_name(name),
            Registration.kind == kind,
            Registration.status == RegistrationStatus.VALID,
            Registration.enterprise_id != actor.enterprise_id,
        )
    ).all()
    record(
        session,
        actor,
        "look_up_registration",
        "registration",
        found[0].id if found else "",
        found=len(found),
    )
    return found


def qualifications_by_id_number(session: Session, actor: Actor, id_number: str) -> Sequence[Qualification]:
    """二级建造师资格证信息查询 (manual 3.2.4.4): every qualification under exactly this ID number."""
    _count(session, actor, "look_up_qualification", "qualification")
    if not id_number.strip():
        return ()
    found = session.scalars(
        select(Qualification)
        .where(Qualification.id_number.equals(Qualification, id_number))
        .order_by(Qualification.id)
    ).all()
    record(
        session,
        actor,
        "look_up_qualification",
        "qualification",
        found[0].id if found else "",
        found=len(found),
    )
    return found


def _count(session: Session, actor: Actor, action: str, subject: str) -> None:
    """Count one look-up more; one beyond the limit is refused, and its line in the audit is the caller's to commit."""
    if not actor.has(Role.ENTERPRISE) or actor.enterprise_id is None:
        raise NotFound
    counted = f"look-up:{actor.enterprise_id}"
    limit = policy_on(session, today()).number("lookup_per_hour")
    if attempts(session, counted, timedelta(hours=1)) >= limit:
        record(session, actor, action, subject, outcome="refused")
        raise Refused(
            _l("Your enterprise has looked up too many persons in the last hour. Please try again later.")
        )
    count_attempt(session, counted)
