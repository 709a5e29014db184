"""The ways in which a print fails."""


class PrintFailed(Exception):
    """No paper was made; the message says in English why, for the log and the job."""


class MissingGlyph(PrintFailed):
    """A character is in none of our fonts; whoever typed it can be told which one."""

    def __init__(self, character: str) -> None:
        super().__init__(f"no font can draw {character!r} (U+{ord(character):04X})")
        self.character = character
