"""The way in: what the platform is, its three entrances, and what waits for whoever has logged in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_appbuilder import expose
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from app.extensions.database import db
from app.models import Announcement, Declaration, Person, Publicity, RealNameState, State
from app.security.access.roles import NOBODY, Actor, Role
from app.security.access.scope import rows_of, visible_to
from app.views.kit.access import PUBLIC, Screen
from app.views.kit.navigation import navigation
from app.views.kit.words import words
from app.workflow.states import WAITING_FOR

_NEWEST = 5

WAITING: tuple[tuple[Role, str, tuple[State, ...]], ...] = (
    (
        Role.ENTERPRISE,
        "EnterpriseCasesScreen",
        (State.DRAFT, State.RETURNED, State.AWAITING_CONFIRMATION, State.SUBMITTED),
    ),
    (Role.INDIVIDUAL, "OwnCasesScreen", (State.AWAITING_CONFIRMATION, State.SUBMITTED, State.ACCEPTED)),
    *(
        (role, "ReviewScreen", tuple(one for one in State if one in held))
        for role, held in WAITING_FOR.items()
    ),
)
"""For each role the list that it works from, and the states in which a case waits for somebody."""


@dataclass(frozen=True)
class Count:
    """How many cases wait in one state, and where they are listed."""

    label: str
    number: int
    url: str


class PortalView(Screen):
    """The page at `/`."""

    route_base = ""
    default_view = "index"
    title = _l("Home")
    roles = {"index": PUBLIC}

    @expose("/")
    def index(self) -> str:
        if self.actor.account_id is None:
            return self.page(
                "kit/portal.html", publicities=newest(Publicity), announcements=newest(Announcement)
            )
        return self.page("kit/home.html", groups=navigation(), counts=waiting(self.actor))


def newest(model: type) -> Sequence[Any]:
    """The newest lists that the public may read."""
    found: Sequence[Any] = db.session.scalars(
        rows_of(model, NOBODY).order_by(model.id.desc()).limit(_NEWEST)  # type: ignore[attr-defined]
    ).all()
    return found


def waiting(actor: Actor) -> list[Count]:
    """What waits for this actor; one statement for declarations, one more for whoever checks persons."""
    counts = []
    for role, screen, states in WAITING:
        if not actor.has(role):
            continue
        found: dict[str, int] = dict(
            db.session.execute(
                select(Declaration.state, func.count())
                .where(visible_to(Declaration, actor), Declaration.state.in_(states))
                .group_by(Declaration.state)
            ).all()
        )
        counts += [
            Count(words().state(state)[0], found.get(state, 0), url_for(f"{screen}.list", state=state.value))
            for state in states
        ]
    if actor.has(Role.MUNICIPAL):
        query = rows_of(Person, actor).where(Person.real_name_state == RealNameState.WAITING)
        number = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
        url = url_for("RealNameCounterScreen.list", real_name_state=RealNameState.WAITING.value)
        counts.append(Count(str(_l("Real-name checks to do")), number, url))
    return counts
