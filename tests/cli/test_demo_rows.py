"""The demonstration is full: whoever tries it out finds something to look at on every page of every role."""

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from app.cli.demo.makers import as_actor
from app.extensions.clock import now
from app.models import (
    Account,
    ActKind,
    ActStage,
    AuditEntry,
    ComparisonKind,
    Consultation,
    ConsultationReply,
    ConsultationStatus,
    Decision,
    Declaration,
    ImportStage,
    Job,
    Notice,
    Objection,
    ObjectionState,
    Party,
    RegisterAct,
    Registration,
    RegistrationLock,
    RegistrationStatus,
    SavedView,
    State,
    WorkbookImport,
)
from app.security.access.readings import READ
from app.services.comparing import Sources, compare
from app.services.comparisons import REVIEWABLE
from app.services.duplicates import elsewhere
from app.workflow.types import registry
from tests.cast import Member, login

PERSON = "439900199001170115"
"""欧阳帆, whom the README names."""

WHO = (
    "qiye-changsha-1", PERSON, "changsha", "province", "province-2", "province-admin", "admin", "auditor",
)  # fmt: skip
"""The account of each role that the README names first."""

RIGHTLY_EMPTY = {
    "/qualification-lookup/": "a form: it shows what is looked for, and nothing before",
    "我运行中的后台任务": "a job runs for seconds, and none while nobody works",
    "我失败的后台任务": "nothing has failed",
    "没有失败的任务。": "nothing has failed",
    "不计期限": "a city has a term for whatever waits for it; a case without one waits for the province",
    "被拒绝": "nobody has tried what he may not do today",
}
"""Pages by their address, numbers and sentences by their words, and why there is nothing."""

RIGHTLY_SILENT = {
    "在本企业期间颁发的证书": "who moved on was a temporary constructor of the paper era",
}
"""Sections by their heading, and why nothing stands in them on the page of any row."""

_ROWS = 30
"""Rows of a list of which one has to say something under each heading."""

MENU = (
    "企业基本信息", "资质信息", "企业问题咨询",
    "二级建造师初始申报", "二级建造师重新申报", "二级建造师增项申报", "二级建造师延续申报", "二级建造师遗失补办申报",
    "二级建造师注销申报", "二级建造师身份证号变更申报", "二级建造师个人注销企业确认", "二级临时建造师变更申报",
    "二级临时建造师变更确认", "二级临时建造师延期申报", "二级临时建造师注销申报",
    "二级建造师电子证书", "建造师历史数据", "建造师企业申报查询", "二级建造师资格证信息查询", "二级临时建造师变更查询",
)  # fmt: skip
"""Manual 3.2.2 to 3.2.4."""


@pytest.fixture
def visit(app, demo):
    """`visit(login name)` is the browser of somebody who has logged in."""

    def visit(name):
        account = demo.scalars(select(Account).where(Account.login_name == name)).one_or_none()
        if account is None:
            person = select(Declaration.person_id).where(Declaration.id_number.equals(Declaration, name))
            account = demo.scalars(
                select(Account).where(Account.person_id == demo.scalar(person.limit(1)))
            ).one()
        return login(app.test_client(), Member(as_actor(account), name))

    return visit


def read(browser, address):
    answer = browser.get(address, follow_redirects=True)
    assert answer.status_code == 200, f"{address} answered {answer.status}"
    return BeautifulSoup(answer.text, "html.parser")


def words(found):
    return [one.get_text(" ", strip=True) for one in found]


def addresses(browser):
    """Where the menu of this browser leads."""
    found = {one["href"] for one in read(browser, "/").select("nav a[href]") if one["href"].startswith("/")}
    return sorted(found - {"/logout"})


def silent_sections(browser, address):
    """The headings of a page under which nothing stands."""
    document = read(browser, address)
    assert document.h1.get_text(strip=True), address
    sections = document.select("main section.card")
    assert sections, address
    for section in sections:
        said = section.select_one(".card-body, ol, ul, table, dl") or section
        if section.select(".empty") or said.get_text(strip=True) in {"", "—"}:
            yield section.h2.get_text(" ", strip=True) if section.h2 else address


@pytest.mark.parametrize("name", WHO)
def test_the_first_row_of_every_list_opens_and_each_section_says_something(visit, name):
    """What is rightly empty on that page, such as the certificates of one from the paper era, says something below."""
    browser, opened, silent = visit(name), 0, {}
    for address in addresses(browser):
        links = [
            one["href"]
            for one in read(browser, address).select("table.rows a[href^='/']:-soup-contains('查阅')")
        ]
        if not links:
            continue
        opened += 1
        nothing = set(silent_sections(browser, links[0])) - RIGHTLY_SILENT.keys()
        for link in links[1:_ROWS]:
            if not nothing:
                break
            nothing &= set(silent_sections(browser, link))
        if nothing:
            silent[address] = nothing
    assert silent == {}
    assert opened


@pytest.mark.parametrize("name", WHO)
def test_no_list_of_the_menu_is_empty(visit, name):
    browser = visit(name)
    menu = set(addresses(browser))
    assert len(menu) > 3
    empty = [
        address for address in sorted(menu - RIGHTLY_EMPTY.keys()) if read(browser, address).select(".empty")
    ]
    assert empty == []


@pytest.mark.parametrize("name", WHO)
def test_no_number_and_no_card_of_a_home_page_is_empty(visit, name):
    home = read(visit(name), "/")
    nothing = words(home.select(".count:not(.count-some) .count-label")) + words(home.select(".empty"))
    # Such a line may also say something about oneself; then there is a badge in it.
    nothing += words(one for one in home.select(".home-none") if not one.select(".badge"))
    assert [one for one in nothing if one not in RIGHTLY_EMPTY] == []


