"""The source tree as the guards read it, from the project's root or from a bad sample in a temporary one."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

_OURS = (
    "app",
    "simulators",
    "ca_agent",
    "migrations",
    "translations",
    "tests",
    "benchmarks",
    "samples",
    "deploy",
)
_MADE = {"__pycache__", "node_modules", "vendor"}


def files(root: Path, pattern: str, *folders: str) -> Iterator[Path]:
    """Files of ours under the given folders (or all of them and the root itself), in a stable order."""
    starts = [root / folder for folder in folders or _OURS]
    found = {path for start in starts for path in start.rglob(pattern)}
    if not folders:
        found.update(root.glob(pattern))
    yield from sorted(path for path in found if path.is_file() and not _MADE & set(path.parts))


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def place(root: Path, path: Path, line: int | None = None) -> str:
    """Where a finding is, as editors open it."""
    return f"{path.relative_to(root).as_posix()}" + (f":{line}" if line else "")


def tracked(root: Path) -> list[Path]:
    """What is in the repository or about to be: tracked files and new ones that are not ignored.

    A tree without git (an unpacked archive, a bad sample) counts whole.
    """
    if not (root / ".git").exists():
        return [path for path in sorted(root.rglob("*")) if path.is_file()]
    command = ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [root / name for name in listed.split("\0") if name and (root / name).is_file()]


def write(root: Path, name: str, text: str) -> Path:
    """Put a bad sample into a temporary tree."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def nothing(findings: list[str]) -> None:
    """Fail with every finding on a line of its own, so that all can be mended at once."""
    assert not findings, "\n" + "\n".join(findings)
