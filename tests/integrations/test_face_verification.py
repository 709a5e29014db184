"""Face verification: the questions that travel, the page of the simulator, and every answer that is not as agreed."""

import base64
import os
import re
import subprocess
import sys
from contextlib import contextmanager
from datetime import datetime, timedelta

import httpx
import pytest

from app.extensions.clock import now
from app.integrations.face_verification import FaceVerification, Outcome
from app.integrations.signed_http import NotConnected, SignedClient, Unreachable, WrongAnswer
from config import Config, OutsideSystem
from simulators.face_verification import FaceVerification as Simulated
from simulators.server import Fault, Simulator, running
from tests.cast import ZHANG_WEI
from tests.outside import KEY_ID, SECRET
from tests.prepared import ROOT

NONCE, BACK = "0123456789abcdef" * 2, "https://platform.example/face-check/returned"
JPEG = b"\xff\xd8\xff and so on"
FRAME = base64.b64encode(JPEG).decode()


class Saying(Simulator):
    """Answers whatever a test wants, signed as it should be."""

    title = "a face verification that errs"

    def __init__(self, said):
        super().__init__(KEY_ID, SECRET)
        self.said = said

    def answer(self, question):
        self.question = question
        return self.said


@contextmanager
def asking(simulator, *, production=False):
    with running(simulator) as place:
        client = SignedClient(place, KEY_ID, SECRET, source="人脸核验服务", simulators=True)
        yield FaceVerification(client, production=production)


def at(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def opened(**changed):
    return {
        "receipt": "R-2026-0001", "nonce": NONCE, "address": "https://wechat.example/check?ticket=1",
        "expires_at": at(now() + timedelta(minutes=10)),
    } | changed  # fmt: skip


def told(**changed):
    return {
        "receipt": "R-2026-0001", "nonce": NONCE, "result": "passed", "reason": None, "decided_at": at(now()),
        "frame": FRAME,
    } | changed  # fmt: skip


def begin(source):
    return source.open(name="张伟", id_number=ZHANG_WEI, nonce=NONCE, return_address=BACK)


def result(source, receipt="R-2026-0001", nonce=NONCE):
    hour = timedelta(hours=1)
    return source.result(receipt, nonce, opened_at=now() - hour, expires_at=now() + hour)


def test_the_buttons_of_the_simulator_stand_for_the_face():
    simulator = Simulated(KEY_ID, SECRET)
    with asking(simulator) as source:
        check = begin(source)
        assert result(source, check.receipt).outcome == Outcome.PENDING
        shown = httpx.get(check.address)
        assert "这是模拟器" in shown.text
        assert "This is a simulator" in shown.text
        assert shown.headers["X-Simulator"] == "true"
        assert "张伟" in shown.text
        assert ZHANG_WEI not in shown.text
        assert BACK in httpx.post(check.address, data={"verdict": "passed"}).text
        httpx.post(check.address, data={"verdict": "not_live"})  # the first answer counts
        found = result(source, check.receipt)
        assert (found.outcome, found.reason, found.frame) == (Outcome.PASSED, None, simulator.frame)
        other = begin(source)
        httpx.post(other.address, data={"verdict": "not_live"})
        failed = result(source, other.receipt)
        assert (failed.outcome, failed.reason, failed.frame) == (Outcome.FAILED, "not_live", None)


def test_the_simulator_knows_a_check_only_under_its_own_nonce():
    with asking(Simulated(KEY_ID, SECRET)) as source:
        check = begin(source)
        with pytest.raises(WrongAnswer) as wrong:
            result(source, check.receipt, "f" * 32)
    assert wrong.value.reason == "status_404 unknown_receipt"


def test_a_person_about_whom_no_answer_comes_cannot_be_checked_now():
    simulator = Simulated(KEY_ID, SECRET)
    simulator.silent.add(ZHANG_WEI)
    with asking(simulator) as source, pytest.raises(Unreachable):
        begin(source)


def test_name_and_number_travel_in_the_body_alone():
    simulator = Saying(opened())
    with asking(simulator) as source:
        begin(source)
    asked = simulator.question
    assert (asked.method, asked.path, asked.query) == ("POST", "/v1/face-checks", {})
    assert asked.body == {"name": "张伟", "id_number": ZHANG_WEI, "nonce": NONCE, "return_address": BACK}


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"nonce": "f" * 32}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"receipt": "short"}, "receipt"),
        ({"receipt": "R 2026 0001"}, "receipt"),
        ({"address": "javascript:alert(1)"}, "address"),
        ({"address": "http://wechat.example/check"}, "address"),
        ({"address": "https://user:word@wechat.example/"}, "address"),
        ({"address": "https://wechat.example/" + "x" * 600}, "address"),
        ({"address": "https://[wechat"}, "address"),
        ({"address": "https://"}, "address"),
        ({"expires_at": None}, "expires_at"),
        ({"expires_at": 1780281000}, "expires_at"),
        ({"expires_at": "2026-06-01 09:30"}, "expires_at"),
        ({"expires_at": "2026-13-01T01:30:00Z"}, "expires_at"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "expires_at"),
        ({"expires_at": "2199-01-01T00:00:00Z"}, "expires_at"),
    ],
)
def test_a_check_that_is_not_opened_as_agreed_is_a_wrong_answer(changed, field):
    with asking(Saying(opened(**changed))) as source, pytest.raises(WrongAnswer) as wrong:
        begin(source)
    assert wrong.value.reason == f"answer.{field}"


