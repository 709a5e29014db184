"""The first half of the main job: accounts, the library, the enterprise, the person, and the declaration."""

import io

from openpyxl import load_workbook
from sqlalchemy import func, select

from app.cli.demo.makers import credit_code
from app.models import Qualification
from tests.flows.browser import Browser, Sent, Upload
from tests.flows.papers import text_of
from tests.flows.steps import (
    BASE,
    CERTIFICATES,
    ENTERPRISE,
    FACTS,
    IMPORTS,
    MASKED,
    NUMBER,
    PAPERS,
    PERSONAL,
    PICTURES,
    SU_WENBO,
    Story,
    cells,
    first_login,
    qualified,
    sample,
    search,
    workbook,
)
from tests.workbooks import people

CLERK_PASSWORD = "湖边的灯塔 卖过 三把 旧雨伞"
PERSON_PASSWORD = "七只企鹅 在食堂 学习拉二胡 和吹笛"
QUALIFICATION = {
    "企业资质证书编号": "D439900771",
    "资质类别": "施工总承包",
    "资质专业": "建筑工程",
    "资质等级": "二级",
    "签发日期": "2022-03-01",
    "有效期至": "2027-02-28",
    "发证机关": "湖南省住房和城乡建设厅",
}


def the_administrator_opens_two_accounts(story: Story) -> tuple[Browser, Browser]:
    """One for an enterprise that nobody knows yet, one for a person; both choose passwords of their own."""
    admin = story.at(story.cast.admin)
    enterprise = {"企业名称": ENTERPRISE, "注册所在地市": "长沙市", "统一社会信用代码": credit_code(771)}
    account = {"login_name": "yuelu", "display_name": "谭敏"}
    admin.open("/accounts/").follow("开通账号")
    wrong = enterprise | account | {"统一社会信用代码": "91430100MA00000000"}
    admin.press("开通账号", wrong, status=422).says("统一社会信用代码")
    admin.press("开通账号", enterprise | account)
    opened = admin.last
    given = admin.document.find(class_="plain-password").get_text()
    clerk = first_login(story, "yuelu", given, CLERK_PASSWORD, "谭敏")
    admin.open("/accounts/open/Individual")
    admin.press("开通账号", {"姓名": SU_WENBO, "证件号码": NUMBER, "手机号码": "19800000771"})
    given = admin.document.find(class_="plain-password").get_text()
    person = first_login(story, NUMBER, given, PERSON_PASSWORD, SU_WENBO)
    for other in story.others("li_juan", "zhang_wei", "wang_qiang", "chen_jing", "province_admin", "auditor"):
        other.is_kept_from(opened)
    return clerk, person


def the_province_imports_the_library(story: Story) -> None:
    """Every error of every row is named, the good rows are loaded once, and the same file loads nothing twice."""
    rows = qualified(建筑工程="2025-09-15", 市政公用工程="2025-09-16")
    first, second, third = people(3)
    wrong = [
        first | {"id_number": first["id_number"][:-1] + ("1" if first["id_number"][-1] != "1" else "2")},
        second | {"id_number": 4.399001992031500e17, "specialty": "园林绿化"},
        third | {"issued_on": "", "year_obtained": "去年"},
    ]
    province = story.at(story.cast.chen_jing)
    province.open(f"{IMPORTS}/").follow("上传工作簿")
    csv, book = Upload("名单.csv", "姓名,证件号码\n".encode()), workbook(rows + wrong)
    province.press("上传并校验", {"workbook": csv}, status=422).says("该文件不是 Excel 工作簿")
    province.press("上传并校验", {"workbook": book})
    found, tries = province.url, [province.last]
    told = {tuple(cells(line)[:3]): cells(line)[3] for line in province.document.select("#findings tbody tr")}
    assert list(told) == [
        ("4", "D", "证件号码"), ("5", "D", "证件号码"), ("5", "I", "专业类别"),
        ("6", "G", "取得年份"), ("6", "N", "签发时间"),
    ]  # fmt: skip
    assert "校验" in told["4", "D", "证件号码"]
    assert "4.3E+17" in told["5", "D", "证件号码"]
    assert "建筑工程" in told["5", "I", "专业类别"]
    marked = load_workbook(io.BytesIO(province.fetch("下载已标注错误的工作簿"))).worksheets[0]
    assert {cell.coordinate for line in marked["A2:Q6"] for cell in line if cell.comment} == {
        "D4", "D5", "I5", "G6", "N6",
    }  # fmt: skip
    assert marked["D5"].comment.text == told["5", "D", "证件号码"]
    assert marked["D5"].fill.start_color.rgb != marked["D2"].fill.start_color.rgb
    assert in_library(story) == 0
    tries += [province.last]
    province.open(found).press("导入 2 行").says("已导入资格证库 2 行")
    tries += [province.last]
    assert in_library(story) == 2
    province.open(f"{IMPORTS}/upload").press("上传并校验", {"workbook": book})
    province.says("这份文件以前已导入过。", "没有可导入的行。")
    assert "导入 2 行" not in province.buttons()
    assert in_library(story) == 2
    for other in story.others("li_juan", "zhang_wei", "wang_qiang", "province_admin", "admin", "auditor"):
        other.is_kept_from(*tries)


