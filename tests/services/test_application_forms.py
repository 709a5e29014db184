"""What an application form says beyond the fields of its declaration."""

import pytest

from app.cli.demo.filing import file_declaration
from app.models import Person
from app.services.application_forms import application_form
from app.workflow.types import registry
from tests.registered import registered


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
