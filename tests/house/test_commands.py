"""The words that people and machines type: the README names them, make knows them, CI types the same."""

import os
import re
import subprocess
from pathlib import Path

from tests.house.tree import ROOT, nothing, write

CHECKED = ("ruff format --check", "ruff check", "mypy", "lint-imports", "catalogues.py check", "pytest")


def missing_in_readme(root: Path) -> list[str]:
    readme = (root / "README.md").read_text(encoding="utf-8")
    wanted = ("make run", "make test")
    return [
        f"README.md: does not name `{word}`, one of its two commands" for word in wanted if word not in readme
    ]


def unexplained_targets(root: Path) -> list[str]:
    """Targets that a README, a page or a message tells people to type, but `make help` does not list."""
    listed = set(
        re.findall(r"^([a-z-]+):.*## ", (root / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    )
    named = {
        (word, path.name)
        for path in [*root.glob("*.md"), *root.glob("docs/**/*.md")]
        for word in re.findall(r"`make ([a-z-]+)", path.read_text(encoding="utf-8"))
    }
    return [
        f"{page}: `make {word}` is not in `make help`" for word, page in sorted(named) if word not in listed
    ]


def test_the_readme_names_both_commands():
    nothing(missing_in_readme(ROOT))


def test_every_command_that_the_pages_name_is_in_help():
    nothing(unexplained_targets(ROOT))


def test_check_runs_every_check():
    asked = subprocess.run(
        ["make", "-n", "check"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert [program for program in CHECKED if program not in asked] == []


def test_ci_runs_make_check_and_nothing_else():
    script = ROOT / ".ci/run"
    assert os.access(script, os.X_OK), "chmod +x .ci/run"
    words = [line for line in script.read_text(encoding="utf-8").splitlines() if line.startswith("make")]
    assert words == ["make check"]


def test_a_readme_without_the_commands_is_found(tmp_path):
    write(tmp_path, "README.md", "Type `make test`.\n")
    assert missing_in_readme(tmp_path) == ["README.md: does not name `make run`, one of its two commands"]


def test_a_command_that_does_not_exist_is_found(tmp_path):
    write(tmp_path, "Makefile", "run: x  ## start\n\t@true\nlint:\n\t@true\n")
    write(tmp_path, "docs/a.md", "Use `make run PORT=1`, then `make serve`.\n")
    assert unexplained_targets(tmp_path) == ["a.md: `make serve` is not in `make help`"]
