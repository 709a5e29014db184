"""二级临时建造师变更查询: both employers follow a transfer with the manual's columns, and the former one answers it there."""

import pytest

from app.models import Declaration
from tests.cast import file_draft, login, take
from tests.desk import send
from tests.pages import page
from tests.registered import drafted, registered
from tests.views.clerk import act, anew, buttons

URL = "/temporary-transfers"
HEADS = ["姓名", "证件号码", "注册类型", "转出单位", "转入单位", "申报时间", "申报状态"]


@pytest.fixture
def moving(session, cast) -> int:
    """方圆's enterprise asks for 张伟, a temporary constructor of 李娟's; a draft."""
    row = registered(session, cast.li_juan, cast.zhang_wei, kind="temporary")
    return drafted(session, cast, "temporary_transfer", row).id


def rows(client, **query):
    return page(client, f"{URL}/", query_string=query).select("table.rows tbody tr")


@pytest.mark.both_engines
def test_a_third_enterprise_sees_nothing_and_the_former_employer_no_draft(app, session, cast, moving):
    for member in (cast.liu_yang, cast.li_juan):
        client = login(app.test_client(), member)
        assert rows(client) == []
        assert client.get(f"{URL}/{moving}").status_code == 404
        assert act(client, URL, "consent", str(moving)).status_code == 404
    take(session, cast, moving, "submit")
    stranger = login(app.test_client(), cast.liu_yang)
    assert rows(stranger) == []
    assert act(stranger, URL, "disagree", str(moving), opinion="否").status_code == 404
    assert anew(session).get_one(Declaration, moving).state == "awaiting"


def test_both_employers_see_it_with_the_columns_of_the_manual(app, session, cast, moving):
    take(session, cast, moving, "submit")
    for member in (cast.li_juan, cast.fang_yuan):
        client = login(app.test_client(), member)
        heads = [one.get_text(strip=True) for one in page(client, f"{URL}/").select("table.rows thead th")]
        assert [one for one in heads if one in HEADS] == HEADS
        assert {"序号", "操作"} <= set(heads)
        (row,) = rows(client)
        text = row.get_text(" ", strip=True)
        for part in ("张伟", "二级注册临时建造师", "长沙示例建设有限公司", "湘江样板工程有限公司", "待确认"):
            assert part in text, part


def test_the_direction_tells_who_comes_and_who_goes(app, session, cast, moving):
    take(session, cast, moving, "submit")
    former, new = (login(app.test_client(), one) for one in (cast.li_juan, cast.fang_yuan))
    assert [len(rows(former, direction=one)) for one in ("in", "out")] == [0, 1]
    assert [len(rows(new, direction=one)) for one in ("in", "out")] == [1, 0]


@pytest.mark.both_engines
def test_the_former_employer_agrees_there_and_the_new_one_cannot(app, session, cast, moving):
    row = take(session, cast, moving, "submit")
    ticket = f"{moving}:{row.version}"
    new = login(app.test_client(), cast.fang_yuan)
    assert "同意转出" not in buttons(page(new, f"{URL}/{moving}"))
    act(new, URL, "consent", ticket)
    assert anew(session).get_one(Declaration, moving).state == "awaiting"
    former = login(app.test_client(), cast.li_juan)
    assert {"同意转出", "不同意"} <= set(buttons(page(former, f"{URL}/{moving}")))
    assert act(former, URL, "consent", ticket).status_code == 302
    assert anew(session).get_one(Declaration, moving).state == "referred"


def test_a_declaration_of_another_type_is_not_among_them(app, session, cast, moving):
    other = file_draft(session, cast.fang_yuan, cast.zhang_wei)
    client = login(app.test_client(), cast.fang_yuan)
    assert len(rows(client)) == 1
    assert "共 1 条记录" in page(client, f"{URL}/").select_one(".pager-count").get_text()
    answer = send(client, f"{URL}/export", format="csv", select="matching", list="?all=1")
    assert answer.text.count("张伟") == 1
    assert client.get(f"{URL}/{other}").status_code == 404
