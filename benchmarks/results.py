"""The table of benchmarks/results.md: one line for each figure, renewed by the run that measured it."""

from dataclasses import dataclass
from pathlib import Path

RESULTS = Path(__file__).with_name("results.md")
_HEAD = """# What the benchmarks measured

`make bench` writes this page; a run of one module renews its own lines. "Ratio" is the figure as a multiple of the
calibration loop of the same run (a table of 30 rows by Jinja, a hundred times over; benchmarks/calibration.py)
unless it says what else it is measured against. Milliseconds are medians unless a line says otherwise.

| What | Figure | Ratio | Bar | Command | Date | Machine |
|---|---|---|---|---|---|---|
"""


@dataclass(frozen=True)
class Row:
    """One figure. `bar` says what is asked of it, in the words of the table."""

    what: str
    figure: str
    ratio: str
    bar: str
    module: str

    def line(self, day: str, machine: str) -> str:
        command = f"`pytest -n 0 -s {self.module}`"
        cells = (self.what, self.figure, self.ratio, self.bar, command, day, machine)
        return f"| {' | '.join(one.replace('|', '/') for one in cells)} |"


def write(rows: list[Row], day: str, machine: str) -> None:
    """Renew the lines of these figures; those of other runs stay."""
    lines = {
        line.split(" | ")[0].removeprefix("| "): line
        for line in (RESULTS.read_text(encoding="utf-8").splitlines() if RESULTS.exists() else ())
        if line.startswith("| ") and not line.startswith("| What ")
    }
    lines |= {row.what: row.line(day, machine) for row in rows}
    in_order = sorted(lines.values(), key=lambda line: (line.split(" | ")[4], line))
    RESULTS.write_text(_HEAD + "\n".join(in_order) + "\n", encoding="utf-8")
