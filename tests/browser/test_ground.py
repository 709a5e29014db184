"""The browser tests stand on firm ground: what they promise to notice, they notice."""

import pytest

from tests.browser.axe import violations


def test_a_picture_without_words_and_grey_on_grey_are_found(visit):
    page = visit().go("/")
    assert violations(page) == []
    page.evaluate(
        """() => {
            const text = document.createElement('p');
            text.textContent = 'hard to read';
            text.style.cssText = 'color: #ccc; background: #fff; position: relative';
            document.querySelector('main').append(new Image(), text);
        }"""
    )
    found = {one.split(" ")[0] for one in violations(page)}
    assert {"image-alt", "color-contrast"} <= found


def test_a_request_to_another_machine_is_noticed(visit):
    visitor = visit()
    page = visitor.go("/")
    page.evaluate("fetch('http://127.0.0.1:9/').catch(() => 0)")
    assert any("127.0.0.1:9" in one for one in visitor.complaints)
    visitor.complaints.clear()


def test_an_error_of_a_script_is_noticed(visit):
    visitor = visit()
    page = visitor.go("/")
    page.evaluate("setTimeout(() => { throw new Error('seeded') })")
    page.wait_for_timeout(50)
    assert any("seeded" in one for one in visitor.complaints)
    visitor.complaints.clear()


@pytest.mark.parametrize("member", ["li_juan", "wang_qiang"])
def test_a_member_is_logged_in(visit, cast, member):
    page = visit(getattr(cast, member)).go("/account/sessions")
    assert getattr(cast, member).name in page.inner_text("body")
