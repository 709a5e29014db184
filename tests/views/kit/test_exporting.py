"""Exports: exactly the rows of the list, masked, and nothing in them that a spreadsheet would run."""

import csv
import io

import pytest
from openpyxl import load_workbook

from app.models import AuditEntry
from app.services.exports.harmless import harmless
from tests.services.exports.test_harmless import RUNS
from tests.views.kit.conftest import CHANGSHA, enterprise


def table(answer):
    """The rows of an exported file, without the lines about the export itself."""
    if answer.mimetype == "text/csv":
        rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    else:
        rows = [[cell or "" for cell in row] for row in load_workbook(io.BytesIO(answer.data)).active.values]
    return rows[:3], rows[3], rows[4:]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_list_of_the_own_city_is_exported_masked(people, send, kind):
    answer = send(people["wang_qiang"], "/trial/export", {"format": kind})
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    lines, head, rows = table(answer)
    assert len(rows) == 1
    assert rows[0][:3] == ["长沙示例建设有限公司", "914300000000000001", "138****0001"]
    assert "wang_qiang" in lines[1][0]
    assert len(head) == len(rows[0])
    with people.app.app_context():
        from app.extensions.database import db

        (line,) = db.session.query(AuditEntry).filter_by(action="export")
        assert line.subject == "enterprise"
        assert '"rows": 1' in line.detail


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_hostile_values_are_harmless_in_both_formats(people, send, kind):
    with people.app.app_context():
        from app.extensions.database import db

        for number, text in enumerate(RUNS):
            db.session.add(enterprise(text.replace("\0", "") + " 企业", CHANGSHA, 200 + number))
        db.session.commit()
    _lines, _head, rows = table(send(people["wang_qiang"], "/trial/export", {"format": kind}))
    assert len(rows) == len(RUNS) + 1
    assert all(row[0].startswith("'") or row[0].startswith("长沙") for row in rows)
    assert b"<f>" not in send(people["wang_qiang"], "/trial/export", {"format": kind}).data


BROKEN = ["长沙\x01企业", '长沙"企业",', "长沙\uffff企业\ufffe", "长沙<b>&", "\x02=1+1", "长\n沙", "（\x1f）"]
"""What somebody may have typed behind a beginning that is plain, and behind one that is not."""


@pytest.mark.both_engines
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_no_workbook_can_hold_is_in_neither_file_and_all_else_is(people, send, kind):
    with people.app.app_context():
        from app.extensions.database import db

        for number, text in enumerate(BROKEN):
            db.session.add(enterprise(text, CHANGSHA, 200 + number))
        db.session.commit()
    _lines, _head, rows = table(send(people["wang_qiang"], "/trial/export", {"format": kind}))
    assert {row[0] for row in rows} == {"长沙示例建设有限公司", *map(harmless, BROKEN)}


def test_the_export_has_the_filter_of_the_list(people, send):
    answer = send(people["chen_jing"], "/trial/export?q=路桥&sort=-name", {"format": "csv"})
    lines, _head, rows = table(answer)
    assert [row[0] for row in rows] == ["邵阳示例路桥有限公司"]
    assert "路桥" in lines[2][0]


def test_an_id_number_that_was_searched_for_is_not_in_the_file(people, send):
    answer = send(people["wang_qiang"], "/trial-persons/export?q=439900198501010015", {"format": "csv"})
    assert "439900198501010015" not in answer.data.decode()
    assert len(table(answer)[2]) == 1


@pytest.mark.parametrize("kind", ["", "pdf", "../x"])
def test_another_format_is_404(people, send, kind):
    assert send(people["wang_qiang"], "/trial/export", {"format": kind}).status_code == 404


@pytest.mark.parametrize("more", [{}, {"select": "matching"}])
def test_a_search_of_a_session_that_has_ended_exports_nothing(people, send, more):
    answer = send(people["chen_jing"], "/trial/export", {"format": "csv", "list": f"?q=~{'A' * 60}", **more})
    assert answer.status_code == 422
    assert "示例" not in answer.text


def test_a_ticked_row_of_another_city_is_404_and_not_left_out(people, send):
    ids = [str(people.rows["changsha"]), str(people.rows["shaoyang"])]
    assert send(people["wang_qiang"], "/trial/export", {"format": "csv", "ids": ids}).status_code == 404
    answer = send(people["chen_jing"], "/trial/export", {"format": "csv", "ids": ids})
    assert len(table(answer)[2]) == 2
