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
"""Of what loops of calculation get out of all cores, how much forms get."""
TELLING = 1.5
"""Times as quick that loops have to be on all cores before the clock on the wall says anything."""


class _Clock:
    """Over all calls: seconds on the wall, those our children calculated, and those they wanted to."""

    def __init__(self) -> None:
        self.wall = self.processor = self.wanted = 0.0

    def __call__(self, call: Callable[[], object]) -> None:
        begun, (ran, waited) = time.perf_counter(), _of_children()
        call()
        self.wall += time.perf_counter() - begun
        ran, waited = (now - before for now, before in zip(_of_children(), (ran, waited), strict=True))
        self.processor += ran
        self.wanted += ran + waited


def _of_children() -> tuple[float, float]:
    """Seconds that they ran, and that they were ready to run while the machine was busy with others."""
    ours, ran, waited = str(os.getpid()), 0, 0
    for place in Path("/proc").glob("[0-9]*"):
        try:
            parent = (place / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1]
            if parent == ours:
                told = (place / "schedstat").read_text(encoding="utf-8").split()
                ran, waited = ran + int(told[0]), waited + int(told[1])
        except OSError:  # it ended meanwhile
            continue
    return ran / 1e9, waited / 1e9


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
    fed, fed_loops = together.wanted / together.wall, all_loops.wanted / all_loops.wall
    report(
        f"Print of {FORMS} application forms",
        f"{together.wall:.1f} s, {FORMS / together.wall:.1f} forms/s; {together.processor / FORMS * 1000:.0f} ms of a "
        f"processor each, {alone.processor / ALONE / ROUNDS * 1000:.0f} ms when drawn alone; "
        f"joined in {joining.wall:.1f} s",
        f"{fed:.2f} cores had forms to draw at a time, {fed_loops:.2f} with loops; {for_forms:.2f} times as quick as "
        f"one after another, where loops are {for_loops:.2f} times",
        f"≥ {SHARE:.0%} of what the loops get",
    )
    assert fed >= SHARE * fed_loops
    # With others at work a second core may add nothing to anything, and then its wall says nothing either.
    assert for_loops < TELLING or for_forms >= SHARE * for_loops
