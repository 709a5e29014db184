"""System packages: installed where that is allowed, named in one sentence where it is not."""

import subprocess

import pytest

from tests import provision


@pytest.fixture
def machine(monkeypatch):
    """A machine that lacks one package, and what was asked of its package manager."""
    asked: list[list[str]] = []
    present = {"zbar-tools": False}
    needed = {name: (why, lambda: True) for name, (why, _) in provision.NEEDED.items()}
    needed["zbar-tools"] = ("reading QR codes", lambda: present["zbar-tools"])
    monkeypatch.setattr(provision, "NEEDED", needed)

    def run(command, **_options):
        asked.append(command)
        present["zbar-tools"] = "zbar-tools" in command
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(provision.subprocess, "run", run)
    monkeypatch.setattr(provision.shutil, "which", lambda name: f"/usr/bin/{name}")
    return asked


def test_root_installs_what_is_missing_and_nothing_else(machine, monkeypatch):
    monkeypatch.setattr(provision, "as_root", list)
    assert provision.main() == 0
    assert machine[-1][-1] == "zbar-tools"
    assert "chromium" not in machine[-1]


def test_nobody_else_is_told_what_to_type(machine, monkeypatch, capsys):
    monkeypatch.setattr(provision, "as_root", lambda: None)
    assert provision.main() == 1
    assert machine == []
    assert "sudo apt install zbar-tools" in capsys.readouterr().out


def test_nothing_is_asked_when_everything_is_there(monkeypatch):
    monkeypatch.setattr(provision, "NEEDED", {"make": ("this", lambda: True)})
    monkeypatch.setattr(provision, "install", lambda *_: pytest.fail("nothing was missing"))
    assert provision.main() == 0
