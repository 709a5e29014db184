"""Holding: nobody changes the register or the employers that a step rests on before the step is committed."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from app.extensions.refused import Refused
from app.models import Declaration, Enterprise, Registration, RegistrationStatus


def hold(session: Session, rows: Sequence[Declaration]) -> None:
    """Until this is committed the persons of these declarations, which are locked, keep their employers.

    Read anew and locked against change: who declares, who is left, who employs the person otherwise, and every
    registration of the person. A change of an employer waits, and then finds the case under way
    (enterprise_changes.py); so does whatever moves a person, strikes a term off or takes a registration away.
    Raises `Refused` when somebody is changing the new employer at the very moment.
    """
    persons = {row.person_id for row in rows}
    employers = _employers(session, rows, persons)
    # Employers before registrations, as a change of an employer locks them: the other way round both would wait.
    registrations = session.scalars(
        select(Registration)
        .where(Registration.person_id.in_(persons))
        .order_by(Registration.id)
        .options(selectinload(Registration.specialties))
        .with_for_update(read=True, of=Registration)
        .execution_options(populate_existing=True)
    ).all()
    standing = {
        one.enterprise_id
        for one in registrations
        if one.status == RegistrationStatus.VALID and one.enterprise_id is not None
    }
    _hold_new_ones(session, standing - employers)


def _employers(session: Session, rows: Sequence[Declaration], persons: set[int]) -> set[int]:
    named = {key for row in rows for key in (row.enterprise_id, row.former_enterprise_id) if key is not None}
    employing = select(Registration.enterprise_id).where(
        Registration.person_id.in_(persons), Registration.status == RegistrationStatus.VALID
    )
    found = session.scalars(
        select(Enterprise)
        .where(or_(Enterprise.id.in_(named), Enterprise.id.in_(employing)))
        .order_by(Enterprise.id)
        .with_for_update(read=True, of=Enterprise)
        .execution_options(populate_existing=True)
    )
    return {one.id for one in found}


def _hold_new_ones(session: Session, keys: set[int]) -> None:
    """Those to whom a person moved between the reading and the locking; their registrations keep still by now.

    Without waiting: who changes such an employer waits for the registration that is locked here already.
    """
    if not keys:
        return
    found = session.scalars(
        select(Enterprise)
        .where(Enterprise.id.in_(keys))
        .order_by(Enterprise.id)
        .with_for_update(read=True, of=Enterprise, skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    if len(found) != len(keys):
        raise Refused(_l("The employer is being changed at this very moment. Please try again."))
