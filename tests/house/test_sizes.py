"""Files, functions and lines stay short enough to be read at one sight."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.house.tree import ROOT, files, nothing, parsed, place, write

FILE_LINES = 400
FUNCTION_LINES = 60
# The formatter breaks code at 110; a string or a sentence that it may not break has ten more.
LINE_CHARACTERS = 120


def _written(root: Path) -> Iterator[Path]:
    """What people write; a migration is one list of columns, which cutting would not make easier to read."""
    yield from (path for path in files(root, "*.py") if not path.is_relative_to(root / "migrations/versions"))


def long_files(root: Path) -> list[str]:
    counted = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in _written(root)}
    return [
        f"{place(root, path)}: {lines} lines, {FILE_LINES} at most; give the second subject a file of its own"
        for path, lines in counted.items()
        if lines > FILE_LINES
    ]


def long_functions(root: Path) -> list[str]:
    found = []
    for path in _written(root):
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > FUNCTION_LINES:
                    found.append(
                        f"{place(root, path, node.lineno)}: {node.name} has {lines} lines, "
                        f"{FUNCTION_LINES} at most; name its steps and let them be functions"
                    )
    return found


def long_lines(root: Path) -> list[str]:
    return [
        f"{place(root, path, number)}: {len(line)} characters, {LINE_CHARACTERS} at most; break the line"
        for path in _written(root)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > LINE_CHARACTERS and "http" not in line
    ]


def test_files_are_short():
    nothing(long_files(ROOT))


def test_functions_are_short():
    nothing(long_functions(ROOT))


def test_lines_are_short():
    nothing(long_lines(ROOT))


def test_a_long_file_is_found(tmp_path):
    write(tmp_path, "app/models/long.py", "x = 1\n" * 401)
    write(tmp_path, "app/models/short.py", "x = 1\n" * 400)
    assert [finding.split(":")[0] for finding in long_files(tmp_path)] == ["app/models/long.py"]


def test_a_long_function_is_found(tmp_path):
    body = "    x = 1\n"
    write(tmp_path, "app/a.py", "def long():\n" + body * 60 + "\n\ndef short():\n" + body * 59)
    assert len(long_functions(tmp_path)) == 1
    assert "long has 61 lines" in long_functions(tmp_path)[0]


def test_a_long_line_is_counted_in_characters_not_in_columns(tmp_path):
    write(tmp_path, "app/a.py", f'x = "{"中" * 114}"\ny = "{"中" * 115}"\n')
    assert [finding.split(" ")[0] for finding in long_lines(tmp_path)] == ["app/a.py:2:"]
