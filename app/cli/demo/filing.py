"""Drafts that keep every rule of their type: filled in, with all papers, for a demonstration or a test."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.cli.demo import pictures
from app.cli.demo.makers import attach, seed_of
from app.extensions.clock import today
from app.models import Declaration, Person, Registration
from app.security.access.roles import Actor
from app.services import filing, specialties
from app.workflow.types import DeclarationType, Hours

_HOURS = (60, 60)
"""Mandatory and elective hours that are enough for any specialty."""


def file_declaration(
    session: Session,
    kind: DeclarationType,
    actor: Actor,
    person: Person,
    registration: Registration | None = None,
    **values: Any,
) -> Declaration:
    """A draft of this type for this person, in all that may be asked for; `values` are fields that differ.

    Nothing is committed.
    """
    row = filing.start(session, kind, actor, person, registration).row
    for name, value in (_usual(kind) | values).items():
        setattr(row, name, value)
    hours = _HOURS if kind.hours is Hours.ALWAYS else (None, None)
    wanted = [specialties.Wanted(one.id, *hours) for one in specialties.offers(session, kind, row)]
    specialties.set_asked(session, kind, row, wanted)
    for asked in kind.attachments:
        attach(session, asked.key, _picture(asked.key, str(asked.label), row, person), declaration_id=row.id)
    return row


def _usual(kind: DeclarationType) -> dict[str, Any]:
    """What is typed into the fields that the type has and that nothing is copied into."""
    day = today()
    usual = {
        "phone": "0731-00000000",
        "employed_from": day - timedelta(days=60),
        "employed_open_ended": True,
        "cancellation_reason": "employment_ended",
        "dismissed_on": day - timedelta(days=3),
        "replacement_reason": "loss",
        "declared_lost_in": "湖南日报（演示）",
        "declared_lost_on": day - timedelta(days=5),
        "circumstances": "办公室搬迁时遗失（演示）。",
        "cause": "首次登记时录入错误（演示）。",
        "released_on": day - timedelta(days=20),
    }
    return {name: value for name, value in usual.items() if name in kind.fields}


def _picture(key: str, label: str, row: Declaration, person: Person) -> bytes:
    if key == "photo":
        return pictures.portrait(seed_of(person))
    if key == "id_card":
        return pictures.id_card_front(seed_of(person))
    # One sheet for all constructors of an enterprise: drawing one for each of them takes longest of all.
    return pictures.sheet(label, (row.enterprise_name,))
