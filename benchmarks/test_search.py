"""How long a name of one to four characters is looked for among a million declarations, hit or no hit."""

import random
import time

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.extensions.database import db
from app.models import Declaration
from app.security.access.roles import Actor, Role
from app.security.access.scope import rows_of
from app.views.kit.filtering import Search
from app.views.kit.listing import narrowed, read_listing
from app.views.kit.paging import load
from app.views.review import ReviewScreen
from benchmarks.calibration import percentile
from benchmarks.names import needles

LONGEST = 20.0
CITY = Actor(1, "", frozenset({Role.MUNICIPAL}), region_code="430100")
PROVINCE = Actor(1, "", frozenset({Role.PROVINCIAL}))


def _asked(needle: str):
    return read_listing(
        Declaration,
        {"q": needle},
        None,
        search=Search("name"),
        filters=(),
        sortable=(),
        order="due_on",
        size=30,
    )


def test_a_name_is_found_quickly_and_found_as_a_full_scan_finds_it(postgresql, report, calibration):
    columns = ReviewScreen.all_columns()[: len(ReviewScreen.list_columns)]
    with postgresql.app.app_context(), Session(db.engine) as session:
        names = session.scalars(select(Declaration.name).where(Declaration.id % 997 == 0)).all()
        for length, typed in needles(names, random.Random(3)).items():
            walls = []
            for actor in (CITY, PROVINCE):
                for needle in typed:
                    for _ in range(3):
                        listing = _asked(needle)
                        query = narrowed(rows_of(Declaration, actor), listing, Search("name"))
                        begun = time.perf_counter()
                        load(session, query, listing, columns, beside=ReviewScreen.beside)
                        walls.append((time.perf_counter() - begun) * 1000)
                        session.expunge_all()
            p95 = percentile(walls)
            report(
                f"Name of {length}: page and count, 95th percentile, postgresql",
                f"{p95:.1f} ms (median {percentile(walls, 0.5):.1f} ms, {len(walls)} searches)",
                f"{p95 / calibration:.2f}",
                f"≤ {LONGEST:.0f} ms",
            )
            _same_as_a_full_scan(session, typed[:8])


def _same_as_a_full_scan(session: Session, typed: list[str]) -> None:
    for needle in typed:
        query = narrowed(select(Declaration), _asked(needle), Search("name"))
        found = session.scalar(
            select(func.count()).select_from(query.with_only_columns(Declaration.id).subquery())
        )
        scanned = session.scalar(
            text("SELECT count(*) FROM declaration WHERE strpos(name, :needle) > 0"), {"needle": needle}
        )
        assert found == scanned, needle
