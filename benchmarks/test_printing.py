"""What many application forms cost: what more cores add to them, beside what they add to loops of calculation."""

import os
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, wait
from multiprocessing import get_context
from pathlib import Path

from app.printing.failure import PrintFailed
from app.printing.render import merge, render, render_all
from benchmarks.calibration import work
from tests.printing.papers import form, words

FORMS = int(os.environ.get("BENCH_FORMS", "500"))
ROUNDS, ALONE, LOOPS = 10, 4, 4_000
CORES = os.cpu_count() or 1
SHARE = 0.8
"""Of what a second core adds to a loop of calculation, how much it adds to forms."""


class _Clock:
    """Seconds on the wall and of the processors of our children, over all calls."""

    def __init__(self) -> None:
        self.wall = self.processor = 0.0

    def __call__(self, call: Callable[[], object]) -> None:
        begun, processor = time.perf_counter(), _of_children()
        call()
        self.wall += time.perf_counter() - begun
        self.processor += _of_children() - processor


def _of_children() -> float:
    ours, ticks = str(os.getpid()), 0
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            told = place.read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:  # it ended meanwhile
            continue
        if told[1] == ours:
            ticks += int(told[11]) + int(told[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def test_many_forms_keep_all_cores_busy(report):
    """Forms and loops take turns: what a second core adds differs from machine to machine and from hour to hour."""
    documents, translate = [form()] * FORMS, words("zh")
    render_all(documents[: 2 * CORES], translate)  # all processes are started and have read their fonts
    one_loop, all_loops, alone, together, joining = _Clock(), _Clock(), _Clock(), _Clock(), _Clock()
    made: list[bytes | PrintFailed] = []
    with ProcessPoolExecutor(CORES, get_context("spawn")) as pool:

        def loops(count: int) -> None:
            wait([pool.submit(work, LOOPS) for _ in range(count)])

        loops(CORES)
        for place in range(0, FORMS, FORMS // ROUNDS):
            few = documents[place : place + FORMS // ROUNDS]
            one_loop(lambda: loops(1))
            all_loops(lambda: loops(CORES))
            alone(lambda: [render(document, translate) for document in documents[:ALONE]])
            together(lambda few=few: made.extend(render_all(few, translate)))
    pdfs = [one for one in made if isinstance(one, bytes)]
    assert len(pdfs) == FORMS
    joining(lambda: merge(pdfs))
    for_loops = CORES * one_loop.wall / all_loops.wall
    for_forms = (alone.wall / ALONE / ROUNDS) / (together.wall / FORMS)
    report(
        f"Print of {FORMS} application forms",
        f"{together.wall:.1f} s, {FORMS / together.wall:.1f} forms/s; {together.processor / FORMS * 1000:.0f} ms of a "
        f"processor each, {alone.processor / ALONE / ROUNDS * 1000:.0f} ms when drawn alone; "
        f"joined in {joining.wall:.1f} s",
        f"{for_forms:.2f} times as quick as one after another, where loops of calculation are {for_loops:.2f} times: "
        f"{for_forms / for_loops:.0%}; {together.processor / together.wall:.2f} cores busy, "
        f"{all_loops.processor / all_loops.wall:.2f} with loops",
        f"≥ {SHARE:.0%} of what the loops get",
    )
    assert for_forms >= SHARE * for_loops
