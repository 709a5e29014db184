"""What is in the repository belongs there: no machine's paths, no registry's address, nothing heavy."""

import re
from pathlib import Path

from tests.house.tree import ROOT, nothing, place, tracked, write

MEGABYTES = 80
# Folders of one machine: the homes of people and of root, and mounts of a build machine.
_MACHINE = re.compile(r"(?<![\w.])/(?:home/\w|root/|Users/\w|work/(?:main|shared)|tmp/bash_)|[A-Z]:\\Users\\")
_REGISTRY = re.compile(r"^\s*--?(?:extra-)?(?:index-url|find-links|trusted-host|i\b|f\b)", re.MULTILINE)


def machine_paths(root: Path) -> list[str]:
    found = []
    for path in tracked(root):
        if "vendor" in path.parts:
            continue
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue  # A font or a picture has no paths to read.
        found += [
            f"{place(root, path, number)}: a path of one machine; other people have other folders"
            for number, line in enumerate(lines, 1)
            if _MACHINE.search(line)
        ]
    return found


def registries(root: Path) -> list[str]:
    return [
        f"{place(root, path)}: names a package registry; run `make lock`, which leaves it out"
        for path in sorted(root.glob("requirements*"))
        if _REGISTRY.search(path.read_text(encoding="utf-8"))
    ]


def weight(root: Path) -> int:
    """Bytes of all tracked files."""
    return sum(path.stat().st_size for path in tracked(root))


def test_no_paths_of_a_machine():
    nothing(machine_paths(ROOT))


def test_locks_name_no_registry():
    nothing(registries(ROOT))


def test_the_repository_is_light():
    assert weight(ROOT) <= MEGABYTES * 1024 * 1024, (
        "tracked files are too heavy; keep what is made out of git"
    )


def test_a_path_of_a_machine_is_found(tmp_path):
    home = "/" + "home/lijuan/data"
    write(tmp_path, "app/a.py", f'DATA = "{home}"\n')
    write(tmp_path, "docs/b.md", "Open /root" + "/x, then https://example.org/home/lijuan\n")
    write(tmp_path, "docs/c.md", "See https://example.org/home/lijuan and ./data\n")
    assert [finding.split(":")[0] for finding in machine_paths(tmp_path)] == ["app/a.py", "docs/b.md"]


def test_a_registry_in_a_lock_is_found(tmp_path):
    write(tmp_path, "requirements.lock", "--extra-index-url https://pypi.example/simple\nflask==3.1.3\n")
    write(tmp_path, "requirements-dev.lock", "# made by uv\nflask==3.1.3\n")
    assert len(registries(tmp_path)) == 1


def test_weight_is_counted(tmp_path):
    write(tmp_path, "a.bin", "x" * 1000)
    write(tmp_path, "deep/b.bin", "x" * 24)
    assert weight(tmp_path) == 1024
