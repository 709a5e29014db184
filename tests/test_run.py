"""The supervisor: a part that dies is started again, and nothing outlives the platform."""

import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import run
from config import Config, OutsideSystem
from tests.prepared import ROOT

pytestmark = pytest.mark.real_time

# A platform of two parts, each of which says when it starts and when it is told to stop.
PLATFORM = """
import os, signal, sys, time
import run

def part(name):
    def live():
        def end(*_):
            print(name, "stops", flush=True)
            os._exit(0)
        signal.signal(signal.SIGTERM, end)
        print(name, "lives", os.getpid(), flush=True)
        signal.pause()
    return run.Child(name, live, patience=5)

def frail():
    print("frail lives", os.getpid(), flush=True)
    sys.exit(3)

children = [part("signer"), part("web")]
if "frail" in sys.argv:
    children.append(run.Child("frail", frail, patience=1))
with run._stopping(children):
    run._supervise(children)
"""


class Platform:
    """The small platform in a process of its own, and what it says."""

    def __init__(self, *words: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", PLATFORM, *words],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def says(self, until: Callable[[list[str]], bool]) -> list[str]:
        lines: list[str] = []
        while not until(lines):
            line = self.process.stdout.readline()
            assert line, f"the platform ended after {lines}"
            lines.append(line.strip())
        return lines

    def parts(self) -> dict[str, int]:
        lines = self.says(lambda lines: sum("lives" in line for line in lines) >= 2)
        return {line.split()[0]: int(line.split()[2]) for line in lines if "lives" in line}


@pytest.fixture
def platform():
    started: list[Platform] = []

    def start(*words: str) -> Platform:
        started.append(Platform(*words))
        return started[-1]

    yield start
    for one in started:
        one.process.kill()
        one.process.wait()
        one.process.stdout.close()


def _gone(process: int) -> bool:
    """Wait until the process has ended."""
    try:
        watched = os.pidfd_open(process)
    except ProcessLookupError:
        return True
    with os.fdopen(watched) as ended:
        return bool(select.select([ended], [], [], 10)[0])


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_the_parts_in_order_when_it_is_told_to(platform, sign):
    one = platform()
    one.parts()
    one.process.send_signal(sign)
    assert one.process.wait(10) == 0
    said = one.process.stdout.read().split("\n")
    assert [line for line in said if "stops" in line] == ["web stops", "signer stops"]


def test_no_part_outlives_a_supervisor_that_was_killed(platform):
    one = platform()
    parts = one.parts()
    one.process.kill()
    assert all(_gone(part) for part in parts.values())


def test_a_part_that_dies_is_started_again_and_the_others_live_on(platform):
    one = platform()
    before = one.parts()
    os.kill(before["web"], signal.SIGKILL)
    said = one.says(lambda lines: any("web lives" in line for line in lines))
    assert any("web ended with -9; it starts again in 0 s." in line for line in said)
    assert Path(f"/proc/{before['signer']}").exists()


def test_a_part_that_cannot_live_is_tried_less_and_less_often(platform):
    one = platform("frail")
    said = one.says(lambda lines: sum("frail ended" in line for line in lines) == 3)
    pauses = [line.split(" in ")[1] for line in said if "frail ended" in line]
    assert pauses == ["0 s.", "1 s.", "2 s."]


def test_the_longest_pause_is_half_a_minute():
    child = run.Child("frail", lambda: None, patience=1)

    class Ended:
        exitcode = 3

        def join(self): ...
        def close(self): ...

    for _ in range(12):
        child.process, child.started = Ended(), time.monotonic()
        child.fell()
    assert 29 < child.due - time.monotonic() <= 30


SIMULATED = """
import sys
import run
from app.integrations.signed_http import connect
from config import Config

config, children = run._with_simulators(Config())
if "asker" in sys.argv:
    def ask():
        client = connect(config.central_registry, source="", production=False)
        found = client.get("/v1/enterprise", credit_code="91439900MA0000015C")
        print("answered lives", found["enterprise"]["credit_code"], flush=True)
        run.signal.pause()
    children.append(run.Child("asker", ask, patience=1))
print("web lives", len(children), flush=True)
with run._stopping(children):
    run._supervise(children)
"""


@pytest.fixture
def simulated(platform, monkeypatch):
    monkeypatch.setitem(globals(), "PLATFORM", SIMULATED)
    return platform


def _simulator_of(supervisor: int) -> tuple[int, str]:
    """The program that a child of this process has started, with its words."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_text().split("\0")
            if (
                "simulators.central_registry" in words
                and _parent(_parent(int(path.parent.name))) == supervisor
            ):
                return int(path.parent.name), " ".join(words)
        except OSError:
            continue  # a process that ended while it was looked at
    raise AssertionError("no simulator runs under this supervisor")


def _parent(process: int) -> int:
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])


def _given(config: Config) -> tuple[Config, list[str]]:
    """The configuration with the simulators' addresses, and what they are called; none of them is started."""
    config, children = run._with_simulators(config)
    for child in children:
        child.run.args[1].close()
    return config, [child.name for child in children]


def test_a_registry_without_an_address_is_simulated_by_a_program_of_its_own(simulated):
    one = simulated("asker")
    said = one.says(lambda lines: any("answered" in line for line in lines))
    assert "answered lives 91439900MA0000015C" in said
    assert [line for line in said if line.startswith("SIMULATOR of the central enterprise registry")]
    program, words = _simulator_of(one.process.pid)
    assert "secret" not in words.lower()
    one.process.send_signal(signal.SIGTERM)
    assert one.process.wait(10) == 0
    assert _gone(program)


def test_no_simulator_outlives_a_supervisor_that_was_killed(simulated):
    one = simulated()
    one.says(lambda lines: any("SIMULATOR" in line for line in lines))
    program, _ = _simulator_of(one.process.pid)
    one.process.kill()
    assert _gone(program)


def test_a_simulator_that_dies_comes_back_at_the_same_address(simulated):
    one = simulated()
    first = one.says(lambda lines: any("SIMULATOR" in line for line in lines))[-1]
    program, _ = _simulator_of(one.process.pid)
    os.kill(program, signal.SIGKILL)
    said = one.says(lambda lines: any("SIMULATOR" in line for line in lines))
    assert said[-1] == first
    assert any("simulator of central registry ended" in line for line in said)


def test_production_and_a_system_with_an_address_are_given_no_simulator():
    assert _given(Config(env="production")) == (Config(env="production"), [])
    named = OutsideSystem("https://registry.example", "key", "x" * 32)
    config, children = _given(Config(central_registry=named))
    assert config.central_registry == named
    assert "simulator of central registry" not in children


def test_each_start_has_a_secret_of_its_own():
    secrets = {_given(Config())[0].central_registry.secret for _ in range(2)}
    assert len(secrets) == 2
    assert all(len(secret) == 64 for secret in secrets)


def test_a_port_in_use_is_named_before_anything_starts():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(SystemExit, match=r"in use .* make run PORT="):
            run._require_free(taken.getsockname()[1])


def test_what_the_platform_makes_is_for_nobody_else(monkeypatch):
    made = []

    def stop(_port):
        made.append(os.umask(0o022))
        raise SystemExit

    monkeypatch.setattr(run, "_require_free", stop)
    monkeypatch.setattr(sys, "argv", ["run.py"])
    before = os.umask(0o022)
    with pytest.raises(SystemExit):
        run.main()
    os.umask(before)
    assert made == [0o077]
