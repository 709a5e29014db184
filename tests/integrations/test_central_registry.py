"""What the central registry says is read field by field, and one absurd field spoils the whole."""

import json
import os
import re
import subprocess
import sys
from datetime import date
from decimal import Decimal

import pytest

from app.cli.demo.makers import credit_code
from app.cli.demo.people import _ENTERPRISES, _INCOMPLETE
from app.integrations.central_registry import CentralRegistry
from app.integrations.signed_http import SignedClient, WrongAnswer
from simulators import central_registry
from simulators.server import running
from tests.outside import KEY_ID, SECRET
from tests.prepared import ROOT

CODE = credit_code(1)


@pytest.fixture
def simulator():
    return central_registry.CentralRegistry(KEY_ID, SECRET)


@pytest.fixture
def registry(simulator):
    with running(simulator) as place:
        yield CentralRegistry(SignedClient(place, KEY_ID, SECRET, source="中央库", simulators=True))


def test_an_entry_is_read_whole(registry):
    entry = registry.entry(CODE)
    assert (entry.name, entry.uscc, entry.as_of) == ("长沙示例建设有限公司（演示）", CODE, date(2026, 4, 15))
    assert (entry.region_code, entry.county_code, entry.former_name) == ("430100", "430102", None)
    assert entry.registered_capital == Decimal(8000)
    assert [one.certificate_number for one in entry.qualifications] == ["D4399000001", "D439900T001"]
    assert entry.qualifications[1].valid_until == date(2029, 3, 5)


def test_an_enterprise_that_the_registry_does_not_know_is_none(registry):
    assert registry.entry(credit_code(6)) is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("credit_code", credit_code(2)),
        ("as_of", None),
        ("as_of", "2026-06-03"),
        ("as_of", "20260415"),
        ("as_of", 20260415),
        ("name", None),
        ("name", ["长沙"]),
        ("name", " "),
        ("name", "长" * 201),
        ("name", "长沙\x07公司"),
        ("name", "\ud800"),
        ("name", "长沙\n公司"),
        ("legal_representative", "张\u202e伟"),
        ("business_address", "演示路\u200b1号"),
        ("business_scope", "施工\u2066"),
        ("founded_on", "2008-02-30"),
        ("founded_on", "2026-12-01"),
        ("founded_on", "0018-03-18"),
        ("city_code", "440100"),
        ("city_code", "4301"),
        ("county_code", "440103"),
        ("registration_type", 173),
        ("registered_capital", 5000),
        ("registered_capital", "-1"),
        ("registered_capital", "1e9"),
        ("registered_capital", "NaN"),
        ("capital_currency", "RMB"),
        ("website", "a" * 201),
        ("email", 7),
        ("postal_code", "4" * 101),
        ("office_phone", ["0731-88888888"]),
        ("office_phone", "0731\u202e88888888"),
        ("fax", "8" * 101),
        ("business_scope", "字" * 10_001),
        ("qualifications", None),
        ("qualifications", {}),
        ("qualifications", [[]]),
        ("qualifications", [{}] * 201),
    ],
)
def test_an_absurd_field_spoils_the_answer(simulator, registry, field, value):
    assert registry.entry(CODE) is not None
    simulator.entries[CODE][field] = value
    with pytest.raises(WrongAnswer) as caught:
        registry.entry(CODE)
    assert field in caught.value.reason


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("postal_code", "41000"),
        ("office_phone", "0731-88888888、88888889（夜间）"),
        ("fax", "无"),
        ("website", "javascript:alert(1)"),
        ("email", "nobody"),
    ],
)
def test_a_contact_that_our_form_would_not_take_spoils_nothing(simulator, registry, field, value):
    simulator.entries[CODE][field] = value
    assert getattr(registry.entry(CODE), field) == value


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("certificate_number", None),
        ("category", "施工总承包"),
        ("specialty", ""),
        ("grade", 1),
        ("issued_on", "2026-12-01"),
        ("valid_until", "2020-01-01"),
        ("valid_until", "9999-12-31"),
        ("authority", 7),
    ],
)
def test_an_absurd_licence_spoils_the_answer(simulator, registry, field, value):
    simulator.entries[CODE]["qualifications"][0][field] = value
    with pytest.raises(WrongAnswer, match="中央库"):
        registry.entry(CODE)


