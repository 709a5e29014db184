"""Databases that are prepared once in a run, by the platform's own start, and copied for each test."""

from __future__ import annotations

import os
import pickle
import shutil
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tests.postgres import Server

if TYPE_CHECKING:
    from flask import Flask

    from tests.cast import Cast

ROOT = Path(__file__).resolve().parents[1]
# A Monday morning in Changsha, no holiday near: what a test decides does not depend on the day it runs. They
# stand where it is still Sunday, because a server may stand anywhere.
TEST_TIME = datetime(2026, 5, 31, 17, 30, tzinfo=ZoneInfo("America/Anchorage"))
DEMO_TIME = TEST_TIME - timedelta(hours=1)
"""When the demonstration of the tests was loaded: the same morning."""
ENGINES = ("sqlite", "postgresql")
_TEMPLATES = {False: "template_platform", True: "template_cast"}
_CAST = "cast.pickle"


class Prepared:
    """The prepared databases of one run, shared by its processes: whoever needs one first makes it."""

    def __init__(self, server: Server, guardian: int) -> None:
        self.server = server
        self.guardian = guardian
        self._casts: dict[str, Cast] = {}

    @classmethod
    def reserve(cls) -> Prepared:
        """A place for one run, watched by this process, and known to the processes it will start."""
        server = Server.reserve()
        os.environ["TESTS_OF"] = f"{os.getpid()}:{server.folder}"
        return cls(server, os.getpid())

    @classmethod
    def of_this_run(cls) -> Prepared:
        guardian, folder = os.environ["TESTS_OF"].split(":", 1)
        return cls(Server(Path(folder)), int(guardian))

    @property
    def key_file(self) -> Path:
        return self.server.folder / "keys" / "master.json"

    def fresh(self, engine: str, name: str, data_dir: Path, *, peopled: bool = False) -> str:
        """The address of a database that is like new, in the place of the one that had this name before.

        With `peopled` everybody of the stories is in it, and their papers are beside it.
        """
        data_dir.mkdir(parents=True, exist_ok=True)
        template = self._template(engine, peopled=peopled)
        if peopled:
            shutil.copytree(template / "files", data_dir / "files", dirs_exist_ok=True)
        if engine == "sqlite":
            for left in data_dir.glob("platform.sqlite*"):
                left.unlink()
            return f"sqlite:///{shutil.copyfile(template / 'platform.sqlite', data_dir / 'platform.sqlite')}"
        self.server.clone(_TEMPLATES[peopled], name)
        return self.server.url(name)

    def cast(self, engine: str) -> Cast:
        """Who is in a peopled database of this engine."""
        if engine not in self._casts:
            template = self._template(engine, peopled=True)
            self._casts[engine] = pickle.loads((template / _CAST).read_bytes())  # noqa: S301 - written by this run
        return self._casts[engine]

    def _template(self, engine: str, *, peopled: bool) -> Path:
        """The folder of the prepared database; what went wrong in preparing it is told to every test that asks."""
        if engine == "postgresql":
            self.server.start(self.guardian)
        folder = self.server.folder / (f"{engine}-cast" if peopled else engine)
        told = folder.with_suffix(".told")
        with self.server.locked(folder.name):
            if not told.exists():
                url = self._begun(engine, folder, peopled=peopled)
                told.write_text(self._prepare(url, folder, *(["cast"] if peopled else [])), encoding="utf-8")
        if told.stat().st_size:
            raise RuntimeError(
                f"The database of the tests could not be prepared:\n{told.read_text(encoding='utf-8')}"
            )
        return folder

    def _begun(self, engine: str, folder: Path, *, peopled: bool) -> str:
        """The address of what is to be prepared: an empty database, or a prepared one for the cast to enter."""
        if peopled:
            base, folder_before = _TEMPLATES[False], self._template(engine, peopled=False)
        folder.mkdir()
        if engine == "sqlite":
            if peopled:
                shutil.copyfile(folder_before / "platform.sqlite", folder / "platform.sqlite")
            return f"sqlite:///{folder / 'platform.sqlite'}"
        if peopled:
            self.server.clone(base, _TEMPLATES[True])
        else:
            self.server.create(_TEMPLATES[False])
        return self.server.url(_TEMPLATES[peopled])

    def _prepare(self, url: str, data_dir: Path, *what: str) -> str:
        """Migrate, synchronise and load as `make run` does, or let the cast enter, in another process.

        What it said if it failed.
        """
        environment = os.environ | {
            "DATABASE_URL": url,
            "DATA_DIR": str(data_dir),
            "KEY_FILE": str(self.key_file),
        }
        done = subprocess.run(
            [sys.executable, "-m", "tests.prepared", *what],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        return f"{done.stdout}\n{done.stderr}" if done.returncode else ""


def main() -> None:
    """Prepare the database that the environment names, at the time at which the tests live."""
    import time_machine

    from app import create_app
    from app.cli.prepare import prepare
    from app.extensions.database import db

    # The cast came a minute before any test began.
    with time_machine.travel(TEST_TIME - timedelta(minutes=1), tick=True):
        app = create_app()
        if sys.argv[1:] == ["cast"]:
            _people(app)
        else:
            prepare(app)
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def _people(app: Flask) -> None:
    from sqlalchemy.orm import Session

    from app.extensions.database import db
    from tests.cast import assemble
    from tests.logins import quick_hashing

    with app.app_context(), Session(db.engine) as session, quick_hashing():
        cast = assemble(session)
    (app.extensions["platform_config"].data_dir / _CAST).write_bytes(pickle.dumps(cast))


if __name__ == "__main__":
    main()
