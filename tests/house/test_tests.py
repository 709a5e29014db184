"""The tests themselves: none is skipped, each is a sentence, each kind of declaration has its own file."""

import ast
from pathlib import Path

from tests.house.tree import ROOT, files, nothing, parsed, place, write

# `test_` and a subject and a verb, at the least.
WORDS = 3


def skipped(root: Path) -> list[str]:
    return [
        f"{place(root, path, node.lineno)}: a skipped test hides something; make it run or remove it"
        for path in files(root, "*.py", "tests")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Attribute) and node.attr in {"skip", "skipif", "xfail", "importorskip"}
    ]


def no_sentences(root: Path) -> list[str]:
    return [
        f"{place(root, path, node.lineno)}: {node.name} names no promise; say who does what, as a sentence"
        for path in files(root, "test_*.py", "tests")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef)
        and node.name.startswith("test_")
        and len(node.name.split("_")) <= WORDS
    ]


def untested_declarations(root: Path) -> list[str]:
    kinds = [path.stem for path in (root / "app/declarations").glob("*.py") if not path.stem.startswith("_")]
    return [
        f"app/declarations/{kind}.py: has no tests/declarations/test_{kind}.py"
        for kind in sorted(kinds)
        if not (root / f"tests/declarations/test_{kind}.py").exists()
    ]


def test_no_test_is_skipped():
    nothing(skipped(ROOT))


def test_names_of_tests_are_sentences():
    nothing(no_sentences(ROOT))


def test_every_kind_of_declaration_is_tested():
    nothing(untested_declarations(ROOT))


def test_a_skipped_test_is_found(tmp_path):
    write(
        tmp_path,
        "tests/test_a.py",
        "import pytest\n@pytest.mark.skipif(True)\ndef test_a(): pytest.skip('x')\n",
    )
    assert len(skipped(tmp_path)) == 2


def test_a_name_that_is_no_sentence_is_found(tmp_path):
    write(tmp_path, "tests/test_a.py", "def test_view(): ...\ndef test_the_view_is_closed(): ...\n")
    assert len(no_sentences(tmp_path)) == 1


def test_an_untested_declaration_is_found(tmp_path):
    for name in ("__init__", "initial", "renewal"):
        write(tmp_path, f"app/declarations/{name}.py", "")
    write(tmp_path, "tests/declarations/test_initial.py", "")
    assert untested_declarations(tmp_path) == [
        "app/declarations/renewal.py: has no tests/declarations/test_renewal.py"
    ]
