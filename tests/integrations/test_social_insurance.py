"""Social insurance: the question that travels, and every answer that is not as agreed."""

import os
import re
import subprocess
import sys
from contextlib import contextmanager

import pytest

from app.extensions.clock import today
from app.integrations.signed_http import NotConnected, SignedClient, Unreachable, WrongAnswer
from app.integrations.social_insurance import SocialInsurance, Unit
from config import Config, OutsideSystem
from simulators.server import Simulator, running
from simulators.social_insurance import SocialInsurance as Simulated
from tests.cast import ZHANG_WEI
from tests.neighbours import KEY_ID, OTHER, OTHER_NAME, OWN, SECRET
from tests.prepared import ROOT

MONTHS = ("2026-03", "2026-04", "2026-05")


class Saying(Simulator):
    """Answers whatever a test wants, signed as it should be."""

    title = "a social insurance that errs"

    def __init__(self, said):
        super().__init__(KEY_ID, SECRET)
        self.said = said

    def answer(self, question):
        return self.said


@contextmanager
def asking(simulator):
    with running(simulator) as place:
        yield SocialInsurance(SignedClient(place, KEY_ID, SECRET, source="社会保险", simulators=True))


def month(name, *codes):
    return {"month": name, "units": [{"credit_code": code, "name": OTHER_NAME} for code in codes]}


def good(**changed):
    return {"as_of": "2026-05-31", "months": [month(name, OTHER) for name in MONTHS]} | changed


def months(first):
    return good(months=[first, *good()["months"][1:]])


def test_the_simulator_knows_who_has_whom_insured_and_when():
    simulator = Simulated(KEY_ID, SECRET)
    simulator.insured[ZHANG_WEI] = [
        {"credit_code": OWN, "from": "2020-01", "to": "2026-04"},
        {"credit_code": OTHER, "from": "2026-04"},
    ]
    with asking(simulator) as source:
        found = source.insured(OWN, ZHANG_WEI, MONTHS)
    assert (today() - found.as_of).days == 1
    assert [[unit.code for unit in one.units] for one in found.months] == [[OWN], [OWN, OTHER], [OTHER]]
    assert found.months[2].units == (Unit(OTHER, OTHER_NAME),)


def test_the_id_number_travels_in_the_body_alone():
    class Recording(Simulated):
        def answer(self, question):
            self.question = question
            return super().answer(question)

    simulator = Recording(KEY_ID, SECRET)
    with asking(simulator) as source:
        source.insured(OWN, ZHANG_WEI, MONTHS)
    asked = simulator.question
    assert (asked.method, asked.path, asked.query) == ("POST", "/v1/insured-months", {})
    assert asked.body == {"credit_code": OWN, "id_number": ZHANG_WEI, "months": list(MONTHS)}


def test_a_person_about_whom_no_answer_comes_cannot_be_asked_about_now():
    simulator = Simulated(KEY_ID, SECRET)
    simulator.silent.add(ZHANG_WEI)
    with asking(simulator) as source, pytest.raises(Unreachable):
        source.insured(OWN, ZHANG_WEI, MONTHS)


def test_a_good_answer_is_taken():
    with asking(Saying(good())) as source:
        assert source.insured(OWN, ZHANG_WEI, MONTHS).as_of.isoformat() == "2026-05-31"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({}, "months"),
        (good(as_of="2026-06-03"), "as_of"),
        (good(as_of="31.05.2026"), "as_of"),
        (good(as_of="20260531"), "as_of"),
        (good(as_of=20260531), "as_of"),
        (good(as_of=None), "as_of"),
        (good(months=None), "months"),
        (good(months={}), "months"),
        (good(months=[]), "months"),
        (good(months=good()["months"][:2]), "months"),
        (good(months=good()["months"][::-1]), "months"),
        (good(months=[*good()["months"], month("2026-06")]), "months"),
        (good(months=["2026-03"] * 3), "months: no object"),
        (months(month("2026-02", OTHER)), "months"),
        (months({"month": "2026-03"}), "months.units"),
        (months({"month": "2026-03", "units": None}), "months.units"),
        (months(month("2026-03", OTHER, OTHER)), "months.units"),
        (months(month("2026-03", *[OTHER] * 21)), "months.units"),
        (months(month("2026-03", OTHER[:-1] + "0")), "months.units.credit_code"),
        (months(month("2026-03", OTHER.lower())), "months.units.credit_code"),
        (
            months({"month": "2026-03", "units": [{"credit_code": OTHER, "name": ""}]}),
            "months.units.name",
        ),
        (
            months({"month": "2026-03", "units": [{"credit_code": OTHER, "name": "长" * 201}]}),
            "months.units.name",
        ),
        (
            months({"month": "2026-03", "units": [{"credit_code": OTHER, "name": "长\u202e沙"}]}),
            "months.units.name",
        ),
    ],
)
def test_what_is_not_as_agreed_is_a_wrong_answer(said, field):
    with asking(Saying(said)) as source, pytest.raises(WrongAnswer) as wrong:
        source.insured(OWN, ZHANG_WEI, MONTHS)
    assert wrong.value.reason == f"answer.{field}"


def test_a_platform_without_an_address_is_not_connected():
    with pytest.raises(NotConnected):
        SocialInsurance.connected(Config())


@pytest.mark.real_time
def test_it_is_asked_in_a_process_of_its_own():
    environment = {**os.environ, "SIMULATOR_KEY_ID": KEY_ID, "SIMULATOR_SECRET": SECRET}
    with subprocess.Popen(
        [sys.executable, "-m", "simulators.social_insurance"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        place = re.search(r"http://\S+", process.stdout.readline())[0]
        source = SocialInsurance.connected(Config(social_insurance=OutsideSystem(place, KEY_ID, SECRET)))
        found = source.insured(OWN, "439900199207070021", MONTHS)
        process.terminate()
    assert [unit.name for unit in found.months[0].units] == ["长沙示例置业有限公司（演示）"]
