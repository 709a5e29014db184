"""The demonstration shows every state, is nobody's real data, and can be loaded once only."""

import socket
from datetime import date
from io import BytesIO

import click
import pyotp
import pytest
from PIL import Image, ImageChops, ImageStat
from sqlalchemy import func, select

from app.cli.demo import PASSWORD, SECOND_FACTOR, cases, load_demo, makers, offer_demo, people, pictures
from app.cli.demo.guide import guide
from app.cli.demo.reset import reset_demo
from app.extensions.clock import local, now, today
from app.models import (
    Account,
    Attachment,
    Certificate,
    Decision,
    Declaration,
    Enterprise,
    EnterpriseChange,
    Holiday,
    Job,
    Person,
    PolicyValue,
    Qualification,
    RealNameState,
    Registration,
    RegistrationEvent,
    State,
)
from app.models.identity import id_number_findings, uscc_findings
from app.security.login.passwords import matches
from app.services import real_name
from app.services.filing import wanting
from app.workflow.types import registry
from tests.prepared import ROOT

STABLE = {
    "admin", "auditor", "province", "province-2", "province-admin",
    "qiye-changsha-1", "qiye-changsha-2", "qiye-shaoyang-1",
    "changsha", "zhuzhou", "xiangtan", "hengyang", "shaoyang", "yueyang", "changde",
    "zhangjiajie", "yiyang", "chenzhou", "yongzhou", "huaihua", "loudi", "xiangxi",
}  # fmt: skip


DECLARATIONS = len(cases.CASES) + len(cases.CHANGES) + 1
"""One draft comes from the workbook of an enterprise."""


def test_the_accounts_of_the_stable_surface_are_there(demo):
    accounts = demo.scalars(select(Account)).all()
    assert {account.login_name for account in accounts} >= STABLE
    assert len({account.password for account in accounts}) == 1
    assert matches(accounts[0].password, PASSWORD)


def test_officers_have_a_second_factor_and_nobody_else_has(demo):
    for account in demo.scalars(select(Account)):
        officer = account.enterprise_id is None and account.person_id is None
        assert (account.second_factor is not None) is officer, account.display_name


def test_every_state_and_every_type_that_is_open_is_there(demo):
    assert set(demo.scalars(select(Declaration.state).distinct())) == set(State)
    types = set(demo.scalars(select(Declaration.type_key).distinct()))
    assert types == {kind.key for kind in registry if not kind.switch}


def test_every_certificate_waits_for_the_worker(demo):
    certificates = demo.scalar(select(func.count()).select_from(Certificate))
    jobs = demo.scalar(select(func.count()).select_from(Job).where(Job.kind == "issue_certificate"))
    assert jobs == certificates > sum("announce" in case.steps for case in cases.CASES)


def test_what_stands_in_the_register_has_a_history(demo):
    for registration in demo.scalars(select(Registration)):
        events = select(func.count()).select_from(RegistrationEvent)
        assert demo.scalar(events.where(RegistrationEvent.registration_id == registration.id)) >= 1


def test_every_declaration_came_to_its_state_by_moves(demo):
    for row in demo.scalars(select(Declaration)):
        steps = demo.scalars(
            select(Decision).where(Decision.declaration_id == row.id).order_by(Decision.id)
        ).all()
        states = [State.DRAFT, *(step.to_state for step in steps)]
        assert [step.from_state for step in steps] == states[:-1]
        assert row.state == states[-1]


def test_nobody_in_it_can_exist(demo):
    for model in (Person, Qualification, Declaration):
        for row in demo.scalars(select(model)):
            assert row.id_number.startswith("439900")
            assert id_number_findings(row.id_number) == ()
    for enterprise in demo.scalars(select(Enterprise)):
        assert enterprise.name.endswith("（演示）")
        assert enterprise.uscc[2:8] == "439900"
        assert uscc_findings(enterprise.uscc) == ()


def test_all_enterprises_but_one_can_declare(demo):
    lacking = {one.name: len(wanting(demo, one)) for one in demo.scalars(select(Enterprise))}
    assert [name for name, count in lacking.items() if count] == ["株洲示例筑路有限公司（演示）"]


