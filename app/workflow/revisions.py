"""Revisions: what was declared at each submission, and what has changed since the one before."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Attachment, Declaration, Revision, StoredFile
from app.workflow.types import DeclarationType


@dataclass(frozen=True)
class Change:
    """One field whose declared value is not what it was at the submission before."""

    field: str
    before: Any
    after: Any


def content_of(session: Session, kind: DeclarationType, row: Declaration) -> dict[str, Any]:
    """Everything that is declared, as plain JSON: fields, specialties, and the hashes of the attachments."""
    fields = {name: _plain(getattr(row, name)) for name in kind.fields}
    specialties = [
        [one.specialty, one.certificate_number, one.mandatory_hours, one.elective_hours]
        for one in row.specialties
    ]
    files = session.execute(
        select(Attachment.kind, StoredFile.sha256)
        .join(StoredFile, StoredFile.id == Attachment.file_id)
        .where(Attachment.declaration_id == row.id)
        .order_by(Attachment.kind, StoredFile.sha256)
    )
    attachments: dict[str, list[str]] = {}
    for name, sha256 in files:
        attachments.setdefault(name, []).append(sha256)
    return {**fields, "specialties": specialties, **{f"attachment_{k}": v for k, v in attachments.items()}}


def keep(session: Session, kind: DeclarationType, row: Declaration) -> None:
    """Add the revision of this submission; the caller commits."""
    number = session.scalar(select(func.count()).where(Revision.declaration_id == row.id)) or 0
    content = json.dumps(content_of(session, kind, row), ensure_ascii=False)
    session.add(Revision(declaration_id=row.id, number=number + 1, content=content))


def changes_since_return(session: Session, row: Declaration) -> list[Change]:
    """What the applicant changed between the last two submissions; empty when there was only one."""
    last = session.scalars(
        select(Revision.content)
        .where(Revision.declaration_id == row.id)
        .order_by(Revision.number.desc())
        .limit(2)
    ).all()
    if len(last) < 2:  # noqa: PLR2004 - a comparison needs two
        return []
    after, before = (json.loads(content) for content in last)
    names = list(dict.fromkeys([*before, *after]))
    return [
        Change(name, before.get(name), after.get(name))
        for name in names
        if before.get(name) != after.get(name)
    ]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
