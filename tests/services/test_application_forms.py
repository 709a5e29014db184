"""What an application form says beyond the fields of its declaration."""

import re
from dataclasses import fields, is_dataclass
from datetime import timedelta

import pytest
from flask_babel import force_locale, gettext

from app.cli.demo.filing import file_declaration
from app.extensions.clock import today
from app.models import Person
from app.services.application_forms import application_form
from app.services.form_promises import last_said
from app.workflow.types import registry
from tests.cast import take
from tests.registered import drafted, registered


@pytest.mark.parametrize(
    ("key", "employed"), [("renewal", True), ("cancellation", False), ("personal_cancellation", False)]
)
def test_nobody_who_gives_up_a_registration_has_to_promise_that_he_is_employed(
    app, session, cast, key, employed
):
    registration = registered(session, cast.li_juan, cast.zhang_wei)
    kind = registry[key]
    actor = cast.zhang_wei.actor if key == "personal_cancellation" else cast.li_juan.actor
    person = session.get_one(Person, cast.zhang_wei.actor.person_id)
    row = file_declaration(session, kind, actor, person, registration)
    with app.test_request_context():
        form = application_form(session, row, "en", str)
    said = " ".join(promise.text for promise in form.promises)
    assert ("employed by this enterprise" in said) is employed
    assert ("employs this person" in said) is employed
    assert ("cancellation of the registration" in said) is not employed


APPLICANT, FORMER, EMPLOYER = (
    "Promise of the applicant",
    "Opinion of the former employer",
    "Promise of the employing enterprise",
)


def promising(app, session, row):
    """Whose promises stand on the form, and whether the person's stored signature does."""
    with app.test_request_context():
        form = application_form(session, row, "en", str)
    return [one.title for one in form.promises], any(one.signature for one in form.promises), form


@pytest.mark.parametrize(
    ("key", "steps", "who", "signed"),
    [
        ("cancellation", ("submit",), [APPLICANT, EMPLOYER], False),
        ("cancellation", ("submit", "agree"), [APPLICANT, EMPLOYER], True),
        ("cancellation", ("submit", "disagree"), [EMPLOYER], False),
        ("cancellation", ("submit", "disagree", "submit"), [APPLICANT, EMPLOYER], False),
        ("cancellation", ("submit", "go_unanswered"), [APPLICANT, EMPLOYER], False),
        ("cancellation", ("submit", "disagree", "force"), [EMPLOYER], False),
        ("cancellation", ("submit", "go_unanswered", "force", "approve"), [EMPLOYER], False),
        ("personal_cancellation", ("submit",), [APPLICANT, EMPLOYER], True),
        ("personal_cancellation", ("submit", "disagree"), [APPLICANT], True),
        ("personal_cancellation", ("submit", "disagree", "force"), [APPLICANT], True),
        ("temporary_cancellation", ("submit", "accept"), [APPLICANT, EMPLOYER], True),
        ("temporary_transfer", ("submit",), [APPLICANT, FORMER, EMPLOYER], True),
        ("temporary_transfer", ("submit", "consent"), [APPLICANT, FORMER, EMPLOYER], True),
        ("temporary_transfer", ("submit", "disagree"), [APPLICANT, EMPLOYER], True),
        ("renewal", ("submit",), [APPLICANT, EMPLOYER], True),
    ],
)
def test_only_who_asks_or_may_still_agree_promises_anything(app, session, cast, key, steps, who, signed):
    kind = "temporary" if key.startswith("temporary") else "registered"
    left = {"building": today() + timedelta(days=60)}
    registration = registered(session, cast.li_juan, cast.zhang_wei, kind=kind, ends=left)
    row = take(session, cast, drafted(session, cast, key, registration).id, *steps)
    titles, signature, _form = promising(app, session, row)
    assert (titles, signature) == (who, signed)


@pytest.mark.parametrize(("steps", "forced"), [(("submit",), "No"), (("submit", "disagree", "force"), "Yes")])
def test_the_form_of_a_cancellation_says_who_asks_and_whether_it_is_forced(app, session, cast, steps, forced):
    registration = registered(session, cast.li_juan, cast.zhang_wei)
    row = take(session, cast, drafted(session, cast, "cancellation", registration).id, *steps)
    with app.test_request_context(), force_locale("en"):
        form = application_form(session, row, "en", gettext)
    said = {one.label: one.value for section in form.sections for one in section.fields}
    assert (said["Asked for by"], said["Forced cancellation"]) == ("The enterprise", forced)


def test_nothing_was_said_of_a_draft(session, cast):
    registration = registered(session, cast.li_juan, cast.zhang_wei)
    assert last_said(drafted(session, cast, "cancellation", registration)) == ""


def words_of(part):
    """Every text of a document that the platform itself has written: labels, titles, heads of columns, promises."""
    if isinstance(part, tuple):
        return [text for one in part for text in words_of(one)]
    if not is_dataclass(part):
        return []
    own = [getattr(part, name, "") for name in ("label", "title", "text")]
    heads = [*getattr(part, "columns", ()), *getattr(part, "signers", ())]
    return [*own, *heads, *(text for one in fields(part) for text in words_of(getattr(part, one.name)))]


@pytest.mark.parametrize(
    "key",
    [
        *("addition", "renewal", "replacement", "cancellation", "id_correction"),
        *("temporary_transfer", "temporary_extension"),
    ],
)
def test_the_form_speaks_english_where_the_platform_speaks_itself(app, session, cast, key):
    kind = "temporary" if key.startswith("temporary") else "registered"
    registration = registered(session, cast.li_juan, cast.zhang_wei, kind=kind)
    row = drafted(session, cast, key, registration)
    with app.test_request_context(), force_locale("en"):
        form = application_form(session, row, "en", gettext)
    said = words_of((form.sections, form.promises))
    assert len(said) > 20
    assert [text for text in said if re.search("[\u4e00-\u9fff]", text)] == []
