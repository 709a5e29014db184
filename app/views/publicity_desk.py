"""The province's desk for 公示 and 公告: what may go on a list, what its lists wait for, and the objections to them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_appbuilder import expose
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.extensions.clock import today
from app.extensions.database import begin_writing, db
from app.models import Announcement, Declaration, Objection, ObjectionState, Publicity, State
from app.security.access.audit import record
from app.security.access.roles import Actor, Role
from app.security.access.scope import rows_of
from app.services import prints
from app.services.public_search import newest_first
from app.services.publicity import batch_of, dismiss_objection
from app.views import objecting
from app.views.decisions import grounds_to_choose, named, opinion_of, told
from app.views.kit.access import Screen
from app.views.kit.actions import Action, ActionField, Call, Outcome
from app.views.kit.columns import Column
from app.views.kit.filtering import Filter, Search
from app.views.kit.forms import Fieldset
from app.views.kit.navigation import Section
from app.views.kit.records import Link, RecordScreen
from app.views.kit.requests import commit, writes_late
from app.views.kit.uploads import AttachmentSlot
from app.views.papers import language, pdf_answer
from app.workflow.moves import Move
from app.workflow.perform import perform
from app.workflow.types import DeclarationType, registry

_PROVINCE = (Role.PROVINCIAL,)
_LATEST = 20

STATES: dict[str, tuple[Any, str]] = {
    ObjectionState.OPEN: (_l("Open"), "orange"),
    ObjectionState.DISMISSED: (_l("Dismissed"), "secondary"),
    ObjectionState.UPHELD: (_l("Upheld"), "red"),
}


@dataclass(frozen=True)
class Ready:
    """Declarations of one type that may go on their first list."""

    kind: DeclarationType
    move: Move
    states: Sequence[str]
    count: int


@dataclass(frozen=True)
class Running:
    """A list in publicity: how many of its persons still wait, and how many objections are open."""

    batch: Publicity
    waiting: int
    objections: int
    over: bool


class PublicityDeskScreen(Screen):
    """One page; the steps themselves are taken by the review screen's acts for all rows that match."""

    route_base = "/desk"
    default_view = "index"
    title = _l("Lists of publicity and announcement")
    section = Section.PUBLISHING
    position = 10
    icon = "speakerphone"
    roles = {name: frozenset(_PROVINCE) for name in ("index", "paper")}

    @expose("/")
    def index(self) -> str:
        announced = db.session.scalars(
            rows_of(Announcement, self.actor).order_by(*newest_first(Announcement)).limit(_LATEST)
        )
        return self.page(
            "publicity/desk.html",
            ready=self._ready(),
            running=self._running(),
            announced=announced.all(),
            today=today(),
        )

    def _ready(self) -> list[Ready]:
        """By type and step, where something waits; what stands on a list already is counted with its list."""
        counted = db.session.execute(
            rows_of(Declaration, self.actor)
            .with_only_columns(Declaration.type_key, Declaration.state, func.count())
            .group_by(Declaration.type_key, Declaration.state)
        )
        counts = {(row[0], row[1]): row[2] for row in counted}
        found = []
        for kind in registry:
            listed = {move.to for move in kind.flow.moves if move.batch}
            for move in kind.flow.moves:
                states = sorted(move.sources - listed)
                number = sum(counts.get((kind.key, state), 0) for state in states)
                if move.batch and number:
                    found.append(Ready(kind, move, states, number))
        return found

    def _running(self) -> list[Running]:
        waiting = (
            rows_of(Declaration, self.actor)
            .where(Declaration.state == State.PUBLICISED)
            .with_only_columns(Declaration.publicity_id, func.count().label("number"))
            .group_by(Declaration.publicity_id)
            .subquery()
        )
        opposed = (
            rows_of(Objection, self.actor)
            .join(Declaration, Declaration.id == Objection.declaration_id)
            .where(Objection.state == ObjectionState.OPEN)
            .with_only_columns(Declaration.publicity_id, func.count().label("number"))
            .group_by(Declaration.publicity_id)
            .subquery()
        )
        rows = db.session.execute(
            select(Publicity, waiting.c.number, func.coalesce(opposed.c.number, 0))
            .join(waiting, waiting.c.publicity_id == Publicity.id)
            .outerjoin(opposed, opposed.c.publicity_id == Publicity.id)
            .order_by(Publicity.closes_on, Publicity.id)
        )
        day = today()
        return [Running(row[0], row[1], row[2], row[0].is_over(day)) for row in rows]

    @expose("/<kind>/<number>/paper", methods=("POST",))
    @writes_late
    def paper(self, kind: str, number: str) -> Response:
        """The list as a PDF."""
        models: dict[str, Any] = {"publicity": Publicity, "announcement": Announcement}
        if kind not in models:
            raise NotFound
        batch = batch_of(db.session, models[kind], number)
        pdf = prints.print_list(db.session, self.actor, batch, language())
        commit()
        return pdf_answer(pdf, batch.number)


