"""A province to measure in: a million declarations of 300,000 persons, written in minutes on either engine."""

import argparse
import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate, islice
from typing import Any

from sqlalchemy import Connection, select, text

from app.cli.demo import PASSWORD, SECOND_FACTOR, makers
from app.extensions.clock import today
from app.extensions.database import db, writing_connection
from app.extensions.vault import vault
from app.models import Person, Region, State
from app.security.access.roles import Role
from app.security.login.passwords import hashed
from benchmarks.names import Names

NOWHERE = "439900"
_CHUNK, _YEARS, _RECENT, _HURRY = 5_000, 8, 0.06, 0.66
_CITIES = {
    "430100": 34, "430200": 8, "430300": 6, "430400": 9, "430500": 7, "430600": 7, "430700": 7, "430800": 2,
    "430900": 4, "431000": 5, "431100": 4, "431200": 3, "431300": 3, "433100": 1,
}  # fmt: skip
_OPEN = {
    State.SUBMITTED: 26, State.ACCEPTED: 28, State.RETURNED: 10, State.ENDORSED: 14, State.APPROVED: 8,
    State.PUBLICISED: 8, State.ANNOUNCED: 1, State.AWAITING_CONFIRMATION: 5,
}  # fmt: skip
_CLOSED = {State.COMPLETED: 925, State.REFUSED: 30, State.NOT_ACCEPTED: 25, State.LAPSED: 5, State.DRAFT: 15}
_SPECIALTIES = ("建筑工程", "市政公用工程", "机电工程", "公路工程", "水利水电工程", "矿业工程")
_WEIGHTS, _CHECK = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), "10X98765432"


