"""What every test may ask for: an application on either engine, a visitor, a session, a known time."""

import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import time_machine
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from tests.prepared import DEMO_TIME, ENGINES, TEST_TIME, Prepared
from translations.catalogues import compile_stale

LONG = os.environ.get("PROFILE") == "long"

# Searches look at few examples here and at many in `make test-long`; a slow machine is no failure.
settings.register_profile("short", max_examples=50, deadline=None, derandomize=True)
settings.register_profile(
    "long", max_examples=2_000, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("long" if LONG else "short")

# For the programs that the tests start; the tests' own clock has the same zone.
os.environ["TZ"] = str(TEST_TIME.tzinfo)
time.tzset()

_NEAR = ("127.0.0.1", "::1", "localhost")


def _stay_on_this_machine(what: str, arguments: tuple) -> None:
    """Refuse to leave the machine, in every library alike: no test needs a network or tells it anything."""
    host = None
    if what == "socket.connect" and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    elif what == "socket.getaddrinfo":
        host = arguments[0]
    if host and host not in _NEAR:
        raise RuntimeError(f"A test tried to reach {host}; no test leaves the machine.")


def pytest_configure(config: pytest.Config) -> None:
    if "PYTEST_XDIST_WORKER" not in os.environ:
        Prepared.reserve()
        compile_stale()
    sys.addaudithook(_stay_on_this_machine)


def pytest_unconfigure(config: pytest.Config) -> None:
    if "PYTEST_XDIST_WORKER" not in os.environ:
        Prepared.of_this_run().server.release()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "engine" not in metafunc.fixturenames:
        return
    engines = ENGINES if LONG or metafunc.definition.get_closest_marker("both_engines") else ENGINES[:1]
    if metafunc.definition.get_closest_marker("on_postgresql"):
        engines = ("postgresql",)
    metafunc.parametrize("engine", engines)


@pytest.fixture(autouse=True)
def clock(request: pytest.FixtureRequest) -> Iterator[time_machine.Traveller | None]:
    """The time of the tests; `clock.move_to(…)` and `clock.shift(…)` change it."""
    if request.node.get_closest_marker("real_time"):
        yield None
        return
    with time_machine.travel(TEST_TIME, tick=True) as traveller:
        yield traveller


@pytest.fixture(scope="session")
def prepared() -> Iterator[Prepared]:
    databases = Prepared.of_this_run()
    yield databases
    databases.server.close()


@dataclass
class Stage:
    """One application of this process on one engine, and whether its database changed since it was copied."""

    app: object
    database: Engine
    peopled: bool = False
    changed: bool = False


@pytest.fixture(scope="session")
def slow_hashing() -> Iterator[object]:
    """What passwords are hashed with outside the tests, which log in a thousand times and use a quick one."""
    from tests.logins import quick_hashing

    with quick_hashing() as slow:
        yield slow


@pytest.fixture(scope="session")
def stages(prepared: Prepared, slow_hashing: object):
    """The applications of this process, made when the first test asks, since making one takes a second."""
    from app import create_app
    from app.extensions.database import db
    from config import Config

    made: dict[str, Stage] = {}

    def stage(engine: str) -> Stage:
        if engine not in made:
            data_dir = prepared.server.folder / _name() / engine
            config = Config(
                data_dir=data_dir,
                key_file=prepared.key_file,
                database_url=prepared.fresh(engine, _name(), data_dir),
                secret_key="tests " * 8,
                testing=True,
            )
            app = create_app(config)
            with app.app_context():
                made[engine] = Stage(app, db.engine)
            event.listen(made[engine].database, "commit", lambda _: setattr(made[engine], "changed", True))
        return made[engine]

    yield stage
    for made_stage in made.values():
        made_stage.database.dispose()


def _name() -> str:
    return f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"


@pytest.fixture
def app(request: pytest.FixtureRequest, engine: str, stages, prepared: Prepared):
    """The platform, migrated and synchronised, with regions and dictionaries; nobody is in it but the cast if asked."""
    # Whoever lives at the time of the machine was not there half a year ago.
    peopled = "everybody" in request.fixturenames and not request.node.get_closest_marker("real_time")
    stage = stages(engine)
    with _as_new(stage, engine, prepared, peopled=peopled):
        yield stage.app


@contextmanager
def _as_new(stage: Stage, engine: str, prepared: Prepared, *, peopled: bool) -> Iterator[None]:
    from app.factory import open_vault
    from app.services.files import open_store

    config = stage.app.extensions["platform_config"]
    if stage.changed or stage.peopled is not peopled:
        stage.database.dispose()
        prepared.fresh(engine, _name(), config.data_dir, peopled=peopled)
        stage.changed, stage.peopled = False, peopled
    # There is one vault and one store in a process; each engine's database has keys and files of its own.
    open_vault(stage.app, config)
    open_store(config.files_dir)
    yield


@pytest.fixture
def client(app):
    """A visitor with a browser of his own; `app.test_client()` makes another one."""
    return app.test_client()


@pytest.fixture
def session(app, engine, stages) -> Iterator[Session]:
    """A session beside those of the requests: it sees what they have committed."""
    with Session(stages(engine).database) as opened:
        yield opened


@pytest.fixture
def everybody() -> None:
    """Asks for a database in which the cast is already; a module with a cast of its own does not."""


@pytest.fixture
def cast(everybody, session, engine, stages, prepared: Prepared):
    """Everybody of the stories (tests/cast.py), with accounts, complete enterprises and papers."""
    from tests.cast import assemble

    return prepared.cast(engine) if stages(engine).peopled else assemble(session)


@pytest.fixture
def submitted(session, cast):
    """A first registration that waits for 王强."""
    from tests.desk import declared

    return declared(session, cast, "submit")


@pytest.fixture
def neighbours(app):
    """The platform is connected with the systems of others, simulators that know nobody yet."""
    from tests.neighbours import connected

    with connected(app) as found:
        yield found


@pytest.fixture
def demo(app, engine, stages, session, prepared: Prepared) -> Session:
    """The demonstration as it is after its load, which takes seconds: all tests of a run share one; SQLite only."""
    stage, place = stages(engine), app.extensions["platform_config"].data_dir
    kept = prepared.server.folder / "demonstration"
    with prepared.server.locked(kept.name):
        if not kept.exists():
            _load_demo(app)
            stage.database.dispose()  # the last connection writes the journal into the file
            shutil.copytree(place / "files", kept.with_suffix(".new") / "files", copy_function=os.link)
            shutil.copyfile(place / "platform.sqlite", kept.with_suffix(".new") / "platform.sqlite")
            kept.with_suffix(".new").rename(kept)
    stage.database.dispose()
    stage.changed = True
    shutil.copyfile(kept / "platform.sqlite", place / "platform.sqlite")
    for file in (kept / "files").rglob("*"):
        here = place / file.relative_to(kept)
        if file.is_file() and not here.exists():
            here.parent.mkdir(parents=True, exist_ok=True)
            os.link(file, here)
    return session


def _load_demo(app) -> None:
    """While the clock stands still: what is loaded says the same on any machine, however long it takes."""
    from app.cli.demo import load_demo
    from app.extensions.database import db

    with time_machine.travel(DEMO_TIME, tick=False):
        load_demo(app)
    with app.app_context():
        db.session.remove()


@pytest.fixture
def data_dir(app) -> Path:
    return app.extensions["platform_config"].data_dir


@pytest.fixture(scope="session")
def rounds():
    """How often to repeat a drill or a race: as often as asked, and ten times that in `make test-long`."""
    return lambda few: few * 10 if LONG else few
