"""企业基本信息, its papers and its qualifications: complete as the manual asks, and never another one's."""

import io

import pytest
from PIL import Image
from sqlalchemy import delete, select

from app.models import Attachment, Consent, Enterprise, EnterpriseQualification
from app.services.filing import wanting
from tests.cast import login
from tests.pages import checked, fields, page
from tests.views.clerk import anew, post, record, save

FIELDS = (
    "企业名称", "成立日期", "曾用名", "企业类型", "注册所在省", "注册所在地市", "注册所在区县", "企业营业地址",
    "企业登记注册类型", "注册资本金（万元）", "注册资本币种", "办公电话", "传真号码", "联系人姓名", "企业网址", "电子邮箱",
    "企业资质类型", "社保网址", "社保登录用户名", "社保登录密码", "营业执照经营范围",
)  # fmt: skip
STARRED = (
    "founded_on", "business_address", "registration_type", "registered_capital", "capital_currency",
    "office_phone", "contact_name", "mobile",
)  # fmt: skip


@pytest.fixture
def clerk(client, cast):
    return login(client, cast.li_juan)


@pytest.fixture
def form(cast) -> str:
    return f"/enterprise/{cast.li_juan.actor.enterprise_id}/edit"


def mine(session, cast) -> Enterprise:
    return anew(session).get_one(Enterprise, cast.li_juan.actor.enterprise_id)


def picture(colour: str = "white") -> tuple:
    stream = io.BytesIO()
    Image.new("RGB", (600, 840), colour).save(stream, "PNG")
    stream.seek(0)
    return stream, "营业执照.png"


def test_the_menu_leads_to_ones_own_enterprise_with_every_field_of_the_manual(clerk, cast, form):
    answer = clerk.get("/enterprise/")
    assert answer.headers["Location"] == form.removesuffix("/edit")
    text = page(clerk, answer.headers["Location"]).get_text(" ", strip=True)
    assert [label for label in FIELDS[:-4] if label not in text] == []
    document = page(clerk, form)
    labels = " ".join(one.get_text(" ", strip=True) for one in document.select(".field"))
    assert [label for label in FIELDS if label not in labels] == []
    for name in STARRED:
        assert "required" in document.find("label", attrs={"for": f"f-{name}"})["class"], name
    tabs = [one.get_text(strip=True) for one in document.select(".tabs a")]
    assert tabs == ["企业详细信息", "附件材料", "资质信息"]


def test_what_the_administrator_has_entered_is_fixed(clerk, session, cast, form):
    sent = fields(record(page(clerk, form)))
    assert not {"name", "uscc", "region_code", "province_code"} & set(sent)
    forged = {
        "name": "别家",
        "uscc": "1",
        "region_code": "430500",
        "province_code": "110000",
        "active": "",
        "id": "3",
    }
    assert save(clerk, form, **forged, fax="0731-88881111").status_code == 302
    row = mine(session, cast)
    assert (row.name, row.region_code, row.active, row.fax) == (
        "长沙示例建设有限公司（演示）", "430100", True, "0731-88881111",
    )  # fmt: skip


def test_a_starred_field_that_is_empty_is_asked_for_and_the_rest_stays(clerk, session, cast, form):
    document = checked(save(clerk, form, office_phone="", business_address="新址"), 422)
    assert fields(record(document))["business_address"] == "新址"
    assert "office_phone" in document.find(id="problems").find("a")["href"]
    assert mine(session, cast).office_phone


def test_only_counties_of_ones_own_city_are_offered(clerk, session, cast, form):
    offered = {one["value"] for one in page(clerk, form).find(id="f-county_code").find_all("option")}
    assert "430102" in offered
    assert "430503" not in offered
    checked(save(clerk, form, county_code="430503"), 422)


def test_the_social_insurance_login_is_written_and_never_shown(clerk, session, cast, form):
    secret = "shebao-Secret-1"
    document = checked(save(clerk, form, insurance_user="yonghu-77", insurance_password=secret), 422)
    assert "同意" in document.find(id="problems").get_text()
    assert (
        save(clerk, form, insurance_user="yonghu-77", insurance_password=secret, agreed="1").status_code
        == 302
    )
    row = mine(session, cast)
    assert (row.insurance_user, row.insurance_password) == ("yonghu-77", secret)
    given = select(Consent.purpose).where(Consent.account_id == cast.li_juan.actor.account_id)
    assert session.scalars(given).all() == ["insurance_login"]
    for url in (form, form.removesuffix("/edit"), "/enterprise-papers/"):
        text = clerk.get(url, follow_redirects=True).text
        assert secret not in text
        assert "yonghu-77" not in text
    assert save(clerk, form, fax="0731-88882222").status_code == 302
    assert mine(session, cast).insurance_password == secret


