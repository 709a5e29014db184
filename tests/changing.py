"""Enterprises that change their particulars: a change that keeps every rule, and the steps that it takes."""

from typing import Any

from sqlalchemy.orm import Session

from app.cli.demo.makers import attach
from app.extensions.clock import today
from app.extensions.database import begin_writing
from app.models import EnterpriseChange
from app.security.access.roles import Actor
from app.services import enterprise_changes
from app.workflow.enterprise_change_rules import LICENCE, NOTICE
from tests.cast import CHANGSHA, Cast, Member

NEW = "长沙示例建设集团有限公司（演示）"
YUELU, SHUANGQING = "430104", "430502"


def asked(
    session: Session, clerk: Member, *, papers: tuple[str, ...] = (LICENCE, NOTICE), **values: Any
) -> EnterpriseChange:
    """A draft of this clerk's enterprise with its papers; a new name when nothing else is said; committed."""
    begin_writing(session)
    row = enterprise_changes.fresh(session, clerk.actor)
    for name, value in (values or {"new_name": NEW}).items():
        setattr(row, name, value)
    row.changed_on = row.changed_on or today()
    row.reason = row.reason or "经股东会决议变更。"
    enterprise_changes.complete(session, row)
    session.add(row)
    session.flush()
    for kind in papers:
        attach(session, kind, b"paper", enterprise_change_id=row.id)
    session.commit()
    return row


def step(session: Session, cast: Cast, row: EnterpriseChange, *actions: str, words: str = "") -> None:
    """Take these steps, each by whoever may; committed."""
    for action in actions:
        begin_writing(session)
        session.refresh(row)
        said = words or ("请补正。" if action in {"return", "return_to_applicant", "refuse"} else "")
        enterprise_changes.take(session, mover(cast, row, action), action, row.id, row.version, words=said)
        session.commit()
    session.refresh(row)


def mover(cast: Cast, row: EnterpriseChange, action: str) -> Actor:
    if action in {"submit", "withdraw"}:
        return next(one.actor for one in cast if one.actor.enterprise_id == row.enterprise_id)
    if action in {"return", "endorse"}:
        return (cast.wang_qiang if row.region_code == CHANGSHA else cast.zhao_min).actor
    return cast.chen_jing.actor
