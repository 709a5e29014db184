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
# A Monday morning in Changsha, no holiday near: what a test decides does not depend on the day it runs. They
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
        data_dir.mkdir(parents=True, exist_ok=True)
        if engine == "sqlite":
            template = self.server.folder / "sqlite" / "platform.sqlite"
            self._once(engine, f"sqlite:///{template}", template.parent)
            for left in data_dir.glob("platform.sqlite*"):
                left.unlink()
            return f"sqlite:///{shutil.copyfile(template, data_dir / 'platform.sqlite')}"
        self.server.start(self.guardian)
        self._once(engine, self.server.url(_TEMPLATE), self.server.folder / engine)
        self.server.clone(_TEMPLATE, name)
        return self.server.url(name)

    def _once(self, engine: str, url: str, data_dir: Path) -> None:
        """Prepare this engine's database unless it is; what went wrong is told to every test that asks."""
        told = self.server.folder / f"{engine}.told"
        with self.server.locked(engine):
            if not told.exists():
                data_dir.mkdir()
                if engine == "postgresql":
                    self.server.create(_TEMPLATE)
                told.write_text(self._prepare(url, data_dir), encoding="utf-8")
        if told.stat().st_size:
            raise RuntimeError(
                f"The database of the tests could not be prepared:\n{told.read_text(encoding='utf-8')}"
            )

    def _prepare(self, url: str, data_dir: Path) -> str:
        """Migrate, synchronise and load as `make run` does, in another process; what it said if it failed."""
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
        return f"{done.stdout}\n{done.stderr}" if done.returncode else ""


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
