"""The workbench: marks of what changed, ready sentences, and only what was filed."""

import csv
import io
import json
from datetime import date

import pytest
from sqlalchemy import delete, event, select, update

from app.cli.demo import makers, pictures
from app.models import Attachment, Declaration, DictionaryEntry, Job
from app.security.access.roles import OFFICERS, Role
from app.services import bulk_prints, files, filing, specialties
from app.views import reasons
from app.views.kit.words import words
from app.workflow.types import registry
from tests.cast import add_constructor, file_draft, take
from tests.desk import audited, colleague_of, officer, send, several, steps_of, ticket
from tests.pages import page
from tests.services.test_pdf_pages import document
from tests.tasks.test_bulk import work

NEVER_FILED = "尚未上报的学校"


@pytest.fixture
def changsha(app, cast):
    return officer(app, cast.wang_qiang)


@pytest.fixture
def second(app, session, cast):
    """The browser of a second officer of Changsha."""
    return officer(app, colleague_of(session, cast.wang_qiang))


def claim(client, row, act="claim"):
    return send(client, f"/review/{row.id}/{act}")


def decide(client, row, action, **data):
    return send(client, f"/review/{row.id}/decide", action=action, version=row.version, **data)


def edited(session, cast, key, *actions, **values):
    """The applicant has the case back after these steps, and writes."""
    take(session, cast, key, *actions)
    row = session.get_one(Declaration, key)
    for name, value in values.items():
        setattr(row, name, value)
    session.commit()
    return row


# -------------------------------------------------------------------------------------------------------- marks


def test_every_change_since_the_return_is_marked_with_what_stood_there_before(session, cast, changsha):
    person = add_constructor(
        session, cast.wang_qiang, "欧阳新", makers.id_number(date(1988, 5, 1), 21), ("building", "municipal")
    )
    session.commit()
    key = file_draft(session, cast.li_juan, person)
    take(session, cast, key, "submit", "return")
    row = session.get_one(Declaration, key)
    row.school, row.mobile = "改后大学", "19811112222"
    offered = specialties.offers(session, _type(), row)
    specialties.set_asked(session, _type(), row, [specialties.Wanted(offered[0].id)])
    session.execute(
        delete(Attachment).where(Attachment.declaration_id == key, Attachment.kind == "education")
    )
    makers.attach(session, "education", pictures.sheet("毕业证书", ("新",)), declaration_id=key)
    session.commit()
    take(session, cast, key, "submit")
    session.rollback()
    document = page(changsha, f"/review/{key}")
    school = document.find(id="said-school")
    assert "said-changed" in school["class"]
    assert school.find("del").get_text() == "示例大学"
    assert "改后大学" in school.get_text()
    mobile = document.find(id="said-mobile")
    assert "****" in mobile.find("del").get_text()
    assert "19811112222" not in document.decode()
    removed = document.select_one("#said-specialties del").get_text()
    assert removed
    assert removed not in document.select_one("#said-specialties tbody").get_text()
    education = document.find(id="said-attachment_education")
    assert "said-changed" in education["class"]
    assert education.select_one(".badge")
    assert education.select_one(".paper-gone")
    assert "said-changed" not in document.find(id="said-phone")["class"]
    assert "said-changed" not in document.find(id="said-attachment_photo")["class"]
    linked = {one["href"] for one in document.select(".bench-changed a")}
    assert linked == {"#said-school", "#said-mobile", "#said-specialties", "#said-attachment_education"}


def _type():
    from app.declarations.initial_registration import TYPE

    return TYPE


def test_a_case_that_was_filed_once_has_no_marks(submitted, changsha):
    document = page(changsha, f"/review/{submitted.id}")
    assert not document.select(".said-changed, .bench-changed, .paper-gone")


# ------------------------------------------------------------------------------------------------ only what was filed


