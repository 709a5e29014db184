"""Columns of lists of cases, made for whoever reads them: who holds a case, how long it has, which way it goes."""

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, case

from app.models import Declaration, State
from app.security.login.current import current_actor
from app.services.exports import words as said
from app.views import time_left
from app.views.kit.columns import Column
from app.views.kit.filtering import Filter
from app.views.kit.words import Words
from app.workflow import states


def _holders(_words: Words) -> ColumnElement[Any]:
    asked = {str(party): str(label) for party, label in states.PARTIES.items()}
    other = str(states.HOLDERS[State.AWAITING_CONFIRMATION])
    whose = case(asked, value=Declaration.counterparty, else_=other)
    held = {str(state): str(label) for state, label in states.HOLDERS.items()}
    return case(
        (Declaration.state == State.AWAITING_CONFIRMATION, whose),
        else_=case(held, value=Declaration.state, else_=""),
    )


HOLDER = Column("holder", label=_l("Now held by"), text=states.holder_of, sql=_holders)

LEFT = Column("due_on", label=_l("Time left"), words=time_left.in_words, words_tone=time_left.tone)

DUE_DAY = Column(
    "due_on_day",
    label=_l("Due on"),
    text=lambda row: row.due_on or "",
    sql=lambda _words: said.day(Declaration.due_on),
)

DIRECTIONS = {"in": _l("To our enterprise"), "out": _l("Away from our enterprise")}


def _goes(direction: str) -> ColumnElement[bool]:
    """A transfer to the reader's enterprise or away from it; what moves nobody goes nowhere."""
    mine = current_actor().enterprise_id
    column = Declaration.enterprise_id if direction == "in" else Declaration.former_enterprise_id
    return (column == mine) & Declaration.former_enterprise_id.is_not(None)


def _way(row: Declaration) -> str:
    if row.former_enterprise_id is None:
        return ""
    return str(DIRECTIONS["in" if row.enterprise_id == current_actor().enterprise_id else "out"])


def _way_tone(row: Declaration) -> str:
    away = row.former_enterprise_id is not None and row.enterprise_id != current_actor().enterprise_id
    return "orange" if away else ""


DIRECTION = Filter("direction", _l("Direction"), choices=DIRECTIONS, where=_goes)

WAY = Column(
    "direction",
    label=_l("Direction"),
    text=_way,
    tone=_way_tone,
    sql=lambda _words: case(*((_goes(way), str(label)) for way, label in DIRECTIONS.items()), else_=""),
)
