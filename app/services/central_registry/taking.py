"""Taking from the central registry what the clerk has ticked, as long as nothing of it was changed since he saw it."""

from collections.abc import Collection

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from app.extensions.refused import Refused
from app.models import Enterprise, EnterpriseQualification
from app.security.access.audit import record
from app.security.access.roles import Actor
from app.security.access.scope import find
from app.services.central_registry.answers import Outdated, mark, opened
from app.services.central_registry.differences import (
    HELD,
    LICENCE_NAMED,
    LicenceDifference,
    differences_between,
)


def take(session: Session, actor: Actor, key: object, token: str, chosen: Collection[str]) -> int:
    """Write what was ticked of the answer that was shown; how many things were taken. The caller commits.

    `chosen` holds names of fields, and `licence-<position>`. Raises `Outdated`, with nothing written, when the
    enterprise was changed since.
    """
    enterprise = find(session, Enterprise, key, actor)
    session.refresh(enterprise, with_for_update={"of": Enterprise})
    answer = opened(token, actor, enterprise)
    if answer.seen != mark(enterprise):
        raise Outdated(
            _l(
                "The information of your enterprise was changed after this answer was shown, so nothing was taken. "
                "Please ask again."
            )
        )
    found = differences_between(session, enterprise, answer.entry)
    if any(one.name in chosen and one.why_not is HELD for one in found.fields):
        # It was handed in after the boxes were shown; every step of a change waits for the lock taken above.
        raise Refused(HELD)
    fields = [one for one in found.fields if one.name in chosen and not one.why_not]
    licences = [one for one in found.licences if f"licence-{one.position}" in chosen and not one.why_not]
    if not fields and not licences:
        raise Refused(_l("Tick what you want to take from the central registry."))
    for one in fields:
        setattr(enterprise, one.name, one.theirs)
    for licence in licences:
        _take_licence(enterprise, licence)
    session.flush()
    record(
        session, actor, "central_registry.take", "enterprise", enterprise.id, as_of=answer.entry.as_of,
        fields=[one.name for one in fields], added=sum(one.ours is None for one in licences),
        updated=sum(one.ours is not None for one in licences),
    )  # fmt: skip
    return len(fields) + len(licences)


def _take_licence(enterprise: Enterprise, difference: LicenceDifference) -> None:
    row = difference.ours
    if row is None:
        row = EnterpriseQualification(**{name: getattr(difference.theirs, name) for name in LICENCE_NAMED})
        enterprise.qualifications.append(row)
    for name in difference.changed:
        setattr(row, name, getattr(difference.theirs, name))
