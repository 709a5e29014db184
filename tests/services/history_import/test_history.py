"""Records of the paper era come into the register once, whole, and only where they contradict nothing."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from werkzeug.exceptions import NotFound

from app.cli.demo.makers import credit_code
from app.extensions.clock import today
from app.models import (
    Account,
    Certificate,
    Enterprise,
    ImportStage,
    Person,
    RealNameState,
    RegisteredSpecialty,
    Registration,
    RegistrationEvent,
    RegistrationStatus,
    WorkbookImport,
)
from app.models.policy import Policy
from app.security.access.roles import SYSTEM
from app.security.access.scope import rows_of
from app.services import certificates, register
from app.services.history_import.kind import HISTORY
from app.services.imports import life_cycle
from app.services.qualification_import.kind import QUALIFICATIONS
from app.services.register_history import history
from samples.make_history import EMPLOYERS, HEADING_ROW, HistoryMaker, lines, workbook
from tests.cast import file_draft, take
from tests.registered import registered
from tests.workbooks import workbook as table

pytestmark = pytest.mark.both_engines


def _listed(rows) -> bytes:
    headings = [column.heading for column in HISTORY.columns]
    return table([headings, *([row[column.attribute] for column in HISTORY.columns] for row in rows)])


def _check(session, rows, actor=SYSTEM) -> WorkbookImport:
    return life_cycle.check(session, HISTORY, _listed(rows), "history.xlsx", actor)


def _load(session, rows) -> WorkbookImport:
    return life_cycle.load(session, HISTORY, _check(session, rows).id, SYSTEM)


def _codes(session, rows) -> list[tuple[int, str, str]]:
    found = life_cycle.dry_run(session, HISTORY, _listed(rows)).found.rows
    return [(one.row, one.attribute, one.code) for one in found]


def _one(**changed):
    return HistoryMaker(3).row() | changed


def _some(count: int):
    maker = HistoryMaker(6)
    return [row for _ in range(count) for row in maker.registration()]


def _count(session, model) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_each_wrong_row_of_the_sample_is_found_for_its_reason_and_no_other(session, cast):
    found: dict[int, set] = {}
    for one in life_cycle.dry_run(session, HISTORY, workbook()).found.rows:
        found.setdefault(one.row, set()).add((one.attribute, one.code))
    numbered = dict(enumerate(lines(), HEADING_ROW + 1))
    assert {row: line.codes for row, line in numbered.items() if line.codes} == found
    codes = {code for line in numbered.values() for _, code in line.codes}
    of_the_register = {"person_name", "register_live", "register_differs", "certificate_known", "under_way"}
    assert set(HISTORY.messages) - codes == {"same_specialty", *of_the_register}


def test_every_message_can_be_said():
    params = dict.fromkeys(("year", "other", "headings", "last"), "?")
    for code in HISTORY.messages:
        assert str(HISTORY.messages[code]) % params


def test_the_good_rows_of_the_sample_become_persons_registrations_terms_and_history(session, cast):
    before = {model: _count(session, model) for model in (Person, Account)}
    kept = life_cycle.check(session, HISTORY, workbook(), "history.xlsx", SYSTEM)
    assert _count(session, Registration) == 0
    kept = life_cycle.load(session, HISTORY, kept.id, SYSTEM)
    good = [line.values for line in lines() if not line.codes]
    assert (kept.loaded_count, kept.known_count) == (len(good), 0)
    assert _count(session, RegisteredSpecialty) == len(good)
    numbers = {row["number"] for row in good}
    assert set(session.scalars(select(Registration.number))) == numbers
    assert _count(session, Person) == before[Person] + len({row["id_number"] for row in good})
    assert _count(session, Account) == before[Account]
    events = session.execute(select(RegistrationEvent.action, RegistrationEvent.import_id)).all()
    assert events == [("import", kept.id)] * len(numbers)
    kinds = set(session.execute(select(Registration.kind, Registration.status).distinct()).all())
    assert kinds == {
        (kind, status) for kind in ("registered", "temporary") for status in ("valid", "cancelled")
    }


def test_a_record_says_in_the_register_what_the_list_said(session, cast):
    first, second = HistoryMaker(8).registration(live=False, several=2)
    _load(session, [first, second])
    one = session.scalars(select(Registration)).one()
    enterprise = session.scalars(select(Enterprise).where(Enterprise.uscc == first["uscc"])).one()
    assert (one.name, one.number, one.paper_number) == (
        first["name"], first["number"], first["certificate_number"],
    )  # fmt: skip
    assert (one.enterprise_id, one.enterprise_name, one.region_code) == (
        enterprise.id, enterprise.name, enterprise.region_code,
    )  # fmt: skip
    assert one.id_number == first["id_number"]
    assert (one.status, f"{one.cancelled_on}") == (RegistrationStatus.CANCELLED, first["cancelled_on"])
    assert f"{one.birth_date:%Y%m%d}" == first["id_number"][6:14]
    assert {f"{term.begins_on} {term.ends_on} {term.removed_on}" for term in one.specialties} == {
        f"{row['begins_on']} {row['ends_on']} {row['cancelled_on']}" for row in (first, second)
    }
    person = session.get_one(Person, one.person_id)
    assert (person.real_name_state, person.id_number) == (RealNameState.INCOMPLETE, first["id_number"])
    told = json.loads(session.scalars(select(RegistrationEvent.content)).one())
    assert (told["status"], told["cancelled_on"]) == ("cancelled", first["cancelled_on"])


def test_the_same_list_again_is_known_and_loads_nothing(session, cast):
    rows = _some(5)
    _load(session, rows)
    again = _load(session, rows)
    assert (again.known_count, again.good_count, again.loaded_count) == (len(rows), 0, 0)
    shorter = [row | {"certificate_number": "", "gender": ""} for row in rows]
    assert _check(session, shorter).known_count == len(rows)


def test_other_data_under_a_known_number_is_named_without_showing_it(session, cast):
    row = _one()
    _load(session, [row])
    changed = row | {"enterprise_name": EMPLOYERS[0][0], "uscc": EMPLOYERS[0][1], "ends_on": "2026-12-31"}
    if row["uscc"] == EMPLOYERS[0][1]:
        changed |= {"enterprise_name": EMPLOYERS[1][0], "uscc": EMPLOYERS[1][1]}
    kept = _check(session, [changed])
    (finding,) = life_cycle.findings_of(HISTORY, kept).rows
    assert (finding.attribute, finding.code) == ("number", "register_differs")
    assert finding.params == {"headings": "统一社会信用代码、有效期止"}
    assert row["id_number"] not in kept.findings
    assert row["name"] not in kept.findings


def test_a_specialty_that_the_register_does_not_hold_is_no_way_into_it(session, cast):
    first, second = HistoryMaker(8).registration(live=True, several=2)
    _load(session, [first])
    assert _codes(session, [first, second]) == [(2, "number", "held_back"), (3, "number", "register_differs")]
    assert _check(session, [first, second]).good_count == 0


def test_who_is_registered_already_is_not_registered_twice(session, cast):
    registered(session, cast.li_juan, cast.zhang_wei)
    row = _one(name="张伟", id_number="439900198506150019", gender="", kind="二级")
    assert _codes(session, [row]) == [(2, "number", "register_live")]
    ended = row | {"status": "注销", "cancelled_on": "2025-12-01", "cancelled_reason": "聘用企业破产"}
    assert _codes(session, [ended]) == []
    assert _codes(session, [row | {"kind": "二级临时"}]) == []


def test_a_person_of_the_platform_is_kept_and_another_name_is_an_error(session, cast):
    row = _one(name="张伟", id_number="439900198506150019", gender="")
    assert _codes(session, [row | {"name": "章伟"}]) == [(2, "name", "person_name")]
    before = _count(session, Person)
    _load(session, [row])
    assert _count(session, Person) == before
    one = session.scalars(select(Registration)).one()
    assert one.person_id == cast.zhang_wei.actor.person_id
    assert session.get_one(Person, one.person_id).real_name_state == RealNameState.VERIFIED


def test_who_has_a_declaration_under_way_waits_for_its_end(session, cast):
    take(session, cast, file_draft(session, cast.li_juan, cast.zhang_wei), "submit")
    row = _one(name="张伟", id_number="439900198506150019", gender="")
    assert _codes(session, [row]) == [(2, "name", "under_way")]


def test_a_certificate_number_belongs_to_one_registration(session, cast):
    issued = registered(session, cast.li_juan, cast.zhang_wei)
    number = session.scalars(select(Certificate.number).where(Certificate.registration_id == issued.id)).one()
    assert _codes(session, [_one(certificate_number=number)]) == [
        (2, "certificate_number", "certificate_known")
    ]


def test_numbers_of_the_paper_era_are_never_allotted_again(session, cast):
    last = int(certificates.certificate_numbers(session, Policy({}), 1)[0])
    day = today()
    _load(session, [_one(certificate_number=f"{last + 1}")])
    assert certificates.certificate_numbers(session, Policy({}), 2) == [
        f"{last + 2}", f"{last + 3}",
    ]  # fmt: skip
    _load(
        session,
        [HistoryMaker(5).row() | {"number": f"湘24325{day:%y}00001", "registered_on": "2026-02-01",
                                  "begins_on": "2026-02-01", "ends_on": "2029-01-31"}],
    )  # fmt: skip
    assert register.registration_numbers(session, [2025, 2024], day) == [
        f"湘24325{day:%y}00003", f"湘24324{day:%y}00002",
    ]  # fmt: skip


def test_a_new_version_goes_on_under_the_number_of_the_paper(session, cast):
    _load(session, [_one(certificate_number="湘建2013000077")])
    row = session.scalars(select(Registration)).one()
    (made,) = certificates.allot(
        session, [(row, None)], actor=SYSTEM, policy=Policy({}), on=today(), renumbered=False
    )
    assert (made.number, made.version) == ("湘建2013000077", 1)


def test_a_crash_in_the_middle_of_loading_loads_nothing(session, cast, monkeypatch):
    rows = _some(4)
    number = _check(session, rows).id
    before = _count(session, Person)

    def crash(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(life_cycle, "record", crash)
        with pytest.raises(KeyboardInterrupt):
            life_cycle.load(session, HISTORY, number, SYSTEM)
    session.rollback()
    assert (_count(session, Registration), _count(session, Person)) == (0, before)
    assert life_cycle.load(session, HISTORY, number, SYSTEM).loaded_count == len(rows)


def test_only_the_province_brings_history_in(session, cast):
    number = _check(session, [_one()], cast.chen_jing.actor).id
    for member in cast:
        if member.name in {"陈静", "周敏"}:
            continue
        with pytest.raises(NotFound):
            _check(session, [_one()], member.actor)
        for act in (life_cycle.load, life_cycle.discard, life_cycle.marked_workbook):
            with pytest.raises(NotFound):
                act(session, HISTORY, number, member.actor)
        session.rollback()
    assert life_cycle.load(session, HISTORY, number, cast.zhou_min.actor).loaded_count == 1


def test_a_workbook_of_another_kind_is_no_list_of_this_kind(session, cast):
    number = _check(session, [_one()], cast.chen_jing.actor).id
    for act in (life_cycle.load, life_cycle.discard, life_cycle.marked_workbook):
        with pytest.raises(NotFound):
            act(session, QUALIFICATIONS, number, cast.chen_jing.actor)
        session.rollback()
    assert session.get_one(WorkbookImport, number).stage == ImportStage.CHECKED


def _ended(**changed):
    """Cancelled with an enterprise that was dissolved before the platform was there."""
    row = _one()
    gone = {
        "uscc": "",
        "region_code": "长沙",
        "enterprise_name": "浏阳示例建筑公司（已注销）",
        "seal_check_code": "03",
    }
    ended = {"status": "注销", "cancelled_on": f"{int(row['registered_on'][:4]) + 1}-06-30",
             "cancelled_reason": "聘用企业破产"}  # fmt: skip
    return row | gone | ended | changed


def test_what_ended_with_a_dissolved_enterprise_keeps_its_name_and_its_city(session, cast):
    rows = [_ended()]
    assert _codes(session, rows) == []
    _load(session, rows)
    held = session.scalars(select(Registration)).one()
    assert (held.enterprise_id, held.enterprise_name) == (None, "浏阳示例建筑公司（已注销）")
    assert (held.region_code, held.seal_check_code) == ("430100", 3)
    event = session.scalars(select(RegistrationEvent)).one()
    assert (event.enterprise_id, json.loads(event.content)["removed"][0][4]) == (
        None,
        held.cancelled_on.isoformat(),
    )
    for member, number in ((cast.wang_qiang, 1), (cast.zhao_min, 0), (cast.li_juan, 0), (cast.chen_jing, 1)):
        assert len(session.scalars(rows_of(Registration, member.actor)).all()) == number
    assert _check(session, rows).known_count == 1
    assert _codes(session, [_ended(enterprise_name="浏阳另一公司")]) == [(2, "number", "register_differs")]


def test_a_code_that_the_platform_does_not_know_is_no_hindrance_for_what_has_ended(session, cast):
    rows = [_ended(uscc=credit_code(990_001))]
    assert _codes(session, rows) == []
    assert _codes(session, [_one(uscc=credit_code(990_001))]) == [(2, "uscc", "enterprise_unknown")]


@pytest.mark.parametrize("live", [True, False], ids=["valid", "cancelled"])
def test_a_specialty_that_went_before_the_others_ends_on_its_own_day(session, cast, live):
    first, second = HistoryMaker(8).registration(live=live, several=2)
    longer = f"{int(first['ends_on'][:4]) + 1}{first['ends_on'][4:]}"
    went = first["begins_on"]
    first |= {"specialty_ended_on": went, "ends_on": longer}
    assert _codes(session, [first, second]) == []
    _load(session, [first, second])
    held = session.scalars(select(Registration)).one()
    early, late = held.specialties
    assert (f"{early.removed_on}", f"{early.ends_on}") == (went, longer)
    assert f"{late.removed_on}" == (second["cancelled_on"] or "None")
    assert (held.held, f"{held.ends_on}") == ([late], second["ends_on"])
    (told,) = history(session, held, SYSTEM)
    said = [(one.subject, one.on) for one in told.what if one.field == "specialty" and one.on]
    assert said == [(early.specialty, went)]
    assert _check(session, [first, second]).known_count == 2
    assert _check(session, [first | {"specialty_ended_on": ""}, second]).known_count == 2
    other_day = first | {"specialty_ended_on": (early.removed_on + timedelta(days=1)).isoformat()}
    (finding,) = [
        one
        for one in life_cycle.findings_of(HISTORY, _check(session, [other_day, second])).rows
        if one.row == 2
    ]
    assert finding.params == {"headings": "专业注销日期"}


def test_the_column_of_a_specialty_that_went_first_may_be_missing(session, cast):
    rows = _some(3)
    headings = [column for column in HISTORY.columns if column.attribute != "specialty_ended_on"]
    data = table(
        [[one.heading for one in headings], *([row[one.attribute] for one in headings] for row in rows)]
    )
    assert life_cycle.dry_run(session, HISTORY, data).found.rows == []


def test_a_term_that_went_in_time_may_have_run_past_the_age_limit(session, cast):
    first, second = HistoryMaker(8).registration(live=True, several=2)
    beyond = {"ends_on": "2069-01-01", "specialty_ended_on": first["begins_on"]}
    assert _codes(session, [first | beyond, second]) == []
