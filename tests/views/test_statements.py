"""What the pages that people live on ask of the database: a fixed number, however many rows there are."""

from datetime import date

import pytest
from sqlalchemy import select

from app.cli.demo.makers import id_number
from app.models import Declaration, PolicyValue, Publicity, Registration, RegistrationLock
from app.services import publicity
from tests.cast import add_constructor, file_draft, login, take
from tests.statements import listening

OK = 200
CASES = "/declarations/initial-registration/"

MOST = {
    "visitor": {"/": 2, "/publicity/": 2, "/publicity/{batch}": 4, "/announcements/": 2, "/verify": 0},
    "zhang_wei": {
        "/": 10, "/my-declarations/": 4, "/my-declarations/{announced}": 7, "/real-name/{person}": 5,
        "/real-name/{person}/edit": 6, "/certificates/": 6, "/certificates/{registration}": 7,
    },
    "li_juan": {
        "/": 14, CASES: 6, f"{CASES}{{announced}}": 7, f"{CASES}{{returned}}": 17,
        f"{CASES}{{draft}}/edit": 18, "/enterprise-declarations/": 4, "/enterprise/{enterprise}": 5,
        "/enterprise/{enterprise}/edit": 9, "/enterprise-papers/{enterprise}/edit": 6,
        "/certificates/": 6, "/central-registry/{enterprise}": 2,
    },
    "wang_qiang": {
        "/": 9, "/review/": 5, "/review/?all=1": 6, "/review/?comparison=flagged": 6,
        "/review/{submitted}?list=desk%3Dwaiting": 16, "/review/{announced}": 15, "/real-name-counter/": 4,
        "/statistics/": 3,
    },
    "chen_jing": {
        "/": 11, "/review/": 5, "/review/?all=1": 6, "/review/{endorsed}?list=desk%3Dwaiting": 17,
        "/desk/": 4, "/desk/objections/": 5, "/locks/": 5, "/qualifications/": 4, "/statistics/": 3,
    },
    "province_admin": {"/": 7, "/policies/": 5, "/holidays/": 4, "/dictionaries/": 4, "/regions/": 4},
    "admin": {"/": 8, "/accounts/": 6},
    "auditor": {"/": 5, "/audit/": 4},
}  # fmt: skip
"""Of each page, what it asks now: a relation that is read row by row, or one that is read needlessly, is one more."""

STEPS = {
    "draft": (),
    "submitted": ("submit",),
    "returned": ("submit", "return"),
    "endorsed": ("submit", "accept", "endorse"),
    "publicised": ("submit", "accept", "endorse", "approve", "publicise"),
    "announced": ("submit", "accept", "endorse", "approve", "publicise", "announce"),
}


@pytest.fixture
def asked(stages, engine):
    with listening(stages(engine).database) as ask:
        yield ask


def one_of_each(session, cast, first: int) -> dict[str, int]:
    """A declaration of somebody new in each state, an objection and a lock; the keys."""
    keys = {}
    for serial, (state, steps) in enumerate(STEPS.items(), first):
        person = add_constructor(
            session, cast.wang_qiang, f"演示{serial:02d}", id_number(date(1993, 3, 3), serial)
        )
        keys[state] = take(session, cast, file_draft(session, cast.li_juan, person), *steps).id
    publicity.raise_objection(
        session, keys["publicised"], objector="示例", contact="0731-00000000", content="示例异议内容"
    )
    locked = session.get_one(Declaration, keys["announced"]).person_id
    session.add(RegistrationLock(person_id=locked, reason="示例", locked_on=date(2026, 5, 1)))
    session.commit()
    return keys


@pytest.fixture
def named(session, cast):
    """Rows of every state, the last of them 张伟's; and the words that stand in the addresses of `MOST`."""
    session.add(PolicyValue(key="publicity_days", value="0", valid_from=date(2020, 1, 1), source="测试"))
    session.commit()
    keys = one_of_each(session, cast, 0)
    keys["announced"] = take(
        session, cast, file_draft(session, cast.li_juan, cast.zhang_wei), *STEPS["announced"]
    ).id
    declared = session.get_one(Declaration, keys["announced"])
    found = keys | {
        "person": declared.person_id,
        "enterprise": declared.enterprise_id,
        "batch": session.scalar(select(Publicity.number).where(Publicity.id == declared.publicity_id)),
        "registration": session.scalar(
            select(Registration.id).where(Registration.person_id == declared.person_id)
        ),
    }
    session.rollback()
    return found


@pytest.mark.parametrize("who", MOST)
def test_a_page_asks_as_little_as_it_did_and_no_more_for_more_rows(app, session, cast, named, asked, who):
    client = app.test_client()
    if who != "visitor":
        login(client, getattr(cast, who))
    few = {address: of(client, asked, address.format_map(named)) for address in MOST[who]}
    one_of_each(session, cast, 20)
    many = {address: of(client, asked, address.format_map(named)) for address in MOST[who]}
    for address, most in MOST[who].items():
        first, second = few[address], many[address]
        assert len(first) <= most, "\n".join([f"{address} asks {len(first)} times:", *first])
        assert len(second) <= len(first), "\n".join([f"{address} asks more for more rows:", *second])


def of(client, asked, url: str) -> list[str]:
    answer, statements = asked(lambda: client.get(url))
    assert answer.status_code == OK, f"{url} answered {answer.status}"
    return statements
