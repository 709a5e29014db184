"""The questions that every proof of a type is asked, one test for each."""

import pytest

pytest.register_assert_rewrite("tests.declarations.proving")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    from tests.declarations.proving import Proved

    if metafunc.cls is None or not issubclass(metafunc.cls, Proved):
        return
    proof = metafunc.cls.proof
    asked = {
        "check": proof.checks,
        "way": proof.ways,
        "limit": proof.stops,
        "star": [name for name, _label in proof.kept.required],
    }
    for name, values in asked.items():
        if name in metafunc.fixturenames:
            metafunc.parametrize(name, list(values))
