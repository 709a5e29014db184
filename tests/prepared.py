"""Databases that are prepared once in a run, by the platform's own start, and copied for each test."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.postgres import Server

ROOT = Path(__file__).resolve().parents[1]
# A Monday morning in Changsha, no holiday near: what a test decides does not depend on the day it runs. The tests
# stand where it is still Sunday, because a server may stand anywhere.
TEST_TIME = datetime(2026, 5, 31, 17, 30, tzinfo=ZoneInfo("America/Anchorage"))
ENGINES = ("sqlite", "postgresql")
_TEMPLATE = "template_platform"


class Prepared:
    """The prepared databases of one run, shared by its processes: whoever needs one first makes it."""

    def __init__(self, server: Server, guardian: int) -> None:
        self.server = server
        self.guardian = guardian

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

    def fresh(self, engine: str, name: str, data_dir: Path) -> str:
        """The address of a database that is like new, in the place of the one that had this name before."""
        return self._fresh_sqlite(data_dir) if engine == "sqlite" else self._fresh_postgresql(name)

    def _fresh_sqlite(self, data_dir: Path) -> str:
        template = self.server.folder / "sqlite" / "platform.sqlite"
        with self.server.locked("sqlite"):
            if not template.exists():
                self._prepare(f"sqlite:///{template}", template.parent)
        place = data_dir / "platform.sqlite"
        for left in data_dir.glob("platform.sqlite*"):
            left.unlink()
        data_dir.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(template, place)
        return f"sqlite:///{place}"

    def _fresh_postgresql(self, name: str) -> str:
        self.server.start(self.guardian)
        done = self.server.folder / "postgresql.done"
        with self.server.locked("postgresql"):
            if not done.exists():
                self.server.create(_TEMPLATE)
                self._prepare(self.server.url(_TEMPLATE), self.server.folder / "postgresql")
                done.touch()
        self.server.clone(_TEMPLATE, name)
        return self.server.url(name)

    def _prepare(self, url: str, data_dir: Path) -> None:
        """Migrate, synchronise and load as `make run` does, in a process of its own so that nothing stays here."""
        data_dir.mkdir(parents=True, exist_ok=True)
        environment = os.environ | {
            "DATABASE_URL": url,
            "DATA_DIR": str(data_dir),
            "KEY_FILE": str(self.key_file),
        }
        done = subprocess.run(
            [sys.executable, "-m", "tests.prepared"],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise RuntimeError(
                f"The database of the tests could not be prepared:\n{done.stdout}\n{done.stderr}"
            )


def main() -> None:
    """Prepare the database that the environment names, at the time at which the tests live."""
    import time_machine

    from app import create_app
    from app.cli.prepare import prepare
    from app.extensions.database import db

    with time_machine.travel(TEST_TIME, tick=True):
        app = create_app()
        prepare(app)
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


if __name__ == "__main__":
    main()
