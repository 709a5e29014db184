"""The simulator of the social insurance: who has had some persons insured who do not exist."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from simulators.server import Question, Refusal, Simulator, main

_SHANGHAI = ZoneInfo("Asia/Shanghai")
_DATA = Path(__file__).with_suffix(".json")
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


class SocialInsurance(Simulator):
    """`insured`, `units` and `silent` may be changed by a test: what is known, and of whom no answer comes."""

    title = "the social insurance"

    def __init__(self, *words: Any, **traits: Any) -> None:
        super().__init__(*words, **traits)
        held = json.loads(_DATA.read_text(encoding="utf-8"))
        self.units: dict[str, str] = held["units"]
        self.insured: dict[str, list[dict[str, Any]]] = held["insured"]
        self.silent: set[str] = set(held["silent"])

    def answer(self, question: Question) -> Mapping[str, Any]:
        if (question.method, question.path) != ("POST", "/v1/insured-months"):
            raise Refusal(404, "not_found")
        asked = question.body if isinstance(question.body, dict) else {}
        number, months = asked.get("id_number"), asked.get("months")
        if not isinstance(number, str) or not isinstance(asked.get("credit_code"), str):
            raise Refusal(400, "fields")
        if not isinstance(months, list) or not all(_MONTH.fullmatch(str(one)) for one in months):
            raise Refusal(400, "months")
        if number in self.silent:
            raise Refusal(503, "not_now")
        return {
            "as_of": f"{datetime.now(_SHANGHAI) - timedelta(days=1):%Y-%m-%d}",
            "months": [{"month": one, "units": list(self._units(number, one))} for one in months],
        }

    def _units(self, number: str, month: str) -> Iterator[dict[str, str]]:
        """Who had the person insured in this month; `missing` are months, counted back from the running one."""
        today = datetime.now(_SHANGHAI)
        back = 12 * (today.year - int(month[:4])) + today.month - int(month[5:])
        for one in self.insured.get(number, ()):
            code = one["credit_code"]
            if one["from"] <= month <= one.get("to", month) and back not in one.get("missing", ()):
                yield {"credit_code": code, "name": self.units[code]}


if __name__ == "__main__":
    main(SocialInsurance)