def test_persons_stand_at_every_stage_of_the_real_name_check(demo):
    stages = set(demo.scalars(select(Person.real_name_state)))
    assert stages == set(RealNameState)
    verified = select(Person.id).where(Person.real_name_state == RealNameState.VERIFIED)
    kinds = (
        select(Attachment.person_id, func.count(func.distinct(Attachment.kind)))
        .where(Attachment.person_id.in_(verified), Attachment.kind.in_(real_name.PICTURES))
        .group_by(Attachment.person_id)
    )
    assert {count for _, count in demo.execute(kinds)} == {len(real_name.PICTURES)}
    methods = select(Person.verified_how).where(Person.verified_how.is_not(None))
    assert set(demo.scalars(methods)) == set(real_name.METHODS)


def test_it_has_a_past_of_months_and_cities(demo):
    rows = demo.scalars(select(Declaration).where(Declaration.submitted_at.is_not(None))).all()
    assert len({local(row.submitted_at).strftime("%Y-%m") for row in rows}) >= 6
    assert len({row.region_code for row in rows}) == 14
    assert any(row.due_on and row.due_on < today() and row.state == State.ACCEPTED for row in rows)
    assert any(row.due_on and row.due_on < today() and row.state == State.ENDORSED for row in rows)


def test_one_enterprise_has_changed_its_name_one_waits_and_one_was_sent_back(demo):
    changes = demo.scalars(select(EnterpriseChange).order_by(EnterpriseChange.id)).all()
    assert [one.state for one in changes] == [
        *("completed", "submitted", "returned", "draft", "submitted", "endorsed")
    ]
    done = changes[0]
    assert demo.get_one(Enterprise, done.enterprise_id).former_name == done.old_name
    followed = demo.scalars(
        select(Certificate)
        .join(Registration, Registration.id == Certificate.registration_id)
        .where(Registration.enterprise_id == done.enterprise_id)
        .order_by(Certificate.registration_id, Certificate.version)
    ).all()
    assert [(one.version, one.ended_because) for one in followed] == [(1, "employer"), (2, None)] * 2
    assert done.followed == 2


def test_what_happened_in_it_is_told_in_its_order(demo):
    for row in demo.scalars(select(Declaration)):
        steps = demo.scalars(
            select(Decision.at).where(Decision.declaration_id == row.id).order_by(Decision.id)
        ).all()
        assert list(steps) == sorted(steps)
        assert all(moment <= now() for moment in steps)


def test_terms_end_in_every_span_of_the_home_page(demo):
    days = [(row.ends_on - today()).days for row in demo.scalars(select(Registration))]
    for first, last in ((-90, -1), (0, 30), (31, 60), (61, 90)):
        assert any(first <= one <= last for one in days), (first, last)


def test_nothing_but_the_demonstration_sets_the_clock():
    users = [path for path in (ROOT / "app").rglob("*.py") if "as_of(" in path.read_text(encoding="utf-8")]
    assert {path.relative_to(ROOT / "app").as_posix() for path in users} == {
        "extensions/clock.py",
        "cli/demo/authority.py",
        "cli/demo/cases.py",
        "cli/demo/daily.py",
        "cli/demo/employers.py",
        "cli/demo/questions.py",
        "cli/demo/workbooks.py",
    }


def test_publicity_takes_no_days_in_it(demo):
    value = demo.scalars(select(PolicyValue).where(PolicyValue.key == "publicity_days")).one()
    assert value.value == "0"
    assert value.valid_from <= today()


def test_a_second_load_changes_nothing(app, demo):
    before = demo.scalar(select(func.count()).select_from(Account))
    assert load_demo(app) is False
    assert demo.scalar(select(func.count()).select_from(Account)) == before


def test_a_load_that_was_broken_off_goes_on(app, session, monkeypatch):
    perform, calls = cases.perform, []

    def fail_at_the_fifth(*arguments, **options):
        calls.append(1)
        if len(calls) == 5:
            raise KeyboardInterrupt
        return perform(*arguments, **options)

    monkeypatch.setattr(cases, "perform", fail_at_the_fifth)
    with pytest.raises(KeyboardInterrupt):
        load_demo(app)
    monkeypatch.setattr(cases, "perform", perform)
    assert load_demo(app) is True
    assert session.scalar(select(func.count()).select_from(Declaration)) == DECLARATIONS
    doubled = select(Decision.declaration_id).group_by(Decision.declaration_id, Decision.action)
    assert session.scalars(doubled.having(func.count() > 2)).all() == []


