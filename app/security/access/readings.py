"""谁查看了我的数据: which lines of the audit tell of a look at the data of one person."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, or_, select, union_all

from app.models import (
    ActStage,
    Attachment,
    AuditEntry,
    Certificate,
    Declaration,
    FaceCheck,
    Person,
    Qualification,
    RegisterAct,
    Registration,
    RegistrationLock,
)

READ = (
    "reveal", "export_in_full", "file.read", "print", "declaration.print", "declaration.notice",
    "look_up_person", "look_up_registration", "look_up_qualification", "declaration.compare",
    "download_marked_import",
)  # fmt: skip
"""The acts by which somebody sees or takes away what a list only shows masked, or asks others about the person."""


def about(person_id: int) -> ColumnElement[bool]:
    """The lines about this person, found through whatever of his was looked at."""
    lines = [
        select(AuditEntry.id)
        .join_from(
            owned, AuditEntry, and_(AuditEntry.subject == subject, AuditEntry.subject_id == owned.c.key)
        )
        .where(AuditEntry.action.in_(READ), AuditEntry.outcome == "done")
        for subject, owned in ((name, query.subquery()) for name, query in _owned(person_id))
    ]
    return AuditEntry.id.in_(union_all(*lines))


def _owned(person_id: int) -> Iterator[tuple[str, Select[Any]]]:
    """What is the person's own, as the audit calls it, with its keys as the audit holds them."""

    def keys(column: Any) -> Select[Any]:
        return select(cast(column, String).label("key"))

    yield "person", keys(Person.id).where(Person.id == person_id)
    yield "declaration", keys(Declaration.id).where(Declaration.person_id == person_id)
    yield "registration", keys(Registration.id).where(Registration.person_id == person_id)
    yield (
        "certificate",
        keys(Certificate.id)
        .join(Registration, Registration.id == Certificate.registration_id)
        .where(Registration.person_id == person_id),
    )
    yield (
        "attachment",
        keys(Attachment.id)
        .outerjoin(Declaration, Declaration.id == Attachment.declaration_id)
        .outerjoin(RegistrationLock, RegistrationLock.id == Attachment.lock_id)
        # Of a proposal nothing is told before it is decided.
        .outerjoin(
            RegisterAct, (RegisterAct.id == Attachment.act_id) & (RegisterAct.stage != ActStage.PROPOSED)
        )
        .outerjoin(Registration, Registration.id == RegisterAct.registration_id)
        .where(
            or_(
                Attachment.person_id == person_id,
                Declaration.person_id == person_id,
                RegistrationLock.person_id == person_id,
                Registration.person_id == person_id,
            )
        ),
    )
    # The picture of a face check is deleted after a day; who looked at it is told as long as anything is.
    yield (
        "attachment",
        keys(FaceCheck.frame_attachment_id).where(
            FaceCheck.person_id == person_id, FaceCheck.frame_attachment_id.is_not(None)
        ),
    )
    yield (
        "qualification",
        keys(Qualification.id)
        .join(
            Person,
            and_(Person.id_number_index == Qualification.id_number_index, Person.name == Qualification.name),
        )
        .where(Person.id == person_id),
    )
