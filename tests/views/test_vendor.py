"""What is vendored: known versions, with licences, packed as it is, and silent towards other machines."""

import gzip
import re
import runpy

import pytest

from tests.house.tree import ROOT, nothing

STATIC = ROOT / "app/static"
VENDOR = STATIC / "vendor"
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_ADDRESS = re.compile(r"(?:https?:)?//[a-z0-9-]+(?:\.[a-z0-9-]+)+", re.IGNORECASE)
_NAMES = {"http://www.w3.org"}
"""Not addresses but names: of SVG and of the other vocabularies."""


def foreign(text):
    """The addresses of other machines in a script, a style or a picture; comments ask nobody."""
    return [found[0] for found in _ADDRESS.finditer(_COMMENT.sub("", text)) if found[0] not in _NAMES]


def test_nothing_that_is_served_knows_another_machine():
    kinds = {".css", ".js", ".mjs", ".svg"}
    files = [path for path in STATIC.rglob("*") if path.suffix in kinds]
    assert len(files) > 20
    nothing(
        [
            f"{path.relative_to(ROOT)}: {address}"
            for path in files
            for address in foreign(path.read_text("utf-8"))
        ]
    )


@pytest.mark.parametrize(
    "text", ["fetch('https://cdn.example/x')", "p { background: url(//cdn.example/x.png) }"]
)
def test_the_address_of_another_machine_is_found(text):
    assert foreign(text)
    assert not foreign('xmlns="http://www.w3.org/2000/svg" /* https://example.org */')


def test_every_folder_has_its_licences():
    folders = [path for path in VENDOR.iterdir() if path.is_dir() and path.name != "__pycache__"]
    assert len(folders) >= 5
    nothing([f"{path.name} has no LICENSE" for path in folders if not (path / "LICENSE").stat().st_size])


def test_the_versions_are_those_of_the_script():
    script = runpy.run_path(str(VENDOR / "fetch.py"))
    listed = dict(line.split() for line in (VENDOR / "VERSIONS").read_text("utf-8").splitlines())
    assert listed == script["VERSIONS"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in listed.values())


def test_nothing_is_vendored_that_the_script_does_not_fetch():
    script = runpy.run_path(str(VENDOR / "fetch.py"))
    known = {*script["COPIED"], "echarts/echarts.js", "icons/icons.svg", "tabler/LICENSE"}
    there = {
        str(path.relative_to(VENDOR))
        for path in VENDOR.glob("*/*")
        if path.suffix != ".gz" and path.parent.name != "__pycache__"
    }
    assert there == known


def test_what_is_packed_is_the_file_itself():
    packed = list(VENDOR.rglob("*.gz"))
    assert len(packed) >= 5
    for path in packed:
        assert gzip.decompress(path.read_bytes()) == path.with_suffix("").read_bytes(), path.name


def test_no_style_asks_for_a_file_that_is_not_there():
    asked = [
        (path, name.split("?")[0])
        for path in STATIC.rglob("*.css")
        for name in re.findall(r"url\(\s*[\"']?([^)\"']+)", _COMMENT.sub("", path.read_text("utf-8")))
        if not name.startswith(("data:", "#"))
    ]
    nothing(
        [f"{path.relative_to(ROOT)}: {name}" for path, name in asked if not (path.parent / name).is_file()]
    )