def test_production_sends_nobody_to_a_machine_of_its_own():
    said = opened(address="http://127.0.0.1:9001/check/1")
    with asking(Saying(said)) as source:
        assert begin(source).address.endswith("/check/1")
    with asking(Saying(said), production=True) as source, pytest.raises(WrongAnswer):
        begin(source)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"receipt": "R-2026-0002"}, "receipt"),
        ({"nonce": "f" * 32}, "nonce"),
        ({"result": "perhaps"}, "result"),
        ({"result": "pending"}, "decided_at"),
        ({"result": "failed"}, "reason"),
        ({"reason": "not_live"}, "reason"),
        ({"result": "failed", "reason": "Not Live!"}, "reason"),
        ({"result": "failed", "reason": "not_live"}, "frame"),
        ({"decided_at": None}, "decided_at"),
        ({"decided_at": "2020-01-01T00:00:00Z"}, "decided_at"),
        ({"decided_at": "2199-01-01T00:00:00Z"}, "decided_at"),
        ({"frame": None}, "frame"),
        ({"frame": ""}, "frame"),
        ({"frame": "not base64!"}, "frame"),
        ({"frame": base64.b64encode(b"<svg/>").decode()}, "frame"),
        ({"frame": base64.b64encode(JPEG + b"x" * 500_000).decode()}, "frame"),
        ({"frame": 7}, "frame"),
    ],
)
def test_a_result_that_is_not_as_agreed_is_a_wrong_answer(changed, field):
    with asking(Saying(told(**changed))) as source, pytest.raises(WrongAnswer) as wrong:
        result(source)
    assert wrong.value.reason == f"answer.{field}"


@pytest.mark.parametrize("fault", [Fault.WRONG_SIGNATURE, Fault.REPLAYED, Fault.STALE, Fault.NOT_JSON])
def test_an_answer_that_was_forged_or_heard_before_is_a_wrong_one(fault):
    simulator = Saying(told())
    with asking(simulator) as source:
        assert result(source).frame == JPEG
        simulator.fault = fault
        with pytest.raises(WrongAnswer):
            result(source)


def test_a_platform_without_an_address_is_not_connected():
    with pytest.raises(NotConnected):
        FaceVerification.connected(Config())


def test_production_takes_no_answer_of_a_simulator():
    with running(Saying(opened())) as place:
        system = OutsideSystem(place, KEY_ID, SECRET)
        source = FaceVerification.connected(Config(env="production", face_verification=system))
        with pytest.raises(WrongAnswer) as wrong:
            begin(source)
    assert wrong.value.reason == "simulator"


@pytest.mark.real_time
def test_it_is_asked_in_a_process_of_its_own_and_never_in_production():
    environment = {**os.environ, "SIMULATOR_KEY_ID": KEY_ID, "SIMULATOR_SECRET": SECRET}
    command = [sys.executable, "-m", "simulators.face_verification"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        place = re.search(r"http://\S+", process.stdout.readline())[0]
        system = OutsideSystem(place, KEY_ID, SECRET)
        source = FaceVerification.connected(Config(face_verification=system))
        assert httpx.get(begin(source).address).status_code == 200
        process.terminate()
    done = subprocess.run(
        command, cwd=ROOT, env=environment | {"ENV": "production"}, capture_output=True, check=False
    )
    assert done.returncode == 1
