"""How a figure is taken: processor time of a call, beside a loop that says how fast this machine is today."""

import gc
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment

_ROWS = [
    {"number": f"2026{key:08d}", "name": "张伟", "state": "已受理", "left": key % 20} for key in range(30)
]
_TABLE = Environment(autoescape=True).from_string(
    "<table>{% for row in rows %}<tr>{% for value in row.values() %}<td class='cell'>{{ value }}</td>"
    "{% endfor %}</tr>{% endfor %}</table>"
)


@dataclass(frozen=True)
class Timing:
    """What calls took, in milliseconds: of the processor and of the clock on the wall."""

    cpu: float
    wall: float
    p95: float
    calls: int


def measured(call: Callable[[], object], calls: int = 30, warm: int = 3) -> Timing:
    """The medians over so many calls and the 95th percentile of the wall, after some that do not count."""
    for _ in range(warm):
        call()
    cpu, wall = [], []
    gc.collect()
    for _ in range(calls):
        wall_begun, begun = time.perf_counter(), time.process_time()
        call()
        cpu.append((time.process_time() - begun) * 1000)
        wall.append((time.perf_counter() - wall_begun) * 1000)
    return Timing(statistics.median(cpu), statistics.median(wall), percentile(wall), calls)


def percentile(values: Sequence[float], share: float = 0.95) -> float:
    found = sorted(values)
    return found[min(len(found) - 1, int(len(found) * share))]


def work(times: int = 100) -> None:
    """A fixed piece of work: a table of 30 rows by Jinja, so many times over."""
    for _ in range(times):
        _TABLE.render(rows=_ROWS)


def loop() -> float:
    """The milliseconds of the fixed piece of work."""
    return measured(work, calls=9).cpu


def machine() -> str:
    """What kind of machine this is, and nothing that names it."""
    cores = Path("/proc/cpuinfo").read_text(encoding="utf-8").split("\n\n")
    model = next(
        line.partition(":")[2].strip() for line in cores[0].splitlines() if line.startswith("model name")
    )
    memory = int(Path("/proc/meminfo").read_text(encoding="utf-8").split()[1]) / 1024**2
    return (
        f"{len([one for one in cores if one])} × {model}, {memory:.0f} GB, Python {platform.python_version()}"
    )