@dataclass(frozen=True)
class Size:
    """How much there is of what; the persons and the enterprises follow from the declarations."""

    declarations: int = 1_000_000

    @property
    def persons(self) -> int:
        return max(20, self.declarations * 3 // 10)

    @property
    def enterprises(self) -> int:
        return max(20, self.declarations // 50)


OFFICERS = {
    "changsha": (Role.MUNICIPAL, "430100"),
    "xiangxi": (Role.MUNICIPAL, "433100"),
    "province": (Role.PROVINCIAL, None),
    "province-2": (Role.PROVINCIAL, None),
    "province-admin": (Role.PROVINCIAL_ADMINISTRATOR, None),
}
"""Who can log in, beside `qiye`, the clerk of the enterprise that declares most: the demo password and factor."""

LARGEST = 1


@dataclass(frozen=True)
class Officers:
    """The accounts that the rows name."""

    city: int
    province: int


class Generator:
    """Rows as plain values, the same ones for the same size; `Sealed` columns hold what the vault made."""

    def __init__(self, size: Size, regions: Sequence[Region], officers: Officers) -> None:
        self.size, self.officers = size, officers
        self.random = random.Random(20260501)
        self.names = Names(self.random)
        self.counties = {city: [one.code for one in regions if one.parent_code == city] for city in _CITIES}
        self.city_names = {one.code: one.name for one in regions}
        self.first_day = today() - timedelta(days=365 * _YEARS)
        self.employers: list[tuple[Any, ...]] = []
        self.people: list[tuple[Any, ...]] = []

    def enterprises(self) -> Iterator[tuple[Any, ...]]:
        cities = self.random.choices(list(_CITIES), list(_CITIES.values()), k=self.size.enterprises)
        for key, city in enumerate(cities, 1):
            name = self.names.enterprise(self.city_names[city])
            uscc, county = f"91{NOWHERE}MA{key:08d}", self.random.choice(self.counties[city])
            self.employers.append((key, name, uscc, city, county))
            yield (
                key, name, uscc, "1", "430000", city, county, "范例", f"演示路{key}号", "173", 5000, "156",
                "0731-00000000", "李娟", "2", True, 1,
            )  # fmt: skip

    def persons(self) -> Iterator[tuple[Any, ...]]:
        cities = self.random.choices(list(_CITIES), list(_CITIES.values()), k=self.size.persons)
        verified = _instant(self.first_day, 0)
        for key, city in enumerate(cities, 1):
            name, gender = self.names.person(), "1" if self.random.random() < 0.8 else "2"
            born = date(1966, 1, 1) + timedelta(days=key % 12_000)
            number = _id_number(born, key // 12_000 * 2 + (gender == "1") + 1)
            mobile = f"199{key:08d}"
            sealed = (*_sealed(Person.id_number, number), *_sealed(Person.mobile, mobile))
            self.people.append((key, name, gender, born, sealed))
            yield (
                key, name, gender, "1", born, "01", "示例大学", "土木工程", date(born.year + 22, 6, 30), "3", "2",
                *sealed, "verified", verified, "counter", city, 1,
            )  # fmt: skip

    def publicities(self) -> Iterator[tuple[Any, ...]]:
        for key in range(1, self._batches + 1):
            day = self.first_day + timedelta(days=key * 14)
            number = f"S{day:%Y%m%d}10001"
            yield key, number, "initial_registration", day, day + timedelta(days=9), 1, _instant(day, 0)

    @property
    def _batches(self) -> int:
        return 365 * _YEARS // 14

    def declarations(self) -> Iterator[tuple[Any, ...]]:
        """Old ones are closed; of the youngest two thirds are under way, each of somebody else."""
        total = self.size.declarations
        recent = int(total * (1 - _RECENT))
        in_hand = iter(self.random.sample(self.people, min(len(self.people), total - recent)))
        shares = list(accumulate(1 / (30 + place) ** 0.7 for place in range(len(self.employers))))
        for keys in _chunks(range(1, total + 1), _CHUNK):
            employers = self.random.choices(self.employers, cum_weights=shares, k=len(keys))
            closed = self.random.choices(list(_CLOSED), list(_CLOSED.values()), k=len(keys))
            opened = self.random.choices(list(_OPEN), list(_OPEN.values()), k=len(keys))
            for key, employer, ended, open_ in zip(keys, employers, closed, opened, strict=True):
                is_open = key > recent and self.random.random() < _HURRY
                person = next(in_hand, None) if is_open else self.random.choice(self.people)
                if person is None:
                    is_open, person = False, self.random.choice(self.people)
                yield self._declaration(key, employer, person, open_ if is_open else ended)

    def _declaration(
        self, key: int, employer: tuple[Any, ...], person: tuple[Any, ...], state: State
    ) -> tuple[Any, ...]:
        chance = self.random.random()
        day = self.first_day + timedelta(days=365 * _YEARS * key // self.size.declarations)
        at = _instant(day, int(chance * 30_000))
        filed = state is not State.DRAFT
        running = state in {State.SUBMITTED, State.ACCEPTED, State.ENDORSED, State.APPROVED}
        due = today() + timedelta(days=int(chance * 24) - 4) if running else None
        decided = state in _DECIDED
        batch = min(self._batches, max(1, (day - self.first_day).days // 14)) if state in _LISTED else None
        specialties = _SPECIALTIES[int(chance * chance * 6)]
        if chance > 0.7:
            specialties += (
                f"、{_SPECIALTIES[(key + 1) % 6]}" if specialties != _SPECIALTIES[(key + 1) % 6] else ""
            )
        return (
            key, "initial_registration", "registered", f"{day:%Y%m%d}10{key:07d}" if filed else None, state.value,
            4, employer[3], "enterprise", employer[0], person[0], "0731-00000000", date(2024, 1, 1), False,
            specialties, at, at, at if filed else None, due, "agree" if decided else None,
            self.officers.city if decided else None, self.officers.province if decided else None,
            day if decided else None, batch, person[1], person[2], "1", person[3], "01", "示例大学", "土木工程",
            date(person[3].year + 22, 6, 30), "3", "2", *person[4], employer[1], employer[2], "1", "范例",
            employer[4], "173", f"演示路{employer[0]}号",
        )  # fmt: skip

    def initial_registrations(self) -> Iterator[tuple[Any, ...]]:
        for key in range(1, self.size.declarations + 1):
            yield (key,)


_LISTED = {State.PUBLICISED, State.ANNOUNCED, State.COMPLETED}
_MAKERS = {"publicity": "publicities"}
_DECIDED = _LISTED | {State.APPROVED, State.REFUSED}
_SEALED = (
    "id_number_cipher", "id_number_masked", "id_number_index", "mobile_cipher", "mobile_masked", "mobile_index",
)  # fmt: skip
TABLES: dict[str, Sequence[str]] = {
    "enterprise": (
        "id", "name", "uscc", "enterprise_type", "province_code", "region_code", "county_code",
        "legal_representative", "business_address", "registration_type", "registered_capital", "capital_currency",
        "office_phone", "contact_name", "qualification_kind", "active", "version",
    ),
    "person": (
        "id", "name", "gender", "id_type", "birth_date", "ethnicity", "school", "major", "graduation_date",
        "education", "degree", *_SEALED, "real_name_state", "verified_at", "verified_how", "region_code", "version",
    ),
    "publicity": ("id", "number", "type_key", "opens_on", "closes_on", "size", "created_at"),
    "declaration": (
        "id", "type_key", "registration_kind", "number", "state", "version", "region_code", "initiator",
        "enterprise_id", "person_id", "phone", "employed_from", "employed_open_ended", "specialties_text",
        "created_at", "changed_at", "submitted_at", "due_on", "endorsement", "endorsed_by_id",
        "decided_by_id", "decided_on", "publicity_id", "name", "gender", "id_type", "birth_date", "ethnicity",
        "school", "major", "graduation_date", "education", "degree", *_SEALED, "enterprise_name",
        "enterprise_uscc", "enterprise_type", "legal_representative", "county_code", "enterprise_nature",
        "enterprise_address",
    ),
    "initial_registration": ("id",),
}  # fmt: skip
"""In the order in which one refers to the other, with the columns that are filled."""


def fill(size: Size, said: Callable[[str], None] = print) -> None:
    """Write everything into the prepared and empty database of the current application, and commit it."""
    credentials = makers.Credentials(hashed(PASSWORD), SECOND_FACTOR)
    accounts = {
        name: makers.make_account(db.session, role, name, credentials, login_name=name, region_code=city)
        for name, (role, city) in OFFICERS.items()
    }
    for one in accounts.values():
        one.second_factor = SECOND_FACTOR
    officers = Officers(accounts["changsha"].id, accounts["province"].id)
    regions = list(db.session.scalars(select(Region)))
    made = Generator(size, regions, officers)
    db.session.commit()
    with writing_connection() as connection:
        _write(connection, made, said)
    makers.make_account(
        db.session, Role.ENTERPRISE, "qiye", credentials, login_name="qiye", enterprise_id=LARGEST
    )
    db.session.commit()
    with db.engine.connect() as connection:
        settle(connection)


def _write(connection: Connection, made: Generator, said: Callable[[str], None]) -> None:
    quick = connection.dialect.name == "postgresql"
    later = _set_aside(connection) if quick else []
    for table, columns in TABLES.items():
        begun = time.monotonic()
        rows = getattr(made, _MAKERS.get(table, f"{table}s"))()
        (_copy if quick else _insert)(connection, table, columns, rows)
        said(f"{table}: {time.monotonic() - begun:.1f} s")
    begun = time.monotonic()
    for statement in later:
        connection.execute(text(statement))
    said(f"indexes: {time.monotonic() - begun:.1f} s")


def settle(connection: Connection) -> None:
    """Let the planner know what is there, as a database does that has run for a day."""
    if connection.dialect.name == "postgresql":
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM (ANALYZE, FREEZE)"))
    else:
        connection.execute(text("ANALYZE"))
        connection.commit()


def _set_aside(connection: Connection) -> list[str]:
    """Drop the indexes of the large tables and say how to make them again: in one go that is five times as fast."""
    connection.execute(text("SET LOCAL session_replication_role = replica"))
    connection.execute(text("SET LOCAL maintenance_work_mem = '1GB'"))
    rows = connection.execute(
        text(
            "SELECT i.indexname, i.indexdef FROM pg_indexes i WHERE i.tablename = ANY(:tables) AND NOT EXISTS "
            "(SELECT 1 FROM pg_constraint c WHERE c.conname = i.indexname)"
        ),
        {"tables": list(TABLES)},
    ).all()
    for row in rows:
        connection.execute(text(f'DROP INDEX "{row.indexname}"'))
    again = [row.indexdef for row in rows]
    sequences = [
        f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"  # noqa: S608
        for table in TABLES
        if table != "initial_registration"
    ]
    return [*again, *sequences]


def _copy(
    connection: Connection, table: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]
) -> None:
    raw: Any = connection.connection.dbapi_connection
    with raw.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        for chunk in _chunks(rows, _CHUNK):
            copy.write("".join("\t".join(map(_written, row)) + "\n" for row in chunk))


def _written(value: Any) -> str:
    if value is None:
        return r"\N"
    return rf"\\x{value.hex()}" if isinstance(value, bytes) else str(value)


def _insert(
    connection: Connection, table: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]
) -> None:
    raw: Any = connection.connection.dbapi_connection
    connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    marks = ", ".join("?" * len(columns))
    statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608 - names of ours
    raw.executemany(statement, (tuple(map(_plain, row)) for row in rows))


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _chunks(rows: Iterable[Any], length: int) -> Iterator[tuple[Any, ...]]:
    source = iter(rows)
    while chunk := tuple(islice(source, length)):
        yield chunk


def _instant(day: date, second: int) -> str:
    return f"{datetime(day.year, day.month, day.day, 1, tzinfo=UTC) + timedelta(seconds=second):%Y-%m-%d %H:%M:%S.%f}"


def _sealed(field: Any, value: str) -> tuple[Any, ...]:
    made = field.columns(value)
    cipher, masked, index = made.values()
    return vault.encrypt(cipher.encode()), masked, index


def _id_number(born: date, sequence: int) -> str:
    head = f"{NOWHERE}{born:%Y%m%d}{sequence:03d}"
    return head + _CHECK[sum(int(digit) * weight for digit, weight in zip(head, _WEIGHTS, strict=True)) % 11]


def main() -> None:
    """Make and fill the database that the environment names (DATABASE_URL, DATA_DIR, KEY_FILE)."""
    from app import create_app
    from app.cli.prepare import prepare

    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("declarations", type=int, nargs="?", default=Size().declarations)
    app = create_app()
    prepare(app)
    with app.app_context():
        fill(Size(asked.parse_args().declarations))


if __name__ == "__main__":
    main()
