"""The second half of the main job: the city, the province, the public, and the certificate."""

from pathlib import Path
from urllib.parse import urlsplit

from app.services.qualification_import.columns import COLUMNS
from app.signing.client import SignerClient
from app.signing.verify import verify
from tests.flows.browser import Browser, Sent
from tests.flows.language import Data, english
from tests.flows.papers import code_on, signatures_of, text_of
from tests.flows.steps import BASE, ENTERPRISE, MASKED, NUMBER, PUBLIC_MASKED, SU_WENBO, Story, sample

DECLARED = "202606011000001"
PUBLICITY, ANNOUNCEMENT = "S2026060310001", "G2026060310001"
REGISTERED, CERTIFIED = "湘243252600001", "4300000001"
OBJECTION = "听说该人员仍在原单位上班。"
OFFICIALS = ("zhao_min", "li_juan", "fang_yuan", "zhang_wei", "province_admin", "admin", "auditor")


def the_city_returns_it_with_reasons(story: Story) -> None:
    """Only its own city has it on its desk; a return names what is wrong, at the fields."""
    officer = story.at(story.cast.wang_qiang).open("/review/")
    officer.follow("办理", officer.row(SU_WENBO, DECLARED, ENTERPRISE))
    case = officer.last
    officer.says("注册建造师管理规定 第十五条", MASKED).is_silent_about(NUMBER)
    assert "打印受理通知书" not in officer.buttons()
    officer.press("退回补正", status=409).says("请填写原因。")
    reasons = {"填写原因：联系电话": "电话无法接通。", "填写原因：劳动合同": "合同缺少签字页。"}
    officer.press("退回补正", reasons | {"总体原因": "请按各栏补正。"}).says("退回补正")
    step = officer.last
    for other in story.others("chen_jing", *OFFICIALS):
        other.is_kept_from(step)
        if other.name != "陈静":
            other.is_kept_from(case)


def the_applicant_corrects_what_was_named(clerk: Browser, form: str) -> None:
    """The reasons stand at the fields that they name; what was corrected is submitted again."""
    clerk.open(f"{BASE}/").follow("修改", clerk.row(SU_WENBO, "退回补正"))
    assert clerk.url == form
    assert "电话无法接通。" in clerk.document.find(id="said-phone").get_text()
    assert "合同缺少签字页。" in clerk.document.find(id="said-attachment_employment_contract").get_text()
    assert "请按各栏补正。" in clerk.document.find(id="returned").get_text()
    contract = clerk.document.find(id="said-attachment_employment_contract")
    remove = contract.find("input", attrs={"name": "remove-file"})
    typed = {"联系电话": "0731-88880003", "劳动合同": sample("commitment.jpg"), remove: True}
    clerk.press("保存并上报", typed).says("上报成功。", "已上报")


def the_city_sees_what_changed_accepts_and_endorses(story: Story) -> None:
    """Exactly what was corrected is marked, with what stood there before; then 受理通知书 and the opinion."""
    officer = story.at(story.cast.wang_qiang).open("/review/")
    officer.follow("办理", officer.row(SU_WENBO))
    assert not officer.document.select(".checklist-red, .checklist-yellow")
    marked = officer.document.select(".bench-changed p a")
    assert [one.get_text() for one in marked] == ["联系电话", "劳动合同"]
    assert officer.document.select_one("#said-phone del").get_text() == "0731-88880002"
    key = officer.url.split("?")[0]
    officer.is_kept_from(Sent("POST", f"{key}/notice"))
    officer.press("受理").says("已受理")
    accepted = officer.last
    notice = text_of(officer.fetch("打印受理通知书"))
    for said in (
        "受理通知书",
        DECLARED,
        "2026-06-02",
        ENTERPRISE,
        SU_WENBO,
        "二级建造师初始申报",
        "王强",
        "长沙市",
    ):
        assert said in notice, f"{said} does not stand on the notice:\n{notice}"
    assert NUMBER not in notice
    tries = [accepted, officer.last]
    officer.press("审查上报", {"不同意": True}, status=409).says("请填写原因。")
    officer.press("审查上报", {"同意": True, "text": "材料齐全，符合条件。"}).says("市级已审查")
    tries += [officer.last]
    for other in story.others("chen_jing", *OFFICIALS):
        other.is_kept_from(*(tries if other.name != "陈静" else [accepted, tries[-1]]))


def the_province_approves(story: Story) -> None:
    """审核通过 is the province's alone; how long the publicity lasts was set by its administrator before."""
    settings = story.at(story.cast.province_admin).open("/policies/").follow("添加")
    value = {"政策项": "公示期", "值": "零", "生效日期": "2026-06-03", "依据": "演示文件第1号"}
    settings.press("保存", value, status=422).says("该政策项须填写整数。")
    settings.press("保存", {"值": "0"})
    set_ = settings.last
    province = story.at(story.cast.chen_jing).open("/review/")
    province.follow("办理", province.row(SU_WENBO)).says("材料齐全，符合条件。", "同意")
    assert not {"受理", "审查上报", "公告"} & set(province.buttons())
    province.press("审核通过").says("审核通过")
    for other in story.others("wang_qiang", *(name for name in OFFICIALS if name != "province_admin")):
        other.is_kept_from(set_, province.last)
    story.at(story.cast.province_admin).is_kept_from(province.last)


