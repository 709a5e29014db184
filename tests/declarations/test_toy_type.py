"""A type is one file: a toy that nothing else knows of has its screens, grants, papers and rows of the matrix."""

import json
import os
import subprocess
import sys

import pytest

from tests.prepared import ROOT


@pytest.fixture(scope="module")
def toy(prepared, tmp_path_factory):
    """What a fresh process says of itself that found the toy beside the other types."""
    folder = tmp_path_factory.mktemp("toy")
    environment = os.environ | {
        "DATABASE_URL": prepared.fresh("sqlite", "toy", folder / "data"),
        "DATA_DIR": str(folder / "data"),
        "KEY_FILE": str(prepared.key_file),
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.declarations.toy_platform", str(folder / "declarations")],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4_000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_the_toy_has_screens_under_its_own_address(toy):
    assert {"/declarations/toy/", "/declarations/toy/add", "/declarations/toy/<key>"} <= set(toy["routes"])


def test_the_toy_is_granted_to_those_who_declare_and_to_nobody_else(toy):
    assert [role for role, permissions in toy["grants"].items() if permissions] == ["Enterprise"]
    assert any("add" in permission for permission in toy["grants"]["Enterprise"])


def test_the_toy_is_refused_by_its_own_rule_and_runs_to_its_own_effect(toy):
    assert toy["refused"] == "愿望太大。"
    assert toy["granted"] == ["completed", "一朵花（已实现）"]


def test_the_toy_is_printed_with_its_own_field(toy):
    for said in ("玩具申报", "张伟", "愿望", "一朵花"):
        assert said in toy["paper"], toy["paper"]


def test_the_matrix_has_rows_for_the_toy_and_nobody_reaches_what_is_not_his(toy):
    assert toy["faults"] == []
    of_clerk = toy["matrix"]["李娟"]
    assert of_clerk["GET ToyScreen.show"] == {"own completed of changsha": 200}
    assert toy["matrix"]["刘洋"]["GET ToyScreen.show"] == {"foreign completed of changsha": 404}
    assert toy["matrix"]["王强"] == {}
