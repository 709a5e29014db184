"""How papers write dates, times and what is missing."""

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from app.printing.documents import Language, Translate

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
# A cell without a value says so: an empty one could be filled in by hand after the print.
NOTHING: Final = "—"


def shown(value: str) -> str:
    return value if value.strip() else NOTHING


def day(value: date | None) -> str:
    return value.isoformat() if value else NOTHING


def moment(value: datetime) -> str:
    """To the minute, in the time of the province."""
    return value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def long_day(value: date, language: Language) -> str:
    """As a letter of an authority dates itself (GB/T 9704: without leading zeros)."""
    return f"{value.year}年{value.month}月{value.day}日" if language == "zh" else value.isoformat()


def translation_mark(language: Language, translate: Translate) -> str:
    """What every print says that is not in the language of the law; empty for one that is."""
    return f"{translate('Reference translation')} 参考译文" if language == "en" else ""