def test_the_menu_of_an_enterprise_has_the_words_of_the_manual_in_its_order(visit):
    menu = words(read(visit("qiye-changsha-1"), "/").select("nav a[href]"))
    assert [one for one in menu if one in MENU] == list(MENU)


@pytest.mark.parametrize("city", ["zhuzhou", "xiangtan", "zhangjiajie", "yiyang", "chenzhou", "xiangxi"])
def test_every_city_has_work_to_do(visit, city):
    assert read(visit(city), "/review/").select("table.rows tbody tr")


def test_every_kind_of_declaration_is_under_way_and_has_ended(demo):
    """An initial registration stands for what ends with a certificate, and so does each of the others."""
    for kind in registry:
        states = set(demo.scalars(select(Declaration.state).where(Declaration.type_key == kind.key)))
        assert kind.switch or len(states) >= 2, kind.key


def test_somebody_has_taken_every_step_that_can_be_taken(demo):
    taken = set(demo.scalars(select(Decision.action).distinct()))
    known = {move.action for kind in registry for move in kind.flow.moves}
    assert known - taken == set()


def test_one_who_is_declared_is_registered_elsewhere_and_his_officer_finds_the_case_by_its_flag(demo, visit):
    twice = [
        row
        for row in demo.scalars(select(Declaration).where(Declaration.state.in_(REVIEWABLE)))
        if ComparisonKind.DUPLICATE in registry[row.type_key].comparisons and elsewhere(demo, row)
    ]
    (row,) = twice
    assert row.comparison == "unknown", "nobody has compared it yet"
    compare(demo, row.id, now(), Sources())
    browser = visit("yueyang")
    listed = read(browser, "/review/?comparison=flagged")
    assert [one["value"] for one in listed.select("tbody [data-tick]")] == [f"{row.id}:{row.version}"]
    assert "有异常" in " ".join(words(listed.select(".chip")))
    told = (
        read(browser, f"/review/{row.id}").select_one("[data-comparison=duplicate]").get_text(" ", strip=True)
    )
    assert "二级注册临时建造师" in told
    assert "长沙示例建设有限公司（演示）" in told


def test_acts_of_the_authority_are_proposed_done_declined_and_taken_back(demo):
    assert set(demo.scalars(select(RegisterAct.stage))) == set(ActStage)
    done = select(RegisterAct.kind).where(RegisterAct.stage == ActStage.DONE)
    assert set(demo.scalars(done)) == set(ActKind)
    proposers = select(RegisterAct.proposed_by_id).where(RegisterAct.stage == ActStage.PROPOSED)
    assert len(set(demo.scalars(proposers))) == 2, "either officer of the province finds one to decide"
    assert set(demo.scalars(select(Registration.status))) == set(RegistrationStatus)


def test_locks_hold_and_have_ended(demo):
    locks = demo.scalars(select(RegistrationLock)).all()
    assert any(one.unlocked_on for one in locks)
    assert any(one.unlocked_on is None and one.until for one in locks)
    assert any(one.unlocked_on is None and one.until is None for one in locks)


def test_objections_are_open_dismissed_and_upheld(demo):
    assert set(demo.scalars(select(Objection.state))) == set(ObjectionState)


def test_questions_stand_in_every_state_and_the_province_answers_too(demo):
    assert set(demo.scalars(select(Consultation.status))) == set(ConsultationStatus)
    roles = set(demo.scalars(select(ConsultationReply.role).distinct()))
    assert roles == {"Enterprise", "Municipal", "Provincial"}


def test_workbooks_of_every_kind_are_checked_loaded_and_discarded(demo):
    found = demo.execute(select(WorkbookImport.kind, WorkbookImport.stage).distinct()).all()
    kinds = {kind for kind, _stage in found}
    assert len(kinds) == 3
    assert set(map(tuple, found)) == {(kind, stage) for kind in kinds for stage in ImportStage}
    waiting = demo.scalars(select(WorkbookImport).where(WorkbookImport.stage == ImportStage.CHECKED)).all()
    assert len(waiting) == 3
    assert all(one.good_count and one.bad_count for one in waiting)


def test_notices_are_read_and_unread_on_both_sides(demo):
    for column in (Notice.enterprise_id, Notice.person_id):
        assert set(demo.scalars(select(Notice.unread).where(column.is_not(None)))) == {True, False}


def test_views_are_saved_and_some_are_shared(demo):
    views = demo.scalars(select(SavedView)).all()
    assert {one.shared_role is None for one in views} == {True, False}
    assert len({one.screen for one in views}) >= 3


def test_offices_and_enterprises_have_looked_at_data_of_persons(demo):
    looked = select(AuditEntry.role).where(AuditEntry.action.in_(READ))
    assert set(demo.scalars(looked)) >= {"Enterprise", "Municipal", "Provincial"}


def test_temporary_constructors_move_in_every_way(demo):
    transfers = select(Declaration.state).where(Declaration.counterparty == Party.FORMER_EMPLOYER)
    assert set(demo.scalars(transfers)) >= {
        State.AWAITING_CONFIRMATION,
        State.REFERRED,
        State.RETURNED,
        State.REFUSED,
        State.ANNOUNCED,
    }


def test_jobs_that_people_have_asked_for_wait_or_were_stopped(demo):
    asked = select(Job.state).where(Job.created_by_id.is_not(None), Job.kind == "export")
    assert {"queued", "cancelled"} <= set(demo.scalars(asked))
