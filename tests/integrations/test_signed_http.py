"""Signed questions and answers: what is taken, and everything that is not."""

import hashlib
import hmac
import json
import logging
import re
import time
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from app.integrations import signed_http
from app.integrations.signed_http import NotConnected, SignedClient, Unreachable, WrongAnswer, connect
from config import OutsideSystem
from simulators.server import Fault, Simulator, running
from tests.cast import ZHANG_WEI
from tests.outside import KEY_ID, SECRET
from tests.prepared import ROOT

CONTRACT = ROOT / "docs/integrations/README.md"


class Echo(Simulator):
    """Says what it was asked."""

    title = "an echo"

    def answer(self, question):
        return {"method": question.method, "query": dict(question.query), "body": question.body}


@contextmanager
def echo(fault=Fault.NONE, **traits):
    simulator = Echo(KEY_ID, SECRET, fault, slow_seconds=1.0)
    with running(simulator) as place:
        yield simulator, client_of(place, **traits)


def client_of(place, secret=SECRET, *, simulators=True, transport=None):
    return SignedClient(place, KEY_ID, secret, source="中央库", simulators=simulators, transport=transport)


def answering(status=200, body=b'{"a": 1}', *, secret=SECRET, age=0, headers=(), signed=True):
    """A client whose questions are answered like this, without a network."""

    def answer(request):
        stamp = str(int(time.time()) - age)
        words = (
            f"v1\nanswer\n{status}\n{request.headers['X-Nonce']}\n{stamp}\n{hashlib.sha256(body).hexdigest()}"
        )
        signature = hmac.new(secret.encode(), words.encode(), hashlib.sha256).hexdigest()
        marks = {"X-Timestamp": stamp, "X-Signature": signature} if signed else {}
        return httpx.Response(status, stream=httpx.ByteStream(body), headers=marks | dict(headers))

    return client_of("https://registry.example", transport=httpx.MockTransport(answer))


def test_a_question_is_answered_by_both_methods():
    with echo() as (_, client):
        assert client.get("/v1/x", code="91 &=中") == {
            "method": "GET", "query": {"code": "91 &=中"}, "body": None,
        }  # fmt: skip
        assert client.post("/v1/x", {"id_number": ZHANG_WEI})["body"] == {"id_number": ZHANG_WEI}


@pytest.mark.parametrize(
    ("fault", "error", "reason"),
    [
        (Fault.SLOW, Unreachable, "time_limit"),
        (Fault.ERROR, Unreachable, "status_500"),
        (Fault.WRONG_SIGNATURE, WrongAnswer, "wrong_signature"),
        (Fault.STALE, WrongAnswer, "stale"),
        (Fault.NOT_JSON, WrongAnswer, "not_json"),
        (Fault.EMPTY, WrongAnswer, "not_json"),
        (Fault.HUGE, WrongAnswer, "too_large"),
    ],
)
def test_each_fault_of_the_other_side_is_told_apart(monkeypatch, fault, error, reason):
    monkeypatch.setattr(signed_http, "_READ_SECONDS", 0.3)
    with echo(fault) as (_, client), pytest.raises(error) as caught:
        client.get("/v1/x", code="1")
    assert caught.value.reason == reason


def test_an_answer_to_an_earlier_question_is_refused():
    with echo(Fault.REPLAYED) as (_, client):
        assert client.get("/v1/x", code="1")["query"] == {"code": "1"}
        with pytest.raises(WrongAnswer, match="中央库") as caught:
            client.get("/v1/x", code="2")
    assert caught.value.reason == "wrong_signature"


def test_nobody_listens_and_the_limit_of_waiting_is_short():
    begun = time.monotonic()
    with pytest.raises(Unreachable) as caught:
        client_of("http://127.0.0.1:1").get("/v1/x", code="1")
    assert caught.value.reason == "no_connection ConnectError"
    assert time.monotonic() - begun < signed_http._CONNECT_SECONDS + 1


def test_who_has_another_secret_is_refused_and_told_nothing():
    with echo() as (simulator, _):
        with running(simulator) as place, pytest.raises(WrongAnswer) as caught:
            client_of(place, "another secret of the same length!!").post("/v1/x", {"a": 1})
        assert caught.value.reason == "status_401"


@pytest.mark.parametrize("changed", ["method", "target", "X-Timestamp", "X-Nonce", "body"])
def test_a_question_that_was_changed_on_its_way_is_refused(changed):
    caught = {}

    def keep(request):
        caught.update(headers=request.headers, target=request.url.raw_path.decode(), body=request.read())
        raise httpx.ConnectError("kept")

    with pytest.raises(Unreachable):
        client_of("http://127.0.0.1", transport=httpx.MockTransport(keep)).post("/v1/x?a=1", {"a": 1})
    asked = {"method": "POST", "target": caught["target"], "body": caught["body"]}
    headers = {name.title(): value for name, value in caught["headers"].items()}
    other = {"method": "GET", "target": "/v1/x?a=2", "body": b'{"a": 2}', "X-Nonce": "0" * 32}
    other["X-Timestamp"] = str(int(time.time()) + 1)
    if changed.startswith("X-"):
        headers[changed] = other[changed]
    else:
        asked[changed] = other[changed]
    reply = Echo(KEY_ID, SECRET).reply(asked["method"], asked["target"], headers, asked["body"])
    assert (reply.status, json.loads(reply.body)) == (401, {"error": "wrong_signature"})


