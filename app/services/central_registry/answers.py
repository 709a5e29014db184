"""The answer between the page that shows it and the click that takes of it: encrypted, and for one account alone."""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l

from app.extensions.clock import now
from app.extensions.refused import Refused
from app.extensions.vault import VaultClosed, vault
from app.integrations.central_registry import Entry, Licence
from app.models import Enterprise
from app.security.access.roles import Actor
from app.services.central_registry.differences import LICENCE_FIELDS, LICENCE_NAMED

_KEPT_FOR = timedelta(hours=1)
_LONGEST_TOKEN = 1_000_000


class Outdated(Refused):
    """The differences that were shown are not true any more."""


@dataclass(frozen=True)
class Answer:
    """What the registry said at `at`, and a mark of what stood here when it was shown beside it."""

    entry: Entry
    at: datetime
    seen: str


def mark(enterprise: Enterprise) -> str:
    """A mark of what the differences are found in: another one as soon as anything of it was changed by anybody."""
    licences = sorted(
        (one.id, *(str(getattr(one, name)) for name in (*LICENCE_NAMED, *LICENCE_FIELDS)))
        for one in enterprise.qualifications
    )
    return f"{enterprise.version}:{hashlib.sha256(repr(licences).encode()).hexdigest()[:16]}"


def sealed(answer: Answer, actor: Actor, enterprise: Enterprise) -> str:
    """The answer as its page gives it back: encrypted, and of use to this account and this enterprise alone."""
    content = json.dumps(
        [asdict(answer.entry), answer.at.isoformat(), answer.seen], ensure_ascii=False, default=str
    )
    return base64.urlsafe_b64encode(vault.encrypt(content.encode(), _purpose(actor, enterprise))).decode()


def opened(token: str, actor: Actor, enterprise: Enterprise) -> Answer:
    """The answer that was shown. Raises `Outdated` for one that is too old, or was not made for this actor."""
    try:
        given = base64.urlsafe_b64decode(token[:_LONGEST_TOKEN].encode("ascii"))
        entry, at, seen = json.loads(vault.decrypt(given, _purpose(actor, enterprise)))
    except (VaultClosed, ValueError, binascii.Error):
        raise Outdated(
            _l("The answer of the central registry is no longer at hand. Please ask again.")
        ) from None
    answer = Answer(_entry(entry), datetime.fromisoformat(at), seen)
    if now() - answer.at > _KEPT_FOR:
        raise Outdated(_l("The answer of the central registry is more than an hour old. Please ask again."))
    return answer


def _purpose(actor: Actor, enterprise: Enterprise) -> str:
    return f"central registry for account {actor.account_id} of enterprise {enterprise.id}"


def _entry(stored: Mapping[str, Any]) -> Entry:
    values = _with_days(stored, "as_of", "founded_on")
    capital = values["registered_capital"]
    values["registered_capital"] = None if capital is None else Decimal(capital)
    licences = (Licence(**_with_days(one, "issued_on", "valid_until")) for one in stored["qualifications"])
    return Entry(**{**values, "qualifications": tuple(licences)})


def _with_days(stored: Mapping[str, Any], *names: str) -> dict[str, Any]:
    days = {name: date.fromisoformat(stored[name]) for name in names if stored[name]}
    return {**stored, **days}
