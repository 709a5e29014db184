"""The menu: what the province has closed stands in it as soon as it is open, and not before."""

from datetime import date

from app.models import PolicyValue
from tests.cast import login
from tests.pages import page


def linked(client) -> set[str]:
    return {one["href"] for one in page(client, "/account/password").select("nav a[href]")}


def test_a_kind_of_declaration_that_is_closed_is_in_no_menu_until_it_is_open(app, session, cast):
    clerk = login(app.test_client(), cast.li_juan)
    before = linked(clerk)
    assert "/declarations/temporary-transfer/" in before
    assert not before & {"/declarations/transfer/", "/confirmations/transfer/"}
    session.add(PolicyValue(key="transfer_open", value="1", valid_from=date(2026, 1, 1), source="演示文件"))
    session.commit()
    assert {"/declarations/transfer/", "/confirmations/transfer/"} <= linked(clerk)
