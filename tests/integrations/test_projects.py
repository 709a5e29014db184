"""The register of unfinished projects: the question that travels, and every answer that is not as agreed."""

from contextlib import contextmanager

import pytest

from app.extensions.clock import today
from app.integrations.projects import Project, ProjectsRegister
from app.integrations.signed_http import NotConnected, SignedClient, Unreachable, WrongAnswer
from config import Config
from simulators.projects import Projects as Simulated
from simulators.server import Simulator, running
from tests.cast import ZHANG_WEI
from tests.outside import KEY_ID, SECRET

BRIDGE = {"name": "示例大桥", "enterprise": "邵阳示例路桥有限公司（演示）", "since": "2025-03-18"}


class Saying(Simulator):
    """Answers whatever a test wants, signed as it should be."""

    title = "a register that errs"

    def __init__(self, said):
        super().__init__(KEY_ID, SECRET)
        self.said = said

    def answer(self, question):
        self.question = question
        return self.said


@contextmanager
def asking(simulator):
    with running(simulator) as place:
        yield ProjectsRegister(SignedClient(place, KEY_ID, SECRET, source="在施项目库", simulators=True))


def good(**changed):
    return {"as_of": "2026-05-31", "projects": [BRIDGE]} | changed


def test_the_simulator_knows_who_leads_what():
    simulator = Simulated(KEY_ID, SECRET)
    simulator.led[ZHANG_WEI] = [BRIDGE]
    with asking(simulator) as source:
        found = source.led_by(ZHANG_WEI)
        assert source.led_by("439900199002280025").projects == ()
    assert found.projects == (Project("示例大桥", "邵阳示例路桥有限公司（演示）", found.projects[0].since),)
    assert found.projects[0].since.isoformat() == "2025-03-18"
    assert (today() - found.as_of).days == 1


def test_a_person_about_whom_no_answer_comes_cannot_be_asked_about_now():
    simulator = Simulated(KEY_ID, SECRET)
    simulator.silent.add(ZHANG_WEI)
    with asking(simulator) as source, pytest.raises(Unreachable):
        source.led_by(ZHANG_WEI)


def test_the_id_number_travels_in_the_body_alone():
    simulator = Saying(good())
    with asking(simulator) as source:
        source.led_by(ZHANG_WEI)
    asked = simulator.question
    assert (asked.method, asked.path, asked.query) == ("POST", "/v1/unfinished-projects", {})
    assert asked.body == {"id_number": ZHANG_WEI}


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({}, "as_of"),
        ({"as_of": "2026-05-31", "projects": None}, "projects"),
        (good(as_of="2026-06-03"), "as_of"),
        (good(projects=[BRIDGE] * 51), "projects"),
        (good(projects=["示例大桥"]), "projects: no object"),
        (good(projects=[{"name": "示例大桥"}]), "projects.since"),
        (good(projects=[BRIDGE | {"name": "示例\n大桥"}]), "projects.name"),
        (good(projects=[BRIDGE | {"name": 7}]), "projects.name"),
        (good(projects=[BRIDGE | {"enterprise": "\n"}]), "projects.enterprise"),
        (good(projects=[BRIDGE | {"since": "2026-06-01"}]), "projects.since"),
        (good(projects=[BRIDGE | {"enterprise": "示例\u202e大桥"}]), "projects.enterprise"),
        (good(projects=[BRIDGE | {"since": "2025-02-30"}]), "projects.since"),
    ],
)
def test_what_is_not_as_agreed_is_a_wrong_answer(said, field):
    with asking(Saying(said)) as source, pytest.raises(WrongAnswer) as wrong:
        source.led_by(ZHANG_WEI)
    assert wrong.value.reason == f"answer.{field}"


def test_a_platform_without_an_address_is_not_connected():
    with pytest.raises(NotConnected):
        ProjectsRegister.connected(Config())
