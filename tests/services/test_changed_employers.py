"""An approved change reaches enterprise, register, certificates and people in one commit, however many they are."""

import json

import pytest
from sqlalchemy import event, select, update
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import NotFound

from app.cli.demo.makers import credit_code, id_number
from app.extensions.clock import today
from app.extensions.refused import Refused
from app.models import (
    Account,
    Attachment,
    Certificate,
    Consultation,
    Declaration,
    Enterprise,
    Job,
    Notice,
    Registration,
    RegistrationEvent,
)
from app.security.access.scope import find
from app.services import certificates, changed_employers, enterprise_changes, filing, verification
from tests.cast import SHAOYANG, add_constructor, file_draft
from tests.changing import NEW, SHUANGQING, asked, step
from tests.house.world import BORN
from tests.registered import registered

OLD = "长沙示例建设有限公司（演示）"


def approved(session, cast, **values):
    row = asked(session, cast.li_juan, **values)
    step(session, cast, row, "submit", "endorse", "approve")
    return row


def employ(session, cast, serials) -> list[Registration]:
    made = []
    for serial in serials:
        person = add_constructor(session, cast.wang_qiang, f"示例{serial}", id_number(BORN, serial))
        made.append(registered(session, cast.li_juan, person))
    return made


def test_the_new_licence_is_the_enterprises_and_the_new_city_answers_what_is_open(session, cast):
    clerk = cast.li_juan.actor
    asked_before = {}
    for status in ("waiting", "closed"):
        asked_before[status] = Consultation(
            enterprise_id=clerk.enterprise_id,
            region_code="430100",
            subject="咨询",
            question="？",
            status=status,
        )
    session.add_all(asked_before.values())
    session.commit()
    paper = select(Attachment.file_id).where(Attachment.kind == "business_licence")
    of_enterprise = paper.where(Attachment.enterprise_id == clerk.enterprise_id)
    before = session.scalars(of_enterprise).one()
    row = approved(session, cast, new_county_code=SHUANGQING)
    new = session.scalars(paper.where(Attachment.enterprise_change_id == row.id)).one()
    assert session.scalars(of_enterprise).all() == [new], "what is shown is what counts"
    kept = select(Attachment.file_id).where(
        Attachment.enterprise_change_id == row.id, Attachment.kind == "other"
    )
    assert session.scalars(kept).all() == [before], "and nothing is lost"
    assert {key: one.region_code for key, one in asked_before.items()} == {
        "waiting": SHAOYANG, "closed": "430100",
    }  # fmt: skip
    assert find(session, Consultation, asked_before["waiting"].id, cast.zhao_min.actor)


@pytest.mark.both_engines
def test_only_the_credit_code_is_told_as_the_credit_code(session, cast, monkeypatch):
    taken = session.get_one(Enterprise, cast.fang_yuan.actor.enterprise_id).uscc
    row = asked(session, cast.li_juan, new_uscc=taken, new_name=NEW)
    monkeypatch.setattr(
        enterprise_changes, "asked", lambda *_: []
    )  # as if it was taken after the rules were asked
    step(session, cast, row, "submit", "endorse")
    with pytest.raises(Refused, match=r"credit code|信用代码"):
        step(session, cast, row, "approve")
    session.rollback()
    row.new_uscc = row.old_uscc
    session.commit()

    def stopped(*_):
        raise IntegrityError("another index", None, Exception())

    monkeypatch.setattr(changed_employers, "_standing", stopped)
    with pytest.raises(IntegrityError, match="another index"):
        step(session, cast, row, "approve")


@pytest.mark.both_engines
def test_a_new_name_stands_in_the_register_and_on_a_new_certificate_with_the_old_number(session, cast):
    held = registered(session, cast.li_juan, cast.zhang_wei)
    number, token = held.certificates[0].number, held.certificates[0].token
    row = approved(session, cast)
    session.refresh(held)
    assert (held.enterprise_name, held.region_code) == (NEW, "430100")
    before, after = held.certificates
    assert (before.ended_because, before.ended_on) == ("employer", today())
    assert (after.number, after.version, after.ended_on) == (number, 2, None)
    assert json.loads(after.face)["enterprise"] == NEW
    assert json.loads(before.face)["enterprise"] == OLD
    found = verification.look_up(session, token)
    assert (found.verdict, found.ended_because) == ("replaced", "employer")
    last = session.scalars(select(RegistrationEvent).order_by(RegistrationEvent.id.desc())).first()
    assert (last.action, last.enterprise_change_id, last.registration_id) == (
        "change_employer",
        row.id,
        held.id,
    )
    assert json.loads(last.content)["enterprise_name"] == NEW
    assert row.followed == 1
    wanted = {f"{certificates.JOB}:{after.id}"}
    assert wanted <= set(session.scalars(select(Job.key)))


@pytest.mark.both_engines
def test_the_enterprise_keeps_its_account_its_drafts_and_its_history(session, cast):
    declared = registered(session, cast.li_juan, cast.zhang_wei)
    draft = file_draft(
        session, cast.li_juan, add_constructor(session, cast.wang_qiang, "林峰", id_number(BORN, 71))
    )
    account = session.get_one(Account, cast.li_juan.actor.account_id)
    approved(
        session,
        cast,
        new_name=NEW,
        new_uscc=credit_code(88),
        new_address="新路 8 号",
        new_representative="新人",
    )
    enterprise = session.get_one(Enterprise, cast.li_juan.actor.enterprise_id)
    session.refresh(enterprise)
    assert (enterprise.name, enterprise.former_name, enterprise.uscc) == (NEW, OLD, credit_code(88))
    assert (enterprise.business_address, enterprise.legal_representative) == ("新路 8 号", "新人")
    assert (account.active, account.enterprise_id) == (True, enterprise.id)
    row = session.get_one(Declaration, draft)
    assert row.enterprise_name == OLD
    filing.submit(session, cast.li_juan.actor, {draft: row.version})
    assert session.get_one(Declaration, draft).enterprise_name == NEW
    assert declared.enterprise_id == enterprise.id


