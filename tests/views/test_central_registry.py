"""中央库下载: the clerk sees what the registry says otherwise, and nothing is written that was not seen and ticked."""

import json
from datetime import date
from decimal import Decimal
from functools import partial

import pytest
from sqlalchemy import delete, select, update

from app.cli.demo.makers import credit_code
from app.integrations import signed_http
from app.models import AuditEntry, Enterprise, EnterpriseQualification, PolicyValue
from app.services.central_registry.differences import FIELDS
from simulators.central_registry import CentralRegistry
from simulators.server import Fault, running
from tests.cast import login
from tests.outside import KEY_ID, SECRET, connect
from tests.pages import checked, fields, page
from tests.views.clerk import anew, post, save

CODE = credit_code(1)


@pytest.fixture
def connected(app, monkeypatch):
    """Let the platform ask at this address."""
    return partial(connect, app, monkeypatch, "central_registry")


@pytest.fixture
def registry(connected):
    """The simulator of the central registry, which may be given faults and other entries."""
    simulator = CentralRegistry(KEY_ID, SECRET, slow_seconds=1.0)
    with running(simulator) as place:
        connected(place)
        yield simulator


@pytest.fixture
def clerk(client, cast):
    return login(client, cast.li_juan)


@pytest.fixture
def own(cast) -> str:
    return f"/central-registry/{cast.li_juan.actor.enterprise_id}"


def mine(session, cast) -> Enterprise:
    return anew(session).get_one(Enterprise, cast.li_juan.actor.enterprise_id)


def ask(client, url, status=200):
    return checked(post(client, url), status)


def form_of(document):
    return document.find("input", attrs={"name": "answer"}).find_parent("form")


def take(client, document, *ticks, **forged):
    form = form_of(document)
    sent = fields(form) | {"take": list(ticks)} | forged
    return client.post(form["action"], data=sent, headers={"Referer": "http://localhost/"})


def boxes(document) -> set[str]:
    return {one["value"] for one in document.find_all("input", attrs={"name": "take"})}


def rows(document) -> dict[str, list[str]]:
    return {
        cells[0]: cells[1:]
        for row in document.select("tbody tr")
        if (cells := [one.get_text(" ", strip=True) for one in row.find_all("td")])
    }


def lines(session, action) -> list[dict]:
    found = anew(session).scalars(select(AuditEntry).where(AuditEntry.action == action)).all()
    return [json.loads(one.detail) | {"outcome": one.outcome} for one in found]


@pytest.mark.both_engines
def test_the_clerk_sees_each_difference_and_takes_what_she_ticks(clerk, registry, session, cast, own):
    show = page(clerk, own.replace("central-registry", "enterprise"))
    button = show.find("form", attrs={"action": own})
    assert button.get_text(strip=True) == "中央库下载"
    document = ask(clerk, own)
    shown = rows(document)
    assert shown["企业营业地址"] == ["演示路1号", "演示路1号演示大厦12层", "采用"]
    assert shown["注册资本金（万元）"] == ["5000", "8000", "采用"]
    assert shown["传真号码"] == ["—", "0731-00000102", "采用"]
    text = document.get_text(" ", strip=True)
    assert "查询时间：2026-06-01 09:30；中央库数据日期：2026-04-15。" in text
    assert "双方一致的字段 12 项：企业名称、曾用名、成立日期" in text
    assert boxes(document) == {
        "business_address", "registered_capital", "office_phone", "fax", "business_scope", "licence-0", "licence-1",
    }  # fmt: skip
    assert not document.select("input[name=take][checked]")

    before = mine(session, cast).version
    answer = take(clerk, document, "business_address", "registered_capital", "licence-1")
    assert answer.headers["Location"] == own.replace("central-registry", "enterprise")
    row = mine(session, cast)
    assert (row.business_address, row.registered_capital) == ("演示路1号演示大厦12层", Decimal(8000))
    assert (row.office_phone, row.fax) == ("0731-00000001", None)
    assert row.version == before + 1
    assert [(one.certificate_number, one.valid_until) for one in row.qualifications] == [
        ("D4399000001", date(2030, 12, 31)), ("D439900T001", date(2029, 3, 5)),
    ]  # fmt: skip
    assert "已从中央库采用 3 项" in page(clerk, answer.headers["Location"]).get_text()
    assert boxes(ask(clerk, own)) == {"office_phone", "fax", "business_scope", "licence-0"}


