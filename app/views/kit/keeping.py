"""What an account keeps of a list: its columns and their order, the rows of a page, and the views it may open."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import g
from sqlalchemy import Executable, and_, select
from sqlalchemy.orm import Session

from app.extensions.database import plain_rows
from app.models import Account, ListSetting, SavedView
from app.security.access.roles import Actor
from app.security.access.scope import visible_to

_MOST_QUESTIONS = 1_000


@dataclass(frozen=True)
class View:
    """A saved view as a tab shows it; what it filters by is read when it is opened."""

    id: int
    name: str
    own: bool
    shared: bool
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Kept:
    """Of one list, what the account set up and may open."""

    columns: tuple[str, ...] = ()
    size: int | None = None
    views: tuple[View, ...] = ()

    def view(self, key: str) -> View | None:
        """The view that an address names; None when it is gone, or was never open to this account."""
        return next((one for one in self.views if str(one.id) == key), None)


def kept(session: Session, actor: Actor, screen: str) -> Kept:
    """One statement for each list and request."""
    held: dict[tuple[int | None, str], Kept] = g.setdefault("kept_lists", {})
    key = (actor.account_id, screen)
    if key not in held:
        held[key] = _read(session, actor, screen) if actor.account_id else Kept()
    return held[key]


def forget() -> None:
    """What was read is out of date: something was stored in this request."""
    g.pop("kept_lists", None)


def names(stored: str | None) -> tuple[str, ...]:
    """Names of columns as they are stored."""
    found = json.loads(stored or "[]")
    return tuple(str(one) for one in found) if isinstance(found, list) else ()


@lru_cache(maxsize=_MOST_QUESTIONS)
def _question(actor: Actor, screen: str) -> Executable:
    return (
        select(
            ListSetting.columns, ListSetting.size, SavedView.id, SavedView.name, SavedView.owner_id,
            SavedView.shared_role, SavedView.columns,
        )
        .select_from(Account)
        .outerjoin(ListSetting, and_(ListSetting.screen == screen, visible_to(ListSetting, actor)))
        .outerjoin(SavedView, and_(SavedView.screen == screen, visible_to(SavedView, actor)))
        .where(Account.id == actor.account_id)
        .order_by(SavedView.name, SavedView.id)
    )  # fmt: skip


def _read(session: Session, actor: Actor, screen: str) -> Kept:
    query = _question(actor.scope, screen)
    rows: Sequence[Any] = plain_rows(
        session, query
    ).all()  # the columns of a view are empty where there is none
    views = tuple(
        View(key, name, owner == actor.account_id, role is not None, names(columns))
        for _columns, _size, key, name, owner, role, columns in rows
        if key is not None
    )
    return Kept(names(rows[0][0]), rows[0][1], views) if rows else Kept()
