"""What the lists of the officers cost, over a million declarations."""

import pytest
from sqlalchemy import event

from benchmarks.calibration import Timing, measured

STATEMENTS, CPU, BYTES, SPREAD = 8, 8.0, 60_000, 3.0


@pytest.fixture
def counted():
    """How many statements a page asks of the database: `counted(province.app, call)`."""
    from app.extensions.database import db

    def count(app, call) -> int:
        asked = []
        with app.app_context():
            engine = db.engine

        def note(*_):
            asked.append(1)

        event.listen(engine, "before_cursor_execute", note)
        try:
            call()
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return len(asked)

    return count


def _page(client, url: str):
    def get():
        answer = client.get(url)
        assert answer.status_code == 200, answer.status
        return answer

    return get


def test_the_work_list_of_a_city_is_cheap(province, calibration, report, counted):
    get = _page(province.client("changsha"), "/review/")
    found: Timing = measured(get)
    report(
        f"Work list of a city, processor, {province.engine}",
        f"{found.cpu:.1f} ms ({found.wall:.1f} ms on the wall)",
        f"{found.cpu / calibration:.2f}",
        f"≤ {CPU:.0f} ms",
    )
    statements, size = counted(province.app, get), len(get().data)
    report(
        f"Work list of a city, statements and size, {province.engine}",
        f"{statements} statements, {size / 1000:.1f} kB",
        "–",
        f"≤ {STATEMENTS} statements, ≤ {BYTES // 1000} kB",
    )
