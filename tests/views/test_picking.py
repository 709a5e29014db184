"""选择人员证书信息: the certificate that a declaration is about is chosen from a table with the manual's columns."""

from datetime import timedelta

import pytest

from app.extensions.clock import today
from app.workflow.types import registry
from tests.cast import ZHANG_WEI, login
from tests.pages import checked, page
from tests.registered import registered
from tests.views.clerk import buttons, post

HEADS = ["序号", "人员姓名", "证件号码", "性别", "注册编号", "证书类型", "有效期至", "操作"]
OF_OWN = (
    "addition", "renewal", "replacement", "cancellation", "id_correction", "temporary_extension",
    "temporary_cancellation",
)  # fmt: skip
"""What an enterprise declares about a certificate that is its own (manual 3.2.3.3 to 3.2.3.6, 3.2.3.10, 3.2.3.11)."""


@pytest.mark.parametrize("key", OF_OWN)
def test_the_table_has_the_columns_of_the_manual(app, session, cast, key):
    kind = registry[key].registration_kind
    row = registered(session, cast.li_juan, cast.zhang_wei, kind=kind)
    session.commit()
    url = f"/declarations/{key.replace('_', '-')}/add"
    document = page(login(app.test_client(), cast.li_juan), url)
    table = document.select_one("table.pick")
    assert [one.get_text(strip=True) for one in table.select("thead th")] == HEADS
    cells = table.select("tbody td")
    assert [one.get_text(strip=True) for one in cells[:-1]] == [
        "1", "张伟", "4399**********0019", "男", row.number, "电子证书" if row.certificates else "纸质证书",
        row.ends_on.isoformat(),
    ]  # fmt: skip
    assert buttons(cells[-1]) == ["选择该证书信息"]


def test_a_part_of_the_name_or_the_whole_number_finds_the_certificate(app, session, cast):
    registered(session, cast.li_juan, cast.zhang_wei)
    session.commit()
    clerk = login(app.test_client(), cast.li_juan)
    for typed, count in (("张", 1), (ZHANG_WEI, 1), (ZHANG_WEI[:-1], 0), ("李", 0)):
        document = checked(post(clerk, "/declarations/addition/add", typed=typed))
        assert len(document.select("table.pick tbody tr")) == count, typed


def test_the_certificate_of_another_enterprise_is_found_by_name_and_number_together(app, session, cast):
    """二级临时建造师变更申报 (manual 3.2.3.8): the new employer sees nobody whom he cannot name in full."""
    row = registered(session, cast.li_juan, cast.zhang_wei, kind="temporary")
    session.commit()
    url = "/declarations/temporary-transfer/add"
    clerk = login(app.test_client(), cast.fang_yuan)
    labels = [one.get_text(strip=True) for one in page(clerk, url).select("form[role=search] label")]
    assert labels == ["人员姓名", "人员身份证号"]
    for name, number, status in (("张伟", "", 422), ("", ZHANG_WEI, 422), ("张", ZHANG_WEI, 200)):
        document = checked(post(clerk, url, person_name=name, person_number=number), status)
        assert document.select("table.pick") == []
    table = checked(post(clerk, url, person_name="张伟", person_number=ZHANG_WEI)).select_one("table.pick")
    assert [one.get_text(strip=True) for one in table.select("thead th")] == HEADS
    assert row.number in table.tbody.get_text()


@pytest.mark.parametrize(("days", "told"), [(60, "可申报"), (600, "{opens}起可申报"), (-3, "有效期已过")])
def test_the_picker_of_renewals_says_when_the_renewal_can_be_filed(app, session, cast, days, told):
    ends_on = today() + timedelta(days=days)
    registered(session, cast.li_juan, cast.zhang_wei, ends={"building": ends_on}, certified=False)
    session.commit()
    clerk = login(app.test_client(), cast.li_juan)
    opens_on = ends_on - timedelta(days=90)
    said = page(clerk, "/declarations/renewal/add").select_one(".pick-window").get_text()
    assert said == told.format(opens=opens_on.isoformat())
    assert page(clerk, "/declarations/cancellation/add").select(".pick-window") == []
