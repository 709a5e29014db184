"""What stories about a registration that stands share: its start, whom a case is kept from, what the public reads."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from bs4 import Tag

from app.models import Certificate, PolicyValue, Registration
from tests.cast import Member
from tests.flows.browser import Browser, Sent, Upload
from tests.flows.steps import Story, sample
from tests.registered import registered

ZHANG = "张伟"
OWN = "长沙示例建设有限公司（演示）"
NEW = "湘江样板工程有限公司（演示）"
CHOOSE = "选择该证书信息"
PAPERS = {
    "一寸免冠照片": sample("photo-man.jpg"),
    "身份证扫描件": [sample("id-front.jpg"), sample("id-back.jpg")],
    "资格证书扫描件": sample("qualification.jpg"),
    "学历证书扫描件": sample("diploma.jpg"),
    "劳动合同": sample("employment-contract.jpg"),
    "继续教育证明": sample("diploma.jpg"),
}
"""The papers that most types ask for; a form takes those that it asks for."""

TERM = {"聘用开始时间": "2026-03-01", "聘用结束时间": "2029-02-28"}
PHONE = {"联系电话": "0731-88880001"}
PAPER = sample("commitment.jpg")
"""Any paper that is about this very case."""


@dataclass
class Standing:
    """A registration of 张伟's in a story, and whoever looks at it."""

    story: Story
    key: int

    @property
    def row(self) -> Registration:
        self.story.session.rollback()
        return self.story.session.get_one(Registration, self.key)

    @property
    def live(self) -> dict[str, date]:
        """Which specialties are registered, and until when."""
        return {one.specialty: one.ends_on for one in self.row.specialties if one.removed_on is None}

    @property
    def certificates(self) -> list[Certificate]:
        return list(self.row.certificates)

    def public(self, version: int = -1) -> Browser:
        """What anybody reads under the code of this version of the certificate, counted from the last."""
        return self.story.visitor().open(f"/v/{self.certificates[version].token}")

    def is_called(self, word: str, *sentences: str, version: int = -1) -> Browser:
        """The one word that the public page begins with, and what else it says."""
        browser = self.public(version)
        assert browser.document.find(class_="verdict-word").get_text() == word, browser.text
        return browser.says(*sentences)


def stands(story: Story, signing: Any, **traits: Any) -> Standing:
    """张伟 is registered with 李娟's enterprise, his certificate is signed, and lists are public for no time at all."""
    story.session.add(
        PolicyValue(key="publicity_days", value="0", valid_from=date(2026, 1, 1), source="演示文件")
    )
    held = Standing(story, registered(story.session, story.cast.li_juan, story.cast.zhang_wei, **traits).id)
    story.work()
    held.is_called("有效")
    return held


def menu(browser: Browser, title: str) -> Browser:
    """From the home page by the menu, as everybody comes."""
    return browser.open("/").follow(title)


def chosen(browser: Browser, title: str, name: str = ZHANG) -> str:
    """添加申报 and the certificate in the picker of one's own; the address of the form."""
    menu(browser, title).follow("添加申报")
    browser.press(CHOOSE, within=browser.row(name))
    return browser.url


def papers(browser: Browser, **further: Upload | list[Upload]) -> dict[str, Any]:
    """The papers that the open form asks for, as far as everybody has them, and those of this very case."""
    asked = {one.get_text(strip=True) for one in browser.document.find("form", id="record").find_all("label")}
    return {label: one for label, one in PAPERS.items() if label in asked} | further


def ticked(browser: Browser, *names: str) -> dict[Any, bool]:
    """The boxes of these specialties, ticked, and those of the others, not."""
    boxes = {}
    for label in browser.document.select(".specialty label.form-check"):
        box = label.find("input")
        if not box.has_attr("disabled"):
            boxes[box] = label.find(class_="form-check-label").get_text(strip=True) in names
    return boxes


def hours(browser: Browser, mandatory: int, elective: int, name: str = "") -> dict[Tag, str]:
    """The hours of continuing education beside a specialty, or beside each."""
    found = {}
    for block in browser.document.select(".specialty"):
        if name in block.get_text():
            for field in block.select(".specialty-hours input"):
                found[field] = str(mandatory if field["name"].startswith("mandatory") else elective)
    return found


def hands_in(browser: Browser) -> Sent:
    """保存并上报; what was sent, for somebody else to try."""
    browser.press("保存并上报").says("上报成功。")
    return browser.last


def refuses(browser: Browser, form: str, rule: str, typed: dict[Any, Any] | None = None) -> str:
    """保存并上报 is refused for this rule alone; what it says."""
    browser.open(form).press("保存并上报", typed or {}).says("已保存，但未能上报")
    red = [one["data-rule"] for one in browser.document.select("[data-rule].checklist-red")]
    assert red == [rule], browser.text
    line = browser.document.select_one(f'[data-rule="{rule}"]')
    return str(line.find(class_="checklist-findings").get_text(" ", strip=True))


def kept_from(story: Story, tries: list[Sent], *but: Member) -> None:
    """Nothing of this exists for the officer of the other city, other enterprises, a stranger, or the operators."""
    names = ("liu_yang", "fang_yuan", "li_juan", "zhang_wei", "zhao_min", "wang_qiang", "admin", "auditor")
    for other in story.others(*(name for name in names if getattr(story.cast, name) not in but)):
        other.is_kept_from(*tries)


def review(story: Story, member: Member, name: str = ZHANG) -> Browser:
    """The case on the desk of this officer."""
    officer = story.at(member).open("/review/")
    return officer.follow("办理", officer.row(name))


def the_city_endorses(story: Story, name: str = ZHANG) -> list[Sent]:
    """受理, then 审查上报 with a positive opinion; what was asked for, for others to try."""
    officer = review(story, story.cast.wang_qiang, name)
    case = officer.last
    officer.press("受理").says("已受理")
    accepted = officer.last
    officer.press("审查上报", {"同意": True, "text": "材料齐全，符合条件。"}).says("市级已审查")
    return [case, accepted, officer.last]


def the_province_approves(story: Story, name: str = ZHANG) -> Sent:
    province = review(story, story.cast.chen_jing, name)
    province.press("审核通过").says("审核通过")
    return province.last


def the_province_announces(story: Story, label: str, *, publicity: bool) -> None:
    """公示 by the one, where the type has it, and 公告 by the other."""
    if publicity:
        first = story.at(story.cast.chen_jing).open("/desk/")
        first.press("公示", within=_waiting(first, label)).press("公示").says("已完成")
    second = story.at(story.cast.zhou_min).open("/desk/")
    line = second.row(label, "公示期满") if publicity else _waiting(second, label)
    second.press("公告", within=line).press("公告").says("已完成")


def _waiting(browser: Browser, label: str) -> Tag:
    (line,) = [
        one
        for one in browser.document.select(".desk-row")
        if label in one.get_text(" ", strip=True) and one.find("button")
    ]
    return line


def decided(story: Story, label: str, *, publicity: bool, name: str = ZHANG) -> None:
    """The whole way through city and province, to the announcement and the signed certificate."""
    steps = the_city_endorses(story, name)
    kept_from(story, steps, story.cast.wang_qiang)
    approved = the_province_approves(story, name)
    kept_from(story, [approved])
    the_province_announces(story, label, publicity=publicity)
    story.work()
