"""What a guide of the help is made of, and the chapter that all officers begin with."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l


@dataclass(frozen=True)
class Chapter:
    """A heading and what to do under it. `types` adds the table of all declaration types."""

    key: str
    title: Any
    steps: Sequence[Any]
    types: bool = False


@dataclass(frozen=True)
class Guide:
    """What one role reads. Days and other values of the policy stand in the sentences by their keys."""

    key: str
    icon: str
    title: Any
    lead: Any
    chapters: Sequence[Chapter]


LOGIN_OFFICER = Chapter(
    "login",
    _l("Logging in"),
    (
        _l("Log in with the account name, the password and the code of the authenticator."),
        _l("At the first login the password has to be changed and the authenticator set up; a lost one is reset by "
           "the system administrator."),
        _l("An officer is logged out after half an hour without a click; what was typed is kept."),
    ),
)  # fmt: skip
