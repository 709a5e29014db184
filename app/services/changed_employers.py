"""Changed employers: what an approved change writes into enterprise, register and certificates, in its one commit."""

from collections.abc import Sequence
from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, selectinload

from app.extensions.refused import Refused
from app.models import (
    Attachment,
    Consultation,
    ConsultationStatus,
    Ending,
    Enterprise,
    EnterpriseChange,
    Registration,
    RegistrationStatus,
)
from app.models.enterprise_change import CHANGED
from app.security.access.policies import policy_on
from app.security.access.roles import Actor
from app.services import certificates, notices
from app.services.chinese import joined
from app.services.notices import Message
from app.services.register import keep_history
from app.workflow.enterprise_change_rules import LICENCE, OTHER

ACTION = "change_employer"
"""What the history of a registration calls it."""

_LONGEST_FORMER_NAME = 200


def carry_out(
    session: Session, actor: Actor, row: EnterpriseChange, enterprise: Enterprise, day: date
) -> None:
    """The enterprise as it is now, every registration that stands with it, and their certificates; no commit.

    A change of what no registration says (address, legal representative, code) reaches the enterprise alone; a
    certificate names the employer and no city, so that it is made anew only for another name.
    """
    try:
        with session.begin_nested():
            _rewrite(row, enterprise)
            session.flush()
    except IntegrityError as error:
        # Somebody else was registered under the new credit code at the same moment.
        raise Refused(_l("Another enterprise is registered under this credit code.")) from error
    _carry_papers(session, row)
    if row.moved:
        _hand_over_questions(session, row)
    if not row.reaches_register:
        return
    registrations = _standing(session, enterprise.id)
    row.followed = len(registrations)
    with session.no_autoflush:
        for one in registrations:
            one.enterprise_name, one.region_code = enterprise.name, enterprise.region_code
            keep_history(session, one, ACTION, None, change_id=row.id)
    session.flush()
    if row.renamed:
        certificates.reissue(
            session,
            registrations,
            actor=actor,
            policy=policy_on(session, day),
            on=day,
            because=Ending.EMPLOYER,
        )
    _tell(session, row, registrations)


def _rewrite(row: EnterpriseChange, enterprise: Enterprise) -> None:
    if row.renamed:
        # The latest former name first, so that a long line of them loses the oldest.
        names = [row.old_name, *(enterprise.former_name or "").split("、")]
        enterprise.former_name = joined([one for one in names if one], _LONGEST_FORMER_NAME)
    for name, column in CHANGED.items():
        setattr(enterprise, column, getattr(row, f"new_{name}"))


def _carry_papers(session: Session, row: EnterpriseChange) -> None:
    """The new business licence takes the place of the one before, which goes with the change; that keeps its own."""
    session.execute(
        update(Attachment)
        .where(Attachment.enterprise_id == row.enterprise_id, Attachment.kind == LICENCE)
        .values(enterprise_id=None, enterprise_change_id=row.id, kind=OTHER),
        execution_options={"synchronize_session": False},
    )
    papers = session.scalars(
        select(Attachment)
        .where(Attachment.enterprise_change_id == row.id, Attachment.kind == LICENCE)
        .order_by(Attachment.id)
    )
    session.add_all(
        Attachment(
            kind=LICENCE,
            file_name=one.file_name,
            file_id=one.file_id,
            enterprise_id=row.enterprise_id,
            uploaded_by_id=one.uploaded_by_id,
            uploaded_at=one.uploaded_at,
        )
        for one in papers.all()
    )


def _hand_over_questions(session: Session, row: EnterpriseChange) -> None:
    """What is still open is answered by the city that supervises the enterprise now; what is closed stays."""
    session.execute(
        update(Consultation)
        .where(
            Consultation.enterprise_id == row.enterprise_id, Consultation.status != ConsultationStatus.CLOSED
        )
        .values(region_code=row.new_region_code)
    )


def _standing(session: Session, enterprise_id: int) -> Sequence[Registration]:
    """Locked in the order of their ids, as every act on the register locks them."""
    return session.scalars(
        select(Registration)
        .where(Registration.enterprise_id == enterprise_id, Registration.status == RegistrationStatus.VALID)
        .order_by(Registration.id)
        .options(selectinload(Registration.specialties))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def _tell(session: Session, row: EnterpriseChange, registrations: Sequence[Registration]) -> None:
    """Each person once, whatever he is registered as."""
    kind = "employer_renamed" if row.renamed else "employer_moved"
    told = {"before": row.old_name, "enterprise": row.new_name}
    first = {one.person_id: one.id for one in reversed(registrations)}
    notices.send(
        session,
        [
            Message(kind, person_id=person_id, registration_id=key, parameters=told)
            for person_id, key in first.items()
        ],
    )
