"""Declarations from before their form said so much: the register fills in what it can tell, the rest is “—”."""

import re
from datetime import date, timedelta

import flask_migrate
import pytest
from sqlalchemy import update

from app.extensions.clock import today
from app.models import Declaration, PolicyValue
from app.services import prints, register_changes
from app.workflow.types import registry
from tests.cast import login, take
from tests.pages import page
from tests.registered import drafted, filer, registered

COLUMNS = {
    "addition": ("held_specialties",),
    "renewal": ("held_specialties", "other_registrations", "remarks"),
    "replacement": ("seal_check_code",),
    "id_correction": ("new_gender", "new_birth_date"),
    "transfer": ("former_legal_representative", "former_county_code", "former_contact", "former_phone"),
    "temporary_transfer": (
        "former_legal_representative",
        "former_county_code",
        "former_contact",
        "former_phone",
    ),
}
"""What migration 0016 has added to each type."""
TYPED = {"id_correction": {"new_id_number": "439900198506150027"}}


def filed(session, cast, key):
    """A declaration of this type about 张伟, which was handed in; its columns say nothing."""
    session.add(PolicyValue(key="transfer_open", value="1", valid_from=date(2020, 1, 1), source="测试"))
    kind = "temporary" if key == "temporary_transfer" else "registered"
    ends = {"building": today() + timedelta(days=60 if key == "renewal" else 600)}
    row = registered(session, cast.li_juan, cast.zhang_wei, kind=kind, ends=ends)
    declaration = drafted(session, cast, key, row, **TYPED.get(key, {}))
    take(session, cast, declaration.id, "submit")
    return row, declaration.id


def forget(session, key, number) -> None:
    table = registry[key].model.__table__
    session.execute(update(table).where(table.c.id == number).values(dict.fromkeys(COLUMNS[key])))
    session.commit()
    session.expire_all()


@pytest.mark.parametrize("key", COLUMNS)
def test_every_page_and_paper_of_a_declaration_from_before_is_whole(app, session, cast, key):
    _row, number = filed(session, cast, key)
    forget(session, key, number)
    path, clerk = f"/declarations/{key.replace('_', '-')}", filer(cast, registry[key])
    moved = key in {"transfer", "temporary_transfer"}
    read(app, clerk, f"{path}/", f"{path}/{number}", f"/enterprise-declarations/{number}")
    read(app, cast.zhang_wei, f"/my-declarations/{number}")
    if moved:
        read(app, cast.li_juan, f"/confirmations/{key.replace('_', '-')}/{number}")
        take(session, cast, number, "consent")
    for officer in (cast.chen_jing,) if key == "temporary_transfer" else (cast.wang_qiang,):
        read(app, officer, f"/review/{number}", "/review/?desk=")
    row = session.get_one(Declaration, number)
    for language in ("zh", "en"):
        with app.test_request_context(f"/?_l_={language}"):
            assert prints.print_form(session, clerk.actor, row, language).startswith(b"%PDF")
    session.commit()
    take(session, cast, number, *(() if moved else ("return",)))
    edits = () if moved else (f"{path}/{number}/edit",)
    read(app, clerk, *edits, f"{path}/{number}")


def read(app, member, *urls) -> None:
    client = login(app.test_client(), member)
    for language in ("zh", "en"):
        for url in urls:
            document = page(client, f"{url}{'&' if '?' in url else '?'}_l_={language}")
            assert not document.find("main").find_all(string=re.compile(r"^\s*None\s*$"))


@pytest.mark.both_engines
def test_the_migration_says_what_the_register_said_when_it_was_handed_in(app, session, cast, engine, stages):
    known = {}
    for key in ("addition", "replacement"):
        row, number = filed(session, cast, key)
        before = told(session, key, number)
        forget(session, key, number)
        take(session, cast, number, "decline")
        register_changes.replace(session, row, lost=True, declaration_id=number)
        register_changes.cancel(
            session, row, ["building"], reason="employment_ended", declaration_id=None, on=today()
        )
        session.commit()
        known[key, number] = before
    assert known["replacement", number]["seal_check_code"] == "00"
    again(app, session, stages(engine).database)
    assert {one: told(session, *one) for one in known} == known


@pytest.mark.both_engines
def test_the_migration_says_what_a_corrected_number_has_brought(app, session, cast, engine, stages):
    _row, number = filed(session, cast, "id_correction")
    right = told(session, "id_correction", number)
    take(session, cast, number, "accept", "endorse", "approve", "announce")
    forget(session, "id_correction", number)
    again(app, session, stages(engine).database)
    assert told(session, "id_correction", number) == right
    assert right["new_birth_date"] == date(1985, 6, 15)


@pytest.mark.both_engines
def test_what_nobody_knows_any_more_stays_empty(app, session, cast, engine, stages):
    keys = {key: filed(session, cast, key)[1] for key in ("temporary_transfer",)}
    for key, number in keys.items():
        forget(session, key, number)
    again(app, session, stages(engine).database)
    for key, number in keys.items():
        assert set(told(session, key, number).values()) == {None}


def told(session, key, number) -> dict:
    session.rollback()
    session.expire_all()
    row = session.get_one(registry[key].model, number)
    return {name: getattr(row, name) for name in COLUMNS[key]}


def again(app, session, database) -> None:
    """The migration as it comes over a database that has stood before it."""
    session.close()
    database.dispose()
    with app.app_context():
        flask_migrate.downgrade(revision="0018")
        flask_migrate.upgrade()
