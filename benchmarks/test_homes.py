"""What home pages and statistics cost, over a million declarations."""

import pytest

from benchmarks.calibration import Timing, measured

HOME, EVERYTHING = 50.0, 2_000.0
STATISTICS = ("rows=type", "rows=state&columns=region", "rows=region", "rows=month&columns=region")


def _taken(engine: str, found: Timing) -> float:
    """On the wall; SQLite works in our process, whose processor tells what it takes of a machine that has time."""
    return found.cpu if engine == "sqlite" else found.wall


def _page(client, url: str):
    def get():
        answer = client.get(url)
        assert answer.status_code == 200, answer.status
        return answer

    return get


@pytest.mark.parametrize("who", ["changsha", "province"])
def test_what_a_home_asks_of_the_database_is_quick(province, calibration, report, who):
    """The whole page on the wall: four pieces, each of which may take as long as `HOME`."""
    found = measured(_page(province.client(who), "/"), calls=10)
    report(
        f"Home of {who}, whole page, {province.engine}",
        f"{found.wall:.0f} ms on the wall, {found.cpu:.0f} ms processor",
        f"{found.wall / calibration:.2f}",
        f"≤ {4 * HOME:.0f} ms",
    )
    assert _taken(province.engine, found) <= 4 * HOME


def test_the_province_counts_everything_at_once(province, calibration, report):
    client, slow = province.client("province-2"), []
    for address in STATISTICS:
        found = measured(_page(client, f"/statistics/?{address}"), calls=3, warm=1)
        report(
            f"Statistics of the province over everything, {address}, {province.engine}",
            f"{found.wall:.0f} ms on the wall, {found.cpu:.0f} ms of our processor",
            f"{found.wall / calibration:.2f}",
            f"≤ {EVERYTHING:.0f} ms",
        )
        slow += [address] if _taken(province.engine, found) > EVERYTHING else []
    assert slow == []