def test_a_licence_that_differs_is_updated_in_its_own_row(clerk, registry, session, cast, own):
    (held,) = mine(session, cast).qualifications
    document = ask(clerk, own)
    name = "D4399000001 施工总承包 建筑工程"
    assert rows(document)[name] == ["有效期至：2030-12-31", "有效期至：2031-12-31", "采用"]
    take(clerk, document, "licence-0")
    (row,) = mine(session, cast).qualifications
    assert (row.id, row.valid_until, row.authority) == (
        held.id, date(2031, 12, 31), "湖南省住房和城乡建设厅",
    )  # fmt: skip
    assert lines(session, "central_registry.take")[0]["updated"] == 1


def test_a_licence_that_only_the_enterprise_has_stays(clerk, registry, session, cast, own):
    session.execute(update(EnterpriseQualification).values(certificate_number="D4399999999"))
    session.commit()
    document = ask(clerk, own)
    (kept,) = document.select("li.registry-value")
    assert kept.get_text().startswith("D4399999999 施工总承包 建筑工程")
    take(clerk, document, "licence-0", "licence-1")
    assert len(mine(session, cast).qualifications) == 3


def test_the_audit_names_the_fields_and_no_value(clerk, registry, session, own):
    take(clerk, ask(clerk, own), "business_address", "fax", "licence-0", "licence-1")
    assert lines(session, "central_registry.ask") == [{"found": True, "outcome": "done"}]
    assert lines(session, "central_registry.take") == [
        {
            "as_of": "2026-04-15", "fields": ["business_address", "fax"], "added": 1, "updated": 1,
            "outcome": "done",
        }
    ]  # fmt: skip


def test_what_only_a_change_of_information_may_change_is_shown_and_not_taken(app, registry, session, cast):
    client = login(app.test_client(), cast.fang_yuan)
    own = cast.fang_yuan.actor.enterprise_id
    document = ask(client, f"/central-registry/{own}")
    assert rows(document)["企业名称"] == [
        "湘江样板工程有限公司（演示）",
        "湘江样板建设工程有限公司（演示）",
        "不能在此采用：须通过企业信息变更办理。",
    ]
    assert "name" not in boxes(document)
    take(client, document, "name", "uscc", "region_code", "former_name", "active", "version")
    row = anew(session).get_one(Enterprise, own)
    assert (row.name, row.former_name, row.uscc) == (
        "湘江样板工程有限公司（演示）", "湘江样板工程有限公司（演示）", credit_code(2),
    )  # fmt: skip


def test_the_way_to_a_change_of_information_is_shown(app, registry, cast):
    client = login(app.test_client(), cast.fang_yuan)
    url = f"/central-registry/{cast.fang_yuan.actor.enterprise_id}"
    links = [one["href"] for one in ask(client, url).select("main .card a[href]")]
    assert links == ["/enterprise-changes/add"]


def test_a_county_of_another_city_is_not_taken(clerk, registry, session, cast, own):
    registry.entries[CODE] |= {"city_code": "430500", "county_code": "430503"}
    document = ask(clerk, own)
    assert rows(document)["注册所在区县"][2] == "不能在此采用：该区县不属于企业注册所在地市。"
    assert rows(document)["注册所在地市"][1] == "邵阳市"
    take(clerk, document, "county_code", "region_code", "fax")
    row = mine(session, cast)
    assert (row.region_code, row.county_code, row.fax) == ("430100", "430102", "0731-00000102")


@pytest.mark.parametrize(
    ("field", "value"),
    [("registration_type", "99999"), ("capital_currency", "000"), ("county_code", "430199")],
)
def test_a_code_that_the_platform_does_not_know_is_shown_and_not_taken(
    clerk, registry, session, cast, own, field, value
):
    registry.entries[CODE][field] = value
    stored = getattr(mine(session, cast), field)
    document = ask(clerk, own)
    assert field not in boxes(document)
    assert value in document.get_text()
    take(clerk, document, field, "fax")
    assert getattr(mine(session, cast), field) == stored


def test_a_licence_of_an_unknown_kind_is_not_taken(clerk, registry, session, cast, own):
    registry.entries[CODE]["qualifications"][1]["category"] = "magic"
    document = ask(clerk, own)
    assert "licence-1" not in boxes(document)
    take(clerk, document, "licence-1", "fax")
    assert len(mine(session, cast).qualifications) == 1


