"""The way of a case from its draft to its end, read from the moves of its flow."""

from collections.abc import Sequence

from app.models.declaration import State
from app.workflow.moves import Flow


def way(flow: Flow, begin: State = State.DRAFT) -> list[State]:
    """The states that a case passes when nobody objects: the first move without a reason that leads somewhere new."""
    found = [begin]
    while True:
        onward = (move.to for move in flow.from_state(found[-1]) if not move.reason and move.to not in found)
        following = next((state for state in onward if state is not State.LAPSED), None)
        if following is None:
            return found
        found.append(following)


def way_of(flow: Flow, passed: Sequence[State], state: State) -> list[State]:
    """The way of one case that stands in `state` and has passed these: it may have left the usual one.

    What one party asks the province to decide instead of the other goes on by the province's steps.
    """
    usual = way(flow)[1:]
    if state in (State.DRAFT, State.RETURNED) or usual[0] not in passed:
        return usual
    last = len(passed) - 1 - list(reversed(passed)).index(usual[0])
    aside = next((one for one in passed[last:] if one not in usual and _leads_on(flow, one)), None)
    return usual if aside is None else [usual[0], *way(flow, aside)]


def _leads_on(flow: Flow, state: State) -> bool:
    return state is not State.RETURNED and bool(flow.from_state(state))