@pytest.mark.parametrize("actions", [("return",), ("return", "lapse")])
def test_officers_read_what_was_filed_last_and_nothing_that_was_written_since(
    app, session, cast, submitted, changsha, actions
):
    row = edited(session, cast, submitted.id, "return", school=NEVER_FILED, mobile="19811112222")
    makers.attach(session, "photo", pictures.portrait(7), "never-filed.jpg", declaration_id=row.id)
    session.commit()
    if "lapse" in actions:
        take(session, cast, submitted.id, "lapse")
    session.rollback()
    for client in (changsha, officer(app, cast.chen_jing)):
        document = page(client, f"/review/{submitted.id}")
        assert document.find(id="corrected")
        assert document.find(id="said-school").get_text().find("示例大学") > 0
        text = document.decode()
        assert NEVER_FILED not in text
        assert "never-filed" not in text
        assert "1112222"[-4:] not in document.find(id="said-mobile").get_text()
        assert len(document.select("#said-attachment_photo [data-paper]")) == 1
        assert not document.find(id="decide")


def test_no_list_and_no_export_of_an_officer_shows_what_is_written_into_a_returned_case(
    session, cast, changsha
):
    person = add_constructor(
        session, cast.wang_qiang, "欧阳新", makers.id_number(date(1988, 5, 1), 21), ("building", "municipal")
    )
    session.commit()
    key = file_draft(session, cast.li_juan, person)
    row = edited(session, cast, key, "submit", "return")
    filed = row.specialties_text
    offered = specialties.offers(session, _type(), row)
    specialties.set_asked(session, _type(), row, [specialties.Wanted(offered[0].id)])
    session.execute(update(Declaration.__table__).values(school=NEVER_FILED))
    session.commit()
    assert filed.count("、") == 1
    assert filed in page(changsha, "/review/?desk=").find("tbody").get_text()
    exported = send(changsha, "/review/export?state=returned", format="csv").get_data(as_text=True)
    (line,) = [one for one in csv.reader(io.StringIO(exported)) if row.number in one]
    assert filed in line
    assert NEVER_FILED not in exported
    take(session, cast, key, "submit")
    session.rollback()
    assert filed not in page(changsha, "/review/?desk=").find("tbody").get_text()


def test_the_columns_of_the_officers_list_stand_still_while_a_case_is_edited():
    """Whatever is added to the list has to be written when a case is filed, and not while it is edited."""
    from app.views.review import ReviewScreen

    written_by_hand = set(_type().fields) - filing.GIVEN
    shown = [*ReviewScreen.list_columns, *ReviewScreen.further_columns, *ReviewScreen.filters]
    names = {one if isinstance(one, str) else one.name for one in shown}
    assert not written_by_hand & names


def test_files_that_were_not_filed_are_out_of_an_officer_s_scope(app, session, cast, submitted, changsha):
    filed = session.scalars(
        select(Attachment.id).where(Attachment.declaration_id == submitted.id, Attachment.kind == "photo")
    ).one()
    edited(session, cast, submitted.id, "return")
    new = makers.attach(session, "photo", pictures.portrait(7), declaration_id=submitted.id).id
    session.commit()
    province, applicant = officer(app, cast.chen_jing), officer(app, cast.li_juan)
    for client in (changsha, province):
        assert client.get(f"/files/{filed}").status_code == 200
        assert client.get(f"/files/{new}").status_code == 404
    assert applicant.get(f"/files/{new}").status_code == 200
    take(session, cast, submitted.id, "submit")
    session.rollback()
    assert changsha.get(f"/files/{new}").status_code == 200


def test_a_mobile_number_that_was_not_filed_is_not_revealed(app, session, cast, submitted, changsha):
    data = {"key": submitted.id, "field": "mobile"}
    assert send(changsha, "/review/reveal", **data).status_code == 200
    edited(session, cast, submitted.id, "return", mobile="19811112222")
    assert send(changsha, "/review/reveal", **data).status_code == 404
    assert send(changsha, "/review/reveal", key=submitted.id, field="id_number").status_code == 200
    assert not page(changsha, f"/review/{submitted.id}").select("#said-mobile [data-reveal]")


