"""A private PostgreSQL server for one run of the tests, from the installed binaries and gone with the run."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pwd
import select
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import psycopg
from psycopg import sql

PACKAGE = "postgresql"
SUPERUSER = "tests"
# Nothing here outlives the run, so nothing needs to reach the disk.
_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "100",
    "autovacuum": "off",
    "timezone": "UTC",
}

_ROOM = 2 * 1024**3
_LEAVING = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"


class ServerMissing(Exception):
    """The tests need a PostgreSQL server and there is none; this is a failure, never a skipped test."""


def binaries(installed: Path = Path("/usr/lib/postgresql")) -> Path:
    """The folder of the newest installed server's programs."""
    found = sorted(installed.glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    if installed == Path("/usr/lib/postgresql") and on_path:
        return Path(on_path).resolve().parent
    raise ServerMissing(f"Package {PACKAGE} is missing: sudo apt install {PACKAGE}")


def _account() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root: then another account runs it."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise ServerMissing("PostgreSQL does not run as root, and there is no account postgres or nobody.")


def _start(command: list[object], log: Path, account: pwd.struct_passwd | None) -> subprocess.Popen[bytes]:
    """Start a program as this account, or as ourselves when there is none."""
    user, group, groups = (
        (account.pw_uid, account.pw_gid, [account.pw_gid]) if account else (None, None, None)
    )
    with log.open("ab") as said:
        return subprocess.Popen(
            [str(word) for word in command],
            stdout=said,
            stderr=said,
            cwd="/",
            user=user,
            group=group,
            extra_groups=groups,
        )


class Server:
    """The server of one run, shared by its processes: whoever needs it first starts it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def reserve(cls) -> Server:
        """A place for a server; short, because a socket's path has at most 107 bytes.

        In memory where there is room: a copy of a database is 300 files, a second for a busy disk.
        """
        memory = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
        roomy = memory.is_dir() and shutil.disk_usage(memory).free > _ROOM
        place = memory if roomy else Path(tempfile.gettempdir())
        for left in place.glob("pg-*-*"):
            # A run that was killed before it started a server could not give its place back.
            if not Path("/proc", left.name.split("-")[1]).exists():
                shutil.rmtree(left, ignore_errors=True)
        folder = Path(tempfile.mkdtemp(prefix=f"pg-{os.getpid()}-", dir=place))
        folder.chmod(0o755)
        return cls(folder)

    @property
    def _ready(self) -> Path:
        return self.folder / "ready"

    @property
    def _log(self) -> Path:
        return self.folder / "log"

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://{SUPERUSER}@/{database}?host={self.folder}"

    def start(self, guardian: int) -> None:
        """Start the server unless it runs. It ends when the process `guardian` ends, however that ends."""
        with self.locked("start"):
            if self._ready.exists():
                return
            binaries()
            keeper = [sys.executable, __file__, str(self.folder), str(guardian)]
            if subprocess.run(keeper, check=False, cwd="/").returncode != 0:
                raise RuntimeError(f"PostgreSQL did not start:\n{self._log.read_text(encoding='utf-8')}")
            self._ready.touch()

    @contextlib.contextmanager
    def locked(self, what: str) -> Iterator[None]:
        """One process of the run at a time."""
        with (self.folder / f"{what}.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    @cached_property
    def commands(self) -> psycopg.Connection:
        """One connection for all commands: the first CREATE DATABASE of each is ten times slower."""
        return psycopg.connect(host=str(self.folder), user=SUPERUSER, dbname="postgres", autocommit=True)

    def close(self) -> None:
        if "commands" in self.__dict__:
            self.commands.close()

    def release(self) -> None:
        """Give the place back at the end of the run; where a server runs, its keeper does."""
        if not self._ready.exists():
            shutil.rmtree(self.folder, ignore_errors=True)

    def create(self, database: str) -> None:
        self.commands.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))

    def clone(self, template: str, database: str) -> None:
        """Put a copy of the template in the database's place, whoever is still connected to the old one."""
        # PostgreSQL itself looks only every tenth of a second whether those it sent away have gone.
        while self.commands.execute(_LEAVING, [database]).fetchone():
            pass
        new, old = sql.Identifier(database), sql.Identifier(template)
        self.drop(database)
        self.commands.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(new, old))

    def drop(self, database: str) -> None:
        self.commands.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database))
        )


def _initialise(folder: Path, account: pwd.struct_passwd | None) -> None:
    if account is not None:
        os.chown(folder, account.pw_uid, account.pw_gid)
    command: list[object] = [
        binaries() / "initdb", "--pgdata", folder / "data", "--username", SUPERUSER, "--auth", "trust",
        "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync", "--no-instructions",
    ]  # fmt: skip
    if _start(command, folder / "log", account).wait() != 0:
        sys.exit(1)


def _answers(folder: Path, server: subprocess.Popen[bytes]) -> bool:
    """True as soon as the server accepts connections; False when it has ended instead."""
    while server.poll() is None:
        ask = [str(binaries() / "pg_isready"), "--quiet", "--host", str(folder), "--timeout", "10"]
        if subprocess.run(ask, check=False, cwd="/").returncode == 0:
            return True
    return False


def keep(folder: Path, guardian: int, answered: int) -> None:
    """Run the server until the guardian has ended, then stop it and remove its folder."""
    watched = os.pidfd_open(guardian)
    account = _account()
    _initialise(folder, account)
    options = [part for name, value in _SETTINGS.items() for part in ("-c", f"{name}={value}")]
    command: list[object] = [binaries() / "postgres", "-D", folder / "data", "-k", folder, *options]
    server = _start(command, folder / "log", account)
    if not _answers(folder, server):
        sys.exit(1)
    os.write(answered, b"yes")
    os.close(answered)
    select.select([watched], [], [])
    server.send_signal(signal.SIGINT)
    server.wait()
    shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    """Leave a keeper behind, and come back when its server answers."""
    folder, guardian = Path(sys.argv[1]), int(sys.argv[2])
    listening, answered = os.pipe()
    if os.fork() == 0:
        os.close(listening)
        os.setsid()
        keep(folder, guardian, answered)
        return 0
    os.close(answered)
    return 0 if os.read(listening, 3) else 1


if __name__ == "__main__":
    sys.exit(main())
