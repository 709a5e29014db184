"""Reading the answer of an outside system field by field: whatever is not as agreed makes all of it worthless."""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NoReturn, Protocol

_DAY_LETTERS = 10


class Refuser(Protocol):
    """The client that got the answer: it says which system was wrong, and writes the reason into the log."""

    def wrong(self, reason: str) -> NoReturn: ...


@dataclass(frozen=True)
class Answer:
    """One object of an answer. Every method gives the value of a field, or raises `WrongAnswer` with its name.

    `path` is where the object stands, for the log; values never get there.
    """

    client: Refuser
    values: Mapping[str, Any]
    path: str = ""

    def only(self, *names: str) -> "Answer":
        """The object has these fields and no other: what was not agreed would be read by nobody."""
        if set(self.values) != set(names):
            self._refuse("fields")
        return self

    def text(self, name: str, longest: int) -> str:
        """A line that can be shown: printable, neither empty nor too long."""
        value = self.values.get(name)
        if not isinstance(value, str) or not 0 < len(value) <= longest or value != value.strip():
            self._refuse(name)
        if any(unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"} for letter in value):
            self._refuse(name)
        return value

    def day(self, name: str, latest: date) -> date:
        """A calendar day as in 2026-06-01, and none that is still to come."""
        value = self.values.get(name)
        try:
            found = (
                date.fromisoformat(value) if isinstance(value, str) and len(value) == _DAY_LETTERS else None
            )
        except ValueError:
            found = None
        if found is None or found > latest:
            self._refuse(name)
        return found

    def objects(self, name: str, most: int) -> Iterator["Answer"]:
        """The objects of a list that is not longer than agreed."""
        found = self.values.get(name)
        if not isinstance(found, list) or len(found) > most:
            self._refuse(name)
        for position, one in enumerate(found):
            place = f"{self.path}{name}[{position}]"
            if not isinstance(one, dict):
                self.client.wrong(f"field {place}")
            yield Answer(self.client, one, f"{place}.")

    def _refuse(self, name: str) -> NoReturn:
        self.client.wrong(f"field {self.path}{name}")
