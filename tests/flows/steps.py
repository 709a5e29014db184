"""What the stories share: who is who, what they have on their desks, and the steps that several stories take."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bs4 import Tag
from sqlalchemy.orm import Session

from app.tasks.worker import run_next
from samples.fictitious import Maker
from tests.cast import Cast, Member, login
from tests.flows.browser import Browser, Upload
from tests.prepared import ROOT
from tests.workbooks import listed

_DAY, _ENDLESS = 86_400, 1_000
BASE = "/declarations/initial-registration"
IMPORTS = "/qualification-imports"
ENTERPRISE = "岳麓虚构建设有限公司（演示）"
SU_WENBO, NUMBER = "苏文博", "439900199203150016"
MASKED = "4399**********0016"
PUBLIC_MASKED = "4399*************6"
CERTIFICATES = {"建筑工程": "43202501A0001", "市政公用工程": "43202510A0002"}


def sample(name: str) -> Upload:
    """A picture of samples/pictures, as it would be uploaded."""
    return Upload(name, Path(ROOT / "samples/pictures" / name).read_bytes())


PICTURES = {
    "身份证正照": sample("id-front.jpg"),
    "身份证反照": sample("id-back.jpg"),
    "手持身份证照": sample("id-in-hand.jpg"),
    "个人签名": sample("signature.jpg"),
    "个人承诺书": sample("commitment.jpg"),
}
"""The five pictures of the manual, 2.3."""

PAPERS = {
    "一寸免冠照片": sample("photo-man.jpg"),
    "身份证扫描件": [sample("id-front.jpg"), sample("id-back.jpg")],
    "学历证书扫描件": sample("diploma.jpg"),
    "资格证书扫描件": sample("qualification.jpg"),
    "劳动合同": sample("employment-contract.jpg"),
}
"""What is uploaded with an ordinary first registration."""

FACTS = {
    "成立日期": "2012-08-18",
    "注册所在区县": "岳麓区",
    "法定代表人": "范例",
    "企业营业地址": "演示大道771号",
    "邮政编码": "410000",
    "企业登记注册类型": "私营有限责任公司",
    "注册资本金（万元）": "6000",
    "办公电话": "0731-00000771",
    "联系人姓名": "谭敏",
    "联系人手机号码": "19900000771",
    "营业执照经营范围": "房屋建筑和市政公用工程施工（演示数据）",
}
"""What the enterprise says of itself."""

PERSONAL = {
    "民族": "土家族",
    "紧急联系人姓名": "苏母",
    "紧急联系人手机号码": "19700000771",
    "毕业院校": "湘江示例大学",
    "所学专业": "土木工程",
    "毕业时间": "2014-06-30",
    "学历": "本科",
    "学位": "学士",
    "办理市州": "长沙市",
}
"""What the person says of himself."""


@dataclass
class Story:
    """The platform, its people, and a browser for each of them."""

    app: Any
    session: Session
    cast: Cast
    clock: Any
    browsers: dict[int, Browser] = field(default_factory=dict)
    newcomers: list[tuple[Browser, str, str]] = field(default_factory=list)
    """Those who came in during the story, with what they log in with."""

    def at(self, member: Member) -> Browser:
        """The browser of this member, who logs in when it is opened first."""
        key = member.actor.account_id
        if key not in self.browsers:
            self.browsers[key] = Browser(login(self.app.test_client(), member), member.name, known=True)
        return self.browsers[key]

    def visitor(self) -> Browser:
        return Browser(self.app.test_client())

    def others(self, *names: str) -> list[Browser]:
        """The browsers of these members of the cast, and a visitor's."""
        return [*(self.at(getattr(self.cast, name)) for name in names), self.visitor()]

    def night(self) -> None:
        """It is the next day, and everybody has to log in again."""
        self.clock.shift(_DAY)
        self.browsers.clear()
        for browser, name, password in self.newcomers:
            browser.open("/login").press("登录", {"username": name, "password": password})

    def work(self, jobs: int = _ENDLESS) -> None:
        """The worker does what there is to do, or so many jobs of it."""
        with self.app.app_context():
            for _ in range(jobs):
                if not run_next(self.app):
                    break


def qualified(**certificates: str) -> list[dict[str, Any]]:
    """Rows of the list about 苏文博: for each specialty the day on which its certificate was issued."""
    maker, rows = Maker(771), []
    for specialty, issued_on in certificates.items():
        row = maker.row(specialty, (SU_WENBO, NUMBER))
        rows.append(
            row
            | {
                "certificate_number": CERTIFICATES[specialty],
                "year_obtained": issued_on[:4],
                "issued_on": issued_on,
            }
        )
    return rows


def workbook(rows: list[dict[str, Any]]) -> Upload:
    return Upload("二级建造师资格证.xlsx", listed(rows))


def first_login(story: Story, name: str, given: str, chosen: str, who: str) -> Browser:
    """Log in with the password that was handed over, and choose one's own."""
    browser = Browser(story.app.test_client(), who, known=True)
    browser.open("/login").press("登录", {"username": name, "password": given})
    assert browser.document.find("h1").get_text(strip=True) == "设置自己的密码"
    browser.press("保存", {"new_password": chosen, "repeated": chosen})
    story.newcomers.append((browser, name, chosen))
    return browser


def search(browser: Browser, name: str, number: str, status: int = 200) -> Browser:
    """Ask the picker for a person."""
    typed = {"人员姓名": name, "人员身份证号": number}
    return browser.open(f"{BASE}/add").press("查询", typed, status=status)


def cells(line: Tag) -> list[str]:
    return [cell.get_text(strip=True) for cell in line.find_all("td")]


def fill_in(browser: Browser, name: str, number: str, **typed: Any) -> str:
    """A draft for this person with all its papers, saved; the address of its form. `typed` is typed as well."""
    search(browser, name, number).press("选择该人员")
    form = browser.url
    boxes = {one.find("input"): True for one in browser.document.select(".specialty label.form-check")}
    term = {"聘用开始时间": "2026-03-01", "聘用结束时间": "2029-02-28"}
    browser.press("保存", {**PAPERS, **boxes, **term, "联系电话": "0731-88880001", **typed}).says(
        "保存成功。"
    )
    return form


def refused(browser: Browser, form: str, rule: str, **typed: Any) -> str:
    """What the pre-check and the submission say of this rule, which they have to say alike and of it alone."""
    browser.open(form)
    asked = browser.ask("precheck", typed)
    red = {one["rule"]: one for one in asked["lines"] if one["tone"] == "red"}
    assert set(red) == {rule}, red
    browser.press("保存并上报", typed).says("已保存，但未能上报")
    line = browser.document.select_one(f'[data-rule="{rule}"]')
    said = line.find(class_="checklist-findings").get_text(strip=True)
    assert said == "".join(one["message"] for one in red[rule]["findings"])
    assert red[rule]["clause"] in line.get_text()
    return said