def test_a_licence_that_stands_there_twice_spoils_the_answer(simulator, registry):
    licences = simulator.entries[CODE]["qualifications"]
    licences.append(licences[0] | {"grade": "2"})
    with pytest.raises(WrongAnswer):
        registry.entry(CODE)


def test_what_an_enterprise_may_do_is_told_on_several_lines(simulator, registry):
    simulator.entries[CODE]["business_scope"] = "房屋建筑工程\r\n公路工程"
    assert registry.entry(CODE).business_scope == "房屋建筑工程\n公路工程"


@pytest.mark.parametrize("field", ["as_of", "fax", "qualifications"])
def test_a_field_that_is_missing_is_not_taken_for_an_empty_one(simulator, registry, field):
    del simulator.entries[CODE][field]
    with pytest.raises(WrongAnswer):
        registry.entry(CODE)


def test_a_field_that_nobody_has_agreed_on_is_ignored(simulator, registry):
    simulator.entries[CODE]["score"] = 7
    assert registry.entry(CODE).name == "长沙示例建设有限公司（演示）"


@pytest.mark.parametrize("answer", [{}, {"enterprise": 1}, {"enterprise": []}])
def test_an_answer_without_an_entry_is_no_answer(simulator, registry, monkeypatch, answer):
    monkeypatch.setattr(simulator, "answer", lambda _question: answer)
    with pytest.raises(WrongAnswer):
        registry.entry(CODE)


def test_the_example_of_the_contract_is_what_the_simulator_says(simulator, registry):
    text = (ROOT / "docs/integrations/central-registry.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```json\n(.*?)```", text, re.DOTALL)
    example = json.loads(block)["enterprise"]
    assert simulator.entries[example["credit_code"]] == example
    entry = registry.entry(example["credit_code"])
    assert (entry.fax, entry.legal_representative) == ("0739-00000003", "样例")
    for field in example:
        assert f"`{field}`" in text, field


def test_the_simulator_knows_the_enterprises_of_the_demonstration(simulator):
    names = [name for _, _, name, _ in (*_ENTERPRISES, _INCOMPLETE)]
    codes = {credit_code(serial): name for serial, name in enumerate(names, 1)}
    assert set(simulator.entries) == set(codes) - {credit_code(6)}
    others = {code for code, entry in simulator.entries.items() if entry["name"] != codes[code]}
    assert others == {credit_code(2)}, "one enterprise has another name there"


@pytest.mark.real_time
def test_the_simulator_is_a_program_of_its_own_that_says_what_it_is():
    words = [sys.executable, "-m", "simulators.central_registry"]
    environment = {"SIMULATOR_KEY_ID": KEY_ID, "SIMULATOR_SECRET": SECRET}
    process = subprocess.Popen(words, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        said = process.stdout.readline()
        assert said.startswith("SIMULATOR of the central enterprise registry, not the real one")
        client = SignedClient(said.split()[-1], KEY_ID, SECRET, source="中央库", simulators=True)
        assert CentralRegistry(client).entry(CODE).uscc == CODE
        modules = (ROOT / "simulators").glob("*.py")
        assert not [
            path
            for path in modules
            if re.search(r"^(from|import) (app|config)\b", path.read_text(), re.MULTILINE)
        ]
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"ENV": "production", "SIMULATOR_KEY_ID": KEY_ID, "SIMULATOR_SECRET": SECRET}, "ENV is production"),
        ({}, "SIMULATOR_SECRET must be set"),
    ],
)
def test_the_simulator_does_not_run_in_production_or_without_a_key(environment, said):
    words = [sys.executable, "-m", "simulators.central_registry"]
    done = subprocess.run(
        words, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode == 1
    assert said in done.stderr


@pytest.mark.real_time
def test_the_simulator_ends_with_whoever_started_it():
    words = [sys.executable, "-m", "simulators.central_registry", "--parent", str(os.getpid() + 1)]
    environment = {"SIMULATOR_KEY_ID": KEY_ID, "SIMULATOR_SECRET": SECRET}
    done = subprocess.run(words, cwd=ROOT, env=environment, timeout=30, check=False)
    assert done.returncode == 0
