"""帮助: a guide for each role, reached from the login, with the days of the policy and every kind of declaration."""

from datetime import date

import pytest

from app.models import PolicyValue
from app.views.help_guides import GUIDES, TYPES
from app.views.help_pictures import PICTURES
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


def test_every_picture_belongs_to_a_chapter_of_a_guide():
    for key, chapters in PICTURES.items():
        assert set(chapters) <= {chapter.key for chapter in GUIDES[key].chapters}


@pytest.mark.parametrize("key", PICTURES)
def test_a_picture_says_what_it_shows_and_opens_in_full_size(client, key):
    document = page(client, f"/help/{key}")
    figures = document.select(".help-main figure")
    assert len(figures) == sum(len(several) for several in PICTURES[key].values())
    for figure in figures:
        picture = figure.img
        assert picture["alt"]
        assert picture["loading"] == "lazy"
        assert figure.figcaption.get_text(strip=True)
        assert figure.a["href"] == picture["src"]
        with client.get(picture["src"]) as answer:
            assert (answer.status_code, answer.mimetype) == (200, "image/webp")


def test_an_english_guide_says_that_its_pictures_are_chinese(client):
    captions = page(client, "/help/municipal?_l_=en").select("figcaption")
    assert all("(The picture shows the Chinese page.)" in one.get_text() for one in captions)
    assert "中文页面" not in page(client, "/help/municipal").get_text()
