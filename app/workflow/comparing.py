"""Asking that a case be compared with other registers, in the commit that brings it before an authority."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.models import ComparisonResult, Declaration, Job
from app.workflow.types import DeclarationType

JOB = "compare"


def ask_to_compare(
    session: Session, kind: DeclarationType, rows: Sequence[Declaration], at: datetime
) -> None:
    """A job for each of these rows, in one statement; until it is done nothing is known of them."""
    if not kind.comparisons:
        return
    for row in rows:
        row.comparison = ComparisonResult.UNKNOWN
    session.execute(insert(Job), [_job(row, at) for row in rows])


def _job(row: Declaration, at: datetime) -> dict[str, str]:
    """The version makes the key: every step that is taken has one of its own."""
    return {
        "kind": JOB,
        "key": f"{JOB}:{row.id}:{row.version}",
        # A submission is stamped a moment after its step began; the job is about this very one.
        "payload": json.dumps(payload(row.id, max(at, row.submitted_at or at))),
    }


def payload(declaration_id: int, at: datetime) -> dict[str, Any]:
    """What the job is told: whatever was found out before this moment is asked anew."""
    return {"declaration_id": declaration_id, "since": at.isoformat()}
