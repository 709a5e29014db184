"""Enterprises of the demonstration that change their particulars: done, waiting, returned, and in a draft."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli.demo import pictures
from app.cli.demo.makers import as_actor, attach
from app.cli.demo.people import account_named, officer_of
from app.extensions.clock import as_of, now, today
from app.models import Account, EnterpriseChange
from app.security.access.roles import Role
from app.services import enterprise_changes
from app.workflow.enterprise_change_rules import LICENCE, NOTICE
from app.workflow.enterprise_changes import FLOW

_WORDS = {
    "return": "核准变更通知书未载明核准日期，请补充上传完整的通知书。",
    "endorse": "营业执照与核准通知书一致，同意上报。",
}


@dataclass(frozen=True)
class _Asked:
    """Which account asked how many days ago for what, and the steps that were taken since, two days apart."""

    enterprise: str
    ago: int
    values: Mapping[str, str]
    reason: str
    steps: Sequence[str]


_ASKED = (
    _Asked(
        "qiye-xiangtan-1", 24,
        {"new_name": "湘潭示例建工集团有限公司（演示）", "new_representative": "易新（演示）"},
        "企业改制，经股东会决议变更名称和法定代表人（演示）。", ("submit", "endorse", "approve"),
    ),
    _Asked(
        "qiye-yiyang-1", 3,
        {"new_name": "益阳示例水利水电有限公司（演示）", "new_county_code": "430903",
         "new_address": "湖南省益阳市赫山区示例大道 8 号（演示）"},
        "业务调整，变更名称并迁址（演示）。", ("submit",),
    ),
    _Asked(
        "qiye-loudi-1", 6,
        {"new_name": "示例湘中路桥有限公司（演示）", "new_county_code": "430102",
         "new_address": "湖南省长沙市芙蓉区示例路 18 号（演示）"},
        "总部迁往长沙（演示）。", ("submit", "return"),
    ),
    _Asked(
        "qiye-changsha-1", 1, {"new_representative": "范文（演示）"},
        "法定代表人变更（演示）。", (),
    ),
    _Asked(
        "qiye-changsha-3", 4, {"new_representative": "文新（演示）"},
        "法定代表人变更（演示）。", ("submit",),
    ),
    _Asked(
        "qiye-changsha-4", 9, {"new_name": "长沙示例幕墙装饰有限公司（演示）"},
        "扩大经营范围，变更名称（演示）。", ("submit", "endorse"),
    ),
)  # fmt: skip


def load_employers(session: Session) -> None:
    """Ask and decide; the caller commits. What is there already is not asked again."""
    if session.scalar(select(EnterpriseChange.id).limit(1)) is not None:
        return
    for one in _ASKED:
        began = now() - timedelta(days=one.ago)
        with as_of(began):
            row = _begun(session, one)
        for place, action in enumerate(one.steps):
            with as_of(began + timedelta(days=2 * place)):
                account = _mover(session, one, row, action)
                enterprise_changes.take(
                    session, as_actor(account), action, row.id, row.version, words=_WORDS.get(action, "")
                )


def _begun(session: Session, one: _Asked) -> EnterpriseChange:
    row = enterprise_changes.fresh(session, as_actor(account_named(session, one.enterprise)))
    for name, value in one.values.items():
        setattr(row, name, value)
    row.changed_on, row.reason = today() - timedelta(days=5), one.reason
    enterprise_changes.complete(session, row)
    session.add(row)
    session.flush()
    for kind, label in ((LICENCE, "营业执照"), (NOTICE, "准予变更登记通知书")):
        attach(session, kind, pictures.sheet(label, (row.new_name,)), enterprise_change_id=row.id)
    return row


def _mover(session: Session, one: _Asked, row: EnterpriseChange, action: str) -> Account:
    """Whose step it is: the account that asked, the officer of its city, or the first of the province."""
    move = FLOW.find(action)
    if move is not None and move.by is Role.MUNICIPAL:
        return officer_of(session, row.region_code)
    return account_named(session, "province" if move and move.by is Role.PROVINCIAL else one.enterprise)
