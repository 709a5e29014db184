"""公示 and 公告 as the public reads them, and the objections that the public raises."""

from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from app.extensions.clock import today
from app.extensions.refused import Refused
from app.models import Announcement, Declaration, Objection, ObjectionState, Publicity, State
from app.security.access.audit import record
from app.security.access.roles import NOBODY, Actor, Role
from app.security.access.scope import find
from app.workflow.numbering import receipt_number
from app.workflow.objections import settle

_LONGEST = 2000


@dataclass(frozen=True)
class Line:
    """One person of a public list: nothing that is not needed to know who is meant."""

    declaration_id: int
    name: str
    id_number: str
    enterprise: str
    specialties: str
    region_code: str


def publicity_lines(session: Session, publicity: Publicity) -> list[Line]:
    return _lines(session, Declaration.publicity_id == publicity.id)


def announcement_lines(session: Session, announcement: Announcement) -> list[Line]:
    return _lines(session, Declaration.announcement_id == announcement.id)


def _lines(session: Session, condition: object) -> list[Line]:
    rows = session.execute(
        select(
            Declaration.id,
            Declaration.name,
            Declaration.id_number_masked,
            Declaration.enterprise_name,
            Declaration.specialties_text,
            Declaration.region_code,
        )
        .where(condition)  # type: ignore[arg-type]
        .order_by(Declaration.region_code, Declaration.id)
    )
    return [Line(row[0], row[1], row[2] or "", row[3], row[4], row[5]) for row in rows]


def raise_objection(
    session: Session,
    declaration_id: int,
    *,
    objector: str,
    contact: str,
    content: str,
    on: date | None = None,
) -> Objection:
    """Take an objection against one line of an open publicity; the caller commits. 404 for any other declaration."""
    day = on or today()
    # Locked, so that no announcement passes between this look and the objection's commit.
    row = session.get(Declaration, declaration_id, with_for_update=True)
    publicity = session.get(Publicity, row.publicity_id) if row is not None and row.publicity_id else None
    if row is None or publicity is None or row.state != State.PUBLICISED:
        raise NotFound
    if day > publicity.closes_on:
        raise Refused(_l("The publicity period is over. Please turn to the provincial authority."))
    _require(objector, _l("Give your name."))
    _require(contact, _l("Give a telephone number or an address at which you can be reached."))
    _require(content, _l("Say what you object to, and on which facts."))
    if len(content) > _LONGEST:
        raise Refused(_l("The objection is too long: at most %(most)s characters.", most=_LONGEST))
    objection = Objection(
        receipt=receipt_number(session, day),
        declaration_id=declaration_id,
        objector=objector.strip(),
        contact=contact.strip(),
        content=content.strip(),
    )
    session.add(objection)
    session.flush()
    record(session, NOBODY, "objection.raise", "objection", objection.id)
    return objection


def dismiss_objection(session: Session, actor: Actor, objection_id: object, reason: str) -> Objection:
    """Settle an objection that changes nothing; the caller commits. An upheld one is the move `uphold`."""
    if not actor.has(Role.PROVINCIAL):
        raise NotFound
    objection = find(session, Objection, objection_id, actor)
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
