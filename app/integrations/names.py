"""Names in the answers of outside systems: one line that an officer can read as it was meant."""

from app.integrations.fields import Fields

_LONGEST = 200
_ONE_LINE = r"[^\n\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+"
"""Neither line breaks nor letters that are not seen: some turn what follows around."""


def name_in(fields: Fields, field: str) -> str:
    """The name of a unit or of a project, which must be there."""
    return fields.word(field, _LONGEST, _ONE_LINE)
