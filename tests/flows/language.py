"""What is Chinese on a page that was asked for in English, and is no data: words that somebody forgot to translate."""

import json
import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from bs4 import BeautifulSoup, Comment, Doctype
from flask_appbuilder import Model
from sqlalchemy import String, Text, select
from sqlalchemy.orm import Session

from tests.flows.browser import Browser

CHINESE = re.compile("[\u3400-\u9fff]+")
_SPOKEN = ("alt", "title", "placeholder", "aria-label", "value", "label", "content")
# Both are stored in Chinese and shown in the language of the reader.
_TRANSLATED = {
    "dictionary_entry": {"label_zh", "short_zh"},
    "region": {"name"},
    "declaration": {"specialties_text"},
}
# The name of the other language, and the laws and the manual that rules rest on.
_QUOTED = ("中文", "注册建造师管理规定", "行政许可法", "操作手册", *(f"第{number}条" for number in (
    "六", "九", "十一", "十五", "十八", "三十二", "三十四", "四十二", "四十三",
)))  # fmt: skip
_SHORTEST = 2


class Data:
    """Every Chinese text that people have typed or that laws are cited by, as the database holds it."""

    def __init__(self, session: Session, *quoted: str) -> None:
        session.rollback()
        self._session, self._quoted = session, quoted

    def left_over(self, document: BeautifulSoup) -> list[str]:
        """The Chinese of the page that is neither stored nor quoted."""
        return [found for text in spoken(document) for found in CHINESE.findall(self._pattern.sub("", text))]

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        phrases = {*self._stored(), *self._quoted, *_QUOTED}
        return re.compile("|".join(re.escape(one) for one in sorted(phrases, key=len, reverse=True)))

    def _stored(self) -> Iterator[str]:
        for table in Model.metadata.sorted_tables:
            translated = _TRANSLATED.get(table.name, set())
            for column in table.columns:
                if isinstance(column.type, String | Text) and column.name not in translated:
                    for value in self._session.scalars(select(column).distinct()):
                        yield from (
                            one for one in texts(value) if CHINESE.search(one) and len(one) >= _SHORTEST
                        )


def english(browser: Browser, data: Data, *urls: str) -> dict[str, list[str]]:
    """The addresses on which something is Chinese that is no data, and what."""
    told = {}
    for url in urls:
        browser.open(f"{url}{'&' if '?' in url else '?'}_l_=en")
        assert browser.document.html["lang"] == "en"
        found = data.left_over(browser.document)
        if found:
            told[url] = sorted(set(found))
    return told


def texts(value: Any) -> Iterator[str]:
    """The strings of a stored value; of JSON those inside it, of several lines each."""
    if isinstance(value, str) and value[:1] in {"{", "["}:
        try:
            value = json.loads(value)
        except ValueError:
            yield value
            return
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from texts(one)
    elif isinstance(value, str):
        yield from value.splitlines()


def spoken(document: BeautifulSoup) -> Iterable[str]:
    """What a reader sees or hears of the page."""
    for text in document.find_all(string=True):
        if not isinstance(text, Comment | Doctype) and text.parent.name not in {"script", "style"}:
            yield str(text)
    for tag in document.find_all(True):
        for name in _SPOKEN:
            if tag.get(name) and not (name == "value" and tag.get("type") == "hidden"):
                yield str(tag[name])
