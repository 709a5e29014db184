"""Passwords: how they are kept, and which ones are good enough (notes S10)."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from app.extensions.clock import now
from app.models import Account, Enterprise, Person
from app.security.access.roles import OFFICERS

# Words that everybody tries first: of the trade and the province, of the keyboard, and of love.
_WEAK_WORDS = set(Path(__file__).with_name("weak_words.txt").read_text(encoding="utf-8").split())

SHORTEST, SHORTEST_WITH_FACTOR, LONGEST = 15, 8, 128
# About 0.1 s of one processor and 64 MiB for each trial, here and on the machine of whoever steals the table.
_HASHER = PasswordHasher(time_cost=2, memory_cost=64 * 1024, parallelism=1)

_RUN_OF_DIGITS, _RUN_OF_LETTERS, _RUN_OF_CHINESE = 6, 4, 2
_ROWS = (
    "1234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "abcdefghijklmnopqrstuvwxyz",
    "1qaz2wsx3edc4rfv5tgb",
)
_KEYS = "".join(f"{row} {row[::-1]} " for row in _ROWS)
_SHORTEST_WALK = 4
_LEET = str.maketrans("0134578@$!", "oieastbasi")
_GUESSABLE = re.compile(
    "|".join(
        [*sorted(map(re.escape, _WEAK_WORDS), key=len, reverse=True), r"(?:19|20)\d\d(?:[01]\d[0-3]\d)?"]
    )
)
_REPEATED = re.compile(r"([^\0]{1,6}?)\1+")
_WORD_COST, _LEAST_COST, _LEAST_COST_WITH_FACTOR = 2, 8, 6


def hashed(plain: str) -> str:
    """What is stored in `Account.password`."""
    return _HASHER.hash(_normal(plain))


def matches(stored: str | None, plain: str) -> bool:
    """Whether this is the password. Without a stored one the same work is done, and the answer is no."""
    long = len(plain) > LONGEST
    try:
        _HASHER.verify(stored or _nobodys(), "" if long else _normal(plain))
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None and not long


@cache
def _nobodys() -> str:
    """Made when it is first wanted: its 64 MiB would else be the most that a process ever holds that logs nobody in."""
    return _HASHER.hash("the password of an account that does not exist")


def outdated(stored: str) -> bool:
    """Whether the stored hash was made with cheaper settings than today's."""
    return _HASHER.check_needs_rehash(stored)


def faults(plain: str, about: Iterable[str] = (), *, second_factor: bool = False) -> list[Any]:
    """Everything that is wrong with a new password, as translated sentences; empty when it is good.

    `about` holds what others know of the owner: names, numbers, the account's name.
    """
    shortest = SHORTEST_WITH_FACTOR if second_factor else SHORTEST
    found = []
    if len(plain) < shortest:
        found.append(_l("The password must have at least %(count)d characters.", count=shortest))
    if len(plain) > LONGEST:
        found.append(_l("The password must have at most %(count)d characters.", count=LONGEST))
        return found
    if _tells(_normal(plain).casefold(), about):
        found.append(_l("The password must not contain your name, account name, ID number or mobile number."))
    if _cost(plain) < (_LEAST_COST_WITH_FACTOR if second_factor else _LEAST_COST):
        found.append(_l("The password is easy to guess. Put together words that do not belong together."))
    return found


def advice(account: Account) -> Any:
    """What the owner reads before choosing."""
    return _l(
        "At least %(count)d characters: a few words that do not belong together are easy to keep in mind "
        "and hard to guess. Any characters may be used; digits and signs need not.",
        count=SHORTEST_WITH_FACTOR if _is_officer(account) else SHORTEST,
    )


def _is_officer(account: Account) -> bool:
    return any(role.name in OFFICERS for role in account.roles)


def faults_of_change(session: Session, account: Account, plain: str, repeated: str) -> list[Any]:
    """`faults` for this account's owner, who typed the password twice."""
    found = faults(plain, _known_about(session, account), second_factor=_is_officer(account))
    if plain != repeated:
        found.append(_l("The two new passwords are not the same."))
    if matches(account.password, plain):
        found.append(_l("The new password must not be the old one."))
    return found


def _known_about(session: Session, account: Account) -> list[str]:
    """What others know of the owner of this account."""
    person = session.get(Person, account.person_id) if account.person_id else None
    enterprise = session.get(Enterprise, account.enterprise_id) if account.enterprise_id else None
    known = [account.display_name, account.login_name]
    if person:
        known += [person.name, person.id_number, person.mobile]
    if enterprise:
        known += [enterprise.name, enterprise.uscc]
    return [text for text in known if text]


def change(account: Account, stored: str) -> None:
    """Give the account a new password (`hashed`), which ends its sessions; the caller commits."""
    account.password = stored
    account.password_changed_at = now()
    account.must_change_password = False
    account.fail_login_count = 0


def _normal(plain: str) -> str:
    """One form for what looks the same, so that another keyboard types the same password."""
    return unicodedata.normalize("NFKC", plain)


def _tells(plain: str, about: Iterable[str]) -> bool:
    """Whether a long enough part of something known stands in the password."""
    return any(piece in plain for text in about for piece in _pieces(_normal(text).casefold()))


def _pieces(text: str) -> Iterable[str]:
    for run in re.findall(r"\d+|[a-z]+|[\u4e00-\u9fff]+", text):
        if run.isdigit():
            length = _RUN_OF_DIGITS
        elif run.isascii():
            length = max(_RUN_OF_LETTERS, len(run))
        else:
            length = _RUN_OF_CHINESE
        yield from (run[start : start + length] for start in range(len(run) - length + 1))


def _cost(plain: str) -> int:
    """How many characters a guesser has to get right; a known word, year or walk over the keys is two."""
    text = _normal(plain).casefold()
    return min(_cost_of(text), _cost_of(text.translate(_LEET)))


def _cost_of(text: str) -> int:
    """Words may hide in walks and walks in words, so both orders are tried."""
    words_first, words = _without_words(text)
    words_first, further_walks = _without_walks(words_first)
    walks_first, walks = _without_walks(text)
    walks_first, further_words = _without_words(walks_first)
    return min(
        _length(words_first) + _WORD_COST * (words + further_walks),
        _length(walks_first) + _WORD_COST * (walks + further_words),
    )


def _length(left: str) -> int:
    """Characters that are left, those that only repeat what stands before them counted once."""
    return len(_REPEATED.sub(r"\1\0", left).replace("\0", ""))


def _without_words(text: str) -> tuple[str, int]:
    """The text without known words and years, and how many different ones there were."""
    return _GUESSABLE.sub("\0", text), len(set(_GUESSABLE.findall(text)))


def _without_walks(text: str) -> tuple[str, int]:
    """The text without runs of neighbouring keys or letters, and how many there were."""
    left, walks, start = "", 0, 0
    while start < len(text):
        end = start + 1
        while end < len(text) and text[start : end + 1] in _KEYS and text[end] != " ":
            end += 1
        if end - start >= _SHORTEST_WALK:
            walks += 1
            left += "\0"
        else:
            left += text[start:end]
        start = end
    return left, walks
