"""What exports of the whole work list cost, over a million declarations: rows a second, and the memory they take."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

MEGABYTES = 200
BARS = {
    ("postgresql", "csv", False): 100_000,
    ("sqlite", "csv", False): 60_000,
    ("postgresql", "xlsx", False): 25_000,
    ("sqlite", "xlsx", False): 25_000,
    ("postgresql", "csv", True): 20_000,
    ("sqlite", "csv", True): 20_000,
}
PEERS = {
    "postgresql": "a bare COPY of the stored columns",
    "sqlite": "the csv module over the stored columns",
}
FILED = 0.9
"""Of all declarations, how many at least an officer sees: the others are drafts."""


@pytest.mark.parametrize(("kind", "unmasked"), [("csv", False), ("xlsx", False), ("csv", True)])
def test_the_whole_list_leaves_quickly_and_in_little_memory(province, size, report, kind, unmasked):
    """In a process of its own, whose peak of memory is that of the export and of nothing else."""
    told = subprocess.run(
        [
            *(sys.executable, "-m", "benchmarks.export_alone", province.url, str(province.data_dir)),
            *(str(province.key_file), kind, "1" if unmasked else "0"),
        ],
        capture_output=True, text=True, check=False, env=os.environ, cwd=Path(__file__).parents[1],
    )  # fmt: skip
    assert told.returncode == 0, told.stderr[-2000:]
    found = json.loads(told.stdout.splitlines()[-1])
    pace, bar = found["rows"] / found["seconds"], BARS[province.engine, kind, unmasked]
    report(
        f"Export of all declarations, {kind}{' in full' if unmasked else ' masked'}, {province.engine}",
        f"{pace:,.0f} rows/s, {found['rows']:,} rows of {found['columns']} columns in {found['seconds']:.1f} s "
        f"({found['processor']:.1f} s of our processor), first byte after {found['first'] * 1000:.0f} ms, "
        f"peak {found['peak']} MB of which {found['begun_with']} MB before it began",
        f"{found['seconds'] / found['bare']:.1f} × {PEERS[province.engine]} ({found['bare']:.1f} s)",
        f"≥ {bar:,} rows/s, ≤ {MEGABYTES} MB",
    )
    assert found["rows"] >= FILED * size.declarations
    assert found["by_database"] is not unmasked, "a column is made by Python"
    assert found["peak"] <= MEGABYTES
    assert pace >= bar