def the_province_publicises(story: Story) -> str:
    """A numbered list with its dates, made by the worker; the public reads it with the ID number masked."""
    province = story.at(story.cast.chen_jing).open("/desk/")
    (ready,) = province.document.select(".desk-row")
    assert ready.find(class_="desk-number").get_text() == "1"
    province.press("公示", within=ready).says("2026-06-03")
    province.press("公示")
    planned, job = province.last, province.url
    province.says("已完成", PUBLICITY)
    for other in story.others("wang_qiang", *OFFICIALS):
        other.is_kept_from(planned, Sent("GET", job))
    story.at(story.cast.zhou_min).is_kept_from(Sent("GET", job))
    public = story.visitor().open("/").says(PUBLICITY)
    public.open("/publicity/").follow(PUBLICITY)
    public.row(SU_WENBO, PUBLIC_MASKED, ENTERPRISE, "建筑工程、市政公用工程", "长沙市")
    public.is_silent_about(NUMBER, "19800000771", "0731-88880003", DECLARED, "1992-03-15")
    return public.url


def somebody_objects(story: Story, batch: str) -> str:
    """Anybody may, with a name, a contact and facts. The receipt; while it is open, nothing is announced."""
    public = story.visitor().open(batch)
    public.follow(f"提出异议{SU_WENBO}").press("提交异议", status=422)
    assert len(public.document.select("#problems li")) == 3
    public.press(
        "提交异议", {"您的姓名": "邻居", "联系电话或者电子邮箱": "13900000771", "content": OBJECTION}
    )
    assert public.says("异议已受理").document.find("dd").get_text().startswith("Y20260603")
    receipt = public.document.find("dd").get_text()
    for gone in ("/publicity/S2026060310002", f"{batch}/objections/2"):
        public.open(gone, status=404)
    assert announced_by(story, story.cast.zhou_min) == "尚有异议未处理。"
    return receipt


def announced_by(story: Story, officer) -> str:
    """Announce the list from the desk; why its one row cannot be, or nothing when it was announced."""
    browser = story.at(officer).open("/desk/")
    browser.press("公告", within=browser.row(PUBLICITY))
    stopped = browser.document.select(".plan-stop summary span")
    if not stopped:
        browser.press("公告").says(ANNOUNCEMENT)
    return stopped[0].get_text() if stopped else ""


def the_objection_is_dismissed(story: Story, batch: str, receipt: str) -> None:
    """Read by the province alone, and not settled without a reason."""
    province = story.at(story.cast.chen_jing).open("/desk/objections/")
    province.follow("查阅", province.row(receipt, SU_WENBO)).says(OBJECTION, "邻居", "13900000771")
    read = province.last
    province.press("异议不成立").press("异议不成立", status=422)
    province.press("异议不成立", {"原因": "经核实，该人员已与原单位解除合同。"}).says("异议不成立")
    for other in story.others("wang_qiang", *OFFICIALS):
        other.is_kept_from(read, province.last)


def another_officer_announces(story: Story, batch: str) -> None:
    """Who approved does not announce; from the announcement on the person stands in the register."""
    assert announced_by(story, story.cast.chen_jing) == "该申报由您本人审核通过，须由另一名工作人员公告。"
    assert announced_by(story, story.cast.zhou_min) == ""
    everybody = {"action": "announce", "select": "matching", "list": f"?publicity={PUBLICITY}"}
    for other in story.others("wang_qiang", *OFFICIALS):
        other.is_kept_from(Sent("POST", "/review/act", everybody))
    public = story.visitor().open("/announcements/").follow(ANNOUNCEMENT)
    public.row(SU_WENBO, PUBLIC_MASKED, ENTERPRISE, "长沙市")
    public.is_silent_about(NUMBER)
    public.open(batch).is_silent_about("提出异议")


def the_enterprise_and_the_person_take_the_same_certificate(
    story: Story, clerk: Browser, person: Browser
) -> bytes:
    """Made and signed by the worker; handed out byte for byte as it was issued, to those two alone."""
    clerk.open("/certificates/").follow("查阅", clerk.row(SU_WENBO, MASKED, REGISTERED)).says("制证中")
    assert "打印" not in clerk.buttons()
    token = clerk.document.select_one('a[href^="/v/"]')["href"]
    story.visitor().open(str(token)).says("电子证书正在签章")
    story.work()
    clerk.open("/certificates/")
    clerk.row(SU_WENBO, REGISTERED, CERTIFIED, "2026-06-03", "2029-06-02", "有效")
    taken = clerk.fetch("打印", within=clerk.row(SU_WENBO))
    tries = [clerk.last]
    clerk.follow("查阅", clerk.row(SU_WENBO))
    tries += [clerk.last]
    person.open("/certificates/")
    assert person.fetch("打印", within=person.row(REGISTERED)) == taken
    for other in story.others("wang_qiang", "chen_jing", *OFFICIALS):
        other.is_kept_from(*tries)
    return taken


