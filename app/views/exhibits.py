"""The papers of a case as an officer lays them out: by kind, what is missing or new, and the identity beside them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import url_for
from sqlalchemy import and_, or_, select

from app.extensions.database import db
from app.models import Attachment, Declaration, StoredFile
from app.security.access.roles import Actor
from app.security.access.scope import visible_to
from app.views.kit.words import Words
from app.workflow.revisions import Content, Filed
from app.workflow.types import DeclarationType

PHOTO = "photo"
IDENTITY = ("id_front", "id_back", "id_in_hand")
"""What the person showed at the counter, to hold against the photo of the declaration."""

KINDS = "attachment_kind"


@dataclass(frozen=True)
class Exhibit:
    """One file. `fresh` when it was not there at the submission before."""

    id: int
    kind: str
    label: str
    name: str
    url: str
    picture: bool
    pages: str = ""
    """Where the pages of a document are painted."""
    fresh: bool = False


@dataclass
class Bundle:
    """The files of one kind. `gone` counts those taken away since the submission that is shown or compared."""

    kind: str
    label: str
    required: bool = False
    files: list[Exhibit] = field(default_factory=list)
    gone: int = 0

    @property
    def field(self) -> str:
        return f"attachment_{self.kind}"

    @property
    def missing(self) -> bool:
        return self.required and not self.files

    @property
    def changed(self) -> bool:
        return bool(self.gone) or any(one.fresh for one in self.files)


@dataclass(frozen=True)
class Exhibits:
    bundles: Sequence[Bundle]
    identity: Sequence[Exhibit]

    @property
    def counts(self) -> Mapping[str, int]:
        return {bundle.kind: len(bundle.files) for bundle in self.bundles if bundle.files}

    def require(self, kinds: frozenset[str]) -> None:
        """Say which kinds the rules ask for."""
        for bundle in self.bundles:
            bundle.required = bundle.kind in kinds

    @property
    def portraits(self) -> Sequence[Exhibit]:
        """What a paper is held against: the photo of the declaration first, then the papers of identity."""
        photos = [one for bundle in self.bundles if bundle.kind == PHOTO for one in bundle.files]
        return [*(one for one in photos if one.picture), *(one for one in self.identity if one.picture)]


def exhibits(
    row: Declaration,
    actor: Actor,
    kind: DeclarationType,
    known: Words,
    *,
    filed: Filed | None,
    before: Content | None,
) -> Exhibits:
    """All files of the case that this officer may open; one statement.

    `filed` is given while the applicant has the case in hand, `before` when it was handed in again.
    """
    found = {one.key: Bundle(one.key, str(one.label)) for one in kind.attachments}
    hashes: dict[str, list[str]] = {}
    identity = []
    for one in _files(row, actor):
        if one.declaration_id is None:
            identity.append(exhibit(one, known.choice(KINDS, one.kind)))
            continue
        if filed is not None and one.sha256 not in filed.files.get(one.kind, ()):
            continue
        bundle = found.setdefault(one.kind, Bundle(one.kind, known.choice(KINDS, one.kind)))
        earlier = None if before is None else before.get(bundle.field, ())
        fresh = earlier is not None and one.sha256 not in earlier
        bundle.files.append(exhibit(one, bundle.label, fresh=fresh))
        hashes.setdefault(one.kind, []).append(one.sha256)
    for name, bundle in found.items():
        bundle.gone = len(set(_earlier(name, filed, before)) - set(hashes.get(name, ())))
    return Exhibits(list(found.values()), identity)


def _earlier(kind: str, filed: Filed | None, before: Content | None) -> Sequence[str]:
    if filed is not None:
        return filed.files.get(kind, ())
    return before.get(f"attachment_{kind}", ()) if before is not None else ()


def _files(row: Declaration, actor: Actor) -> Iterator[Any]:
    of_person = and_(Attachment.person_id == row.person_id, Attachment.kind.in_(IDENTITY))
    yield from db.session.execute(
        select(
            Attachment.id,
            Attachment.kind,
            Attachment.file_name,
            Attachment.declaration_id,
            StoredFile.sha256,
            StoredFile.media_type,
        )
        .join(StoredFile, StoredFile.id == Attachment.file_id)
        .where(visible_to(Attachment, actor), or_(Attachment.declaration_id == row.id, of_person))
        .order_by(Attachment.id)
    )


def exhibit(one: Any, label: str, *, fresh: bool = False) -> Exhibit:
    picture = one.media_type.startswith("image/")
    return Exhibit(
        id=one.id,
        kind=one.kind,
        label=label,
        name=one.file_name,
        url=url_for("FilesScreen.file", attachment_id=one.id),
        picture=picture,
        pages="" if picture else url_for("FilesScreen.pages", attachment_id=one.id),
        fresh=fresh,
    )
