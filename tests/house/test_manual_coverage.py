"""The page about the manual has every chapter, and what it points to is there."""

import ast
import re
from collections.abc import Iterable
from pathlib import Path

from tests.house.tree import ROOT, nothing, parsed

PAGE = ROOT / "docs/manual-coverage.md"
CHAPTERS = (
    ["1.1.1", "1.1.2", "2.1", "2.2", "2.3", "3.1.1", "3.2.1", "3.2.2.1"]
    + [f"3.2.3.{number}" for number in range(1, 12)]
    + [f"3.2.4.{number}" for number in range(1, 6)]
)
STATES = ("works", "in part", "to come")


def rows(text: str) -> list[list[str]]:
    """Chapter, what the manual says, where it is, and how far."""
    lines = [line for line in text.splitlines() if re.match(r"\| \d", line)]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def gaps(found: list[list[str]]) -> list[str]:
    known = [row[0] for row in found]
    missing = [f"chapter {chapter} has no line" for chapter in CHAPTERS if chapter not in known]
    return missing + [f"chapter {chapter} does not exist" for chapter in known if chapter not in CHAPTERS]


def idle_words(found: list[list[str]], endpoints: Iterable[str]) -> list[str]:
    """Rows that promise something and point to nothing, or to what is not there."""
    wrong = []
    for chapter, _, place, state in found:
        named = re.findall(r"`(\w+\.\w+)`", place)
        wrong += [f"{chapter}: there is no {name}" for name in named if name not in endpoints]
        if not state.startswith(STATES):
            wrong.append(f"{chapter}: {state!r} is none of {STATES}")
        elif bool(named) is state.startswith("to come"):
            wrong.append(f"{chapter}: what {state.split(':')[0]!r} points to is {named or 'nothing'}")
    return wrong


def screens(text: str) -> list[list[str]]:
    """The lines of the second table: screen, chapters, what the manual shows, what is here, the tests."""
    part = text.partition("## Field by field")[2].partition("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("| ")][1:]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def chapters_of(cell: str) -> set[str]:
    """`3.2.3.3 – 3.2.3.6, 3.2.3.8` names five of them."""
    named = set()
    for one in cell.split(","):
        first, _, last = one.strip().partition(" – ")
        named.update(CHAPTERS[CHAPTERS.index(first) : CHAPTERS.index(last or first) + 1])
    return named


def is_there(root: Path, file: str, test: str) -> bool:
    """Whether the file defines this test."""
    path = root / file
    if not path.exists():
        return False
    return any(isinstance(node, ast.FunctionDef) and node.name == test for node in ast.walk(parsed(path)))


def unshown(found: list[list[str]], root: Path = ROOT) -> list[str]:
    """Screens without a test, files that are named as a whole, and tests that are not there."""
    wrong = []
    for screen, *_said, tests in found:
        named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", tests)
        for file, test in named:
            if not test:
                wrong.append(f"{screen}: say which test of {file} shows it")
            elif not is_there(root, file, test):
                wrong.append(f"{screen}: there is no {file}::{test}")
        wrong += [] if named else [f"{screen}: no test shows it"]
    return wrong


def test_every_chapter_of_the_manual_has_a_line():
    nothing(gaps(rows(PAGE.read_text(encoding="utf-8"))))


def test_what_the_page_points_to_is_there(app):
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    nothing(idle_words(rows(PAGE.read_text(encoding="utf-8")), endpoints))


def test_every_screen_of_the_manual_is_shown_by_tests():
    found = screens(PAGE.read_text(encoding="utf-8"))
    nothing(unshown(found))
    without_a_screen = {"1.1.1", "1.1.2"}
    assert set(CHAPTERS) - without_a_screen - set().union(*(chapters_of(row[1]) for row in found)) == set()


def test_a_screen_without_a_test_is_found():
    row, here = ["登录", "2.1", "a", "b"], "tests/house/test_manual_coverage.py"
    named = [
        "tests/nobody.py::test_it",
        f"{here}::test_nobody",
        here,
        f"{here}::test_a_screen_without_a_test_is_found",
    ]
    assert unshown([[*row, ", ".join(f"`{one}`" for one in named)], [*row, "by hand"]]) == [
        "登录: there is no tests/nobody.py::test_it",
        f"登录: there is no {here}::test_nobody",
        f"登录: say which test of {here} shows it",
        "登录: no test shows it",
    ]
    assert chapters_of("2.3, 3.2.3.3 – 3.2.3.5") == {"2.3", "3.2.3.3", "3.2.3.4", "3.2.3.5"}


def test_a_missing_chapter_and_an_idle_word_are_found():
    text = (
        "| 1.1.1 | papers | `A.b`, `A.c` | works |\n| 2.1 | face | at the counter | works |\n"
        "| 9.9 | x | | to come |\n| 2.2 | y | `A.b` | done |\n"
    )
    found = rows(text)
    assert [row[0] for row in found] == ["1.1.1", "2.1", "9.9", "2.2"]
    assert "chapter 2.3 has no line" in gaps(found)
    assert "chapter 9.9 does not exist" in gaps(found)
    assert idle_words(found, ["A.b"]) == [
        "1.1.1: there is no A.c",
        "2.1: what 'works' points to is nothing",
        "2.2: 'done' is none of ('works', 'in part', 'to come')",
    ]
