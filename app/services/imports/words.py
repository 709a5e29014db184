"""How the words of a list are understood: dictionaries, provinces, and what people write for them."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import DictionaryEntry, Region
from app.models.region import HUNAN
from app.services.imports.cells import Context, code_text

_SYNONYMS: dict[str, dict[str, str]] = {
    "specialty": {"水利水电": "水利水电工程", "市政公用": "市政公用工程"},
    "qualification_method": {
        "全国统一考试": "考试",
        "统一考试": "考试",
        "考核": "考核认定",
        "认定": "考核认定",
    },
    "education": {
        "博士研究生": "博士",
        "硕士研究生": "硕士",
        "研究生": "硕士",
        "大学本科": "本科",
        "大学": "本科",
        "大学专科": "大专",
        "专科": "大专",
        "高职": "大专",
        "中等专科": "中专",
    },
    "gender": {"男性": "男", "女性": "女"},
    "id_type": {"居民身份证": "身份证", "二代身份证": "身份证", "中华人民共和国居民身份证": "身份证"},
    "registration_kind": {
        "二级建造师": "二级注册建造师",
        "注册建造师(二级)": "二级注册建造师",
        "二级临时建造师": "二级注册临时建造师",
        "注册建造师(二级临时)": "二级注册临时建造师",
        "临时建造师": "二级注册临时建造师",
    },
    "registration_status": {"在册": "有效", "正常": "有效", "已注销": "注销"},
    "cancellation_reason": {
        "解除聘用合同": "已与聘用企业解除聘用合同关系",
        "已与聘用企业解除聘用合同": "已与聘用企业解除聘用合同关系",
        "有效期满未延续": "注册有效期满且未延续注册",
        "死亡": "死亡或不具有完全民事行为能力",
    },
}
_PROVINCE_ENDING = re.compile(r"(?:省|市|(?:维吾尔|壮族|回族)?自治区|特别行政区)$")
_EARLY_ENDING = re.compile(r"(?:工程)?(?:专业)?$")


def context_on(session: Session, day: date) -> Context:
    entries = session.execute(
        select(
            DictionaryEntry.dictionary,
            DictionaryEntry.code,
            DictionaryEntry.label_zh,
            DictionaryEntry.label_en,
            DictionaryEntry.short_zh,
        )
        .where(DictionaryEntry.active)
        .order_by(DictionaryEntry.dictionary, DictionaryEntry.position, DictionaryEntry.id)
    ).all()
    choices: defaultdict[str, dict[str, str]] = defaultdict(dict)
    labels: defaultdict[str, list[str]] = defaultdict(list)
    for entry in entries:
        labels[entry.dictionary].append(entry.label_zh)
        for text in (entry.label_zh, entry.label_en, entry.short_zh or "", entry.code):
            if text:
                choices[entry.dictionary].setdefault(code_text(text), entry.code)
    for dictionary, synonyms in _SYNONYMS.items():
        _add_synonyms(choices[dictionary], synonyms)
    _add_shorter(choices["specialty"])
    allowed = {dictionary: "、".join(names) for dictionary, names in labels.items()}
    return Context(choices, allowed, dict(_provinces(session)), day, dict(_cities(session)))


def _add_synonyms(choices: dict[str, str], synonyms: Mapping[str, str]) -> None:
    for text, label in synonyms.items():
        if label in choices:
            choices.setdefault(text, choices[label])


def _add_shorter(choices: dict[str, str]) -> None:
    """建筑工程专业 and 建筑专业 are understood like 建筑工程."""
    for text, code in tuple(choices.items()):
        choices.setdefault(_EARLY_ENDING.sub("", text), code)
        choices.setdefault(f"{text}专业", code)


def _provinces(session: Session) -> Iterator[tuple[str, str]]:
    rows = session.execute(select(Region.code, Region.name).where(Region.parent_code.is_(None)))
    for code, name in rows:
        yield name, code
        yield _PROVINCE_ENDING.sub("", name), code
        yield code, code


def _cities(session: Session) -> Iterator[tuple[str, str]]:
    """The cities of the province, those that an authority stands for."""
    rows = session.execute(
        select(Region.code, Region.name).where(Region.parent_code == HUNAN, Region.valid_to.is_(None))
    )
    for code, name in rows:
        yield name, code
        yield name.removesuffix("市"), code
        yield code, code
