"""What every benchmark may ask for: the province on either engine, people who have logged in, and the table."""

import hashlib
import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

import benchmarks.data
import benchmarks.names
from app.extensions.clock import today
from app.extensions.database import db
from app.factory import open_vault
from app.models import Account
from app.services.schema import newest_revision
from app.views.kit.journal import JsonLines
from benchmarks.calibration import loop, machine
from benchmarks.cluster import Cluster
from benchmarks.data import Size, fill
from benchmarks.results import Row, write
from config import Config
from tests.logins import log_in
from translations.catalogues import compile_stale

ENGINES = ("postgresql", "sqlite")
_rows: list[Row] = []


def pytest_configure(config: pytest.Config) -> None:
    compile_stale()
    # Each request writes its line, as it does in service, and nobody has to read it here.
    log = logging.getLogger("platform.requests")
    writer = logging.FileHandler(os.devnull, delay=True)
    writer.setFormatter(JsonLines())
    log.addHandler(writer)
    log.propagate = False
    log.setLevel(logging.INFO)


def pytest_sessionfinish(session: pytest.Session) -> None:
    if _rows:
        write(_rows, today().isoformat(), machine())


@pytest.fixture(scope="session")
def size() -> Size:
    """A million declarations, or as many as BENCH_ROWS says while a benchmark is being written."""
    return Size(int(os.environ.get("BENCH_ROWS", Size().declarations)))


@pytest.fixture(scope="session")
def calibration() -> float:
    """Milliseconds of the calibration loop in this run: what figures are divided by."""
    found = loop()
    print(f"\ncalibration loop: {found:.1f} ms")
    return found


@pytest.fixture
def report(request: pytest.FixtureRequest) -> Callable[..., None]:
    """`report(what, figure, ratio, bar)`: one line of benchmarks/results.md. A line is one figure of one name."""
    module = request.path.relative_to(Path(__file__).parents[1]).as_posix()

    def add(what: str, figure: str, ratio: str, bar: str) -> None:
        row = Row(what, figure, ratio, bar, module)
        _rows.append(row)
        print(f"\n{what}: {figure} ({ratio}), bar: {bar}")

    return add


@dataclass
class Province:
    """One prepared database and the application over it."""

    engine: str
    url: str
    data_dir: Path
    key_file: Path
    app: Flask

    def enter(self) -> None:
        """There is one vault in a process, and each database has keys of its own."""
        open_vault(self.app, self.app.extensions["platform_config"])

    def client(self, login_name: str) -> FlaskClient:
        """A browser in which this account has logged in (benchmarks/data.py names them)."""
        self.enter()
        client = self.app.test_client()
        with self.app.app_context():
            # A code is taken once in half a minute, and a benchmark does not wait for the next one.
            db.session.execute(
                update(Account).where(Account.login_name == login_name).values(second_factor_step=None)
            )
            db.session.commit()
            db.session.remove()
        log_in(client, login_name)
        return client


class Provinces:
    """The province of each engine, made once for a size and a schema and kept under the temporary folder."""

    def __init__(self, size: Size) -> None:
        self.size = size
        made_from = (
            repr(size) + newest_revision() + "".join(map(_source, (benchmarks.data, benchmarks.names)))
        )
        mark = hashlib.sha256(made_from.encode()).hexdigest()[:8]
        # Short, since the path of a socket has at most 107 bytes.
        self.folder = Path(tempfile.gettempdir()) / f"bench-{size.declarations}-{mark}"
        self.folder.mkdir(exist_ok=True)
        self.folder.chmod(0o755)
        self.cluster = Cluster(self.folder / "pg")
        self.entered = False
        self.copies: list[str] = []
        self.open: dict[str, Province] = {}

    @property
    def key_file(self) -> Path:
        return self.folder / "keys" / "master.json"

    def of(self, engine: str) -> Province:
        """The shared province: to be read, never to be changed."""
        if engine not in self.open:
            self.open[engine] = self._made(engine)
        self.open[engine].enter()
        return self.open[engine]

    def _made(self, engine: str) -> Province:
        data_dir = self.folder / engine
        if engine == "sqlite":
            url = f"sqlite:///{data_dir / 'platform.sqlite'}"
            if not (data_dir / "ready").exists():
                shutil.rmtree(data_dir, ignore_errors=True)
                self._make(url, data_dir)
                (data_dir / "ready").touch()
            return self._open(engine, url, data_dir)
        self._enter()
        with self.cluster.locked("province"):
            if not self.cluster.has("province"):
                self.cluster.create("making")
                self._make(self.cluster.url("making"), data_dir)
                self.cluster.rename("making", "province")
        return self._open(engine, self.cluster.url("province"), data_dir)

    def copy_of(self, engine: str, name: str) -> Province:
        """A copy of one's own to write in; gone after the run."""
        source = self.of(engine)
        self._close(source.app)  # PostgreSQL copies no database that somebody is connected to
        data_dir = self.folder / f"{name}-{os.getpid()}"
        data_dir.mkdir(exist_ok=True)
        if engine == "sqlite":
            shutil.copyfile(source.data_dir / "platform.sqlite", data_dir / "platform.sqlite")
            return self._open(engine, f"sqlite:///{data_dir / 'platform.sqlite'}", data_dir)
        database = f"{name}_{os.getpid()}"
        self.cluster.create(database, "province")
        self.copies.append(database)
        return self._open(engine, self.cluster.url(database), data_dir)

    def leave(self) -> None:
        for one in self.open.values():
            self._close(one.app)
        for database in self.copies:
            self.cluster.drop(database)
        for left in self.folder.glob(f"*-{os.getpid()}"):
            shutil.rmtree(left)
        if self.entered:
            self.cluster.leave()

    def _enter(self) -> None:
        if not self.entered:
            self.cluster.enter()
            self.entered = True

    def _make(self, url: str, data_dir: Path) -> None:
        from app.cli.prepare import prepare

        print(f"\nmaking {self.size.declarations:,} declarations under {self.folder}")
        app = self._open("", url, data_dir).app
        prepare(app)
        with app.app_context():
            fill(self.size)
        self._close(app)

    def _open(self, engine: str, url: str, data_dir: Path) -> Province:
        from app import create_app

        config = Config(
            data_dir=data_dir,
            key_file=self.key_file,
            database_url=url,
            secret_key="benchmarks " * 4,
            testing=True,
        )
        return Province(engine, url, data_dir, self.key_file, create_app(config))

    @staticmethod
    def _close(app: Flask) -> None:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def _source(module: ModuleType) -> str:
    return Path(str(module.__file__)).read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def provinces(size: Size) -> Iterator[Provinces]:
    made = Provinces(size)
    yield made
    made.leave()


@pytest.fixture(params=ENGINES)
def province(request: pytest.FixtureRequest, provinces: Provinces) -> Province:
    """The shared province on each engine in turn."""
    return provinces.of(request.param)


@pytest.fixture
def postgresql(provinces: Provinces) -> Province:
    return provinces.of("postgresql")


@pytest.fixture
def sqlite(provinces: Provinces) -> Province:
    return provinces.of("sqlite")
