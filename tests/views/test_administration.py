"""Reference data, accounts and the audit trail: who sets them, and what nobody may do with them."""

import pytest
from flask_appbuilder.security.sqla.models import Role as RoleRow
from sqlalchemy import select

from app.cli.demo.makers import credit_code
from app.models import Account, AuditEntry, DictionaryEntry, Enterprise, Holiday, Person, PolicyValue
from app.security.access.roles import Role
from tests.desk import send
from tests.logins import is_in, log_in, make_account, send_password
from tests.pages import checked, page, submit

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def browser(app, session):
    """A browser in which somebody with this role has logged in."""

    def open_one(role, **columns):
        name = role.value.lower().replace("provincialadministrator", "province-admin")
        make_account(fresh(session), name, role, **columns)
        client = app.test_client()
        log_in(client, name)
        return client

    return open_one


def fresh(session):
    """Look again: what a page has written since is not in a transaction that was begun before."""
    session.rollback()
    session.expire_all()
    return session


def _form(client, url):
    return page(client, url).find("form", class_="record")


POLICY = {
    "key": "publicity_days",
    "value": "5",
    "valid_from": "2026-07-01",
    "source": "湘建建〔2026〕0 号（测试）",
}


def test_the_provincial_administrator_sets_a_policy_value_from_a_day_on(browser, session):
    client = browser(Role.PROVINCIAL_ADMINISTRATOR)
    answer = submit(client, _form(client, "/policies/add"), "/policies/add", **POLICY)
    assert answer.status_code == 302
    row = fresh(session).scalars(select(PolicyValue)).one()
    assert (row.key, row.value, row.valid_from.isoformat(), row.changed_by_id) == (
        "publicity_days",
        "5",
        "2026-07-01",
        1,
    )
    document = page(client, "/policies/")
    assert "公示期" in document.find("tbody").get_text()
    assert (
        fresh(session).scalars(select(AuditEntry).where(AuditEntry.subject == "policy_value")).one().action
        == "add"
    )


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"value": "five"}, "value"),
        ({"value": "-1"}, "value"),
        ({"key": "two_person_rule", "value": "yes"}, "value"),
        ({"key": "reminder_days", "value": "90;60"}, "value"),
        ({"key": "reminder_days", "value": "90,"}, "value"),
        ({"valid_from": "2026-05-31"}, "valid_from"),
        ({"valid_to": "2026-06-30"}, "valid_to"),
        ({"source": ""}, "source"),
        ({"key": "no_such_policy"}, "key"),
    ],
)
def test_a_wrong_policy_value_is_refused_at_its_field(browser, session, changed, field):
    client = browser(Role.PROVINCIAL_ADMINISTRATOR)
    answer = submit(client, _form(client, "/policies/add"), "/policies/add", **(POLICY | changed))
    assert checked(answer, 422).find(id=f"f-{field}-error")
    assert fresh(session).scalars(select(PolicyValue)).all() == []


def test_a_value_that_has_begun_to_hold_stays_as_it_is(browser, clock, session):
    client = browser(Role.PROVINCIAL_ADMINISTRATOR)
    assert submit(client, _form(client, "/policies/add"), "/policies/add", **POLICY).status_code == 302
    key = fresh(session).scalars(select(PolicyValue.id)).one()
    page(client, f"/policies/{key}/edit")
    clock.move_to("2026-07-01T08:00:00+08:00")
    client = browser(Role.AUDITOR)
    page(client, f"/policies/{key}")
    other = make_account(fresh(session), "second-admin", Role.PROVINCIAL_ADMINISTRATOR)
    assert other.id
    later = client.application.test_client()
    log_in(later, "second-admin")
    page(later, f"/policies/{key}/edit", 404)
    page(later, f"/policies/{key}/delete", 404)


@pytest.mark.parametrize("role", [Role.PROVINCIAL, Role.AUDITOR])
def test_those_who_only_read_policies_cannot_write_them(browser, role):
    client = browser(role)
    document = page(client, "/policies/")
    assert not document.find("a", href="/policies/add")
    page(client, "/policies/add", 404)


@pytest.mark.parametrize("role", [Role.ENTERPRISE, Role.INDIVIDUAL, Role.MUNICIPAL, Role.ADMINISTRATOR])
@pytest.mark.parametrize("url", ["/policies/", "/holidays/", "/dictionaries/", "/regions/", "/audit/"])
def test_the_settings_do_not_exist_for_others(browser, role, url):
    page(browser(role), url, 404)


