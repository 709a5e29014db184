"""A PostgreSQL server that keeps its data between runs, shared by all that measure at the same time."""

from __future__ import annotations

import contextlib
import fcntl
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TextIO

import psycopg
from psycopg import sql

from tests.postgres import SUPERUSER, ServerMissing, _account, binaries

# As a server of a province is set up, apart from what runs by itself and would disturb a measurement.
_SETTINGS = {
    "listen_addresses": "",
    "shared_buffers": "1GB",
    "effective_cache_size": "4GB",
    "work_mem": "16MB",
    "random_page_cost": "1.1",
    "max_wal_size": "8GB",
    "autovacuum": "off",
    "max_connections": "60",
    "timezone": "UTC",
}


class Cluster:
    """Started by whoever comes first and stopped by whoever leaves last, however the others ended."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._seat: TextIO | None = None

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://{SUPERUSER}@/{database}?host={self.folder}"

    def enter(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o755)
        with self.locked("start"):
            self._seat = (self.folder / "users.lock").open("w")
            fcntl.flock(self._seat, fcntl.LOCK_SH)
            if not self._answers():
                self._start()

    def leave(self) -> None:
        """Stop the server unless somebody else still sits at it."""
        with self.locked("start"), contextlib.suppress(BlockingIOError):
            fcntl.flock(self._seat, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._run(binaries() / "pg_ctl", "stop", "--pgdata", self._data, "--mode", "fast")
        if self._seat:
            self._seat.close()

    @contextlib.contextmanager
    def locked(self, what: str):
        """One process of the machine at a time."""
        with (self.folder / f"{what}.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def has(self, database: str) -> bool:
        with self._commands() as commands:
            return bool(
                commands.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone()
            )

    def create(self, database: str, template: str = "template1") -> None:
        self.drop(database)
        new, old = sql.Identifier(database), sql.Identifier(template)
        with self._commands() as commands:
            commands.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(new, old))

    def drop(self, database: str) -> None:
        with self._commands() as commands:
            commands.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database))
            )

    def rename(self, database: str, name: str) -> None:
        old, new = sql.Identifier(database), sql.Identifier(name)
        with self._commands() as commands:
            commands.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(old, new))

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    def _commands(self) -> psycopg.Connection:
        return psycopg.connect(host=str(self.folder), user=SUPERUSER, dbname="postgres", autocommit=True)

    def _answers(self) -> bool:
        ask = [str(binaries() / "pg_isready"), "--quiet", "--host", str(self.folder)]
        return subprocess.run(ask, check=False, cwd="/").returncode == 0

    def _start(self) -> None:
        account = _account()
        if account is not None:
            os.chown(self.folder, account.pw_uid, account.pw_gid)
        if not (self._data / "PG_VERSION").exists():
            self._run(
                binaries() / "initdb", "--pgdata", self._data, "--username", SUPERUSER, "--auth", "trust",
                "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-instructions",
            )  # fmt: skip
        options = " ".join(f"-c {name}={value or chr(39) * 2}" for name, value in _SETTINGS.items())
        self._run(
            binaries() / "pg_ctl", "start", "--pgdata", self._data, "--wait", "--log", self._data / "log",
            "--options", f"-k {self.folder} {options}",
        )  # fmt: skip
        while not self._answers():
            time.sleep(0.05)

    def _run(self, *command: object) -> None:
        account = _account()
        user, group, groups = (
            (account.pw_uid, account.pw_gid, [account.pw_gid]) if account else (None, None, None)
        )
        done = subprocess.run(
            [str(word) for word in command], check=False, cwd="/", user=user, group=group, extra_groups=groups,
            stdout=subprocess.DEVNULL, stderr=sys.stderr, start_new_session=True,
        )  # fmt: skip
        if done.returncode:
            raise ServerMissing(f"{command[0]} {command[1]} failed; see {self._data / 'log'}.")
