"""帮助: a guide for each role, reached from the login, with the days of the policy and every kind of declaration."""

from datetime import date

import pytest

from app.models import PolicyValue
from app.views.help_guides import GUIDES, TYPES
from app.workflow.types import registry
from tests.pages import page


@pytest.mark.parametrize("key", GUIDES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_role_has_its_guide_in_both_languages(client, key, language):
    document = page(client, f"/help/{key}?_l_={language}")
    assert len(document.select(".help-main section.card")) == len(GUIDES[key].chapters)
    for link in document.select(".help-nav a"):
        target = link["href"]
        assert document.find(id=target[1:]) if target.startswith("#") else page(client, target)


def test_whoever_stands_at_the_login_finds_the_guides(client):
    for entrance in ("individual", "enterprise", "authority"):
        link = page(client, f"/login?entrance={entrance}").select_one(".login-help a")["href"]
        path, _hash, anchor = link.partition("#")
        section = page(client, path).find(id=anchor)
        assert section.select(".help-whole a")
        for one in section.select(".help-whole a"):
            page(client, one["href"])


def test_the_guide_of_enterprises_explains_every_kind_of_declaration(client):
    document = page(client, "/help/enterprise?_l_=en")
    explained = {one.h3.get_text(): one for one in document.select(".help-types li")}
    assert set(explained) == {str(kind.label) for kind in registry} == set(explained)
    assert set(TYPES) == {kind.key for kind in registry}
    way = explained["Cancellation"].select_one(".help-way").get_text()
    assert way == "Not submitted → Awaiting confirmation → Completed"


def test_the_days_are_those_of_the_policy(client, session):
    assert "within 5 working days" in page(client, "/help/enterprise?_l_=en").get_text()
    session.add(PolicyValue(key="acceptance_days", value="3", valid_from=date(2020, 1, 1), source="测试"))
    session.add(PolicyValue(key="reminder_days", value="45,5", valid_from=date(2020, 1, 1), source="测试"))
    session.commit()
    text = page(client, "/help/enterprise?_l_=en").get_text()
    assert "within 3 working days" in text
    assert "days before: 45 / 5" in text
    assert "within 3 working days" in page(client, "/help/?_l_=en").get_text()


def test_a_guide_that_does_not_exist_is_404(client):
    page(client, "/help/nobody", 404)
