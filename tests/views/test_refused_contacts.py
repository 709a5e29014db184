"""中央库下载 of contacts as registries write them: shown with the reason, and in the way of nothing else."""

import pytest

from simulators.central_registry import CentralRegistry
from simulators.server import running
from tests.cast import login
from tests.outside import KEY_ID, SECRET, connect
from tests.views.test_central_registry import CODE, ask, boxes, mine, rows, take


@pytest.fixture
def registry(app, monkeypatch):
    simulator = CentralRegistry(KEY_ID, SECRET)
    with running(simulator) as place:
        connect(app, monkeypatch, "central_registry", place)
        yield simulator


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("postal_code", "41000", "邮政编码为 6 位数字。"),
        ("office_phone", "0731-88888888、88888889（夜间）", "电话号码格式不正确"),
        ("fax", "<b>无</b>", "电话号码格式不正确"),
        ("website", "javascript:alert(1)", "网址格式不正确"),
        ("email", "nobody", "电子邮箱格式不正确"),
    ],
)
def test_a_contact_that_the_form_would_not_take_is_shown_with_the_reason_and_the_rest_is_taken(
    app, registry, session, cast, field, value, why
):
    registry.entries[CODE][field] = value
    clerk, own = (
        login(app.test_client(), cast.li_juan),
        f"/central-registry/{cast.li_juan.actor.enterprise_id}",
    )
    stored = getattr(mine(session, cast), field)
    document = ask(clerk, own)
    label = {"postal_code": "邮政编码", "office_phone": "办公电话", "fax": "传真号码", "website": "企业网址"}
    _ours, theirs, taken = rows(document)[label.get(field, "电子邮箱")]
    assert theirs == value
    assert taken.startswith(f"不能在此采用：{why}")
    assert field not in boxes(document)
    assert not document.select("main .card a[href]"), "no change of information would help here"
    take(clerk, document, field, "business_address")
    row = mine(session, cast)
    assert (getattr(row, field), row.business_address) == (stored, "演示路1号演示大厦12层")
