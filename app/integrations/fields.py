"""Reading an answer field by field: one of another type than was agreed, or with an absurd value, spoils all of it."""

import base64
import binascii
import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, NoReturn

from app.extensions.clock import today
from app.integrations.signed_http import SignedClient

_AMOUNT = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,3})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_OTHER_CLOCK = timedelta(days=1)
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Control and format characters, halves of surrogates, and the separators that break a line."""


class Fields:
    """The fields of one object of an answer, each of which must be there; null says that nothing is known.

    What is wrong is raised as `WrongAnswer`, with the name of the field and nothing of its value.
    """

    def __init__(self, found: Any, client: SignedClient, place: str) -> None:
        self._client = client
        self._place = place
        if not isinstance(found, dict):
            client.wrong(f"{place}: no object")
        self._found: Mapping[str, Any] = found

    def refuse(self, name: str) -> NoReturn:
        self._client.wrong(f"{self._place}.{name}")

    def _of(self, name: str, *, wanted: bool) -> Any:
        if name not in self._found:
            self.refuse(name)
        value = self._found[name]
        if value is None and wanted:
            self.refuse(name)
        return value

    def text(
        self, name: str, longest: int, *, wanted: bool = False, pattern: str = "", lines: bool = False
    ) -> str | None:
        """Text without blanks around it, as it is read: nothing in it is unseen, or turns what follows around.

        With `lines` it may be more than one line.
        """
        value = self._of(name, wanted=wanted)
        if value is None:
            return None
        if not isinstance(value, str):
            self.refuse(name)
        text = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\t", " ")).strip()
        odd = any(unicodedata.category(one) in _UNSEEN and not (lines and one == "\n") for one in text)
        if odd or not text or len(text) > longest or (pattern and not re.fullmatch(pattern, text)):
            self.refuse(name)
        return text

    def word(self, name: str, longest: int, pattern: str = "") -> str:
        """Text that must not be missing."""
        return str(self.text(name, longest, wanted=True, pattern=pattern))

    def day(self, name: str, *, past: bool = False) -> date | None:
        """`2026-05-31`; with `past` no day that has still to come."""
        value = self._of(name, wanted=False)
        return None if value is None else self._day(name, value, past=past)

    def past_day(self, name: str) -> date:
        """A day that must not be missing and has come."""
        return self._day(name, self._of(name, wanted=True), past=True)

    def _day(self, name: str, value: Any, *, past: bool) -> date:
        if not isinstance(value, str) or not _DAY.fullmatch(value):
            self.refuse(name)
        try:
            found = date.fromisoformat(value)
        except ValueError:
            self.refuse(name)
        if not _FIRST_YEAR <= found.year <= _LAST_YEAR or (past and found > today() + _OTHER_CLOCK):
            self.refuse(name)
        return found

    def instant(self, name: str, *, wanted: bool = False) -> datetime | None:
        """`2026-05-31T01:30:00Z`: a moment, in UTC and in whole seconds."""
        value = self._of(name, wanted=wanted)
        if value is None:
            return None
        if not isinstance(value, str) or not _INSTANT.fullmatch(value):
            self.refuse(name)
        try:
            found = datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        except ValueError:
            self.refuse(name)
        if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
            self.refuse(name)
        return found

    def octets(self, name: str, most: int) -> bytes | None:
        """Bytes that travel as base64 (RFC 4648, section 4), at most so many."""
        value = self._of(name, wanted=False)
        if value is None:
            return None
        if not isinstance(value, str) or len(value) > 4 * -(-most // 3):
            self.refuse(name)
        try:
            found = base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError):
            self.refuse(name)
        if not found or len(found) > most:
            self.refuse(name)
        return found

    def amount(self, name: str) -> Decimal | None:
        """An amount of money as text, since a JSON number may have lost a digit on its way."""
        value = self._of(name, wanted=False)
        if value is None:
            return None
        if not isinstance(value, str) or not _AMOUNT.fullmatch(value):
            self.refuse(name)
        return Decimal(value)

    def objects(self, name: str, most: int) -> Sequence["Fields"]:
        """The objects of a list."""
        value = self._of(name, wanted=True)
        if not isinstance(value, list) or len(value) > most:
            self.refuse(name)
        return [Fields(one, self._client, f"{self._place}.{name}") for one in value]