def test_a_wrong_form_does_not_give_the_password_back(clerk, form):
    document = checked(save(clerk, form, office_phone="", insurance_password="geheim-9", agreed="1"), 422)
    assert "geheim-9" not in str(document)


def test_the_licence_is_uploaded_shown_and_taken_away(clerk, session, cast):
    session.execute(delete(Attachment).where(Attachment.kind == "business_licence"))
    session.commit()
    assert [str(one) for one in wanting(session, mine(session, cast))]
    url = f"/enterprise-papers/{cast.li_juan.actor.enterprise_id}/edit"
    document = page(clerk, url)
    assert "营业执照" in document.find(class_="alert-list").get_text()
    assert save(clerk, url, **{"file-business_licence": picture()}).status_code == 302
    assert wanting(session, mine(session, cast)) == []
    held = page(clerk, url).find("input", attrs={"name": "remove-file"})
    assert save(clerk, url, **{"remove-file": held["value"]}).status_code == 302
    assert wanting(session, mine(session, cast)) != []


def test_of_the_licence_there_are_an_original_and_a_duplicate_and_no_more(clerk, session, cast):
    session.execute(delete(Attachment).where(Attachment.kind == "business_licence"))
    session.commit()
    url = f"/enterprise-papers/{cast.li_juan.actor.enterprise_id}/edit"
    assert "正本、副本任一即可" in page(clerk, url).get_text()
    for _ in range(2):
        assert save(clerk, url, **{"file-business_licence": picture()}).status_code == 302
    refused = checked(save(clerk, url, **{"file-business_licence": picture()}), 422)
    assert "2" in refused.find(id="problems").get_text()
    kept = select(Attachment.id).where(Attachment.kind == "business_licence", Attachment.enterprise_id == 1)
    session.rollback()
    assert len(session.scalars(kept).all()) == 2


def test_qualifications_are_added_changed_and_deleted(clerk, session, cast):
    url = "/enterprise-qualifications"
    values = {
        "certificate_number": "D243000001", "category": "trade", "specialty": "地基基础", "grade": "2",
        "issued_on": "2022-01-01", "valid_until": "2027-01-01", "authority": "湖南省住房和城乡建设厅",
    }  # fmt: skip
    assert save(clerk, f"{url}/add", **values, enterprise_id="3").status_code == 302
    row = session.scalars(
        select(EnterpriseQualification).where(EnterpriseQualification.certificate_number == "D243000001")
    ).one()
    assert row.enterprise_id == cast.li_juan.actor.enterprise_id
    checked(save(clerk, f"{url}/{row.id}/edit", valid_until="2020-01-01"), 422)
    assert save(clerk, f"{url}/{row.id}/edit", grade="1").status_code == 302
    assert anew(session).get_one(EnterpriseQualification, row.id).grade == "1"
    heads = [one.get_text(strip=True) for one in page(clerk, f"{url}/").find("thead").find_all("th")]
    assert {"企业资质证书编号", "资质类别", "资质等级", "有效期至"} <= set(heads)
    key = row.id
    assert post(clerk, f"{url}/{key}/delete").status_code == 302
    assert anew(session).get(EnterpriseQualification, key) is None


@pytest.mark.both_engines
@pytest.mark.parametrize("who", ["fang_yuan", "liu_yang", "zhang_wei", "wang_qiang", "chen_jing", "admin"])
def test_nobody_else_reaches_the_enterprise_through_these_pages(app, session, cast, form, who):
    own = cast.li_juan.actor.enterprise_id
    held = session.scalars(
        select(EnterpriseQualification.id).where(EnterpriseQualification.enterprise_id == own)
    ).one()
    client = login(app.test_client(), getattr(cast, who))
    for url in (
        f"/enterprise/{own}", form, f"/enterprise-papers/{own}/edit", f"/enterprise-qualifications/{held}/edit",
        f"/enterprise-qualifications/{held}/delete",
    ):  # fmt: skip
        assert client.get(url).status_code == 404, url
        if url != f"/enterprise/{own}":
            assert post(client, url, fax="0731-1").status_code == 404, url
    assert anew(session).get(EnterpriseQualification, held) is not None


def test_two_clerks_do_not_overwrite_each_other(app, clerk, session, cast, form):
    before = fields(record(page(clerk, form)))
    save(login(app.test_client(), cast.li_juan), form, fax="0731-11110000")
    answer = clerk.post(
        form, data={**before, "fax": "0731-22220000"}, headers={"Referer": "http://localhost/"}
    )
    document = checked(answer, 409)
    assert fields(record(document))["fax"] == "0731-22220000"
    assert mine(session, cast).fax == "0731-11110000"
