"""Chinese words of the dictionaries, as they are stored in a declaration and printed on a certificate."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import DictionaryEntry

_SEPARATOR = "、"


def in_words(session: Session, *dictionaries: str) -> dict[tuple[str, str], str]:
    """(dictionary, code) → the Chinese label."""
    rows = session.execute(
        select(DictionaryEntry.dictionary, DictionaryEntry.code, DictionaryEntry.label_zh).where(
            DictionaryEntry.dictionary.in_(dictionaries)
        )
    )
    return {(row.dictionary, row.code): row.label_zh for row in rows}


def joined(parts: Iterable[str], most: int) -> str:
    """The parts in one line, without repetition; the ones that do not fit any more are counted instead."""
    unique = list(dict.fromkeys(parts))
    for count in range(len(unique), 0, -1):
        rest = f"等{len(unique)}项" if count < len(unique) else ""
        line = _SEPARATOR.join(unique[:count]) + rest
        if len(line) <= most:
            return line
    return "".join(unique[:1])[:most]
