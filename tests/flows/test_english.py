"""The pages of the main job in English: whatever is Chinese on them is data, or the name of a law."""

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import update

from app.models import EnterpriseQualification
from app.models.policy import DEFINITIONS
from app.services import bulk
from app.services.publicity import raise_objection
from app.services.qualification_import.columns import COLUMNS
from tests.cast import file_draft
from tests.desk import declared
from tests.flows.language import Data, english
from tests.flows.steps import BASE

GROUNDS = tuple(known.source for known in DEFINITIONS.values())
"""What policy values rest on, cited as the laws are called."""
APPROVED = ("submit", "accept", "endorse", "approve")


@pytest.fixture
def world(story) -> dict[str, int]:
    """Something in every state that the pages show; the keys of it."""
    session, cast = story.session, story.cast
    session.execute(update(EnterpriseQualification).values(specialty="地基基础"))
    session.commit()
    draft = file_draft(session, cast.li_juan, cast.zhang_wei)
    rows = [
        declared(session, cast, *steps, serial=serial)
        for serial, steps in enumerate(
            [
                ("submit", "return"),
                ("submit", "return", "submit"),
                ("submit", "accept"),
                ("submit", "accept", "endorse"),
                APPROVED,
                (*APPROVED, "publicise"),
            ]
        )
    ]
    objection = raise_objection(
        session, rows[-1].id, objector="邻居", contact="13900000000", content="听说不属实。"
    )
    session.commit()
    reviewer = cast.wang_qiang.actor
    about = {"list": "", "matching": True, "shown": 5}
    plan = bulk.plan(session, reviewer, "endorse", {rows[2].id: None}, key="e", about=about)
    session.commit()
    return {
        "plan": plan.id,
        "draft": draft,
        "returned": rows[0].id,
        "corrected": rows[1].id,
        "accepted": rows[2].id,
        "endorsed": rows[3].id,
        "publicised": rows[-1].id,
        "objection": objection.id,
    }


def test_the_pages_of_the_applicants_are_english(story, world):
    data, cast = Data(story.session), story.cast
    own, person = cast.li_juan.actor.enterprise_id, cast.zhang_wei.actor.person_id
    clerk = english(
        story.at(cast.li_juan), data, "/", f"/enterprise/{own}", f"/enterprise/{own}/edit",
        f"/enterprise-papers/{own}/edit", "/enterprise-qualifications/", "/enterprise-qualifications/add",
        f"{BASE}/", f"{BASE}/add", "/enterprise-declarations/", f"/enterprise-declarations/{world['accepted']}",
        "/certificates/", "/qualification-lookup/",
        *(f"{BASE}/{world[name]}{path}" for name in ("draft", "returned") for path in ("", "/edit")),
    )  # fmt: skip
    holder = english(
        story.at(cast.zhang_wei), data, "/", f"/real-name/{person}", f"/real-name/{person}/edit",
        "/my-declarations/", "/certificates/",
    )  # fmt: skip
    visitor = english(story.visitor(), data, "/", "/login", "/publicity/", "/announcements/", "/verify")
    assert not clerk | holder | visitor


def test_the_pages_of_the_officers_are_english(story, world):
    data, cast = (
        Data(story.session, "邻居", "长沙", *(name for column in COLUMNS for name in column.names), *GROUNDS),
        story.cast,
    )
    city = english(
        story.at(cast.wang_qiang), data, "/", "/review/", f"/review/{world['accepted']}",
        f"/review/{world['corrected']}", f"/review/plans/{world['plan']}", "/real-name-counter/",
        f"/real-name-counter/{cast.zhang_wei.actor.person_id}", "/jobs/",
    )  # fmt: skip
    province = english(
        story.at(cast.chen_jing), data, "/", "/review/", f"/review/{world['endorsed']}", "/desk/",
        "/desk/objections/", f"/desk/objections/{world['objection']}", "/qualifications/", "/qualifications/1",
        "/qualification-imports/", "/qualification-imports/upload", "/locks/", "/locks/add",
        "/policies/",
    )  # fmt: skip
    assert not city | province


def test_the_pages_of_the_administrators_are_english(story):
    data, cast = Data(story.session, *GROUNDS), story.cast
    settings = english(
        story.at(cast.province_admin), data, "/", "/policies/", "/policies/add", "/holidays/", "/holidays/add",
        "/dictionaries/?q=none", "/regions/?q=none",
    )  # fmt: skip
    accounts = english(
        story.at(cast.admin), data, "/", "/accounts/", "/accounts/open/Enterprise", "/accounts/open/Individual",
        "/accounts/open/Municipal", "/account/password", "/account/sessions",
    )  # fmt: skip
    trail = english(story.at(cast.auditor), data, "/", "/audit/", "/policies/")
    assert not settings | accounts | trail


def test_a_word_that_was_not_translated_is_found(story):
    data = Data(story.session)
    page = BeautifulSoup(
        '<p title="提示">李娟 <b>Name</b></p><i>注册专业</i><script>中间</script>', "html.parser"
    )
    assert data.left_over(page) == ["注册专业", "提示"]
