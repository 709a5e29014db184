"""Revisions: what was declared at each submission, what has changed since, and the case as it was filed last."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.extensions.columns import Sealed
from app.models import Attachment, Declaration, DictionaryEntry, Revision, StoredFile
from app.models.details import EnterpriseDetails
from app.workflow.types import DeclarationType

EMPLOYER = tuple(name for name in vars(EnterpriseDetails) if not name.startswith("_"))
_EMPLOYER, _LISTED = "employer", 120
_ATTACHMENT = "attachment_"

Content = Mapping[str, Any]
"""A revision as plain JSON: fields, `specialties`, the hashes of the files under `attachment_…`, `employer`."""


@dataclass(frozen=True)
class Change:
    """One field whose declared value is not what it was at the submission before."""

    field: str
    before: Any
    after: Any


class Filed:
    """Reads like the declaration, with every declared value as it was handed in last.

    While the applicant has a case in hand, its row holds what he writes meanwhile; what never changes (number, state,
    authority, dates of the procedure) is read from the row.
    """

    def __init__(self, row: Declaration, content: Content) -> None:
        self._row = row
        self._values: dict[str, Any] = dict(content.get(_EMPLOYER, {}))
        for name, value in content.items():
            sealed = None if name in type(row).__mapper__.columns else getattr(type(row), name, None)
            if isinstance(sealed, Sealed):
                self._values[f"{name}_masked"] = sealed.mask(str(value)) if value else None
            elif name not in {_EMPLOYER, "specialties"} and not name.startswith(_ATTACHMENT):
                self._values[name] = value
        self._values["specialties"] = [_specialty(row, one) for one in content.get("specialties", ())]
        self.files: Mapping[str, Sequence[str]] = {
            name.removeprefix(_ATTACHMENT): hashes
            for name, hashes in content.items()
            if name.startswith(_ATTACHMENT)
        }
        """The hashes of the files that were filed, by the kind of attachment."""

    def __getattr__(self, name: str) -> Any:
        values = self.__dict__["_values"]
        return values[name] if name in values else getattr(self.__dict__["_row"], name)


@dataclass(frozen=True)
class FiledSpecialty:
    """A specialty as it was asked for at a submission."""

    specialty: str
    certificate_number: str | None
    mandatory_hours: int | None
    elective_hours: int | None
    issued_on: date | None
    registered_until: date | None


def _specialty(row: Declaration, stored: Sequence[Any]) -> FiledSpecialty:
    issued = {one.certificate_number: one.issued_on for one in row.specialties}
    until = {one.specialty: one.registered_until for one in row.specialties}
    specialty, number, mandatory, elective = stored
    return FiledSpecialty(specialty, number, mandatory, elective, issued.get(number), until.get(specialty))


def keep(session: Session, kind: DeclarationType, rows: Sequence[Declaration]) -> None:
    """Add the revision of this submission to each of the rows, all of one type; the caller commits.

    Lists show the specialties of it from now on.
    """
    keys = [row.id for row in rows]
    kept = dict(
        session.execute(
            select(Revision.declaration_id, func.count())
            .where(Revision.declaration_id.in_(keys))
            .group_by(Revision.declaration_id)
        ).all()
    )
    papers, words = _papers(session, keys), _specialty_words(session)
    for row in rows:
        named = "、".join(words.get(one.specialty, one.specialty) for one in row.specialties)
        row.specialties_text = named[:_LISTED]
        content = json.dumps(_content(kind, row, papers.get(row.id, {})), ensure_ascii=False)
        session.add(Revision(declaration_id=row.id, number=kept.get(row.id, 0) + 1, content=content))


def _content(kind: DeclarationType, row: Declaration, papers: Mapping[str, list[str]]) -> dict[str, Any]:
    """Everything that is declared, as plain JSON: fields, specialties, employer, and the hashes of the attachments."""
    fields = {name: _plain(getattr(row, name)) for name in kind.fields}
    specialties = [
        [one.specialty, one.certificate_number, one.mandatory_hours, one.elective_hours]
        for one in row.specialties
    ]
    employer = {name: _plain(getattr(row, name)) for name in EMPLOYER}
    return {**fields, "specialties": specialties, **papers, _EMPLOYER: employer}


def _papers(session: Session, keys: Sequence[int]) -> Mapping[int | None, dict[str, list[str]]]:
    files = session.execute(
        select(Attachment.declaration_id, Attachment.kind, StoredFile.sha256)
        .join(StoredFile, StoredFile.id == Attachment.file_id)
        .where(Attachment.declaration_id.in_(keys))
        .order_by(Attachment.kind, StoredFile.sha256)
    )
    found: dict[int | None, dict[str, list[str]]] = defaultdict(dict)
    for declaration_id, name, sha256 in files:
        found[declaration_id].setdefault(f"{_ATTACHMENT}{name}", []).append(sha256)
    return found


def _specialty_words(session: Session) -> dict[str, str]:
    rows = session.execute(
        select(DictionaryEntry.code, DictionaryEntry.label_zh).where(
            DictionaryEntry.dictionary == "specialty"
        )
    )
    return {row.code: row.label_zh for row in rows}


def last(session: Session, row: Declaration, count: int = 2) -> list[Content]:
    """The contents of the last submissions, the newest first."""
    found = session.scalars(
        select(Revision.content)
        .where(Revision.declaration_id == row.id)
        .order_by(Revision.number.desc())
        .limit(count)
    )
    return [json.loads(content) for content in found]


def changes_since_return(session: Session, row: Declaration) -> list[Change]:
    """What the applicant changed between the last two submissions; empty when there was only one."""
    return changes(last(session, row))


def changes(newest_first: Sequence[Content]) -> list[Change]:
    """What differs between the two newest of these contents."""
    if len(newest_first) < 2:  # noqa: PLR2004 - a comparison needs two
        return []
    after, before = newest_first[0], newest_first[1]
    both = _EMPLOYER in before and _EMPLOYER in after
    flat_after, flat_before = (_flat(one, employer=both) for one in (after, before))
    return [
        Change(name, flat_before.get(name), flat_after.get(name))
        for name in dict.fromkeys([*flat_before, *flat_after])
        if flat_before.get(name) != flat_after.get(name)
    ]


def _flat(content: Content, *, employer: bool) -> dict[str, Any]:
    fields = {name: value for name, value in content.items() if name != _EMPLOYER}
    return {**fields, **content[_EMPLOYER]} if employer else fields


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