def test_a_print_that_was_planned_before_the_return_names_the_case_and_leaves_it_out(
    app, session, cast, changsha
):
    first, second = several(session, cast, 2, "submit")
    answer = send(changsha, "/review/act", action="print", ids=[ticket(first), ticket(second)])
    assert answer.status_code == 302
    edited(session, cast, first.id, "return", school=NEVER_FILED)
    work(app)
    session.rollback()
    result = json.loads(session.scalars(select(Job).where(Job.kind == bulk_prints.JOB)).one().result)
    assert result["done"] == [second.id]
    assert [one["id"] for one in result["skipped"]] == [first.id]


# -------------------------------------------------------------------------------------------------------- sentences


def test_the_province_edits_the_sentences_that_a_click_inserts(app, session, cast, submitted, changsha):
    url = f"/review/{submitted.id}"
    inserted = [one.get_text() for one in page(changsha, url).select('[data-insert="text-return"]')]
    assert any("扫描件" in one for one in inserted)
    session.execute(
        update(DictionaryEntry)
        .where(DictionaryEntry.dictionary == "act_reason", DictionaryEntry.code == "return.1")
        .values(label_zh="省厅新用语。")
    )
    session.execute(
        update(DictionaryEntry)
        .where(DictionaryEntry.dictionary == "act_reason", DictionaryEntry.code == "return.2")
        .values(active=False)
    )
    session.commit()
    changed = [one.get_text() for one in page(changsha, url).select('[data-insert="text-return"]')]
    assert "省厅新用语。" in changed
    assert len(changed) == len(inserted) - 1


def test_every_step_that_needs_a_reason_has_its_sentences(app):
    with app.test_request_context():
        ready = reasons.for_acts(words())
    wanting = {
        move.action
        for kind in registry
        for move in kind.flow.moves
        if move.reason and isinstance(move.by, Role) and move.by in OFFICERS and not move.upholds
    }
    assert wanting - set(ready) == set()
    assert "extend_at_province" in wanting


def test_every_field_that_can_be_returned_has_its_sentences_and_its_reason_field(submitted, changsha):
    document = page(changsha, f"/review/{submitted.id}")
    ready = json.loads(document.find(id="bench-ready").string)
    named = {one["data-reason"] for one in document.select("[data-reason]")}
    assert set(ready) == named
    assert {"phone", "specialties", "attachment_photo"} <= named
    assert all(ready.values())
    assert any("白底" in one for one in ready["attachment_photo"])
    assert {one["form"] for one in document.select("[data-reason]")} == {"step-return"}


def test_an_officer_finds_the_words_that_he_used_last_and_nobody_else_does(session, cast, changsha, second):
    first, other = several(session, cast, 2, "submit")
    decide(changsha, first, "return", text="请补交社保证明。")
    own = page(changsha, f"/review/{other.id}").select('[data-insert="text-return"]')
    assert "请补交社保证明。" in [one.get_text() for one in own]
    theirs = page(second, f"/review/{other.id}").select('[data-insert="text-return"]')
    assert "请补交社保证明。" not in [one.get_text() for one in theirs]


# ------------------------------------------------------------------------------------------------------------ page


def test_papers_say_what_is_missing_and_bring_the_identity_beside_them(session, cast, submitted, changsha):
    session.execute(
        delete(Attachment).where(Attachment.declaration_id == submitted.id, Attachment.kind == "education")
    )
    session.commit()
    document = page(changsha, f"/review/{submitted.id}")
    assert document.select_one("#said-attachment_education .paper-missing")
    kinds = {one["data-url"] for one in document.select("[data-portrait] option")}
    assert len(kinds) == 4
    for url in kinds:
        assert changsha.get(url).status_code == 200


