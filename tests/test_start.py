"""`make run` as a newcomer meets it: an empty folder becomes a running platform, and keeps its data."""

import os
import select
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tests.prepared import ROOT

pytestmark = pytest.mark.real_time


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Started:
    """The platform in a process of its own, started as `make run` starts it."""

    def __init__(self, folder: Path) -> None:
        self.port = _free_port()
        environment = {
            name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "ENV"}
        }
        environment |= {
            "PORT": str(self.port),
            "DATA": str(folder / "data"),
            "KEY_FILE": str(folder / "keys/master.json"),
            "PYTHONUNBUFFERED": "1",
        }
        self.begun = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "run.py"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def read_until(self, words: str) -> str:
        """What it said until these words; fails when it ends before."""
        said = ""
        while words not in said:
            line = self.process.stdout.readline()
            assert line, said
            said += line
        return said

    def get(self, path: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as answer:
            return answer.read().decode()

    def family(self) -> list[int]:
        """The processes that it started, and theirs."""
        found, waiting = [], [self.process.pid]
        while waiting:
            for children in Path(f"/proc/{waiting.pop()}/task").glob("*/children"):
                waiting += [int(child) for child in children.read_text().split()]
                found += [int(child) for child in children.read_text().split()]
        return found

    def stop(self) -> str:
        family = [os.pidfd_open(process) for process in self.family()]
        self.process.send_signal(signal.SIGINT)
        said = self.process.stdout.read()
        assert self.process.wait(60) == 0, said
        for member in family:
            with os.fdopen(member) as ended:
                assert select.select([ended], [], [], 10)[0], "a part outlived the platform"
        return said


@pytest.fixture
def start(tmp_path):
    started: list[Started] = []

    def begin() -> Started:
        started.append(Started(tmp_path))
        return started[-1]

    yield begin
    for one in started:
        one.process.kill()
        one.process.wait()
        one.process.stdout.close()


def _accounts(folder: Path) -> list[tuple]:
    database = sqlite3.connect(folder / "data/platform.sqlite")
    rows = database.execute("SELECT id, username, password FROM ab_user ORDER BY id").fetchall()
    database.close()
    return rows


def test_an_empty_folder_becomes_a_platform_that_keeps_its_data(start, tmp_path):
    first = start()
    said = first.read_until("qiye-changsha-1")
    assert f"http://127.0.0.1:{first.port}/" in said
    assert first.get("/livez").strip() == "ok"
    assert '"ready":true' in first.get("/readyz")
    assert "<html" in first.get("/")
    assert "has stopped" in first.stop()
    accounts = _accounts(tmp_path)
    assert len(accounts) > 10

    second = start()
    second.read_until(f"http://127.0.0.1:{second.port}/")
    second.stop()
    assert _accounts(tmp_path) == accounts


def test_the_types_are_known_before_any_screen_is_read(tmp_path):
    """A screen that makes something of every type when its module is read would make it of none."""
    asked = (
        "import sys\n"
        "from app import create_app, declarations\n"
        "from config import Config\n"
        "find, read = declarations.find, []\n"
        "def noting():\n"
        "    read.append([one for one in sys.modules if one.startswith('app.views')])\n"
        "    find()\n"
        "declarations.find = noting\n"
        f"create_app(Config(data_dir=__import__('pathlib').Path({str(tmp_path)!r}), "
        f"key_file=__import__('pathlib').Path({str(tmp_path / 'keys.json')!r}), "
        f"database_url='sqlite:///{tmp_path}/x.sqlite', secret_key='tests ' * 8, testing=True))\n"
        "print(read[0])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"
