"""The cast can do what every story expects of it."""

import pytest
from sqlalchemy import select

from app.declarations.initial_registration import TYPE
from app.models import Declaration, Enterprise, State
from app.security.access.scope import rows_of
from app.services.filing import wanting
from app.workflow import facts
from tests import cast as casting
from tests.cast import CHANGSHA, SHAOYANG, ZHANG_WEI


@pytest.mark.both_engines
def test_the_cast_stands_where_its_stories_begin(session, cast):
    assert [member.name for member in cast] == [
        "李娟", "方圆", "刘洋", "张伟", "王强", "赵敏", "陈静", "周敏", "省级管理员", "系统管理员", "审计员",
    ]  # fmt: skip
    assert cast.zhang_wei.login_name == ZHANG_WEI
    assert (cast.wang_qiang.actor.region_code, cast.zhao_min.actor.region_code) == (CHANGSHA, SHAOYANG)
    for enterprise in session.scalars(select(Enterprise)):
        assert wanting(session, enterprise) == []


@pytest.mark.both_engines
def test_a_draft_of_the_cast_keeps_every_rule_and_goes_all_the_way(session, cast):
    draft = casting.file_draft(session, cast.li_juan, cast.zhang_wei)
    row = casting.take(session, cast, draft, "submit", "accept", "endorse", "approve", "publicise")
    assert row.state == State.PUBLICISED
    what = facts.declared(session, TYPE, row)
    assert what.attachments["photo"] == 1


def test_the_officer_of_the_other_city_sees_nothing_of_it(session, cast):
    casting.take(session, cast, casting.file_draft(session, cast.li_juan, cast.zhang_wei), "submit")
    assert session.scalars(rows_of(Declaration, cast.wang_qiang.actor)).all()
    assert session.scalars(rows_of(Declaration, cast.zhao_min.actor)).all() == []
    assert session.scalars(rows_of(Declaration, cast.liu_yang.actor)).all() == []


def test_each_of_the_cast_logs_in_through_the_form(app, cast):
    for member in cast:
        client = casting.login(app.test_client(), member)
        assert client.get("/").status_code == 200


def test_an_officer_logs_in_twice_within_the_same_half_minute(app, cast):
    casting.login(app.test_client(), cast.wang_qiang)
    casting.login(app.test_client(), cast.wang_qiang)
