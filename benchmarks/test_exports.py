"""What exports of the whole work list cost, over a million declarations: rows a second, and the memory they take."""

import json
import os
import subprocess
import sys

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

EXPORT = """
import json, resource, sys, time
from pathlib import Path
from sqlalchemy.orm import Session
from app import create_app
from app.extensions.database import db
from app.security.access.roles import Actor, Role
from app.services.exports.lists import Wanted, exportable
from app.services.exports.making import blocks
from config import Config

url, data, key, kind, unmasked = sys.argv[1:]
config = Config(
    data_dir=Path(data), key_file=Path(key), database_url=url, secret_key="bench " * 8, testing=True
)
app = create_app(config)
officer = Actor(1, "bench", frozenset({Role.PROVINCIAL}))
with app.app_context(), Session(db.engine) as reader:
    wanted = Wanted("ReviewScreen", kind, address="all=1&sort=number", unmasked=unmasked == "1", reason="bench")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun, first, rows, size = time.perf_counter(), None, 0, 0
    export = exportable("ReviewScreen").export(reader, officer, wanted)
    for rows, block in blocks(reader, export, kind):
        size += len(block)
        first = first or time.perf_counter() - begun
    took = time.perf_counter() - begun
usage = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({"rows": rows, "seconds": took, "first": first, "bytes": size, "peak": usage.ru_maxrss // 1024,
                  "by_database": export.by_database, "columns": len(export.columns)}))
"""


@pytest.mark.parametrize(("kind", "unmasked"), [("csv", False), ("xlsx", False), ("csv", True)])
def test_the_whole_list_leaves_quickly_and_in_little_memory(province, calibration, report, kind, unmasked):
    """In a process of its own, whose peak of memory is that of the export and of nothing else."""
    told = subprocess.run(
        [
            *(sys.executable, "-c", EXPORT, province.url, str(province.data_dir), str(province.key_file)),
            *(kind, "1" if unmasked else "0"),
        ],
        capture_output=True, text=True, check=False, env=os.environ,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr[-2000:]
    found = json.loads(told.stdout.splitlines()[-1])
    pace, bar = found["rows"] / found["seconds"], BARS[province.engine, kind, unmasked]
    report(
        f"Export of all declarations, {kind}{' in full' if unmasked else ' masked'}, {province.engine}",
        f"{pace:,.0f} rows/s, {found['rows']:,} rows of {found['columns']} columns, first byte after "
        f"{found['first'] * 1000:.0f} ms, peak {found['peak']} MB",
        f"{1_000_000 / pace / calibration:.2f} for 1,000 rows",
        f"≥ {bar:,} rows/s, ≤ {MEGABYTES} MB",
    )
    assert found["by_database"] is not unmasked, "a column is made by Python"
    assert found["peak"] <= MEGABYTES
    assert pace >= bar
