"""The states of a declaration in words: how they are called, who holds the case, and which are the end."""

from typing import Any

from flask_babel import lazy_gettext as _l

from app.models.declaration import UNDER_WAY, Declaration, Party, State
from app.security.access.roles import Role

LABELS: dict[str, Any] = {
    State.DRAFT: _l("Not submitted"),
    State.AWAITING_CONFIRMATION: _l("Awaiting confirmation"),
    State.SUBMITTED: _l("Submitted"),
    State.REFERRED: _l("Submitted to the province"),
    State.RETURNED: _l("Returned for correction"),
    State.ACCEPTED: _l("Accepted"),
    State.ENDORSED: _l("Endorsed by the city"),
    State.APPROVED: _l("Approved"),
    State.PUBLICISED: _l("In publicity"),
    State.ANNOUNCED: _l("Announced"),
    State.COMPLETED: _l("Completed"),
    State.REFUSED: _l("Registration refused"),
    State.NOT_ACCEPTED: _l("Not accepted"),
    State.LAPSED: _l("Lapsed"),
}

TONES: dict[str, str] = {
    State.DRAFT: "secondary",
    State.AWAITING_CONFIRMATION: "azure",
    State.SUBMITTED: "blue",
    State.REFERRED: "blue",
    State.RETURNED: "orange",
    State.ACCEPTED: "blue",
    State.ENDORSED: "indigo",
    State.APPROVED: "teal",
    State.PUBLICISED: "cyan",
    State.ANNOUNCED: "lime",
    State.COMPLETED: "green",
    State.REFUSED: "red",
    State.NOT_ACCEPTED: "red",
    State.LAPSED: "secondary",
}
"""The colour that marks a state, beside its name and never instead of it."""

HOLDERS: dict[str, Any] = {
    State.DRAFT: _l("The applicant"),
    State.AWAITING_CONFIRMATION: _l("The other party"),
    State.SUBMITTED: _l("Municipal authority"),
    State.REFERRED: _l("Provincial authority"),
    State.RETURNED: _l("The applicant"),
    State.ACCEPTED: _l("Municipal authority"),
    State.ENDORSED: _l("Provincial authority"),
    State.APPROVED: _l("Provincial authority"),
    State.PUBLICISED: _l("The public"),
    State.ANNOUNCED: _l("The system"),
}
"""Who has to act next."""

PARTIES: dict[str | None, Any] = {
    Party.ENTERPRISE: _l("The enterprise"),
    Party.PERSON: _l("The person"),
    Party.FORMER_EMPLOYER: _l("The former employer"),
}


def holder_of(row: Declaration) -> Any:
    """Who has to act next on this declaration; while a party is asked, which one it is. Empty at the end."""
    if row.state == State.AWAITING_CONFIRMATION:
        return PARTIES.get(row.counterparty, HOLDERS[State.AWAITING_CONFIRMATION])
    return HOLDERS.get(row.state, "")


ENDS = frozenset(State) - frozenset(UNDER_WAY) - {State.DRAFT}
"""The states that nothing follows."""

EDITABLE = frozenset({State.DRAFT, State.RETURNED})
"""The states in which the initiator may change what is declared."""

WAITING_FOR: dict[Role, frozenset[State]] = {
    Role.MUNICIPAL: frozenset({State.SUBMITTED, State.ACCEPTED}),
    Role.PROVINCIAL: frozenset({State.REFERRED, State.ENDORSED, State.APPROVED, State.PUBLICISED}),
}
"""What lies on whose desk."""
