"""What a policy value is called, what it is when nobody has set it, and what that rests on."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class PolicyDefinition:
    """A value that the platform reads by this key; `default` holds until the province sets another one."""

    key: str
    label: Any
    default: str
    kind: str  # "int", "bool", "date" (empty: none), "numbers" (with commas between them) or "text"
    unit: Any
    source: str
    most: int = 3650
    """No number may be larger: with a day more than the calendar has, nothing could be submitted or decided."""
    longest: int = 60
    """No text may be longer: it stands on certificates, and in the numbers of them."""
