"""Every policy value as it holds on a day: what the province set, and the default where it set nothing."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.models import PolicyValue
from app.models.policy import DEFINITIONS
from app.models.policy_definition import PolicyDefinition


@dataclass(frozen=True)
class InForce:
    """A policy with its value in words, and what that rests on; a default has no first day."""

    key: str
    label: Any
    value: str
    source: str
    valid_from: date | None = None
    valid_to: date | None = None


def in_words(definition: PolicyDefinition, value: str) -> str:
    if definition.kind == "bool":
        return str(_("Yes") if value == "1" else _("No"))
    return f"{value} {definition.unit}".strip() if value else ""


def in_force(session: Session, day: date) -> list[InForce]:
    """One line for each policy, in the order in which they are defined (the same choice as `policy_on` makes)."""
    rows = session.execute(
        select(
            PolicyValue.key,
            PolicyValue.value,
            PolicyValue.source,
            PolicyValue.valid_from,
            PolicyValue.valid_to,
        )
        .where(
            PolicyValue.valid_from <= day, or_(PolicyValue.valid_to.is_(None), PolicyValue.valid_to >= day)
        )
        .order_by(PolicyValue.valid_from, PolicyValue.id)
    )
    held = {row.key: row for row in rows}
    lines = []
    for key, known in DEFINITIONS.items():
        if (row := held.get(key)) is None:
            lines.append(InForce(key, known.label, in_words(known, known.default), known.source))
        else:
            words = in_words(known, row.value)
            lines.append(InForce(key, known.label, words, row.source, row.valid_from, row.valid_to))
    return lines
