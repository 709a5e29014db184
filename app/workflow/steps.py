"""The way of a case from its draft to its end, read from the moves of its flow."""

from app.models.declaration import State
from app.workflow.moves import Flow


def way(flow: Flow) -> list[State]:
    """The states that a case passes when nobody objects: the first move without a reason that leads somewhere new."""
    found = [State.DRAFT]
    while True:
        onward = (move.to for move in flow.from_state(found[-1]) if not move.reason and move.to not in found)
        following = next((state for state in onward if state is not State.LAPSED), None)
        if following is None:
            return found
        found.append(following)
