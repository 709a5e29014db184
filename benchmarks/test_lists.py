"""What the lists of the officers cost over a million declarations, beside stock Flask-AppBuilder's own list."""

from urllib.parse import parse_qsl

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import event

from benchmarks.calibration import measured
from benchmarks.peer import Peer

STATEMENTS, CPU, BYTES, SPREAD, PEER = 8, 8.0, 60_000, 3.0, 5.0


@pytest.fixture
def counted():
    """How many statements a page asks of the database: `counted(province.app, call)`."""
    from app.extensions.database import db

    def count(app, call) -> int:
        asked = []
        with app.app_context():
            engine = db.engine

        def note(_connection, _cursor, statement, *_rest):
            if statement != "BEGIN":
                asked.append(statement)

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


def _menu(page):
    """The groups and entries of the navigation on this page."""
    groups = BeautifulSoup(page.text, "html.parser").select("details.side-group")
    return [
        (group["data-group"], link.get_text(strip=True), link["href"])
        for group in groups
        for link in group.find_all("a")
    ]


def test_the_work_list_of_a_city_is_cheap(province, calibration, report, counted):
    get = _page(province.client("changsha"), "/review/")
    peer = Peer(province.url, _menu(get()))
    there = _page(peer.client(), "/declarationview/list/")
    # In turns, so that both meet the same neighbours on the machine; the best of three of each.
    rounds = [(measured(get), measured(there, calls=15)) for _ in range(3)]
    found, theirs = (min(timings, key=lambda one: one.cpu) for timings in zip(*rounds, strict=True))
    peer.statements = 0
    their_size = len(there().data)
    asked = peer.statements
    peer.leave()
    report(
        f"Work list of a city, processor, {province.engine}",
        f"{found.cpu:.1f} ms ({found.wall:.1f} ms on the wall)",
        f"{found.cpu / calibration:.2f}",
        f"≤ {CPU:.0f} ms",
    )
    report(
        f"Work list of a city against stock Flask-AppBuilder, {province.engine}",
        f"{found.cpu:.1f} ms against {theirs.cpu:.1f} ms, {asked} statements and {their_size / 1000:.1f} kB",
        f"{theirs.cpu / found.cpu:.1f} × less than the peer",
        f"≥ {PEER:.0f} ×",
    )
    statements, size = counted(province.app, get), len(get().data)
    report(
        f"Work list of a city, statements and size, {province.engine}",
        f"{statements} statements, {size / 1000:.1f} kB",
        "–",
        f"≤ {STATEMENTS} statements, ≤ {BYTES // 1000} kB",
    )
    assert statements <= STATEMENTS
    assert theirs.cpu / found.cpu >= PEER


def test_a_deep_page_and_a_filtered_page_cost_what_the_first_does(postgresql, report, calibration):
    for login, place in (("changsha", "a city"), ("province", "the province")):
        client = postgresql.client(login)
        beyond = _beyond(client, "/review/?all=1&page=999999")
        pages = {
            "first": "/review/?all=1",
            "deep": f"/review/{beyond}",
            "filtered": "/review/?all=1&state=refused",
        }
        walls = {name: measured(_page(client, url), calls=20).wall for name, url in pages.items()}
        spread = max(walls.values()) / min(walls.values())
        report(
            f"All declarations of {place}: first, deep and filtered page, postgresql",
            ", ".join(f"{name} {wall:.1f} ms" for name, wall in walls.items()),
            f"{spread:.1f} × between them",
            f"≤ {SPREAD:.0f} ×",
        )
        assert spread <= SPREAD


def _beyond(client, url: str) -> str:
    """The address of a page far beyond the counted ones: the next of the last that has a number, and two more."""
    for _ in range(3):
        links = BeautifulSoup(client.get(url).text, "html.parser").find_all("a", href=True)
        url = next(one["href"] for one in links if "after" in dict(parse_qsl(one["href"].lstrip("?"))))
        url = f"/review/{url}"
    return url.removeprefix("/review/")