def test_a_question_is_taken_once():
    sent = []

    def keep(request):
        sent.append({name.title(): value for name, value in request.headers.items()})
        raise httpx.ConnectError("kept")

    with pytest.raises(Unreachable):
        client_of("http://127.0.0.1", transport=httpx.MockTransport(keep)).get("/v1/x")
    simulator = Echo(KEY_ID, SECRET)
    assert simulator.reply("GET", "/v1/x", sent[0], b"").status == 200
    again = simulator.reply("GET", "/v1/x", sent[0], b"")
    assert (again.status, json.loads(again.body)) == (401, {"error": "repeated_nonce"})


def test_a_question_of_yesterday_is_not_taken(clock):
    with echo() as (_, client):
        clock.shift(-86_400)
        question = client._question("GET", "/v1/x", {}, b"")
        clock.shift(86_400)
        headers = question["headers"]
        reply = Echo(KEY_ID, SECRET).reply("GET", "/v1/x", headers, b"")
    assert json.loads(reply.body) == {"error": "stale_timestamp"}


@pytest.mark.parametrize(
    ("traits", "error", "reason"),
    [
        ({"status": 503, "signed": False}, Unreachable, "status_503"),
        ({"status": 429}, Unreachable, "status_429"),
        (
            {"status": 302, "headers": {"Location": "https://elsewhere.example/"}.items()},
            WrongAnswer,
            "status_302",
        ),
        ({"status": 401, "body": b'{"error": "stale_timestamp"}'}, WrongAnswer, "status_401 stale_timestamp"),
        ({"status": 404, "body": b'{"error": "439900198506150019"}'}, WrongAnswer, "status_404"),
        ({"status": 401, "body": b'{"error": "forged"}', "secret": "x"}, WrongAnswer, "status_401"),
        ({"signed": False}, WrongAnswer, "wrong_signature"),
        ({"age": -301}, WrongAnswer, "stale"),
        ({"body": b"[1]"}, WrongAnswer, "not_json"),
        ({"body": b'{"a": NaN}'}, WrongAnswer, "not_json"),
        ({"body": b"[" * 100_000}, WrongAnswer, "not_json"),
        ({"headers": {"Content-Encoding": "gzip"}.items()}, WrongAnswer, "packed"),
    ],
)
def test_an_answer_that_was_not_agreed_is_not_used(traits, error, reason):
    with pytest.raises(error) as caught:
        answering(**traits).get("/v1/x")
    assert caught.value.reason == reason


def test_an_answer_as_agreed_is_taken():
    assert answering().get("/v1/x") == {"a": 1}


def test_production_takes_nothing_from_a_simulator():
    with echo(simulators=False) as (simulator, client), pytest.raises(WrongAnswer) as caught:
        client.get("/v1/x")
    assert (caught.value.reason, simulator.asked) == ("simulator", 1)
    marked = {"headers": {"X-Simulator": "true"}.items()}
    assert answering(**marked).get("/v1/x") == {"a": 1}
    real = connect(
        OutsideSystem("https://registry.example", KEY_ID, SECRET), source="中央库", production=True
    )
    assert real._simulators is False
    real._transport = answering(**marked)._transport
    with pytest.raises(WrongAnswer):
        real.get("/v1/x")


def test_a_system_that_nobody_has_set_up_says_so(app):
    with app.test_request_context(), pytest.raises(NotConnected, match="中央库：本平台尚未接入"):
        connect(OutsideSystem(), source="中央库", production=True)


@pytest.mark.parametrize("place", ["http://registry.example", "ftp://127.0.0.1.example", "registry.example"])
def test_only_this_machine_is_asked_without_https(place):
    with pytest.raises(ValueError, match="https"):
        client_of(place)


def test_an_id_number_stands_in_no_address():
    with echo() as (simulator, client), pytest.raises(ValueError, match="ID number"):
        client.get("/v1/x", who=ZHANG_WEI)
    assert simulator.asked == 0


def test_neither_the_log_nor_the_error_holds_a_secret_or_a_person(caplog):
    caplog.set_level(logging.DEBUG, "platform.outside")
    with echo(Fault.NOT_JSON) as (_, client), pytest.raises(WrongAnswer) as caught:
        client.post("/v1/x", {"id_number": ZHANG_WEI, "name": "张伟"})
    said = " ".join([*caplog.messages, str(caught.value), repr(caught.value), repr(caught.value.args)])
    assert "/v1/x: not_json" in said
    for word in (ZHANG_WEI, "张伟", SECRET):
        assert word not in said
    assert SECRET not in repr(OutsideSystem("https://registry.example", KEY_ID, SECRET))


def test_proxies_of_the_environment_are_not_asked(monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with echo() as (_, client):
        assert client.get("/v1/x")["method"] == "GET"


def test_the_worked_example_of_the_contract_is_right():
    text = CONTRACT.read_text(encoding="utf-8")
    blocks = re.findall(r"```text\n(.*?)```", text, re.DOTALL)
    secret = re.search(r"secret `([^`]+)`", text)[1]
    signed = re.findall(r"X-Signature: ([0-9a-f]{64})", text)
    words = [block.rstrip("\n") for block in blocks if block.startswith("v1\n")]
    assert len(words) == len(signed) == 2
    made = [hmac.new(secret.encode(), one.encode(), hashlib.sha256).hexdigest() for one in words]
    assert made == signed
    client = client_of("https://registry.example", secret)
    assert [client._signed(*one.split("\n")[1:]) for one in words] == signed
    simulator = Echo(KEY_ID, secret)
    assert [simulator._hmac(*one.split("\n")[1:]) for one in words] == signed


def test_a_body_of_the_worked_example_has_the_hash_that_stands_there():
    text = Path(CONTRACT).read_text(encoding="utf-8")
    (body,) = re.findall(r"```json\n(.*?)\n```", text, re.DOTALL)
    assert hashlib.sha256(body.encode()).hexdigest() in text