def test_a_holiday_is_named_by_its_day(browser, session):
    client = browser(Role.PROVINCIAL_ADMINISTRATOR)
    url = "/holidays/add"
    assert submit(client, _form(client, url), url, day="2026-10-09", name="测试假日").status_code == 302
    assert fresh(session).scalars(select(Holiday)).one().day.isoformat() == "2026-10-09"
    twice = submit(client, _form(client, url), url, day="2026-10-09", name="又一个")
    assert checked(twice, 422)
    edit = "/holidays/2026-10-09/edit"
    assert submit(client, _form(client, edit), edit, day="2027-01-01", working="1").status_code == 302
    row = fresh(session).scalars(select(Holiday)).one()
    assert (row.day.isoformat(), row.working) == ("2026-10-09", True)
    delete = "/holidays/2026-10-09/delete"
    assert submit(client, _form(client, delete), delete).status_code == 302
    assert fresh(session).scalars(select(Holiday)).all() == []
    for wrong in ("x", "2026-13-01", "1", "20261009"):
        page(client, f"/holidays/{wrong}/edit", 404)


def test_a_dictionary_entry_is_switched_off_and_never_deleted(browser, session):
    client = browser(Role.PROVINCIAL_ADMINISTRATOR)
    entry = (
        fresh(session).scalars(select(DictionaryEntry).where(DictionaryEntry.dictionary == "degree")).first()
    )
    url = f"/dictionaries/{entry.id}/edit"
    answer = submit(client, _form(client, url), url, active=None, dictionary="gender", code="zz")
    assert answer.status_code == 302
    fresh(session).refresh(entry)
    assert (entry.active, entry.dictionary) == (False, "degree")
    assert entry.code != "zz"
    page(client, f"/dictionaries/{entry.id}/delete", 404)


def test_a_region_is_retired_by_a_date(browser, session):
    client = browser(Role.PROVINCIAL_ADMINISTRATOR)
    url = "/regions/430102/edit"
    assert submit(client, _form(client, url), url, valid_to="2026-12-31", code="430999").status_code == 302
    assert "2026-12-31" in page(client, "/regions/?q=430102").find("tbody").get_text()


# ------------------------------------------------------------ accounts


def _password_of(document):
    return document.find("code", class_="plain-password").get_text()


def _open(client, role, **typed):
    url = f"/accounts/open/{role.value}"
    return submit(client, _form(client, url), url, **typed)


ENTERPRISE = {"name": "长沙示例建设有限公司（测试）", "uscc": credit_code(1), "region_code": "430100"}


def test_an_enterprise_gets_an_account_and_logs_in_with_the_one_time_password(app, browser, session):
    client = browser(Role.ADMINISTRATOR)
    answer = _open(client, Role.ENTERPRISE, **ENTERPRISE, login_name="shili-1", display_name="李娟")
    plain = _password_of(checked(answer))
    assert answer.headers["Cache-Control"] == "no-store"
    account = fresh(session).scalars(select(Account).where(Account.login_name == "shili-1")).one()
    assert fresh(session).get(Enterprise, account.enterprise_id).uscc == ENTERPRISE["uscc"]
    assert (
        plain
        not in fresh(session)
        .connection()
        .exec_driver_sql("SELECT group_concat(detail) FROM audit_entry")
        .scalar()
    )
    visitor = app.test_client()
    sent = send_password(visitor, "shili-1", plain)
    assert sent.status_code == 302
    assert not is_in(visitor)  # a password of one's own comes first


def test_a_known_enterprise_gets_one_more_account_and_keeps_its_data(browser, session):
    client = browser(Role.ADMINISTRATOR)
    for name in ("shili-1", "shili-2"):
        checked(_open(client, Role.ENTERPRISE, **ENTERPRISE, login_name=name, display_name="李娟"))
    assert len(fresh(session).scalars(select(Enterprise)).all()) == 1
    other = ENTERPRISE | {"name": "另一个名字", "region_code": "430500"}
    document = checked(_open(client, Role.ENTERPRISE, **other, login_name="shili-3", display_name="x"), 422)
    assert document.find(id="f-name-error")
    assert fresh(session).scalars(select(Enterprise)).one().region_code == "430100"


