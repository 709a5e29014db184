"""The help tells the days that hold today, in both languages, and needs nobody's account."""

import re
from datetime import date, timedelta

import pytest

from app.extensions.clock import today
from app.models import PolicyValue
from tests.pages import page


def days_told(client, language: str) -> list[str]:
    document = page(client, f"/help/?_l_={language}")
    answers = [one.p.get_text() for one in document.select(".help-questions details")]
    (told,) = [one for one in answers if re.search("公示期|publicity lasts", one)]
    return re.findall(r"\d+", told)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_days_are_those_of_the_policy_in_force(client, session, language):
    assert days_told(client, language) == ["5", "7"]
    tomorrow = today() + timedelta(days=1)
    for key, value, first in (
        ("acceptance_days", "3", date(2026, 1, 1)),
        ("publicity_days", "10", date(2026, 1, 1)),
        ("publicity_days", "99", tomorrow),
    ):
        session.add(PolicyValue(key=key, value=value, valid_from=first, source="测试"))
    session.commit()
    assert days_told(client, language) == ["3", "10"]
