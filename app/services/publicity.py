"""公示 and 公告 as the public reads them, and the objections that the public raises."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TypeVar

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from app.extensions.clock import today
from app.extensions.refused import Refused
from app.extensions.search import contains
from app.models import Announcement, Declaration, Objection, ObjectionState, Publicity, State
from app.models.contacts import contact_fault
from app.models.personal import public_id_mask
from app.security.access.audit import record
from app.security.access.limits import attempts, count_attempt, network
from app.security.access.roles import NOBODY, Actor, Role
from app.security.access.scope import find, rows_of
from app.workflow.answers import claim, remember
from app.workflow.checks import Finding
from app.workflow.numbering import receipt_number
from app.workflow.objections import settle

_LONGEST, _LONGEST_LINE = 2000, 100
_SHORTEST = 6
"""Characters of an objection: 聘用关系不实 says what is meant, and nothing shorter does."""
_LARGEST_KEY = 2**31 - 1
MOST_IN_AN_HOUR = 20
"""Objections from one address: a family or an office has few, a machine has many."""

Batch = TypeVar("Batch", Publicity, Announcement)


@dataclass(frozen=True)
class Line:
    """One person of a public list: nothing that is not needed to know who is meant."""

    declaration_id: int
    name: str
    id_number: str
    enterprise: str
    specialties: str
    region_code: str
    listed: bool = True
    """Still on the list; an objection that was upheld takes a person off it."""
    open: bool = True
    """Neither announced nor taken off the list: whoever objects now is heard before anything is decided."""


@dataclass(frozen=True)
class Page:
    """A part of a public list, and how many lines there are in all."""

    lines: list[Line]
    total: int
    number: int
    size: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        return (self.number - 1) * self.size + 1


def publicity_lines(
    session: Session,
    publicity: Publicity,
    *,
    name: str = "",
    enterprise: str = "",
    page: int = 1,
    size: int = 200,
) -> Page:
    """The persons of a publicity whose name and enterprise hold these texts, by city."""
    return _page(session, _narrowed(Declaration.publicity_id == publicity.id, name, enterprise), page, size)


def announcement_lines(
    session: Session,
    announcement: Announcement,
    *,
    name: str = "",
    enterprise: str = "",
    page: int = 1,
    size: int = 200,
) -> Page:
    """The persons of an announcement whose name and enterprise hold these texts, by city."""
    return _page(
        session, _narrowed(Declaration.announcement_id == announcement.id, name, enterprise), page, size
    )


def _narrowed(batch: ColumnElement[bool], name: str, enterprise: str) -> list[ColumnElement[bool]]:
    searched = ((Declaration.name, name), (Declaration.enterprise_name, enterprise))
    return [batch, *(contains(column, text) for column, text in searched if text)]


def _page(session: Session, conditions: Sequence[ColumnElement[bool]], page: int, size: int) -> Page:
    total = session.scalar(select(func.count()).select_from(Declaration).where(*conditions)) or 0
    number = min(max(1, page), max(1, -(-total // size)))
    rows = session.execute(
        select(
            Declaration.id,
            Declaration.name,
            Declaration.id_number_masked,
            Declaration.enterprise_name,
            Declaration.specialties_text,
            Declaration.region_code,
            Declaration.state,
        )
        .where(*conditions)
        .order_by(Declaration.region_code, Declaration.id)
        .limit(size)
        .offset((number - 1) * size)
    )
    lines = [
        Line(
            *(row[0], row[1], public_id_mask(row[2] or ""), row[3], row[4], row[5]),
            listed=row[6] != State.REFUSED,
            open=row[6] == State.PUBLICISED,
        )
        for row in rows
    ]
    return Page(lines, total, number, size)


def batch_of(session: Session, model: type[Batch], number: str) -> Batch:
    """The public list with this number, or 404."""
    found: Batch | None = session.scalar(rows_of(model, NOBODY).where(model.number == number))
    if found is None:
        raise NotFound
    return found


def publicised(session: Session, publicity: Publicity, declaration_id: int) -> Line:
    """The line of this list that can be objected to; 404 for every other declaration, and when the time is over."""
    row = session.get(Declaration, declaration_id) if declaration_id <= _LARGEST_KEY else None
    if (
        row is None
        or row.publicity_id != publicity.id
        or row.state != State.PUBLICISED
        or not publicity.is_open(today())
    ):
        raise NotFound
    return Line(
        row.id,
        row.name,
        public_id_mask(row.id_number_masked or ""),
        row.enterprise_name,
        row.specialties_text,
        row.region_code,
    )


def raise_objection(  # noqa: PLR0913 - what a visitor says, each by its name
    session: Session,
    declaration_id: int,
    *,
    objector: str,
    contact: str,
    content: str,
    address: str = "",
    key: str = "",
    attach: Callable[[Session, Objection], int] = lambda _session, _objection: 0,
) -> Objection:
    """Take an objection against one line of an open publicity; the caller commits. 404 for any other declaration.

    The same key again gives the objection that was taken first. `attach` is called with the objection when it is
    stored, lays its files beside it and says how many.
    """
    earlier = claim(session, key, NOBODY)
    if earlier is not None:
        return session.scalars(select(Objection).where(Objection.receipt == earlier)).one()
    day = today()
    # Locked, so that no announcement passes between this look and the objection's commit.
    row = session.get(Declaration, declaration_id, with_for_update=True, populate_existing=True)
    publicity = session.get(Publicity, row.publicity_id) if row is not None and row.publicity_id else None
    if row is None or publicity is None or row.state != State.PUBLICISED:
        raise NotFound
    if day > publicity.closes_on:
        raise Refused(_l("The publicity period is over. Please turn to the provincial authority."))
    faults = objection_faults(objector, contact, content)
    if faults:
        raise Refused(_l("The objection is not complete."), faults)
    _count(session, address)
    objection = Objection(
        receipt=receipt_number(session, day),
        declaration_id=declaration_id,
        objector=objector.strip(),
        contact=contact.strip(),
        content=content.strip(),
    )
    session.add(objection)
    session.flush()
    files = attach(session, objection)
    visitor = replace(NOBODY, address=address or None)
    record(session, visitor, "objection.raise", "objection", objection.id, files=files)
    remember(session, key, objection.receipt)
    return objection


def objection_faults(objector: str, contact: str, content: str) -> list[Finding]:
    """Everything that an objection still lacks, each at its field."""
    faults = []
    if not objector.strip() or len(objector) > _LONGEST_LINE:
        faults.append(Finding(_l("Give your name."), "objector"))
    if len(contact) > _LONGEST_LINE or not _reaches(contact.strip()):
        message = _l("Give a telephone number or an e-mail address at which you can be told the outcome.")
        faults.append(Finding(message, "contact"))
    if len("".join(content.split())) < _SHORTEST:
        message = _l(
            "Say what you object to, and on which facts, in at least %(least)s characters.", least=_SHORTEST
        )
        faults.append(Finding(message, "content"))
    elif len(content) > _LONGEST:
        message = _l("The objection is too long: at most %(most)s characters.", most=_LONGEST)
        faults.append(Finding(message, "content"))
    return faults


def _reaches(contact: str) -> bool:
    """Whether it looks like a number that can be called, or an address that can be written to."""
    plain = contact.replace("－", "-").replace("（", "(").replace("）", ")")
    return any(contact_fault(kind, plain) is None for kind in ("phone", "email"))


def _count(session: Session, address: str) -> None:
    if not address:
        return
    subject = f"objection:{network(address)}"
    if attempts(session, subject, timedelta(hours=1)) >= MOST_IN_AN_HOUR:
        raise Refused(
            _l("Too many objections came from your network in the last hour. Please try again later.")
        )
    count_attempt(session, subject)


def dismiss_objection(session: Session, actor: Actor, objection_id: object, reason: str) -> Objection:
    """Settle an objection that changes nothing; the caller commits. An upheld one is the move `uphold`."""
    if not actor.has(Role.PROVINCIAL):
        raise NotFound
    objection = find(session, Objection, objection_id, actor)
    # Every step of the declaration holds its row: what another officer is just settling is waited for.
    session.get(Declaration, objection.declaration_id, with_for_update=True, populate_existing=True)
    session.refresh(objection)
    if objection.state != ObjectionState.OPEN:
        raise Refused(_l("This objection was settled already."))
    _require(reason, _l("Give the reason."))
    objection.state = ObjectionState.DISMISSED
    settle(objection, actor, reason)
    record(session, actor, "objection.dismiss", "objection", objection.id)
    return objection


def _require(text: str, sentence: object) -> None:
    if not text.strip():
        raise Refused(sentence)