def _dismiss(call: Call) -> Outcome:
    for row in call.rows:
        dismiss_objection(db.session, call.actor, row.id, call.answers["text"])
    commit()
    return Outcome(len(call.rows))


def _uphold(call: Call) -> Outcome:
    """The registration is refused, and every open objection to it is settled in the same commit."""
    (row,) = call.rows
    declaration = row.declaration
    move = registry[declaration.type_key].flow.find("uphold")
    versions = {declaration.id: declaration.version}
    outcome = perform(
        db.session, "uphold", versions, call.actor, opinion=opinion_of(call.answers), key=call.key
    )
    return Outcome(len(outcome.done), list(named(outcome)), told(move, outcome) if move else None)


def _grounds() -> Sequence[tuple[str, Any]]:
    """As at every other refusal: none of them is chosen before the officer chooses."""
    return [("", _l("(choose)")), *grounds_to_choose()]


def _is_open(row: Objection, _actor: Actor) -> bool:
    return row.state == ObjectionState.OPEN


class ObjectionScreen(RecordScreen):
    """异议: read by the province alone; who objected is shown to it and to nobody else."""

    model = Objection
    route_base = "/desk/objections"
    title = _l("Objections")
    section = Section.PUBLISHING
    position = 20
    icon = "scale"
    readers = _PROVINCE
    list_columns = (
        "receipt",
        "declaration.name",
        "declaration.number",
        "declaration.enterprise_name",
        "raised_at",
        Column("state", text=lambda row: STATES[row.state][0], tone=lambda row: STATES[row.state][1]),
    )
    show_fieldsets = (Fieldset(_l("Objection"), ("receipt", "raised_at", "settled_at", "reason")),)
    show_template = "publicity/objection.html"
    search = Search("receipt", label=_l("Receipt number"))
    filters = (
        Filter("state", choices={state: label for state, (label, _tone) in STATES.items()}),
        Filter("raised_at"),
    )
    order = "-raised_at"
    sortable = ("receipt", "raised_at")
    empty_text = _l("Nobody has objected.")
    actions = (
        Action(
            "dismiss",
            _l("Dismiss the objection"),
            _PROVINCE,
            _dismiss,
            when=_is_open,
            confirm=_l("The objection changes nothing: the person stays on the list."),
            fields=(ActionField("text", _l("Reason"), required=True, long=True),),
            icon="x",
        ),
        Action(
            "uphold",
            _l("Uphold the objection"),
            _PROVINCE,
            _uphold,
            when=_is_open,
            confirm=_l("The registration is refused, and every open objection to it is settled."),
            fields=(
                ActionField("ground", _l("Ground of the refusal"), required=True, choices=_grounds),
                ActionField("text", _l("Reason"), required=True, long=True),
            ),
            tone="danger",
            icon="gavel",
        ),
    )

    def named(self, row: Objection) -> str:
        return f"{row.receipt} {row.declaration.name}"

    def slots(self, row: Objection | None, actor: Actor) -> Sequence[AttachmentSlot]:
        return (objecting.SLOT,)

    def row_links(self, row: Objection, actor: Actor) -> Sequence[Link]:
        target = url_for("ReviewScreen.show", key=row.declaration_id)
        return [Link(_l("The declaration"), target, "file-text")]

    def context(self, row: Objection | None, actor: Actor) -> Mapping[str, Any]:
        """Opening an objection shows who raised it: that is written down."""
        if row is None:
            return {}
        state = STATES[row.state]
        values = {"objector": row.objector, "contact": row.contact, "content": row.content, "state": state}
        subject = row.id
        begin_writing(db.session)
        record(db.session, actor, "objection.read", "objection", subject)
        commit()
        return values


SCREENS = (PublicityDeskScreen, ObjectionScreen)