def test_the_pages_of_a_document_are_shown_as_pictures_and_each_look_is_written_down(
    app, session, cast, submitted, changsha
):
    stored = files.store(session, document(2), "application/pdf")
    session.add(
        Attachment(kind="education", file_name="学历.pdf", file_id=stored.id, declaration_id=submitted.id)
    )
    session.commit()
    link = page(changsha, f"/review/{submitted.id}").select_one("[data-pages]")
    told = changsha.get(link["data-pages"]).json
    assert (told["first"], told["total"], len(told["pages"])) == (1, 2, 2)
    assert told["pages"][0].startswith("data:image/jpeg;base64,")
    (line,) = audited(session, "file.read")
    assert line.subject_id == link["data-paper"]
    assert officer(app, cast.zhao_min).get(link["data-pages"]).status_code == 404
    assert changsha.get(link["data-pages"] + "?from=nonsense").json["first"] == 1
    picture = page(changsha, f"/review/{submitted.id}").select_one("[data-picture]")
    assert changsha.get(f"/files/{picture['data-paper']}/pages").status_code == 404


def test_what_speaks_against_a_case_comes_first(session, cast, submitted, changsha):
    session.execute(
        delete(Attachment).where(Attachment.declaration_id == submitted.id, Attachment.kind == "education")
    )
    session.commit()
    lines = page(changsha, f"/review/{submitted.id}").select("#checks .checklist-line")
    tones = [one["class"][1].removeprefix("checklist-") for one in lines]
    assert tones[0] == "red"
    assert tones == sorted(tones, key=["red", "yellow", "green"].index)


def test_the_grounds_of_refusal_say_what_was_checked_and_what_was_promised(session, submitted, changsha):
    """All eleven, in the order of the article; what the applicant declared is looked at under each that is his word."""
    lines = page(changsha, f"/review/{submitted.id}").select("#grounds [data-ground]")
    assert [one.get_text(" ", strip=True).split(".")[0].split()[-1] for one in lines] == [
        str(number) for number in range(1, 12)
    ]
    said = {one["data-ground"]: one.get_text(" ", strip=True) for one in lines}
    assert "1988-05-01出生，2053-05-01年满65周岁" in said["age"]
    assert "由申请人承诺" in said["sentence"]
    row = session.get_one(Declaration, submitted.id)
    row.misconduct = "2024 年受警告"
    session.commit()
    lines = page(changsha, f"/review/{submitted.id}").select("#grounds .checklist-yellow")
    assert {one["data-ground"] for one in lines} == {
        "capacity", "sentence", "practice_crime", "other_crime", "accident", "otherwise_by_law",
    }  # fmt: skip


def test_the_page_of_a_case_asks_few_questions(app, session, cast, submitted, changsha):
    url = f"/review/{submitted.id}?list=desk%3Dwaiting"
    page(changsha, url)
    with app.app_context():
        from app.extensions.database import db

        asked = []
        event.listen(db.engine, "before_cursor_execute", lambda *arguments: asked.append(arguments[2]))
        page(changsha, url)
    asked = [one for one in asked if one != "BEGIN"]
    assert len(asked) <= 16, "\n".join(asked)


def test_to_open_the_page_reads_no_file(session, submitted, changsha):
    page(changsha, f"/review/{submitted.id}")
    assert not audited(session, "file.read")


def test_a_step_is_taken_without_any_script(session, cast, submitted, changsha):
    document = page(changsha, f"/review/{submitted.id}")
    for action in ("accept", "return", "decline"):
        assert document.select_one(f"#step-{action} button[type=submit]"), action
    assert steps_of(session, submitted.id) == ["submit"]


def test_the_sentences_of_the_province_stand_in_acts_on_several_cases_too(session, cast, changsha):
    rows = several(session, cast, 2, "submit")
    session.execute(
        update(DictionaryEntry)
        .where(DictionaryEntry.dictionary == "act_reason", DictionaryEntry.code == "return.1")
        .values(label_zh="省厅新用语。")
    )
    session.commit()
    planned = send(changsha, "/review/act", action="return", ids=[ticket(row) for row in rows])
    asked = page(changsha, planned.location)
    assert "省厅新用语。" in [one.get_text() for one in asked.select("[data-insert]")]