def the_certificate_is_what_it_says(story: Story, pdf: bytes, signing: SignerClient, folder: Path) -> None:
    """Its words, its signature by our own judgement and by another program's, and not a byte of it else."""
    face = text_of(pdf)
    for said in (
        "中华人民共和国", "二级建造师注册证书", SU_WENBO, "男", "1992年03月15日", REGISTERED, CERTIFIED, ENTERPRISE,
        "建筑工程", "市政公用工程", "2026年06月03日至2029年06月02日", "湖南省住房和城乡建设厅", "实时数据，扫码验证",
    ):  # fmt: skip
        assert said in face, f"{said} does not stand on the certificate:\n{face}"
    assert NUMBER not in face
    roots = signing.identity().chain[-1:]
    verdict = verify(pdf, roots)
    assert verdict.valid, verdict
    assert "湖南省住房和城乡建设厅" in verdict.signer
    told = signatures_of(pdf, folder)
    assert "Signature is Valid" in told
    assert "Total document signed" in told
    for share in (0.1, 0.3, 0.5, 0.7, 0.9):
        place = int(len(pdf) * share)
        flipped = pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]
        assert not verify(flipped, roots).valid, f"a byte at {place} may be changed"


def anybody_checks_it_with_a_phone(story: Story, pdf: bytes, folder: Path) -> None:
    """The code on the rendered page leads to the live answer, which shows no more than it has to."""
    address = urlsplit(code_on(pdf, folder))
    assert f"{address.scheme}://{address.netloc}" == story.app.extensions["platform_config"].base_url
    public = story.visitor().open(address.path)
    assert public.document.find(class_="verdict-word").get_text() == "有效"
    public.says("苏*博", PUBLIC_MASKED, REGISTERED, CERTIFIED, ENTERPRISE, "市政公用工程")
    public.is_silent_about(SU_WENBO, NUMBER, "1992-03-15", "19800000771")
    public.open("/verify").press("查验", {"code": code_on(pdf, folder)}).says("有效")
    public.open(address.path[:-1] + ("A" if address.path[-1] != "A" else "B"), status=404)


def the_enterprise_reads_the_whole_course(story: Story, clerk: Browser, person: Browser) -> None:
    """建造师企业申报查询: the state, and who did what when, with which opinion, after how many working days."""
    clerk.open("/enterprise-declarations/?type_key=initial_registration&state=completed")
    clerk.follow("查阅", clerk.row(SU_WENBO, "办结", "初始申报"))
    seen = clerk.last
    steps = [one.get_text(" ", strip=True) for one in clerk.document.select(".course-step")][::-1]
    wanted = (
        ("上报", "2026-06-01", "谭敏", "企业"),
        ("退回补正", "2026-06-02", "王强", "1 个工作日", "请按各栏补正。", "联系电话 ：电话无法接通。"),
        ("上报", "2026-06-02", "谭敏"),
        ("受理", "2026-06-02", "王强", "市州主管部门"),
        ("审查上报", "2026-06-02", "王强", "同意", "材料齐全，符合条件。"),
        ("审核通过", "2026-06-03", "陈静", "省级主管部门", "1 个工作日"),
        ("公示", "2026-06-03", "陈静"),
        ("公告", "2026-06-03", "周敏"),
        ("办结", "2026-06-03"),
    )
    assert len(steps) == len(wanted), steps
    for step, words in zip(steps, wanted, strict=True):
        for word in words:
            assert word in step, f"{word} does not stand in {step}"
    clerk.open("/enterprise-declarations/?state=submitted").is_silent_about(SU_WENBO)
    person.open("/my-declarations/").follow("查阅", person.row(ENTERPRISE, "办结")).says("周敏")
    for other in story.others("wang_qiang", "chen_jing", *OFFICIALS):
        other.is_kept_from(seen)


def it_all_reads_in_english(story: Story, clerk: Browser, person: Browser, batch: str) -> None:
    """Nobody needs Chinese to follow the case, nor to know whether the certificate is good."""
    headings = [name for column in COLUMNS for name in column.names]
    cast, data = story.cast, Data(story.session, "邻居", "无", "苏*博", *headings)
    city, province, second = (story.at(one) for one in (cast.wang_qiang, cast.chen_jing, cast.zhou_min))
    token = str(clerk.open("/certificates/1").document.select_one('a[href^="/v/"]')["href"])
    job = str(second.open("/jobs/").document.select_one("tbody a")["href"])
    told = [
        english(clerk, data, "/enterprise-declarations/", f"{BASE}/1", "/certificates/", "/certificates/1"),
        english(
            person, data, "/", "/my-declarations/", "/my-declarations/1", "/certificates/1", "/real-name/2"
        ),
        english(story.visitor(), data, "/", batch, f"/announcements/{ANNOUNCEMENT}", token),
        english(city, data, "/review/?desk=", "/review/1"),
        english(province, data, "/desk/objections/1", "/qualification-imports/1", "/desk/"),
        english(second, data, "/jobs/", job),
    ]
    assert not any(told), told
    listed = text_of(province.fetch("Print the list", within=province.document.find(id="announced")))
    assert "Municipalpublicworks" in listed, listed