def test_a_person_gets_one_account(browser, session):
    client = browser(Role.ADMINISTRATOR)
    typed = {"name": "张伟", "id_type": "1", "id_number": "439900198506150019", "mobile": "13900000001"}
    checked(_open(client, Role.INDIVIDUAL, **typed))
    person = fresh(session).scalars(select(Person)).one()
    assert person.id_number_masked.startswith("4399*")
    again = checked(_open(client, Role.INDIVIDUAL, **typed), 422)
    assert again.find(id="f-id_number-error")
    second = {"name": "李四", "id_number": "439900199002280025"}
    assert checked(_open(client, Role.INDIVIDUAL, **(typed | second)), 422).find(id="f-mobile-error")
    stranger = checked(_open(client, Role.INDIVIDUAL, **(typed | {"name": "李四"})), 422)
    assert stranger.find(id="f-name-error")


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"id_number": "439900198506150018"}, "id_number"),
        ({"id_number": "43990019850615001"}, "id_number"),
        ({"id_number": "439900198513150019"}, "id_number"),
        ({"mobile": "12345"}, "mobile"),
        ({"name": ""}, "name"),
    ],
)
def test_a_wrong_person_is_refused_at_the_field(browser, session, typed, field):
    right = {"name": "张伟", "id_type": "1", "id_number": "439900198506150019", "mobile": "13900000001"}
    answer = _open(browser(Role.ADMINISTRATOR), Role.INDIVIDUAL, **(right | typed))
    assert checked(answer, 422).find(id=f"f-{field}-error")
    assert fresh(session).scalars(select(Person)).all() == []


def test_an_officer_of_a_city_needs_the_city(browser, session):
    client = browser(Role.ADMINISTRATOR)
    missing = _open(client, Role.MUNICIPAL, login_name="changsha-2", display_name="王强")
    assert checked(missing, 422).find(id="f-region_code-error")
    checked(_open(client, Role.MUNICIPAL, login_name="changsha-2", display_name="王强", region_code="430100"))
    account = fresh(session).scalars(select(Account).where(Account.login_name == "changsha-2")).one()
    assert [role.name for role in account.roles] == [Role.MUNICIPAL]
    assert account.must_change_password


@pytest.mark.parametrize("name", ["ab", "Changsha", "1abc", "a b", "439900198506150019", "admin", "x" * 41])
def test_an_account_name_that_is_none_or_taken_is_refused(browser, session, name):
    browser_of_administrator = browser(Role.ADMINISTRATOR)
    make_account(fresh(session), "admin", Role.AUDITOR)
    answer = _open(browser_of_administrator, Role.AUDITOR, login_name=name, display_name="审计")
    assert checked(answer, 422).find(id="f-login_name-error")


@pytest.mark.parametrize("role", ["Public", "System", "Admin", "x", ""])
def test_no_account_is_opened_for_a_role_that_has_none(browser, role):
    page(browser(Role.ADMINISTRATOR), f"/accounts/open/{role}", 404)


def _act(client, action, account, **answers):
    document = page(client, f"/accounts/{account.id}")
    form = document.find("button", attrs={"name": "action", "value": action}).find_parent("form")
    asked = submit(client, form, "/accounts/act", action=action)
    if asked.status_code == 302:
        return asked
    return submit(client, checked(asked).find("form", class_="record"), "/accounts/act", **answers)


def test_a_disabled_account_is_out_at_once(app, browser, session):
    administrator = browser(Role.ADMINISTRATOR)
    account = make_account(fresh(session), "li-juan", Role.ENTERPRISE)
    client = app.test_client()
    log_in(client, "li-juan")
    assert _act(administrator, "disable", account).status_code == 302
    assert not is_in(client)
    assert send_password(client, "li-juan").status_code != 302
    assert _act(administrator, "enable", account).status_code == 302
    log_in(client, "li-juan")


def test_a_new_password_is_shown_once_and_ends_the_sessions(app, browser, session):
    administrator = browser(Role.ADMINISTRATOR)
    account = make_account(fresh(session), "li-juan", Role.ENTERPRISE)
    client = app.test_client()
    log_in(client, "li-juan")
    plain = _password_of(checked(_act(administrator, "new_password", account)))
    assert not is_in(client)
    assert send_password(client, "li-juan", plain).status_code == 302


def test_the_second_factor_is_set_up_anew(browser, session):
    administrator = browser(Role.ADMINISTRATOR)
    account = make_account(fresh(session), "wang-qiang", Role.MUNICIPAL, region_code="430100")
    assert _act(administrator, "forget_second_factor", account).status_code == 302
    fresh(session).refresh(account)
    assert account.second_factor is None


