"""Names say what a thing is, and every module says in one sentence what it is for."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.tree import ROOT, files, nothing, parsed, place, write

# Words that say nothing about the thing they name.
EMPTY_WORDS = {"util", "utils", "helper", "helpers", "common", "manager", "managers"}
EMPTY_STARTS = ("handle_", "process_")
# The one file that Flask-AppBuilder names, and the methods that SQLAlchemy and WTForms name.
PRESCRIBED = Path("app/security/login/manager.py")
PRESCRIBED_METHODS = {
    "process_bind_param", "process_result_value", "process_literal_param", "process_formdata", "process_data",
}  # fmt: skip

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_NEXT_SENTENCE = re.compile(r"[.!?。]\s*(?<=[\s。])[A-Z\u4e00-\u9fff]")


def _names(path: Path) -> Iterator[tuple[str, int]]:
    """File, classes and functions; variables are too near their use to mislead, tests are sentences."""
    yield path.stem, 1
    for node in ast.walk(parsed(path)):
        named = isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        if named and not node.name.startswith("test_"):
            yield node.name, node.lineno


def empty_names(root: Path) -> list[str]:
    found = []
    for path in files(root, "*.py"):
        if path.relative_to(root) == PRESCRIBED:
            continue
        for name, line in _names(path):
            if name in PRESCRIBED_METHODS:
                continue
            words = {word.lower() for word in _WORD.findall(name)}
            if words & EMPTY_WORDS or name.lstrip("_").startswith(EMPTY_STARTS):
                found.append(
                    f"{place(root, path, line)}: the name {name} says nothing; name the noun or the verb"
                )
    return found


def poor_docstrings(root: Path) -> list[str]:
    found = []
    for path in files(root, "*.py"):
        tree = parsed(path)
        text = ast.get_docstring(tree)
        if text is None:
            if tree.body:
                found.append(f"{place(root, path)}: say in one sentence what this file is for")
        elif "\n\n" in text or not text.endswith((".", "。")) or _NEXT_SENTENCE.search(text):
            found.append(f"{place(root, path)}: the module docstring is exactly one sentence")
    return found


def test_names_say_something():
    nothing(empty_names(ROOT))


def test_every_module_says_what_it_is_for_in_one_sentence():
    nothing(poor_docstrings(ROOT))


def test_empty_names_are_found(tmp_path):
    write(tmp_path, "app/util.py", "")
    write(
        tmp_path,
        "app/a.py",
        "class SeatManager: ...\ndef handle_form(): ...\n"
        "def commonplace(): ...\ndef test_a_common_password_is_refused(): ...\n",
    )
    write(tmp_path, PRESCRIBED.as_posix(), "class SecurityManager: ...\n")
    found = empty_names(tmp_path)
    assert len(found) == 3
    assert any("SeatManager" in finding for finding in found)
    assert any("handle_form" in finding for finding in found)


def test_poor_docstrings_are_found(tmp_path):
    write(tmp_path, "app/none.py", "x = 1\n")
    write(tmp_path, "app/two.py", '"""One sentence. And another one."""\n')
    write(tmp_path, "app/open.py", '"""A heading"""\n')
    write(tmp_path, "app/good.py", '"""The one thing, e.g. this, that v2.1 of the file is for."""\nx = 1\n')
    write(tmp_path, "app/__init__.py", "")
    assert [finding.split(":")[0] for finding in poor_docstrings(tmp_path)] == [
        "app/none.py",
        "app/open.py",
        "app/two.py",
    ]
