"""A list is loaded once, whole or not at all, and leaves nothing behind but what the library shall hold."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from app.extensions.clock import now
from app.extensions.refused import Refused
from app.models import AuditEntry, ImportStage, Qualification, WorkbookImport
from app.security.access.roles import NOBODY, SYSTEM
from app.services.imports import life_cycle
from app.services.imports.life_cycle import discard_stale, loaded_before
from app.services.qualification_import.kind import QUALIFICATIONS
from samples.make_qualifications import lines
from tests.workbooks import listed, people, sample

pytestmark = pytest.mark.both_engines


def dry_run(session, data):
    return life_cycle.dry_run(session, QUALIFICATIONS, data)


def check(session, data, file_name, actor):
    return life_cycle.check(session, QUALIFICATIONS, data, file_name, actor)


def load(session, key, actor):
    return life_cycle.load(session, QUALIFICATIONS, key, actor)


def discard(session, key, actor):
    return life_cycle.discard(session, QUALIFICATIONS, key, actor)


def marked_workbook(session, key, actor):
    return life_cycle.marked_workbook(session, QUALIFICATIONS, key, actor)


def findings_of(kept):
    return life_cycle.findings_of(QUALIFICATIONS, kept)


def _library(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(Qualification)) or 0


def _codes(kept: WorkbookImport) -> list[tuple[int, str]]:
    return [(one.row, one.code) for one in findings_of(kept).rows]


def _imported(session: Session, rows) -> WorkbookImport:
    return load(session, check(session, listed(rows), "list.xlsx", SYSTEM).id, SYSTEM)


def test_the_sample_is_checked_and_its_good_rows_are_loaded(session):
    kept = check(session, sample(), "C:\\lists\\qualifications.xlsx", SYSTEM)
    assert kept.file_name == "qualifications.xlsx"
    assert (kept.row_count, kept.known_count) == (kept.good_count + kept.bad_count, 0)
    assert _library(session) == 0
    loaded = load(session, kept.id, SYSTEM)
    assert loaded.loaded_count == loaded.good_count == _library(session) > 2_000
    specialties = session.scalars(select(Qualification.specialty).distinct()).all()
    assert len(specialties) == 6


def test_a_loaded_row_holds_what_the_list_said(session):
    row = people(1)[0] | {
        "specialty": "公路",
        "issued_on": "2025年6月1日",
        "province": "湖南",
        "employer": "虚构公司",
    }
    kept = _imported(session, [row])
    one = session.scalars(select(Qualification)).one()
    assert (one.name, one.certificate_number, one.specialty) == (
        row["name"],
        row["certificate_number"],
        "highway",
    )
    assert (one.id_number, one.id_number_masked) == (
        row["id_number"],
        f"4399{'*' * 10}{row['id_number'][-4:]}",
    )
    assert session.scalar(
        select(Qualification.id).where(Qualification.id_number.equals(Qualification, row["id_number"]))
    )
    assert (one.province_code, one.employer, one.id_type, one.import_id) == (
        "430000",
        "虚构公司",
        "1",
        kept.id,
    )
    assert (one.issued_on.isoformat(), one.gender) == ("2025-06-01", "1" if row["gender"] == "男" else "2")


def test_the_same_file_again_loads_nothing_twice(session):
    data = listed(people(30))
    load(session, check(session, data, "a.xlsx", SYSTEM).id, SYSTEM)
    again = check(session, data, "b.xlsx", SYSTEM)
    assert (again.good_count, again.known_count, again.bad_count) == (0, 30, 0)
    assert loaded_before(session, again, SYSTEM).file_name == "a.xlsx"
    assert load(session, again.id, SYSTEM).loaded_count == 0
    assert _library(session) == 30


def test_loading_an_import_again_gives_back_what_was_done(session):
    kept = check(session, listed(people(5)), "a.xlsx", SYSTEM)
    first = load(session, kept.id, SYSTEM).loaded_at
    assert load(session, kept.id, SYSTEM).loaded_at == first
    assert _library(session) == 5
    acts = session.scalars(
        select(AuditEntry.action).where(AuditEntry.subject == "qualification_import")
    ).all()
    assert acts == ["check_import", "load_import"]


def test_a_corrected_list_loads_only_what_is_new(session):
    rows = people(6)
    _imported(session, [*rows[:4], rows[4] | {"name": "张3"}])
    kept = _imported(session, rows)
    assert (kept.known_count, kept.loaded_count) == (4, 2)


def test_a_blank_cell_contradicts_nothing_in_the_library(session):
    rows = people(2)
    _imported(session, rows)
    shorter = [row | {"school": "", "employer": "", "education": ""} for row in rows]
    assert check(session, listed(shorter), "a.xlsx", SYSTEM).known_count == 2


def test_other_data_under_a_known_certificate_number_is_an_error_that_shows_none_of_it(session):
    ours, theirs = people(2)
    _imported(session, [theirs])
    kept = check(session, listed([ours | {"certificate_number": theirs["certificate_number"]}]), "a", SYSTEM)
    assert _codes(kept) == [(2, "library_differs")]
    (finding,) = findings_of(kept).rows
    assert "证件号码" in finding.message
    assert "姓名" in finding.message
    for secret in (theirs["name"], theirs["id_number"], theirs["id_number"][-4:], theirs["employer"]):
        assert secret not in kept.findings
        assert secret not in finding.message


def test_a_second_certificate_for_the_same_specialty_and_another_name_for_a_number_are_errors(session):
    row = people(1)[0]
    _imported(session, [row])
    other = row | {"certificate_number": "4399999", "management_number": ""}
    assert _codes(check(session, listed([other]), "a", SYSTEM)) == [(2, "library_specialty")]
    renamed = other | {
        "name": "易名",
        "specialty": "公路工程" if row["specialty"] != "公路工程" else "建筑工程",
    }
    assert _codes(check(session, listed([renamed]), "a", SYSTEM)) == [(2, "library_name")]


def test_what_was_loaded_between_check_and_load_counts_as_known(session):
    rows = people(4)
    early = check(session, listed(rows), "a", SYSTEM)
    _imported(session, rows[:3])
    assert early.good_count == 4
    late = load(session, early.id, SYSTEM)
    assert (late.known_count, late.loaded_count) == (3, 1)
    assert _library(session) == 4


def test_nothing_of_the_list_stays_once_it_is_loaded_or_discarded(session):
    first, second = (check(session, listed(people(2, seed)), "a", SYSTEM) for seed in (1, 2))
    load(session, first.id, SYSTEM)
    discard(session, second.id, SYSTEM)
    assert session.scalars(select(WorkbookImport.content)).all() == [None, None]


def test_the_list_is_kept_encrypted_and_its_findings_name_nobody(session):
    kept = check(session, sample(), "a", SYSTEM)
    content = session.scalar(select(WorkbookImport.content))
    assert b"PK\x03\x04" not in content[:64]
    assert b"sharedStrings" not in content
    audit = "".join(session.scalars(select(AuditEntry.detail)))
    for line in lines():
        assert str(line.values["id_number"]) not in kept.findings + audit
        assert not line.values["name"].strip() or line.values["name"] not in kept.findings + audit


def test_the_database_itself_keeps_no_list_of_a_settled_import(session):
    check(session, listed(people(1)), "a", SYSTEM)
    for change in ("stage = 'loaded'", "content = NULL"):
        with pytest.raises(IntegrityError):
            session.execute(text(f"UPDATE workbook_import SET {change}"))  # noqa: S608 - our own words
        session.rollback()


def test_a_discarded_list_can_be_neither_loaded_nor_marked(session):
    kept = check(session, listed(people(1)), "a", SYSTEM)
    discard(session, kept.id, SYSTEM)
    for act in (load, marked_workbook):
        with pytest.raises(Refused):
            act(session, kept.id, SYSTEM)
    discard(session, kept.id, SYSTEM)
    assert _library(session) == 0


def test_a_loaded_list_can_be_neither_discarded_nor_marked(session):
    kept = _imported(session, people(1))
    for act in (discard, marked_workbook):
        with pytest.raises(Refused):
            act(session, kept.id, SYSTEM)
        session.rollback()


def test_lists_that_nobody_loads_are_forgotten_after_a_while(session, clock):
    old = check(session, listed(people(1)), "old", SYSTEM).id
    clock.shift(timedelta(days=3))
    new = check(session, listed(people(1)), "new", SYSTEM).id
    assert discard_stale(session, now() - timedelta(days=1)) == 1
    stages = dict(session.execute(select(WorkbookImport.id, WorkbookImport.stage)).all())
    assert stages == {old: ImportStage.DISCARDED, new: ImportStage.CHECKED}


def test_a_crash_between_check_and_load_loses_nothing(session, engine, stages):
    number = check(session, listed(people(7)), "a", SYSTEM).id
    session.close()
    with Session(stages(engine).database) as later:
        assert load(later, number, SYSTEM).loaded_count == 7


def test_a_crash_in_the_middle_of_loading_loads_nothing(session, monkeypatch):
    number = check(session, listed(people(7)), "a", SYSTEM).id

    def crash(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(life_cycle, "record", crash)
        with pytest.raises(KeyboardInterrupt):
            load(session, number, SYSTEM)
    session.rollback()
    assert _library(session) == 0
    assert session.get_one(WorkbookImport, number).stage == ImportStage.CHECKED
    assert load(session, number, SYSTEM).loaded_count == 7


def _at_once(database, numbers: list[int], monkeypatch) -> list[int]:
    """Load these imports in as many threads, all of which have read their list before one of them writes."""
    together = threading.Barrier(len(numbers))
    read = life_cycle._read
    done: list[int] = []

    def read_and_wait(*arguments):
        result = read(*arguments)
        together.wait(30)
        return result

    def work(number: int) -> None:
        with Session(database) as own:
            done.append(load(own, number, SYSTEM).loaded_count)

    monkeypatch.setattr(life_cycle, "_read", read_and_wait)
    threads = [threading.Thread(target=work, args=(number,)) for number in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return sorted(done)


def test_two_officers_who_load_the_same_import_at_once_load_it_once(session, engine, stages, monkeypatch):
    number = check(session, listed(people(40)), "a", SYSTEM).id
    session.close()
    assert _at_once(stages(engine).database, [number, number], monkeypatch) == [40, 40]
    assert _library(session) == 40
    acts = session.scalars(select(AuditEntry.action).where(AuditEntry.action == "load_import")).all()
    assert len(acts) == 1


def test_two_imports_with_the_same_rows_at_once_load_each_row_once(session, engine, stages, monkeypatch):
    rows = people(60)
    numbers = [check(session, listed(some), "a", SYSTEM).id for some in (rows[:40], rows[20:])]
    session.close()
    loaded = _at_once(stages(engine).database, numbers, monkeypatch)
    assert loaded == [20, 40]
    assert _library(session) == 60


def test_only_the_province_imports(session, cast):
    data = listed(people(1))
    number = check(session, data, "a", cast.chen_jing.actor).id
    province = {cast.chen_jing.actor.account_id, cast.zhou_min.actor.account_id}
    others = [member.actor for member in cast if member.actor.account_id not in province]
    for actor in (*others, NOBODY):
        with pytest.raises(NotFound):
            check(session, data, "a", actor)
        for act in (load, discard, marked_workbook):
            with pytest.raises(NotFound):
                act(session, number, actor)
        session.rollback()
    assert load(session, number, cast.zhou_min.actor).loaded_count == 1


def test_a_dry_run_writes_nothing(session):
    result = dry_run(session, sample())
    assert result.good
    assert session.scalar(select(func.count()).select_from(WorkbookImport)) == 0
    assert (
        session.scalar(
            select(func.count()).select_from(AuditEntry).where(AuditEntry.subject == "qualification_import")
        )
        == 0
    )


def test_headings_without_a_row_are_refused(session):
    with pytest.raises(Refused, match=r"row under the heading|表头下没有数据"):
        dry_run(session, listed([]))


def test_one_account_cannot_have_workbooks_read_without_end(session, cast, monkeypatch):
    """What is refused counts as well: it is the hostile ones that take long."""
    monkeypatch.setattr(life_cycle, "MOST_AN_HOUR", 2)
    for _ in range(2):
        with pytest.raises(Refused, match=r"损坏|damaged"):
            check(session, b"PK\x03\x04 nothing of the kind", "list.xlsx", cast.chen_jing.actor)
        session.rollback()
    with pytest.raises(Refused) as caught:
        check(session, listed(people(2)), "list.xlsx", cast.chen_jing.actor)
    assert "very many files" in str(caught.value) or "过多" in str(caught.value)
    session.rollback()
    assert check(session, listed(people(2)), "list.xlsx", cast.zhou_min.actor).row_count == 2
