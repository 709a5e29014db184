"""What a process remembers is right at the next request after a change, whoever made the change."""

import pytest
from sqlalchemy import select, update

from app.models import Account, DictionaryEntry, Region
from tests.cast import login
from tests.pages import page

pytestmark = pytest.mark.both_engines


@pytest.fixture
def changsha(app, cast):
    return login(app.test_client(), cast.wang_qiang)


def test_a_word_that_another_process_changes_is_seen_at_the_next_request(app, session, cast):
    client = login(app.test_client(), cast.chen_jing)
    assert "永州市" in page(client, "/review/").get_text()
    session.get_one(Region, "431100").name = "永州新城"
    session.commit()
    assert "永州新城" in page(client, "/review/").get_text()
    session.execute(update(Region).where(Region.code == "431100").values(name="永州市"))
    session.commit()
    shown = page(client, "/review/").get_text()
    assert "永州市" in shown
    assert "永州新城" not in shown


def test_what_is_rolled_back_was_no_change(app, session, changsha):
    before = page(changsha, "/review/").get_text()
    entry = session.scalar(select(DictionaryEntry).limit(1))
    entry.label_zh = "改了的"
    session.flush()
    session.rollback()
    assert page(changsha, "/review/").get_text() == before


def test_an_account_that_is_switched_off_is_out_at_once(app, session, cast, changsha):
    assert changsha.get("/review/").status_code == 200
    session.execute(
        update(Account).where(Account.id == cast.wang_qiang.actor.account_id).values(active=False)
    )
    session.commit()
    assert changsha.get("/review/").status_code == 302


def test_a_grant_that_is_taken_away_is_gone_at_the_next_request_with_its_entry_in_the_menu(
    app, session, changsha
):
    from app.security.login.grants import stored, write

    assert changsha.get("/review/").status_code == 200
    grants = stored(session)
    fewer = frozenset(one for one in grants["Municipal"] if one[1] != "ReviewScreen")
    write(session, {**grants, "Municipal": fewer})
    session.commit()
    assert changsha.get("/review/").status_code == 404
    assert 'href="/review/"' not in changsha.get("/account/sessions").text
    write(session, grants)
    session.commit()
    assert changsha.get("/review/").status_code == 200


def test_a_part_in_another_language_has_the_words_of_that_language(app):
    from flask_babel import force_locale, gettext

    from app.views.kit.words import words

    with app.test_request_context("/?_l_=zh"):
        assert gettext("Review") != "Review"
        assert words().state("completed")[0] == "办结"
        with force_locale("en"):
            assert gettext("Review") == "Review"
            assert words().state("completed")[0] == "Completed"
        assert words().state("completed")[0] == "办结"


def test_a_choice_of_a_filter_that_is_off_is_the_word_of_now(app, session, cast):
    """The filters that are off are kept ready to be put into a page."""
    client = login(app.test_client(), cast.chen_jing)

    def offered():
        return {one.get_text(strip=True) for one in page(client, "/review/").select(".chip-off label")}

    assert "永州市" in offered()
    session.get_one(Region, "431100").name = "永州新城"
    session.commit()
    assert "永州新城" in offered()
    assert "永州市" not in offered()
    session.get_one(Region, "431100").name = "永州市"
    session.commit()
