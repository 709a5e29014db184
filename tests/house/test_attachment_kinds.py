"""Every kind of attachment that a form asks for has its Chinese and its English name in the dictionary."""

import ast
import csv
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from app.workflow.types import registry
from tests.house.tree import ROOT, files, nothing, parsed, place, write

NAMES = ROOT / "app/cli/reference/dictionaries/attachment_kind.csv"
_MAKERS = {"AttachmentSlot", "AttachmentKind"}


def named(path: Path) -> set[str]:
    """The kinds that have both names."""
    with path.open(encoding="utf-8", newline="") as file:
        return {row["code"] for row in csv.DictReader(file) if row["label_zh"] and row["label_en"]}


def asked_for(root: Path) -> Iterator[tuple[str, str]]:
    """Each place that makes a slot, and the kind that it says; a kind that is counted out elsewhere is in `told`."""
    for path in files(root, "*.py", "app"):
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _MAKERS:
                kind = node.args[0]
                if isinstance(kind, ast.Constant):
                    yield place(root, path, node.lineno), str(kind.value)


def told() -> Iterator[tuple[str, str]]:
    """The kinds that are names or keys in the code: of each type, of the real-name check, of acts on the register."""
    for kind in registry:
        yield from ((kind.key, one.key) for one in kind.attachments)
        yield from (
            (f"{kind.key}: {move.action}", move.evidence) for move in kind.flow.moves if move.evidence
        )
    yield from (("real-name check", key) for key in import_module("app.services.real_name").PICTURES)
    for name in ("register_acts", "locks"):
        yield name, import_module(f"app.services.{name}").EVIDENCE


def nameless(found: Iterator[tuple[str, str]], known: set[str]) -> list[str]:
    return [
        f"{where}: the kind of attachment {kind} has no name; give it a line in {NAMES.name}"
        for where, kind in found
        if kind not in known
    ]


def test_every_kind_has_both_names():
    known = named(NAMES)
    nothing([*nameless(asked_for(ROOT), known), *nameless(told(), known)])


def test_the_guard_finds_a_kind_without_a_name(tmp_path):
    write(tmp_path, "app/views/bad.py", '"""Bad."""\n\n_X = (AttachmentSlot("selfie", "Selfie"),)\n')
    written = "code,label_zh,label_en,short_zh,source\nselfie,自拍,,,\n"
    write(tmp_path, "kinds.csv", written)
    (found,) = nameless(asked_for(tmp_path), named(tmp_path / "kinds.csv"))
    assert found.startswith("app/views/bad.py:3: the kind of attachment selfie has no name")
