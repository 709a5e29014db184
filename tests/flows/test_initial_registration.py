"""The main job from end to end: from an imported qualification to a signed certificate that anybody can check."""

import pytest

from tests.flows import deciding, filing


@pytest.mark.both_engines
def test_a_person_who_passed_the_exam_ends_with_a_certificate_that_anybody_can_check(
    story, signing, tmp_path
):
    clerk, person = filing.the_administrator_opens_two_accounts(story)
    filing.the_province_imports_the_library(story)
    filing.the_enterprise_completes_its_information(story, clerk)
    filing.the_person_is_verified_at_the_counter_of_his_city(story, clerk, person)
    form = filing.the_enterprise_fills_in_a_declaration(story, clerk)
    filing.the_pre_check_follows_what_is_typed(clerk, form)
    filing.the_enterprise_submits(story, clerk, form)
    story.night()
    deciding.the_city_returns_it_with_reasons(story)
    deciding.the_applicant_corrects_what_was_named(clerk, form)
    deciding.the_city_sees_what_changed_accepts_and_endorses(story)
    story.night()
    deciding.the_province_approves(story)
    batch = deciding.the_province_publicises(story)
    receipt = deciding.somebody_objects(story, batch)
    deciding.the_objection_is_dismissed(story, batch, receipt)
    deciding.another_officer_announces(story, batch)
    pdf = deciding.the_enterprise_and_the_person_take_the_same_certificate(story, clerk, person)
    deciding.the_certificate_is_what_it_says(story, pdf, signing, tmp_path)
    deciding.anybody_checks_it_with_a_phone(story, pdf, tmp_path)
    deciding.the_enterprise_reads_the_whole_course(story, clerk, person)
    deciding.it_all_reads_in_english(story, clerk, person, batch)