@pytest.mark.both_engines
def test_what_was_changed_meanwhile_is_not_overwritten(app, clerk, registry, session, cast, own):
    document = ask(clerk, own)
    edit = own.replace("central-registry", "enterprise") + "/edit"
    assert save(login(app.test_client(), cast.li_juan), edit, fax="0731-99999999").status_code == 302
    again = checked(take(clerk, document, "business_address", "fax"), 409)
    assert "已被修改" in again.find(role="alert").get_text()
    row = mine(session, cast)
    assert (row.fax, row.business_address) == ("0731-99999999", "演示路1号")
    assert lines(session, "central_registry.take") == []
    assert boxes(again) == set()
    assert again.find("form", attrs={"action": own})


def test_a_licence_that_was_changed_meanwhile_counts_too(clerk, registry, session, cast, own):
    document = ask(clerk, own)
    session.execute(delete(EnterpriseQualification))
    session.commit()
    checked(take(clerk, document, "business_address"), 409)
    assert mine(session, cast).business_address == "演示路1号"


def test_what_is_taken_is_what_was_shown_and_not_what_the_form_says(clerk, registry, session, cast, own):
    document = ask(clerk, own)
    registry.entries[CODE]["fax"] = "0731-66666666"
    take(clerk, document, "fax", fax="0731-77777777", name="别家")
    assert mine(session, cast).fax == "0731-00000102"


@pytest.mark.parametrize("spoil", [lambda sent: sent[:-8], lambda sent: "", lambda sent: "é" + sent[1:]])
def test_an_answer_that_was_tampered_with_is_not_taken(clerk, registry, session, cast, own, spoil):
    document = ask(clerk, own)
    sent = fields(form_of(document))["answer"]
    checked(take(clerk, document, "fax", answer=spoil(sent)), 409)
    assert mine(session, cast).fax is None


def test_the_answer_of_one_enterprise_is_of_no_use_to_another(app, clerk, registry, session, cast, own):
    document = ask(clerk, own)
    sent = fields(form_of(document))["answer"]
    stranger = login(app.test_client(), cast.fang_yuan)
    theirs = f"/central-registry/{cast.fang_yuan.actor.enterprise_id}/take"
    again = checked(post(stranger, theirs, answer=sent, take="fax"), 409)
    assert "已失效" in again.find(role="alert").get_text(), "it could not even be read"
    assert anew(session).scalars(select(Enterprise.fax)).all() == [None, None, None]


def test_an_answer_is_taken_within_the_hour(clerk, registry, session, cast, own, clock):
    document = ask(clerk, own)
    clock.shift(61 * 60)
    again = checked(take(clerk, document, "fax"), 409)
    assert "超过一小时" in again.find(role="alert").get_text()
    assert mine(session, cast).fax is None


def test_who_ticks_nothing_is_asked_to_and_keeps_the_differences(clerk, registry, session, own):
    document = ask(clerk, own)
    again = checked(take(clerk, document), 422)
    assert "请勾选" in again.find(role="alert").get_text()
    assert boxes(again) == boxes(document)
    assert registry.asked == 1


def test_the_same_on_both_sides_leaves_nothing_to_take(clerk, registry, session, own):
    take(clerk, ask(clerk, own), *boxes(ask(clerk, own)))
    document = ask(clerk, own)
    text = document.get_text(" ", strip=True)
    assert f"双方一致的字段 {len(FIELDS)} 项" in text
    assert "双方一致的企业资质 2 项" in text
    assert "没有可以采用的数据" in text
    assert not document.find("input", attrs={"name": "answer"}).find_parent("form").find("button")


def test_what_the_registry_does_not_say_stays(clerk, registry, session, cast, own):
    registry.entries[CODE] |= {"website": None, "registered_capital": None}
    document = ask(clerk, own)
    assert "中央库未提供以下字段，本平台数据保持不变：注册资本金（万元）、企业网址。" in document.get_text()
    take(clerk, document, "website", "registered_capital", "fax")
    row = mine(session, cast)
    assert (row.website, row.registered_capital) == ("https://example.com/", Decimal(5000))