def in_library(story: Story) -> int:
    story.session.rollback()
    return story.session.scalar(select(func.count()).where(Qualification.import_id.is_not(None)))


def the_enterprise_completes_its_information(story: Story, clerk: Browser) -> None:
    """企业基本信息, 附件材料, 资质信息: until all three are there, nothing can be declared."""
    clerk.open(f"{BASE}/").follow("添加申报")
    wanted = [one.get_text() for one in clerk.document.select(".alert-list li")]
    assert set(wanted) >= {"成立日期", "企业营业地址", "办公电话", "联系人姓名", "营业执照", "企业资质"}
    assert not clerk.document.find("input", attrs={"name": "person_number"})
    asked = Sent("POST", f"{BASE}/add", {"person_name": SU_WENBO, "person_number": NUMBER})
    assert clerk.repeat(asked).status_code == 422
    clerk.follow("企业基本信息", clerk.document.find(class_="alert-warning")).says(ENTERPRISE, "尚缺")
    own = clerk.url
    clerk.follow("修改")
    assert not clerk.document.find("input", attrs={"name": "uscc"})
    clerk.press("保存", FACTS | {"成立日期": "2030-01-01", "办公电话": ""}, status=422)
    assert {one["href"] for one in clerk.document.select("#problems a")} == {
        "#f-founded_on",
        "#f-office_phone",
    }
    clerk.press("保存", {name: FACTS[name] for name in ("成立日期", "办公电话")})
    tries = [clerk.last]
    clerk.follow("附件材料")
    clerk.press("保存", {"营业执照": Upload("执照.jpg", b"GIF89a no picture")}, status=422)
    clerk.press("保存", {"营业执照": sample("business-licence.jpg")})
    tries += [clerk.last]
    clerk.open(f"{BASE}/add")
    assert [one.get_text() for one in clerk.document.select(".alert-list li")] == ["企业资质"]
    clerk.open(own).follow("资质信息").follow("添加资质")
    clerk.press("保存", QUALIFICATION | {"有效期至": "2020-01-01"}, status=422).says("有效期至")
    clerk.press("保存", {"有效期至": QUALIFICATION["有效期至"]})
    clerk.open(own)
    assert not clerk.document.select(".alert-list")
    for other in story.others(
        "fang_yuan", "liu_yang", "zhang_wei", "wang_qiang", "zhao_min", "chen_jing", "admin"
    ):
        other.is_kept_from(*tries)


def the_person_is_verified_at_the_counter_of_his_city(story: Story, clerk: Browser, person: Browser) -> None:
    """实名认证: five pictures and all fields; until an officer has seen him, no enterprise finds him."""
    cast = story.cast
    person.open("/real-name/").follow("修改")
    own = person.url
    person.press("保存", PERSONAL | PICTURES | {"手机号码": "12345"}, status=422).says("手机号码", "请先同意")
    agree = "本人同意将上述身份信息用于个人实名认证。"
    person.open(own).press("保存", PERSONAL | {agree: True, "个人签名": PICTURES["个人签名"]})
    person.says("缺少附件材料：身份证正照", "缺少附件材料：个人承诺书")
    assert "提交核验" not in person.buttons()
    pictures = {label: one for label, one in PICTURES.items() if label != "个人签名"}
    person.follow("修改").press("保存", pictures)
    tries = [person.last]
    person.press("提交核验").press("提交核验").says("待核验", "请携带身份证原件到长沙市窗口办理核验。")
    person.says("紧急联系人手机号码 加密保存，不再显示。")
    tries += [person.last]
    search(clerk, SU_WENBO, NUMBER).says("没有查询到人员")
    officer = story.at(cast.wang_qiang).open("/real-name-counter/")
    officer.follow("查阅", officer.row(SU_WENBO))
    seen = officer.last
    assert len(officer.document.select(".faces img")) == 5
    tries += [Sent("GET", str(one["src"])) for one in officer.document.select(".faces img")]
    officer.press("核验不通过").press("核验不通过", {"reason": ""}, status=422)
    officer.open(seen.url).press("核验通过").press("核验通过").says("认证通过")
    for other in story.others("fang_yuan", "zhang_wei", "zhao_min", "admin", "auditor"):
        other.is_kept_from(seen, officer.last, *tries)
    story.at(cast.chen_jing).is_kept_from(seen, officer.last)
    person.open("/real-name/").says("认证通过")