def test_it_is_refused_beside_other_accounts(app, session):
    makers.make_account(session, "Auditor", "真实账号", makers.Credentials("x", "y"), login_name="real")
    session.commit()
    with pytest.raises(click.ClickException, match="not mixed"):
        load_demo(app)


def test_it_is_refused_in_production(app, monkeypatch):
    config = app.extensions["platform_config"]
    monkeypatch.setitem(app.extensions, "platform_config", type(config)(env="production"))
    with pytest.raises(click.ClickException, match="production"):
        load_demo(app)


def test_make_run_loads_it_only_where_there_is_room(app, session, monkeypatch):
    monkeypatch.setenv("DEMO", "no")
    assert offer_demo(app) is False
    monkeypatch.delenv("DEMO")
    makers.make_account(session, "Auditor", "真实账号", makers.Credentials("x", "y"), login_name="real")
    session.commit()
    assert offer_demo(app) is False
    assert session.scalar(select(func.count()).select_from(Account)) == 1


@pytest.mark.both_engines
def test_it_begins_anew_and_forgets_what_was_done_in_it(app, session):
    load_demo(app)
    session.add(Holiday(day=date(2026, 6, 2), working=False, name="试用时添加"))
    session.commit()
    session.close()
    reset_demo(app)
    assert session.get(Holiday, date(2026, 6, 2)) is None
    assert session.scalar(select(func.count()).select_from(Declaration)) == DECLARATIONS


def test_other_data_is_never_thrown_away(app, session):
    makers.make_account(session, "Auditor", "真实账号", makers.Credentials("x", "y"), login_name="real")
    session.commit()
    with pytest.raises(click.ClickException, match="other data"):
        reset_demo(app)
    assert session.scalar(select(func.count()).select_from(Account)) == 1


def test_nothing_is_thrown_away_under_a_running_platform(app, demo):
    path = app.extensions["platform_config"].socket
    with socket.socket(socket.AF_UNIX) as signer:
        signer.bind(str(path))
        signer.listen()
        with pytest.raises(click.ClickException, match="running"):
            reset_demo(app)
    path.unlink()
    assert demo.scalar(select(func.count()).select_from(Declaration)) == DECLARATIONS


def test_the_guide_tells_a_code_that_opens_now(clock):
    text = guide(PASSWORD, SECOND_FACTOR)
    assert pyotp.TOTP(SECOND_FACTOR).at(now()) in text
    assert PASSWORD in text
    for one in people.BYSTANDERS:
        assert one.id_number in text


def test_the_command_says_what_it_did(app):
    runner = app.test_cli_runner()
    assert "was loaded" in runner.invoke(args=["load-demo"]).output
    assert "already" in runner.invoke(args=["load-demo"]).output


def test_portraits_are_one_inch_photos_with_a_white_background():
    for seed in range(12):
        image = Image.open(BytesIO(pictures.portrait(seed)))
        assert image.size == (295, 413)
        corners = [image.getpixel(place) for place in ((2, 2), (292, 2), (2, 200), (292, 200))]
        assert min(min(corner) for corner in corners) >= 250


def test_portraits_of_neighbours_differ():
    assert len({pictures.portrait(seed) for seed in range(6)}) == 6


def test_the_pictures_to_try_out_are_those_that_the_code_draws():
    folder = ROOT / "samples/pictures"
    assert len(list(folder.glob("*.jpg"))) == 12
    for name, drawn in (("photo-man", pictures.portrait(2)), ("commitment", pictures.sheet("个人承诺书"))):
        with Image.open(folder / f"{name}.jpg") as kept, Image.open(BytesIO(drawn)) as fresh:
            # Another processor's decoder may round differently.
            assert max(ImageStat.Stat(ImageChops.difference(kept, fresh)).mean) < 1
