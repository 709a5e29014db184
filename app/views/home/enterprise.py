"""The home of an enterprise: what it has to do next, what others have in hand, and which terms run out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext as _, ngettext
from sqlalchemy import case, func, select
from sqlalchemy.orm import selectinload

from app.extensions.clock import local, today
from app.extensions.database import db
from app.models import Declaration, Enterprise, State
from app.security.access.roles import Actor, Role
from app.security.access.scope import find, rows_of
from app.services import filing, roster
from app.views import notices, time_left
from app.views.case_filters import in_hand, waits_for_confirmation_of
from app.views.cases import field_label, last_return
from app.views.certificates import TERMS, ends_within
from app.views.home.figures import Board, Figure, to_list
from app.views.kit.policies import policy_today
from app.views.kit.records import Link
from app.views.kit.words import words
from app.workflow.radar import LABELS, Stage
from app.workflow.states import holder_of
from app.workflow.types import registry

_LIST = "EnterpriseCasesScreen"
_SHOWN, _TOLD = 6, 4
_TERM_TONES = {"over": "red", "30": "red", "60": "orange", "90": "green"}
_RADAR_TONES = {Stage.OPEN: "green", Stage.SOON: "", Stage.CLOSED: "orange", Stage.EXPIRED: "red"}
_PRESSING = 7  # calendar days before a returned case lapses


@dataclass(frozen=True)
class CaseLine:
    """One case in a line: whose, where it stands, who holds it, how long it has."""

    name: str
    kind: str
    url: str
    state: tuple[str, str]
    holder: str
    left: str
    tone: str


@dataclass(frozen=True)
class ReturnedCase:
    """A case that came back, with what has to be corrected and until when."""

    name: str
    kind: str
    url: str
    opinion: str
    reasons: Sequence[tuple[str, str]]
    left: str
    tone: str


def board(actor: Actor, role: Role) -> Board:
    enterprise = find(db.session, Enterprise, actor.enterprise_id, actor)
    screens = _filing(actor)
    return Board(
        "home/enterprise.html",
        {
            "enterprise": enterprise,
            "missing": filing.wanting(db.session, enterprise),
            "figures": _figures(actor),
            "notices": notices.newest(actor, _TOLD),
            "returned": list(_returned(actor)),
            "moving": list(_moving(actor)),
            "terms": list(_terms(actor)),
            "radar": list(_radar(actor)),
            "renewing": [_add(one) for one in screens if one.kind.picker == "certificate"],
            "actions": [_add(one) for one in screens],
        },
        whose=enterprise.name,
    )


def _figures(actor: Actor) -> list[Figure]:
    """How many declarations wait for the enterprise, and how many for others: one statement."""
    mine = case((waits_for_confirmation_of(actor), 1), else_=0).label("mine")
    moving = case((in_hand(), 1), else_=0).label("moving")
    inner = rows_of(Declaration, actor).with_only_columns(Declaration.state, mine, moving).subquery()
    drafts = func.sum(case((inner.c.state == State.DRAFT.value, 1), else_=0))
    returned = func.sum(case((inner.c.state == State.RETURNED.value, 1), else_=0))
    sums = select(drafts, returned, func.sum(inner.c.mine), func.sum(inner.c.moving))
    row = db.session.execute(sums).one()
    numbers = [number or 0 for number in row]
    return [
        Figure(_("Drafts"), numbers[0], to_list(_LIST, state=State.DRAFT.value)),
        Figure(
            _("Returned for correction"), numbers[1], to_list(_LIST, state=State.RETURNED.value),
            "orange" if numbers[1] else "",
        ),
        Figure(
            _("Waiting for our confirmation"), numbers[2], to_list(_LIST, progress="confirm"),
            "orange" if numbers[2] else "",
        ),
        Figure(_("Under way"), numbers[3], to_list(_LIST, progress="under_way")),
    ]  # fmt: skip


def _returned(actor: Actor) -> Iterator[ReturnedCase]:
    """Those that lapse first, with every reason that the officer gave."""
    rows = db.session.scalars(
        rows_of(Declaration, actor)
        .where(Declaration.state == State.RETURNED)
        .options(selectinload(Declaration.decisions))
        .order_by(Declaration.changed_at, Declaration.id)
        .limit(_SHOWN)
    ).all()
    life = policy_today().number("draft_days") if rows else 0
    for row in rows:
        kind = registry[row.type_key]
        reasons, opinion = last_return(row)
        days = (local(row.changed_at).date() + timedelta(days=life) - today()).days
        yield ReturnedCase(
            row.name,
            str(kind.label),
            url_for(f"{_LIST}.show", key=row.id),
            opinion,
            [(field_label(kind, name), text) for name, text in reasons.items()],
            str(ngettext("Lapses in %(num)s day", "Lapses in %(num)s days", max(days, 0))),
            "red" if days <= _PRESSING else "orange",
        )


def _moving(actor: Actor) -> Iterator[CaseLine]:
    """Those with the least time left; who holds them is told in the words of the states."""
    rows = db.session.scalars(
        rows_of(Declaration, actor)
        .where(in_hand())
        .order_by(Declaration.due_on.is_(None), Declaration.due_on, Declaration.id)
        .limit(_SHOWN)
    )
    for row in rows:
        yield case_line(row, url_for(f"{_LIST}.show", key=row.id))


def case_line(row: Declaration, url: str) -> CaseLine:
    return CaseLine(
        row.name,
        words().declaration_type(row.type_key),
        url,
        words().state(row.state),
        str(holder_of(row)),
        time_left.in_words(row.due_on),
        time_left.tone(row.due_on),
    )


def _terms(actor: Actor) -> Iterator[Figure]:
    """Registrations that end soon or have ended, of paper as well as electronic: one statement."""
    sums = [func.sum(case((ends_within(term), 1), else_=0)) for term in TERMS]
    row = db.session.execute(roster.in_force(actor).with_only_columns(*sums)).one()
    for term, number in zip(TERMS, row, strict=True):
        label = str(TERMS[term][0])
        yield Figure(
            label, number or 0, to_list("RosterScreen", status="valid", ends=term), _TERM_TONES[term]
        )


def _radar(actor: Actor) -> Iterator[Figure]:
    """The constructors for whom something has to be done, or soon will have: one statement."""
    counted = roster.numbers(db.session(), actor)
    for stage, tone in _RADAR_TONES.items():
        yield Figure(str(LABELS[stage]), counted[stage], to_list("RosterScreen", stage=stage), tone)


def _add(screen: Any) -> Link:
    return Link(screen.kind.label, screen.url("add"), "plus", "primary")


def _filing(actor: Actor) -> list[Any]:
    """The screens of the types that the actor may begin and that the province has open, in the order of the menu."""
    screens = current_app.extensions["appbuilder"].baseviews
    policy = policy_today()
    mine = [
        one
        for one in screens
        if getattr(one, "kind", None) is not None
        and one.may("add")
        and (not one.kind.switch or policy.holds(one.kind.switch))
    ]
    return sorted(mine, key=lambda one: one.position)
