"""What the administrator reads beside the lists of policies and of dictionaries: values in force, and names."""

from datetime import date

import pytest

from app.cli.reference import dictionary_names
from app.models import PolicyValue
from app.models.policy import DEFINITIONS
from app.security.access.roles import Role
from app.views.dictionary_names import DICTIONARIES
from tests.logins import log_in, make_account
from tests.pages import page

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def client(client, session):
    """The browser of the provincial administrator."""
    session.rollback()
    make_account(session, "province-admin", Role.PROVINCIAL_ADMINISTRATOR)
    log_in(client, "province-admin")
    return client


def test_dictionaries_are_called_by_their_names_and_each_can_be_looked_at_alone(client):
    assert set(DICTIONARIES) == set(dictionary_names())
    rows = page(client, "/dictionaries/?dictionary=gender").select("table.rows tbody tr")
    assert {one.find_all("td")[2].get_text(strip=True) for one in rows} == {"性别"}
    assert len(rows) == 2
    offered = [
        one["value"] for one in page(client, "/dictionaries/add").select("select[name=dictionary] option")
    ]
    assert set(offered) - {""} == set(DICTIONARIES)


def test_the_values_in_force_are_read_beside_the_list_with_what_they_rest_on(client, session):
    def shown(key):
        return [
            one.get_text(strip=True) for one in page(client, "/policies/").select(f'[data-policy="{key}"] td')
        ]

    assert shown("acceptance_days")[1:4] == ["5 个工作日", "默认值", "—"]
    assert shown("two_person_rule")[1] == "是"
    assert len(page(client, "/policies/").select("[data-policy]")) == len(DEFINITIONS)
    for first, last, days in (
        ("2026-05-01", None, "6"),
        ("2026-05-20", "2026-05-31", "7"),
        ("2026-06-02", None, "8"),
    ):
        session.add(
            PolicyValue(
                key="acceptance_days", value=days, source=f"湘建〔{days}〕号", valid_from=date.fromisoformat(first),
                valid_to=last and date.fromisoformat(last),
            )
        )  # fmt: skip
    session.commit()
    assert shown("acceptance_days")[1:] == ["6 个工作日", "2026-05-01", "—", "湘建〔6〕号"]
