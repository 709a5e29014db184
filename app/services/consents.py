"""Consents: what an account agreed to, in which wording, and since when (个人信息保护法 第二十九条)."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.extensions.clock import now
from app.models import Consent
from app.security.access.audit import record
from app.security.access.roles import Actor

REAL_NAME, INSURANCE_LOGIN, FACE_CHECK = "real_name", "insurance_login", "face_check"

WORDINGS = {REAL_NAME: "2026-11", INSURANCE_LOGIN: "2026-11", FACE_CHECK: "2026-11"}
"""The wording that is shown now; whoever agreed to an older one is asked again."""


def given(session: Session, actor: Actor, purpose: str) -> Consent | None:
    """The consent of this account to the present wording, unless it was withdrawn."""
    found: Consent | None = session.scalar(
        select(Consent)
        .where(
            Consent.account_id == actor.account_id,
            Consent.purpose == purpose,
            Consent.wording == WORDINGS[purpose],
            Consent.withdrawn_at.is_(None),
        )
        .order_by(Consent.id.desc())
        .limit(1)
    )
    return found


def give(session: Session, actor: Actor, purpose: str) -> None:
    """Keep that the account agreed, once for each wording; the caller commits."""
    if actor.account_id is None or given(session, actor, purpose) is not None:
        return
    session.add(Consent(account_id=actor.account_id, purpose=purpose, wording=WORDINGS[purpose], at=now()))
    record(session, actor, "consent.give", "consent", purpose, wording=WORDINGS[purpose])
    session.flush()


def withdraw(session: Session, actor: Actor, purpose: str) -> bool:
    """Take back what the account agreed to, in whichever wording (第十五条); whether it had. The caller commits."""
    mine = Consent.account_id == actor.account_id, Consent.purpose == purpose, Consent.withdrawn_at.is_(None)
    rows = session.scalars(select(Consent).where(*mine)).all()
    for row in rows:
        row.withdrawn_at = now()
    if rows:
        record(session, actor, "consent.withdraw", "consent", purpose)
    session.flush()
    return bool(rows)
