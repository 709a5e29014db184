"""The simulator of the face verification: a page whose two buttons stand for a face, and the picture of nobody."""

import base64
import io
import json
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from PIL import Image, ImageDraw

from simulators.server import Question, Refusal, Reply, Simulator, main

_DATA = Path(__file__).with_suffix(".json")
_MOST_CHECKS = 1000
_TAKEN = "%Y-%m-%dT%H:%M:%SZ"

_PAGE = """<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>模拟人脸核验 Simulator</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>
body {{ font: 1rem/1.6 sans-serif; max-width: 34rem; margin: 0 auto; padding: 1rem; color: #222; }}
.mark {{ padding: .75rem 1rem; border: 3px dashed #b54708; background: #fff6ed; font-weight: bold; }}
button {{ font: inherit; min-height: 2.75rem; width: 100%; margin: .35rem 0; text-align: left; padding: .35rem 1rem; }}
</style></head><body><p class="mark">这是模拟器，不是真正的人脸核验。不采集任何人脸。<br>
This is a simulator and no real face verification. No face is looked at.</p>{body}</body></html>"""
_BUTTONS = """<h1>{name}</h1><p>真实服务在此请本人对着镜头张嘴、眨眼；这里由按钮代替。<br>
Here the real service asks the person to open the mouth and to blink; these buttons stand for that.</p>
<form method="post"><button name="verdict" value="passed">通过 Pass</button>{failures}</form>"""
_DONE = """<h1>核验已结束 Done</h1><p>请回到发起核验的页面，按“查看结果”。<br>
Go back to the page on which you began, and press “See the result”.</p><p><a href="{back}">返回 Go back</a></p>"""
_GONE = "<h1>没有这次核验，或已过期 There is no such check, or it has expired</h1>"


@dataclass
class Check:
    """One check, from the question that opened it to what the buttons said."""

    receipt: str
    nonce: str
    name: str
    back: str
    expires_at: datetime
    verdict: str = ""
    decided_at: str | None = None


class FaceVerification(Simulator):
    """`silent` may be changed by a test: of whom no answer comes. `frame` is the picture of every passed check."""

    title = "the face verification"

    def __init__(self, *words: Any, **traits: Any) -> None:
        super().__init__(*words, **traits)
        held = json.loads(_DATA.read_text(encoding="utf-8"))
        self.reasons: dict[str, str] = held["reasons"]
        self.silent: set[str] = set(held["silent"])
        self.frame = picture_of_nobody()
        self.place = ""
        """Where people find this simulator; the address that it was asked at, when it is empty."""
        self._minutes = int(held["minutes"])
        self._checks: dict[str, Check] = {}
        self._guard = threading.Lock()

    def reply(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """A page for people under /check/, and signed answers everywhere else."""
        self.place = self.place or f"http://{headers.get('Host', '127.0.0.1')}"
        token = urlsplit(target).path.removeprefix("/check/")
        if token == urlsplit(target).path:
            return super().reply(method, target, headers, body)
        sent = parse_qs(body.decode("utf-8", "replace"))
        page = self.pressed(token, sent.get("verdict", [""])[-1]) if method == "POST" else self._shown(token)
        return Reply(200, {"Content-Type": "text/html; charset=utf-8"}, _PAGE.format(body=page).encode())

    def answer(self, question: Question) -> Mapping[str, Any]:
        asked = question.body if isinstance(question.body, dict) else {}
        if question.method == "POST" and question.path == "/v1/face-checks":
            return self._open(asked)
        if question.method == "POST" and question.path == "/v1/face-checks/result":
            return self._result(asked)
        raise Refusal(404, "not_found")

    def pressed(self, token: str, verdict: str) -> str:
        """What the person did before the camera, which counts once; says the page that follows."""
        check = self._of(token)
        if check is None or (verdict != "passed" and verdict not in self.reasons):
            return _GONE
        if not check.verdict:
            check.verdict, check.decided_at = verdict, f"{datetime.now(UTC):{_TAKEN}}"
        return _DONE.format(back=escape(check.back))

    def _shown(self, token: str) -> str:
        check = self._of(token)
        if check is None:
            return _GONE
        if check.verdict:
            return _DONE.format(back=escape(check.back))
        failures = "".join(
            f'<button name="verdict" value="{escape(word)}">未通过 Fail: {escape(text)}</button>'
            for word, text in self.reasons.items()
        )
        return _BUTTONS.format(name=escape(check.name), failures=failures)

    def _of(self, token: str) -> Check | None:
        with self._guard:
            check = self._checks.get(token)
        return check if check and (check.verdict or check.expires_at > datetime.now(UTC)) else None

    def _open(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        words = [asked.get(name) for name in ("name", "id_number", "nonce", "return_address")]
        name, number, nonce, back = (one if isinstance(one, str) else "" for one in words)
        if not (name and number and nonce and back.startswith(("http://", "https://"))):
            raise Refusal(400, "fields")
        if number in self.silent:
            raise Refusal(503, "not_now")
        token, receipt = secrets.token_urlsafe(24), f"SIM-{secrets.token_hex(8)}"
        expires_at = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=self._minutes)
        with self._guard:
            while len(self._checks) >= _MOST_CHECKS:
                self._checks.pop(next(iter(self._checks)))
            self._checks[token] = Check(receipt, nonce, name, back, expires_at)
        address = f"{self.place}/check/{token}"
        return {
            "receipt": receipt, "nonce": nonce, "address": address, "expires_at": f"{expires_at:{_TAKEN}}",
        }  # fmt: skip

    def _result(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        with self._guard:
            known = [one for one in self._checks.values() if one.receipt == asked.get("receipt")]
        if not known or known[0].nonce != asked.get("nonce"):
            raise Refusal(404, "unknown_receipt")
        (check,) = known
        passed = check.verdict == "passed"
        return {
            "receipt": check.receipt,
            "nonce": check.nonce,
            "result": "pending" if not check.verdict else "passed" if passed else "failed",
            "reason": None if passed or not check.verdict else check.verdict,
            "decided_at": check.decided_at,
            "frame": base64.b64encode(self.frame).decode() if passed else None,
        }


def picture_of_nobody() -> bytes:
    """A frame as a camera would take it, with a drawn head that is nobody's."""
    image = Image.new("RGB", (480, 640), "#dfe7ee")
    draw = ImageDraw.Draw(image)
    draw.ellipse((60, 420, 420, 860), fill="#5d6b7a")
    draw.ellipse((150, 150, 330, 400), fill="#d8b59a")
    draw.chord((142, 130, 338, 330), 180, 360, fill="#2f3a40")
    draw.ellipse((215, 340, 265, 372), fill="#7a3b3b")
    draw.text((20, 16), "SIMULATOR - NOBODY'S FACE", fill="#b54708", font_size=28)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85)
    return out.getvalue()


if __name__ == "__main__":
    main(FaceVerification)
