"""The simulator of the central enterprise registry (中央库): the entries of some enterprises that do not exist."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from simulators.server import Question, Refusal, Simulator, main

_DATA = Path(__file__).with_suffix(".json")


class CentralRegistry(Simulator):
    """`entries` may be changed by a test: it is what the registry holds, by credit code."""

    title = "the central enterprise registry"

    def __init__(self, *words: Any, **traits: Any) -> None:
        super().__init__(*words, **traits)
        held = json.loads(_DATA.read_text(encoding="utf-8"))
        self.entries: dict[str, dict[str, Any]] = {one["credit_code"]: one for one in held["enterprises"]}

    def answer(self, question: Question) -> Mapping[str, Any]:
        if (question.method, question.path) != ("GET", "/v1/enterprise"):
            raise Refusal(404, "not_found")
        code = question.query.get("credit_code", "")
        if not code:
            raise Refusal(400, "credit_code_missing")
        return {"enterprise": self.entries.get(code)}


if __name__ == "__main__":
    main(CentralRegistry)
