"""An operator imports a list from the command line with the same answers as on the screen."""

import io

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from app.cli.imports import import_history, import_qualifications
from app.models import AuditEntry, ImportStage, Qualification, Registration, WorkbookImport
from samples.make_history import workbook as history
from tests.workbooks import listed, people, sample


@pytest.fixture
def run(app, tmp_path):
    def run_with(data: bytes, *options: str, command=import_qualifications):
        file = tmp_path / "list.xlsx"
        file.write_bytes(data)
        return app.test_cli_runner().invoke(command, [str(file), *options])

    return run_with


def _count(session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(Qualification))


@pytest.mark.both_engines
def test_good_rows_are_loaded_and_the_command_ends_well(run, session):
    answer = run(listed(people(12)))
    assert answer.exit_code == 0, answer.output
    assert _count(session) == 12
    kept = session.scalars(select(WorkbookImport)).one()
    assert (kept.stage, kept.loaded_count, kept.uploaded_by_id) == (ImportStage.LOADED, 12, None)
    assert set(session.scalars(select(AuditEntry.role).where(AuditEntry.action == "load_import"))) == {
        "System"
    }


def test_the_same_file_again_loads_nothing(run, session):
    data = listed(people(12))
    run(data)
    assert run(data).exit_code == 0
    assert _count(session) == 12


def test_bad_rows_are_named_with_row_and_column_and_the_good_ones_loaded(run, session):
    rows = people(3)
    answer = run(listed([rows[0] | {"name": "张3"}, rows[1], rows[2] | {"issued_on": "去年"}]))
    assert answer.exit_code == 2
    lines = answer.output.splitlines()
    assert "2" in lines[0]
    assert "C" in lines[0]
    assert "(姓名)" in lines[0]
    assert "4" in lines[1]
    assert "N" in lines[1]
    assert rows[0]["id_number"] not in answer.output
    assert _count(session) == 1


def test_a_dry_run_loads_nothing_and_writes_the_report(run, session, tmp_path):
    report = tmp_path / "marked.xlsx"
    answer = run(sample(), "--dry-run", "--report", str(report))
    assert answer.exit_code == 2
    assert _count(session) == 0
    assert session.scalar(select(func.count()).select_from(WorkbookImport)) == 0
    sheet = load_workbook(io.BytesIO(report.read_bytes())).worksheets[0]
    assert sheet["C65"].comment.text


def test_a_file_that_is_no_list_changes_nothing_and_says_why(run, session):
    answer = run("姓名\n".encode())
    assert answer.exit_code == 1
    assert "Excel" in answer.stderr
    assert _count(session) == 0


def test_missing_headings_are_named(run):
    rows = people(1)
    data = listed(rows, lambda book: book.active.delete_cols(3))
    answer = run(data)
    assert answer.exit_code == 1
    assert "姓名" in answer.stderr


def test_historical_records_come_in_by_their_own_command(run, session, cast):
    assert run(history(), command=import_history).exit_code == 2
    kept = session.scalars(select(WorkbookImport)).one()
    assert (kept.kind, kept.stage) == ("history", ImportStage.LOADED)
    assert kept.bad_count
    assert kept.loaded_count == kept.good_count
    assert session.scalar(select(func.count()).select_from(Registration)) > 1
    assert run(history(), "--dry-run", command=import_qualifications).exit_code == 1