@pytest.mark.parametrize("first", ["new_password", "forget_second_factor"])
def test_one_administrator_does_not_reset_all_that_an_officer_has(app, browser, session, clock, first):
    (second,) = {"new_password", "forget_second_factor"} - {first}
    administrator = browser(Role.ADMINISTRATOR)
    officer = make_account(fresh(session), "wang-qiang", Role.MUNICIPAL, region_code="430100")
    before = (officer.password, officer.second_factor)
    _act(administrator, first, officer)
    checked(_act(administrator, second, officer), 422)
    fresh(session).refresh(officer)
    assert (officer.password == before[0]) != (officer.second_factor == before[1]), "one still stands"
    lines = fresh(session).scalars(select(AuditEntry).where(AuditEntry.outcome == "refused")).all()
    assert [(line.subject_id, line.actor_name) for line in lines] == [(str(officer.id), "administrator")]
    make_account(fresh(session), "another", Role.ADMINISTRATOR)
    another = app.test_client()
    log_in(another, "another")
    assert _act(another, second, officer).status_code in {200, 302}
    fresh(session).refresh(officer)
    assert (officer.password != before[0], officer.second_factor) == (True, None)


def test_nobody_disables_himself(browser, session):
    client = browser(Role.ADMINISTRATOR)
    own = fresh(session).scalars(select(Account)).one()
    document = page(client, f"/accounts/{own.id}")
    assert not document.find("button", attrs={"value": "disable"})
    token = document.find("meta", attrs={"name": "csrf"})["content"]
    data = {"csrf_token": token, "action": "disable", "ids": str(own.id), "confirmed": "1"}
    client.post("/accounts/act", data=data, headers={"Referer": "http://localhost/"})
    fresh(session).refresh(own)
    assert own.active


def test_roles_and_passwords_are_not_taken_from_the_form(browser, session):
    client = browser(Role.ADMINISTRATOR)
    account = make_account(fresh(session), "wang-qiang", Role.MUNICIPAL, region_code="430100")
    url, before = f"/accounts/{account.id}/edit", account.password
    answer = submit(
        client, _form(client, url), url, display_name="王强二", roles="Administrator", password="x", active="",
        login_name="other", person_id="1", region_code="430500",
    )  # fmt: skip
    assert answer.status_code == 302
    fresh(session).refresh(account)
    assert (account.display_name, account.login_name, account.region_code) == (
        "王强二",
        "wang-qiang",
        "430500",
    )
    assert account.password == before
    assert account.active
    assert [role.name for role in account.roles] == [Role.MUNICIPAL]


def test_the_administrator_sees_no_business(browser):
    client = browser(Role.ADMINISTRATOR)
    for url in (
        "/review/",
        "/certificates/",
        "/enterprise-declarations/",
        "/qualifications/",
        "/policies/",
        "/audit/",
    ):
        page(client, url, 404)


@pytest.mark.parametrize(
    "role", [role for role in Role if role not in {Role.ADMINISTRATOR, Role.PUBLIC, Role.SYSTEM}]
)
def test_accounts_do_not_exist_for_others(browser, role):
    client = browser(role)
    for url in ("/accounts/", "/accounts/1", "/accounts/open/Administrator"):
        page(client, url, 404)


def test_accounts_are_found_by_role_and_name(browser, session):
    client = browser(Role.ADMINISTRATOR)
    make_account(fresh(session), "li-juan", Role.ENTERPRISE, display_name="李娟")
    assert len(page(client, "/accounts/?role=Enterprise").select("tbody tr")) == 1
    assert len(page(client, "/accounts/?q=李娟").select("tbody tr")) == 1
    assert len(page(client, "/accounts/?role=nobody").select("tbody tr")) == 2
    assert fresh(session).scalar(select(RoleRow.id).where(RoleRow.name == "Enterprise"))


# ------------------------------------------------------------ audit


def test_the_auditor_reads_the_trail_and_changes_nothing(browser):
    client = browser(Role.AUDITOR)
    document = page(client, "/audit/?action=login")
    row = document.select_one("tbody tr")
    shown = page(client, row.find("a")["href"])
    assert shown.find(class_="datagrid")
    for path in ("/audit/add", "/audit/1/edit", "/audit/1/delete"):
        page(client, path, 404)
    assert client.post("/audit/act").status_code in {400, 404, 405}


def test_an_export_of_the_trail_is_in_the_trail(browser, session):
    client = browser(Role.AUDITOR)
    answer = send(client, "/audit/export", format="csv")
    assert answer.mimetype == "text/csv"
    exported = select(AuditEntry.actor_name).where(AuditEntry.action == "export")
    assert fresh(session).scalars(exported).one() == "auditor"