def the_enterprise_fills_in_a_declaration(story: Story, clerk: Browser) -> str:
    """Found by exact name and number alone; the form, its papers and the pre-check. The address of the form."""
    for name, number in ((SU_WENBO, NUMBER[:-1] + "7"), ("苏文", NUMBER), ("文博", NUMBER)):
        search(clerk, name, number).says("没有查询到人员")
    search(clerk, SU_WENBO, "", status=422).says("请同时输入姓名和身份证号码。")
    search(clerk, SU_WENBO, NUMBER).says(MASKED).is_silent_about("19800000771")
    found = [clerk.last]
    clerk.press("选择该人员")
    found += [clerk.last]
    form = clerk.url
    clerk.says(SU_WENBO, MASKED, ENTERPRISE, "长沙市", "施工总承包 建筑工程 二级")
    assert clerk.document.find(id="f-school")["value"] == PERSONAL["毕业院校"]
    assert [one.get_text(strip=True) for one in clerk.document.select(".specialty .form-check-label")] == [
        "建筑工程", "市政公用工程",
    ]  # fmt: skip
    clerk.says("注册建造师管理规定 第十一条", "缺少附件材料：一寸免冠照片", "请至少选择一个注册专业")
    clerk.press("保存", {"联系电话": "0731-88880001"}).says("保存成功。")
    clerk.press("保存并上报").says("已保存，但未能上报")
    blue = {"一寸免冠照片": sample("photo-blue-background.jpg")}
    clerk.press("保存", blue | {"建筑工程": True, "劳动合同": Upload("合同.docx", b"PK\x03\x04")}, status=422)
    clerk.says("照片背景不像白色", "合同.docx")
    typed = {"聘用开始时间": "2026-03-01", "聘用结束时间": "2029-02-28", "处罚或不良情形": "无"}
    clerk.press("保存", PAPERS | typed | {"建筑工程": True, "市政公用工程": True})
    for other in story.others("zhang_wei", "wang_qiang", "chen_jing", "admin"):
        other.is_kept_from(*found)
    for other in (story.at(story.cast.fang_yuan), story.at(story.cast.liu_yang)):
        other.is_kept_from(found[1])  # they may search too, but not use what another one has found
    return form


def the_pre_check_follows_what_is_typed(clerk: Browser, form: str) -> None:
    """Nothing of it is stored, and each finding stands beside the clause that it rests on."""
    clerk.open(form)
    assert clerk.document.find(id="checks").select_one("[data-sum]").get_text() == "预检通过，可以上报。"
    before = clerk.ask("precheck", {})
    assert before["ready"]
    asked = clerk.ask("precheck", {"聘用结束时间": "2026-02-28", "市政公用工程": False, "建筑工程": False})
    red = {line["rule"]: line for line in asked["lines"] if line["tone"] == "red"}
    assert set(red) == {"contract", "specialties"}
    assert red["contract"]["clause"] == "注册建造师管理规定 第六条、第十一条"
    assert asked["sum"] == "有 2 项不符合要求，不能上报。"
    assert clerk.ask("precheck", {})["ready"]


def the_enterprise_submits(story: Story, clerk: Browser, form: str) -> None:
    """From the submission on it can only be viewed and printed."""
    clerk.open(form).press("保存", {"联系电话": "0731-88880002"})
    saved = clerk.last
    clerk.open(f"{BASE}/")
    assert clerk.buttons(clerk.row(SU_WENBO).find(class_="acts")) == ["查阅", "修改", "删除"]
    clerk.follow("查阅", clerk.row(SU_WENBO)).press("上报").says("上报后只能查阅和打印")
    clerk.press("上报")
    submitted = clerk.last
    clerk.open(f"{BASE}/")
    row = clerk.row(SU_WENBO, MASKED, "长沙市", "建筑工程、市政公用工程", "已上报")
    assert clerk.buttons(row.find(class_="acts")) == ["查阅", "打印"]
    clerk.open(form, status=404)
    assert clerk.repeat(saved).status_code == 404
    clerk.open(f"{BASE}/")
    paper = text_of(clerk.fetch("打印", within=clerk.row(SU_WENBO)))
    for said in (
        "申报编号：202606011000001", "二级建造师注册申报表", "初始申报", SU_WENBO, NUMBER, "1992-03-15", "土家族", "湘江示例大学", ENTERPRISE,
        "0731-88880002", *CERTIFICATES.values(), "建筑工程", "市政公用工程", "2026-03-01", "2029-02-28", "长沙市",
    ):  # fmt: skip
        assert said in paper, f"{said} does not stand on the form:\n{paper}"
    for other in story.others("fang_yuan", "liu_yang", "zhang_wei", "zhao_min", "chen_jing", "auditor"):
        other.is_kept_from(saved, submitted, clerk.last, Sent("GET", form.removesuffix("/edit")))
