"""What home pages and statistics cost, over a million declarations."""

import pytest

from benchmarks.calibration import measured

HOME, EVERYTHING = 50.0, 2_000.0
STATISTICS = ("rows=type", "rows=state&columns=region", "rows=region", "rows=month&columns=region")


def _page(client, url: str):
    def get():
        answer = client.get(url)
        assert answer.status_code == 200, answer.status
        return answer

    return get


@pytest.mark.parametrize("who", ["changsha", "province"])
def test_what_a_home_asks_of_the_database_is_quick(postgresql, calibration, report, who):
    """The whole page on the wall: four pieces, each of which may take as long as `HOME`."""
    found = measured(_page(postgresql.client(who), "/"), calls=10)
    report(
        f"Home of {who}, whole page, postgresql",
        f"{found.wall:.0f} ms on the wall, {found.cpu:.0f} ms processor",
        f"{found.wall / calibration:.2f}",
        f"≤ {4 * HOME:.0f} ms",
    )
    assert found.wall <= 4 * HOME


def test_the_province_counts_everything_at_once(postgresql, calibration, report):
    client, slow = postgresql.client("province-2"), []
    for address in STATISTICS:
        found = measured(_page(client, f"/statistics/?{address}"), calls=3, warm=1)
        report(
            f"Statistics of the province over everything, {address}, postgresql",
            f"{found.wall:.0f} ms on the wall",
            f"{found.wall / calibration:.2f}",
            f"≤ {EVERYTHING:.0f} ms",
        )
        slow += [address] if found.wall > EVERYTHING else []
    assert slow == []