def test_former_names_stand_in_one_line_the_latest_first(session, cast):
    approved(session, cast)
    again = "长沙示例建设控股有限公司（演示）"
    approved(session, cast, new_name=again)
    enterprise = session.get_one(Enterprise, cast.li_juan.actor.enterprise_id)
    session.refresh(enterprise)
    assert (enterprise.name, enterprise.former_name) == (again, f"{NEW}、{OLD}")


@pytest.mark.both_engines
def test_an_enterprise_that_moves_is_its_new_citys_with_its_persons_and_their_certificates_stay(
    session, cast
):
    held = registered(session, cast.li_juan, cast.zhang_wei)
    approved(session, cast, new_county_code=SHUANGQING)
    session.refresh(held)
    enterprise = session.get_one(Enterprise, held.enterprise_id)
    session.refresh(enterprise)
    assert (held.region_code, enterprise.region_code, enterprise.county_code) == (
        SHAOYANG,
        SHAOYANG,
        SHUANGQING,
    )
    assert [one.ended_on for one in held.certificates] == [None]
    assert find(session, Registration, held.id, cast.zhao_min.actor) is held
    with pytest.raises(NotFound):
        find(session, Registration, held.id, cast.wang_qiang.actor)
    (notice,) = session.scalars(select(Notice).where(Notice.person_id == held.person_id)).all()
    assert notice.kind == "employer_moved"


@pytest.mark.parametrize(
    "values", [{"new_address": "新路 9 号"}, {"new_representative": "新人"}, {"new_uscc": credit_code(89)}]
)
def test_what_no_registration_says_leaves_the_register_alone(session, cast, values):
    held = registered(session, cast.li_juan, cast.zhang_wei)
    events = session.query(RegistrationEvent).count()
    row = approved(session, cast, **values)
    session.refresh(held)
    assert (row.followed, len(held.certificates), session.query(RegistrationEvent).count()) == (0, 1, events)
    assert session.query(Notice).filter(Notice.person_id.is_not(None)).count() == 0


@pytest.mark.both_engines
def test_only_what_stands_with_the_enterprise_follows(session, cast):
    gone = registered(session, cast.li_juan, cast.zhang_wei)
    session.execute(update(Registration).where(Registration.id == gone.id).values(status="cancelled"))
    session.commit()
    other = add_constructor(session, cast.wang_qiang, "林峰", id_number(BORN, 71))
    theirs = registered(session, cast.fang_yuan, other)
    paper = add_constructor(session, cast.wang_qiang, "何建平", id_number(BORN, 73))
    of_paper = registered(session, cast.li_juan, paper, kind="temporary", certified=False)
    approved(session, cast)
    for one in (gone, theirs, of_paper):
        session.refresh(one)
    assert (gone.enterprise_name, theirs.enterprise_name, of_paper.enterprise_name) == (
        OLD, "湘江样板工程有限公司（演示）", NEW
    )  # fmt: skip
    assert of_paper.certificates == []


@pytest.mark.both_engines
def test_everybody_is_told_once(session, cast):
    registered(session, cast.li_juan, cast.zhang_wei)
    registered(session, cast.li_juan, cast.zhang_wei, kind="temporary")
    row = approved(session, cast)
    notices = session.scalars(select(Notice).where(Notice.person_id.is_not(None))).all()
    assert [(one.kind, one.person_id) for one in notices] == [
        ("employer_renamed", cast.zhang_wei.actor.person_id)
    ]
    assert json.loads(notices[0].parameters) == {"before": OLD, "enterprise": NEW}
    assert row.followed == 2


def test_what_is_refused_leaves_no_trace(session, cast, monkeypatch):
    held = registered(session, cast.li_juan, cast.zhang_wei)
    row = asked(session, cast.li_juan)
    step(session, cast, row, "submit", "endorse")

    def broken(*_arguments, **_values):
        raise RuntimeError("the power went out")

    monkeypatch.setattr(certificates, "allot", broken)
    with pytest.raises(RuntimeError):
        step(session, cast, row, "approve")
    session.rollback()
    for one in (row, held):
        session.refresh(one)
    assert (row.state, held.enterprise_name, session.query(Certificate).count()) == ("endorsed", OLD, 1)
    assert session.get_one(Enterprise, row.enterprise_id).name == OLD


@pytest.mark.both_engines
def test_many_constructors_take_no_more_statements_than_few(session, cast):
    """What is read and written for each registration goes in lists; one by one it would take minutes.

    SQLite alone is handed new rows one by one, since it says the key of one row only; there that is no way to go.
    """
    heard: list[str] = []
    one_by_one = session.get_bind().dialect.name == "sqlite"

    def hear(_connection, _cursor, statement, *_rest) -> None:
        if not (one_by_one and statement.startswith("INSERT")):
            heard.append(statement)

    counted = []
    for first, count in ((1, 2), (3, 10)):
        employ(session, cast, range(first, first + count))
        row = asked(session, cast.li_juan, new_name=f"长沙示例{count}建设有限公司（演示）")
        step(session, cast, row, "submit", "endorse")
        heard.clear()
        event.listen(session.get_bind(), "before_cursor_execute", hear)
        step(session, cast, row, "approve")
        event.remove(session.get_bind(), "before_cursor_execute", hear)
        counted.append(len(heard))
        assert row.followed == first + count - 1
    assert counted[0] == counted[1], counted
