"""The private PostgreSQL server: it starts for anybody, also for root, and leaves nothing behind."""

import contextlib
import os
import select
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tests.postgres import Server, ServerMissing, binaries


def test_a_missing_server_fails_with_the_name_of_its_package(tmp_path):
    with pytest.raises(ServerMissing, match="sudo apt install postgresql"):
        binaries(tmp_path)


def test_the_newest_of_several_servers_is_used(tmp_path):
    for version in ("9.6", "15", "16"):
        (tmp_path / version / "bin").mkdir(parents=True)
        (tmp_path / version / "bin/initdb").touch()
    assert binaries(tmp_path) == tmp_path / "16/bin"


def test_the_place_of_a_killed_run_is_given_back_by_the_next():
    with subprocess.Popen([sys.executable, "-c", "pass"]) as killed:
        killed.wait()
    one = Server.reserve()
    left = one.folder.with_name(f"pg-{killed.pid}-left")
    left.mkdir()
    other = Server.reserve()
    assert not left.exists()
    assert one.folder.exists()
    one.release()
    other.release()
    assert not one.folder.exists()


def test_the_server_ends_with_the_process_that_it_serves():
    server = Server.reserve()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as guardian:
        server.start(guardian.pid)
        server.start(guardian.pid)
        server.create("first")
        server.clone("first", "second")
        server.close()
        where = {"host": str(server.folder), "user": "tests", "dbname": "second"}
        with contextlib.closing(psycopg.connect(**where)) as connection:
            assert connection.execute("SHOW data_directory").fetchone() == (f"{server.folder}/data",)
        process = int((server.folder / "data/postmaster.pid").read_text().split()[0])
        assert Path(f"/proc/{process}").owner() != "root"
        postmaster = os.pidfd_open(process)
        guardian.kill()
    with os.fdopen(postmaster) as ended:
        assert select.select([ended], [], [], 30)[0], "the server outlived its guardian"
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(**where)
