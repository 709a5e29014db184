"""The glossary has every name of the platform once, and the screens use its words."""

import re
from collections import defaultdict
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

import pytest
from babel.messages.pofile import read_po

from app import models
from app.cli.reference import dictionary_names
from app.extensions.database import db
from app.models import State
from app.models.policy import DEFINITIONS
from app.security.access import roles
from app.security.access.roles import Role
from app.workflow import flows, states
from app.workflow.moves import Flow, Move
from tests.house.tree import ROOT, nothing

GLOSSARY = ROOT / "docs/glossary.md"
CHINESE = ROOT / "translations/zh/LC_MESSAGES/messages.po"
_CELL = re.compile(r"(?<!\\)\|")


class Term(NamedTuple):
    """One line: the Chinese, the English, and the names in code between backticks."""

    section: str
    chinese: str
    english: str
    names: frozenset[str]


def terms(text: str) -> list[Term]:
    found, section, counting = [], "", False
    for line in text.splitlines():
        if line.startswith("## "):
            section, counting = line[3:], False
        elif line.startswith("| 中文 | English |"):
            counting = True
        elif counting and line.startswith("| ") and not line.startswith("|---"):
            chinese, english, code = (cell.strip() for cell in _CELL.split(line)[1:4])
            found.append(Term(section, chinese, english, frozenset(re.findall(r"`([^`]+)`", code))))
    return found


def names_in_code() -> dict[str, str]:
    """Every name that needs a line, and what it is."""
    needed = {mapper.class_.__name__: "model" for mapper in db.Model.registry.mappers if _is_ours(mapper)}
    for name in models.__all__:
        kind = getattr(models, name)
        if isinstance(kind, type) and issubclass(kind, StrEnum) and name != "Party":
            needed |= {f"{name}.{member.name}": "state or kind" for member in kind}
    needed |= {f"Role.{role.name}": "role" for role in Role}
    needed |= {move.action: "move" for move in moves()}
    needed |= dict.fromkeys(dictionary_names(), "dictionary")
    needed |= dict.fromkeys(DEFINITIONS, "policy value")
    kinds = [path.stem for path in (ROOT / "app/declarations").glob("*.py") if not path.stem.startswith("_")]
    return needed | dict.fromkeys(kinds, "declaration type")


def _is_ours(mapper) -> bool:
    """A table of the platform itself: not of the framework, and not the columns that one type adds."""
    return mapper.class_.__module__.startswith("app.models.") and mapper.inherits is None


def moves() -> list[Move]:
    tables = [value for value in vars(flows).values() if isinstance(value, Flow)]
    return list({move.action: move for table in tables for move in table.moves}.values())


def missing(found: list[Term], needed: dict[str, str]) -> list[str]:
    known = {name for term in found for name in term.names}
    return [
        f"docs/glossary.md: the {what} {name} has no line; give it one 中文 and one English word"
        for name, what in needed.items()
        if name not in known
    ]


def ambiguous(found: list[Term]) -> list[str]:
    """A word with two meanings in one section, or an English word for two things anywhere."""
    chinese, english = defaultdict(set), defaultdict(set)
    for term in found:
        chinese[term.section, term.chinese].add(term.english)
        english[term.english].add(term.chinese)
    doubled = [f"{word} is {' and '.join(sorted(w))}" for (_, word), w in chinese.items() if len(w) > 1]
    doubled += [f"{word} is {' and '.join(sorted(w))}" for word, w in english.items() if len(w) > 1]
    return [f"docs/glossary.md: {line}" for line in doubled]


def unlike_the_screens(found: list[Term], shown: dict[str, str]) -> list[str]:
    english = {name: term.english for term in found for name in term.names}
    return [
        f"docs/glossary.md: {name} is {english[name]!r} here and {label!r} on the screens"
        for name, label in shown.items()
        if name in english and english[name] != label
    ]


def unlike_the_catalogue(found: list[Term], catalogue: dict[str, str]) -> list[str]:
    return [
        f"docs/glossary.md: {term.english!r} is {term.chinese} here, {catalogue[term.english]} on the screens"
        for term in found
        if catalogue.get(term.english, term.chinese) != term.chinese
    ]


def labels() -> dict[str, str]:
    """The English source text of what the screens show, by its name in code."""
    shown = {f"State.{state.name}": states.LABELS[state] for state in State}
    shown |= {f"Role.{role.name}": roles.LABELS[role] for role in Role}
    shown |= {move.action: move.label for move in moves()}
    shown |= {key: definition.label for key, definition in DEFINITIONS.items()}
    return {name: label._args[0] for name, label in shown.items()}


def chinese_catalogue(path: Path) -> dict[str, str]:
    with path.open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file) if message.string}


def test_every_name_of_the_code_has_its_line():
    nothing(missing(terms(GLOSSARY.read_text(encoding="utf-8")), names_in_code()))


def test_every_word_has_one_meaning():
    nothing(ambiguous(terms(GLOSSARY.read_text(encoding="utf-8"))))


def test_the_english_screens_say_what_the_glossary_says():
    nothing(unlike_the_screens(terms(GLOSSARY.read_text(encoding="utf-8")), labels()))


def test_the_chinese_screens_say_what_the_glossary_says():
    nothing(unlike_the_catalogue(terms(GLOSSARY.read_text(encoding="utf-8")), chinese_catalogue(CHINESE)))


@pytest.fixture
def small():
    return terms(
        "## States\n\n| 中文 | English | in code |\n|---|---|---|\n"
        "| 已受理 | Accepted | `State.ACCEPTED` |\n| 办结 | Completed | `State.COMPLETED`, `done` |\n\n"
        "## Mixed up\n\n| 中文 | what it is | what it is not |\n|---|---|---|\n| 注销 | a | b |\n"
    )


def test_the_lines_of_the_tables_are_read(small):
    assert [term.chinese for term in small] == ["已受理", "办结"]
    assert small[1].names == {"State.COMPLETED", "done"}


def test_a_name_without_a_line_is_found(small):
    assert len(missing(small, {"State.ACCEPTED": "state", "State.LAPSED": "state"})) == 1


def test_a_word_with_two_meanings_is_found(small):
    again = small[0]._replace(english="Received")
    assert ambiguous([*small, again]) == ["docs/glossary.md: 已受理 is Accepted and Received"]
    other = small[0]._replace(chinese="受理")
    assert ambiguous([*small, other]) == ["docs/glossary.md: Accepted is 受理 and 已受理"]


def test_a_label_that_the_glossary_does_not_know_is_found(small):
    assert len(unlike_the_screens(small, {"State.ACCEPTED": "Received", "done": "Completed"})) == 1
    assert len(unlike_the_catalogue(small, {"Accepted": "受理了", "Completed": "办结", "Other": "其他"})) == 1