def test_an_enterprise_that_the_registry_does_not_know_is_told_so(clerk, registry, session, own):
    del registry.entries[CODE]
    assert "中央库没有该统一社会信用代码的企业" in ask(clerk, own).get_text()
    assert lines(session, "central_registry.ask") == [{"found": False, "outcome": "done"}]


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (Fault.SLOW, "中央库：暂时无法连接"),
        (Fault.ERROR, "中央库：暂时无法连接"),
        (Fault.WRONG_SIGNATURE, "中央库：返回的数据无法核实"),
        (Fault.NOT_JSON, "中央库：返回的数据无法核实"),
        (Fault.HUGE, "中央库：返回的数据无法核实"),
        (Fault.EMPTY, "中央库：返回的数据无法核实"),
    ],
)
def test_a_registry_that_fails_changes_nothing_and_says_so(
    clerk, registry, session, cast, own, fault, sentence, monkeypatch
):
    monkeypatch.setattr(signed_http, "_READ_SECONDS", 0.3)
    registry.fault = fault
    version = mine(session, cast).version
    document = ask(clerk, own, 422)
    assert sentence in document.find(role="alert").get_text()
    assert document.find("form", attrs={"action": own}), "one can try again"
    assert mine(session, cast).version == version
    assert [one["outcome"] for one in lines(session, "central_registry.ask")] == ["failed"]
    assert page(clerk, own.replace("central-registry", "enterprise") + "/edit")


def test_an_absurd_answer_is_not_shown(clerk, registry, session, own):
    registry.entries[CODE]["registered_capital"] = "-8000"
    document = ask(clerk, own, 422)
    assert "中央库：返回的数据无法核实" in document.find(role="alert").get_text()
    assert "8000" not in document.get_text()
    assert lines(session, "central_registry.ask")[0]["reason"] == "enterprise.registered_capital"


def test_a_registry_that_is_offline_or_not_connected_is_named(clerk, connected, session, own):
    connected("http://127.0.0.1:1")
    assert "中央库：暂时无法连接" in ask(clerk, own, 422).find(role="alert").get_text()
    connected("", production=True)
    assert "中央库：本平台尚未接入" in ask(clerk, own, 422).find(role="alert").get_text()
    assert page(clerk, own.replace("central-registry", "enterprise"))


def test_production_refuses_the_simulator(clerk, registry, connected, session, own):
    with running(registry) as place:
        connected(place, production=True)
        document = ask(clerk, own, 422)
    assert registry.asked == 1
    assert "中央库：返回的数据无法核实" in document.find(role="alert").get_text()
    assert lines(session, "central_registry.ask")[0]["reason"] == "simulator"


def test_an_address_that_is_opened_asks_nobody(clerk, registry, own):
    document = page(clerk, own)
    assert registry.asked == 0
    assert "尚未查询中央库" in document.get_text()
    assert document.find("form", attrs={"action": own})


def test_an_enterprise_asks_so_often_and_no_more(clerk, registry, session, own):
    session.add(
        PolicyValue(key="central_registry_per_hour", value="2", valid_from=date(2026, 1, 1), source="测试")
    )
    session.commit()
    ask(clerk, own)
    ask(clerk, own)
    document = ask(clerk, own, 422)
    assert "已查询中央库 2 次" in document.find(role="alert").get_text()
    assert registry.asked == 2


@pytest.mark.both_engines
@pytest.mark.parametrize("who", ["fang_yuan", "liu_yang", "zhang_wei", "wang_qiang", "chen_jing", "admin"])
def test_nobody_else_reaches_the_differences(app, clerk, registry, session, cast, own, who):
    sent = fields(form_of(ask(clerk, own)))["answer"]
    client = login(app.test_client(), getattr(cast, who))
    assert client.get(own).status_code == 404
    assert post(client, own).status_code == 404
    assert post(client, f"{own}/take", answer=sent, take="fax").status_code == 404
    assert registry.asked == 1
    assert mine(session, cast).fax is None


@pytest.mark.parametrize("key", ["0", "007", "x", "99999999999", "%00"])
def test_a_key_that_is_none_is_404(clerk, registry, key):
    assert clerk.get(f"/central-registry/{key}").status_code == 404
    assert post(clerk, f"/central-registry/{key}").status_code == 404


def test_an_enterprise_that_has_filled_in_nothing_takes_it_all(app, registry, session, cast):
    own = cast.fang_yuan.actor.enterprise_id
    empty = dict.fromkeys(("founded_on", "legal_representative", "business_address", "registered_capital"))
    session.execute(update(Enterprise).where(Enterprise.id == own).values(**empty))
    session.commit()
    client = login(app.test_client(), cast.fang_yuan)
    take(client, ask(client, f"/central-registry/{own}"), *empty)
    row = anew(session).get_one(Enterprise, own)
    assert (row.founded_on, row.registered_capital) == (date(2008, 3, 18), Decimal("6500.5"))
