"""The simulator of the register of unfinished projects: works that nobody builds."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from simulators.server import Question, Refusal, Simulator, main

_SHANGHAI = ZoneInfo("Asia/Shanghai")
_DATA = Path(__file__).with_suffix(".json")


class Projects(Simulator):
    """`led` and `silent` may be changed by a test: unfinished projects by manager, and of whom no answer comes."""

    title = "the register of unfinished projects"

    def __init__(self, *words: Any, **traits: Any) -> None:
        super().__init__(*words, **traits)
        held = json.loads(_DATA.read_text(encoding="utf-8"))
        self.led: dict[str, list[dict[str, str]]] = held["led"]
        self.silent: set[str] = set(held["silent"])

    def answer(self, question: Question) -> Mapping[str, Any]:
        if (question.method, question.path) != ("POST", "/v1/unfinished-projects"):
            raise Refusal(404, "not_found")
        number = question.body.get("id_number") if isinstance(question.body, dict) else None
        if not isinstance(number, str):
            raise Refusal(400, "fields")
        if number in self.silent:
            raise Refusal(503, "not_now")
        return {
            "as_of": f"{datetime.now(_SHANGHAI) - timedelta(days=1):%Y-%m-%d}",
            "projects": self.led.get(number, []),
        }


if __name__ == "__main__":
    main(Projects)
