"""The one error that is written for the person who asked."""

from collections.abc import Sequence
from typing import Any


class Refused(Exception):
    """An act that may not be done now, with a translated sentence that says why and what to do.

    `findings` holds every reason at once where several rules were broken.
    """

    def __init__(self, message: Any, findings: Sequence[Any] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.findings = tuple(findings)

    def __str__(self) -> str:
        return str(self.message)
