"""Files that nobody refers to go; those that any table refers to stay; nobody sends without end."""

import os
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.extensions.clock import now
from app.extensions.refused import Refused
from app.models import Attachment, Certificate, Job, StoredFile
from app.services import files
from app.services.files import FileStore, count_bytes, count_sent, discard_strays, discard_unused
from app.tasks.sweeping import FILES_KEPT, Sweeper

DAY = timedelta(hours=24)


@pytest.fixture(autouse=True)
def empty(data_dir):
    """Databases are put back before each test; the files that tests before this one left are not."""
    for left in FileStore.path("").rglob("*"):
        if left.is_file():
            left.unlink()


def stored(session, age=2 * DAY):
    """A file with its row, both so old."""
    row = files.store(session, b"paper", "application/pdf")
    row.created_at = now() - age
    moment = (now() - age).timestamp()
    os.utime(FileStore.path(row.path), (moment, moment))
    session.commit()
    return row


def there(session, key):
    session.rollback()
    return session.get(StoredFile, key, populate_existing=True) is not None


@pytest.mark.both_engines
def test_a_file_of_nothing_is_deleted_with_its_row_after_a_day(session, cast):
    old, fresh, kept = stored(session), stored(session, DAY / 2), stored(session)
    session.add(
        Attachment(kind="scan", file_name="a.pdf", file_id=kept.id, person_id=cast.zhang_wei.actor.person_id)
    )
    session.commit()
    keys, paths = [old.id, fresh.id, kept.id], [FileStore.path(one.path) for one in (old, fresh, kept)]
    before = session.scalar(select(func.count()).select_from(StoredFile))
    session.rollback()
    assert discard_unused(session, now() - DAY) == 1
    assert [there(session, key) for key in keys] == [False, True, True]
    assert [path.exists() for path in paths] == [False, True, True]
    assert session.scalar(select(func.count()).select_from(StoredFile)) == before - 1


def test_every_table_that_may_refer_to_a_file_is_asked():
    asked = str(files._in_use())
    for model in (Attachment, Certificate, Job):
        assert f"{model.__tablename__}.file_id" in asked
    named = {
        f"{table.name}.{column.name}"
        for table in StoredFile.metadata.tables.values()
        for column in table.columns
        if any(key.target_fullname.startswith("stored_file.") for key in column.foreign_keys)
    }
    assert len(named) >= 3
    assert all(one in asked for one in named)


def test_the_file_of_a_job_stays(session):
    row = stored(session)
    session.add(Job(kind="x", key="x", file_id=row.id))
    session.commit()
    assert discard_unused(session, now() - DAY) == 0
    assert there(session, row.id)


def test_many_files_go_in_batches(session, monkeypatch):
    monkeypatch.setattr(files, "_AT_ONCE", 2)
    for _ in range(5):
        stored(session)
    assert discard_unused(session, now() - DAY) == 5


def test_an_old_file_without_a_row_is_deleted_and_nothing_else(session, data_dir):
    row = stored(session)
    folder = FileStore.path("ab")
    folder.mkdir(exist_ok=True)
    moment = (now() - 2 * DAY).timestamp()
    names = {"stray": "a" * 32, "begun": "b" * 32 + ".new", "fresh": "c" * 32, "foreign": "README"}
    for name in names.values():
        (folder / name).write_bytes(b"x")
        os.utime(folder / name, (moment, moment))
    os.utime(folder / names["fresh"], (now().timestamp(), now().timestamp()))
    assert discard_strays(session, now() - DAY) == 2
    assert {file.name for file in folder.iterdir()} - {row.path[3:]} == {names["fresh"], "README"}
    assert FileStore.path(row.path).exists()


def test_a_sweep_that_was_ended_between_row_and_file_is_finished_by_the_next(session, monkeypatch):
    row = stored(session)
    path = FileStore.path(row.path)

    class Killed(BaseException):
        pass

    def killed(*_arguments, **_more):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(type(path), "unlink", killed)
        with pytest.raises(Killed):
            discard_unused(session, now() - DAY)
    assert path.exists()
    assert discard_strays(session, now() - DAY) == 1
    assert not path.exists()


def test_the_worker_sweeps_the_whole_store_in_its_rounds(session, clock):
    sweep = Sweeper()
    unused = stored(session, timedelta(0))
    path = FileStore.path(unused.path)
    sweep(session)
    assert path.exists()
    clock.shift(FILES_KEPT + timedelta(minutes=1))
    sweep(session)
    assert not path.exists()
    stray = FileStore.path("ff") / ("f" * 32)
    stray.parent.mkdir(exist_ok=True)
    stray.write_bytes(b"x")
    os.utime(stray, (0, 0))
    for _ in range(16):
        clock.shift(timedelta(minutes=11))
        sweep(session)
    assert not stray.exists()


def test_an_account_sends_so_many_files_and_bytes_in_an_hour(session, monkeypatch, clock):
    monkeypatch.setattr(files, "MOST_AN_HOUR", 2)
    count_sent(session, 1)
    count_sent(session, 1)
    with pytest.raises(Refused, match="hour"):
        count_sent(session, 1)
    count_sent(session, 2)
    count_bytes(session, 2, files.MOST_MEGABYTES_AN_HOUR * 1_000_000)
    with pytest.raises(Refused):
        count_sent(session, 2)
    clock.shift(timedelta(hours=1, minutes=1))
    count_sent(session, 1)
    count_sent(session, 2)
