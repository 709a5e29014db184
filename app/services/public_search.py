"""Looking for a person, an enterprise or a batch in all public lists at once; it shows what the lists show."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.extensions.search import contains
from app.models import Declaration, Publicity, State
from app.models.personal import public_id_mask
from app.security.access.roles import NOBODY
from app.security.access.scope import rows_of
from app.services.publicity import Line

SHORTEST = 2
"""Characters of a name or an enterprise: one alone would find a tenth of the province."""
MOST = 1_000
"""Persons that are counted; whoever needs more than that looks for something else."""


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for, as clean text; empty is whatever."""

    name: str = ""
    enterprise: str = ""
    number: str = ""
    type_key: str = ""

    @property
    def persons(self) -> bool:
        """Whether persons are looked for, and not only lists."""
        return bool(self.name or self.enterprise)

    @property
    def too_short(self) -> bool:
        return any(0 < len(text) < SHORTEST for text in (self.name, self.enterprise))

    @property
    def anything(self) -> bool:
        return bool(self.persons or self.number or self.type_key)


@dataclass(frozen=True)
class Hit:
    """One person on one list."""

    line: Line
    batch: Any


def lists(model: type[Any], wanted: Wanted) -> Select[Any]:
    """The public lists of this kind that match, the newest first."""
    query = rows_of(model, NOBODY)
    if wanted.number:
        query = query.where(contains(model.number, wanted.number))
    if wanted.type_key:
        query = query.where(model.type_key == wanted.type_key)
    return query.order_by(*newest_first(model))


def newest_first(model: type[Any]) -> tuple[Any, ...]:
    """By the day that a list bears; of one day the one that was opened last."""
    day = model.opens_on if model is Publicity else model.announced_on
    return day.desc(), model.id.desc()


def persons(
    session: Session, model: type[Any], wanted: Wanted, page: int, size: int
) -> tuple[list[Hit], int]:
    """The persons of the lists of this kind that match, of the newest list first, and how many; see `MOST`."""
    stands_on = Declaration.publicity_id if model is Publicity else Declaration.announcement_id
    query = (
        lists(model, wanted)
        .join(Declaration, stands_on == model.id)
        .with_only_columns(
            model,
            Declaration.id,
            Declaration.name,
            Declaration.id_number_masked,
            Declaration.enterprise_name,
            Declaration.specialties_text,
            Declaration.region_code,
            Declaration.state,
        )
        .order_by(Declaration.region_code, Declaration.id)
    )
    if wanted.name:
        query = query.where(contains(Declaration.name, wanted.name))
    if wanted.enterprise:
        query = query.where(contains(Declaration.enterprise_name, wanted.enterprise))
    keys = query.with_only_columns(Declaration.id).order_by(None).limit(MOST)
    total = session.scalar(select(func.count()).select_from(keys.subquery())) or 0
    rows = session.execute(query.limit(min(size, MOST - (page - 1) * size)).offset((page - 1) * size))
    return [_hit(row) for row in rows], total


def _hit(row: Any) -> Hit:
    batch, key, name, masked, enterprise, specialties, region, state = row
    line = Line(
        *(key, name, public_id_mask(masked or ""), enterprise, specialties, region),
        listed=state != State.REFUSED,
        open=state == State.PUBLICISED,
    )
    return Hit(line, batch)
