"""What many application forms cost: all cores draw at once, against the same forms drawn one after another."""

import os
import time

from app.printing.render import render, render_all
from tests.printing.papers import form, words

FORMS = int(os.environ.get("BENCH_FORMS", "500"))
ALONE = 40
TIMES = 1.6
"""Of two cores, how many draw on the average."""


def test_many_forms_keep_both_cores_busy(calibration, report):
    documents, translate = [form()] * FORMS, words("zh")
    render_all(documents[:4], translate)  # both processes are started and have read their fonts
    begun = time.perf_counter()
    for document in documents[:ALONE]:
        render(document, translate)
    alone = (time.perf_counter() - begun) / len(documents[:ALONE])
    begun = time.perf_counter()
    made = render_all(documents, translate)
    together = (time.perf_counter() - begun) / FORMS
    assert all(isinstance(one, bytes) for one in made)
    report(
        f"Print of {FORMS} application forms",
        f"{together * FORMS:.1f} s, {1 / together:.1f} forms/s",
        f"{alone / together:.2f} times as quick as one after another",
        f"≥ {TIMES} times on two cores",
    )
    assert alone / together >= TIMES
