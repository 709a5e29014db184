"""Policy values that are typed: none is so large that the platform could not go on with it."""

import pytest
from sqlalchemy import func, select

from app.models import PolicyValue
from app.models.policy import DEFINITIONS
from tests.cast import login
from tests.pages import checked, page, submit

ADD = "/policies/add"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("acceptance_days", "99999999999"),
        ("term_years", "9000"),
        ("certificate_digits", "40"),
        ("certificate_prefix", "43" * 20),
    ],
)
def test_a_value_beyond_all_measure_is_refused_at_its_field(client, cast, session, key, value):
    """From its first day on, every submission or every number would have failed."""
    login(client, cast.province_admin)
    form = page(client, ADD).find("form", class_="record")
    answer = submit(client, form, ADD, key=key, value=value, valid_from="2035-01-01", source="测试")
    assert "最" in checked(answer, 422).find(id="f-value-error").get_text()
    assert session.scalar(select(func.count()).select_from(PolicyValue).where(PolicyValue.key == key)) == 0


def test_what_the_platform_starts_with_could_be_typed_as_well():
    for one in DEFINITIONS.values():
        if one.kind == "int":
            assert int(one.default) <= one.most, one.key
        if one.kind == "text":
            assert len(one.default) <= one.longest, one.key
