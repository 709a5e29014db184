"""Who promises what on a printed form: only those who ask for it, or may still agree to it."""

from collections.abc import Iterator

from app.models import Declaration, Party
from app.printing import promises
from app.printing.documents import Field, Promise, Section, Translate
from app.workflow import states
from app.workflow.types import DeclarationType

_SPEAKING = frozenset({"submit", "agree", "consent", "disagree", "force"})
"""The steps by which the parties have said what they want; the last one holds."""


def last_said(row: Declaration) -> str:
    """The last of these steps; empty for a draft."""
    return next((one.action for one in reversed(row.decisions) if one.action in _SPEAKING), "")


def parties(kind: DeclarationType, row: Declaration, gettext: Translate) -> Section | None:
    """申请注销人 and 是否强制, where one party asks for what both have a part in (notes: 2.6)."""
    if kind.counterparty is None or not kind.gives_up:
        return None
    forced = last_said(row) == "force"
    return Section(
        gettext("Who asks for it"),
        (
            Field(gettext("Asked for by"), str(states.PARTIES[Party(row.initiator)])),
            Field(gettext("Forced cancellation"), gettext("Yes") if forced else gettext("No")),
        ),
    )


def promised(
    kind: DeclarationType, row: Declaration, signature: bytes | None, gettext: Translate
) -> Iterator[Promise]:
    """Each party's own promise. Who has refused promises nothing, and whom the province decides against neither."""
    said = last_said(row) if kind.counterparty else ""
    silent = kind.counterparty if said in {"disagree", "force"} else None
    if silent is not Party.PERSON:
        # A stored signature stands for the person only where he has spoken himself.
        unasked = kind.counterparty is Party.PERSON and said != "agree"
        yield promises.applicant_promise(gettext, None if unasked else signature, gives_up=kind.gives_up)
    if kind.counterparty is Party.FORMER_EMPLOYER and silent is None:
        yield promises.former_employer_promise(gettext)
    if silent is not Party.ENTERPRISE:
        yield promises.enterprise_promise(gettext, gives_up=kind.gives_up)
