"""延续 and 增项: more time for what is registered, and more that is registered, each with a term of its own."""

from datetime import date

import pytest

from tests.flows.standing import (
    PHONE,
    TERM,
    ZHANG,
    chosen,
    decided,
    hands_in,
    hours,
    kept_from,
    papers,
    refuses,
    stands,
    ticked,
)

pytestmark = pytest.mark.both_engines

RENEWAL, ADDITION = "二级建造师延续申报", "二级建造师增项申报"


def test_the_specialty_that_is_due_runs_three_years_on_and_the_other_keeps_its_end(story, signing):
    """Building works end on 1 August, so that their window is open; municipal works end two years later."""
    held = stands(story, signing, ends={"building": date(2026, 8, 1), "municipal": date(2028, 2, 29)})
    clerk = story.at(story.cast.li_juan)
    form = chosen(clerk, RENEWAL)
    sent = clerk.last
    clerk.press(
        "保存",
        PHONE | TERM | papers(clerk) | ticked(clerk, "建筑工程", "市政公用工程") | hours(clerk, 60, 60),
    )
    assert refuses(clerk, form, "renewal_window") == "所选专业自2027-12-01起可以办理延续申报。"
    typed = ticked(clerk.open(form), "建筑工程") | hours(clerk, 60, 59, "建筑工程")
    said = refuses(clerk, form, "renewal_education", typed)
    assert said == "该专业需完成继续教育必修60学时、选修60学时，现填报必修60学时、选修59学时。"
    clerk.open(form).press("保存", hours(clerk, 60, 60, "建筑工程"))
    handed = hands_in(clerk)
    kept_from(story, [sent, handed], story.cast.li_juan)
    decided(story, "延续申报", publicity=True)
    assert held.live == {"building": date(2029, 8, 1), "municipal": date(2028, 2, 29)}
    before, after = held.certificates
    assert (after.number, after.version) == (before.number, 2)
    held.is_called("有效", "2029-08-01", "2028-02-29")
    held.is_called("已换发", "已于2026-06-01延续注册。", version=0)
    clerk.open("/enterprise-declarations/").row(ZHANG, "办结", "延续申报")


@pytest.mark.parametrize(
    ("ends_on", "said"),
    [
        (date(2026, 8, 31), "所选专业自2026-06-02起可以办理延续申报。"),
        (date(2026, 6, 30), "所选专业的延续申报已于2026-05-31截止，现只能办理注销，注销后可重新申报。"),
        (date(2026, 8, 30), ""),
        (date(2026, 7, 1), ""),
    ],
)
def test_the_window_of_renewal_opens_and_closes_to_the_day(story, signing, ends_on, said):
    stands(story, signing, ends={"building": ends_on})
    clerk = story.at(story.cast.li_juan)
    form = chosen(clerk, RENEWAL)
    clerk.press("保存", PHONE | TERM | papers(clerk) | ticked(clerk, "建筑工程") | hours(clerk, 60, 60))
    if said:
        assert refuses(clerk, form, "renewal_window") == said
    else:
        hands_in(clerk)


def test_a_further_specialty_gets_its_own_term_and_the_first_keeps_its_end(story, signing):
    held = stands(story, signing, ends={"building": date(2027, 3, 31)})
    held.public().is_silent_about("市政公用工程")
    clerk = story.at(story.cast.li_juan)
    form = chosen(clerk, ADDITION)
    assert [one.get_text(strip=True) for one in clerk.document.select(".specialty .form-check-label")] == [
        "市政公用工程"
    ]
    clerk.press("保存", PHONE | TERM | papers(clerk) | ticked(clerk))
    said = refuses(clerk, form, "specialty_cap")
    assert said == "请至少选择一个注册专业。"
    clerk.open(form).press("保存", ticked(clerk, "市政公用工程"))
    kept_from(story, [clerk.last, hands_in(clerk)], story.cast.li_juan)
    decided(story, "增项申报", publicity=True)
    assert held.live == {"building": date(2027, 3, 31), "municipal": date(2029, 5, 31)}
    held.is_called("有效", "市政公用工程", "2027-03-31", "2029-05-31")
    held.is_called("已换发", "已于2026-06-01增项注册。", version=0).is_silent_about("市政公用工程")


@pytest.mark.parametrize(
    ("ends_on", "said"),
    [
        (date(2026, 6, 30), "注册专业有效期届满前30天内只能办理注销。"),
        (date(2026, 5, 31), "有专业的有效期已届满，请先办理该专业注销。"),
    ],
)
def test_nothing_is_added_to_what_ends_or_has_ended(story, signing, ends_on, said):
    stands(story, signing, ends={"building": ends_on, "highway": date(2028, 1, 1)})
    clerk = story.at(story.cast.li_juan)
    form = chosen(clerk, ADDITION)
    clerk.press("保存", PHONE | TERM | papers(clerk) | ticked(clerk, "市政公用工程"))
    assert refuses(clerk, form, "in_force") == said
