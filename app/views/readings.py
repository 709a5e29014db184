"""谁查看了我的数据: a person sees which office or enterprise has looked at his data, when, and at what."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from flask import g
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy import Select, or_, select

from app.extensions.database import db
from app.models import Account, AuditEntry, Enterprise, Person
from app.security.access.readings import READ
from app.security.access.roles import LABELS, Actor, Role
from app.views.exhibits import KINDS
from app.views.kit.columns import Column, attribute
from app.views.kit.filtering import Filter
from app.views.kit.navigation import Section
from app.views.kit.records import RecordScreen
from app.views.kit.words import words
from app.views.trail import ACTS, act_in_words

_OFFICES = "readers"


def _who(row: AuditEntry) -> str:
    """The office with its city, or the enterprise; never the name of whoever sat there."""
    role = str(LABELS.get(row.role, row.role))
    region, enterprise = g.get(_OFFICES, {}).get(row.actor_id, (None, None))
    if enterprise and row.role == Role.ENTERPRISE:
        return str(enterprise)
    if region and row.role == Role.MUNICIPAL:
        return f"{role} · {words().region(region)}"
    return role


def _what(row: AuditEntry) -> str:
    """The act and the datum: an ID number in full, the back of an ID card."""
    act, detail = act_in_words(row.action), _detail(row)
    if row.action == "reveal" and detail.get("field"):
        return f"{act}{_(': ')}{attribute(Person, detail['field']).label}"
    if row.action == "file.read" and detail.get("kind"):
        return f"{act}{_(': ')}{words().choice(KINDS, detail['kind'])}"
    return act


def _detail(row: AuditEntry) -> Mapping[str, str]:
    found = json.loads(row.detail)
    return {name: str(value) for name, value in found.items()} if isinstance(found, dict) else {}


class ReadingsScreen(RecordScreen):
    """The lines of the audit about oneself. They have no page of their own: what stands in the list is all."""

    model = AuditEntry
    route_base = "/my-data-readings"
    title = _l("Who looked at my data")
    lead = _l(
        "Every time that somebody has seen your data in full, printed it or taken it away is written down."
    )
    section, position, icon = Section.BASICS, 30, "eye"
    readers = (Role.INDIVIDUAL,)
    exporters = ()
    list_columns = (
        "at",
        Column("who", label=_l("Office or enterprise"), text=_who),
        Column("what", label=_l("What was looked at"), text=_what),
    )
    sortable = ("at",)
    order = "-at"
    filters = (
        Filter("at"),
        Filter("action", _l("Kind of look"), choices={name: ACTS[name] for name in READ}),
    )
    empty_text = _l("Nobody else has looked at your data in full.")

    def rows(self, actor: Actor) -> Select[Any]:
        """What others have looked at: whoever opens his own papers knows of it."""
        others = or_(AuditEntry.actor_id.is_(None), AuditEntry.actor_id != actor.account_id)
        return super().rows(actor).where(others)

    def read_beside(self, rows: Sequence[Any], actor: Actor) -> None:
        """Where those who looked have their desks; of their accounts nothing else is read."""
        keys = {row.actor_id for row in rows if row.actor_id is not None}
        found = db.session.execute(
            select(Account.id, Account.region_code, Enterprise.name)
            .outerjoin(Enterprise, Enterprise.id == Account.enterprise_id)
            .where(Account.id.in_(keys))
        )
        setattr(g, _OFFICES, {key: (region, name) for key, region, name in found})
        words().prepare((KINDS,))


SCREENS = (ReadingsScreen,)
