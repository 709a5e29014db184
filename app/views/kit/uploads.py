"""Attachments in a form: what is asked for, what was just sent, and how it comes to its row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from flask import current_app, request, url_for
from flask_babel import gettext as _, ngettext
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import NotFound

from app.extensions.database import begin_writing, db
from app.extensions.refused import Refused
from app.models import (
    Attachment,
    Consultation,
    ConsultationReply,
    Declaration,
    Enterprise,
    EnterpriseChange,
    Objection,
    Person,
    RegisterAct,
    RegistrationLock,
    StoredFile,
)
from app.security.access.roles import Actor
from app.security.login.current import current_actor
from app.services import files
from app.views.kit.pictures import MOST_BYTES, ONE_INCH, Accepted, accept
from app.views.kit.requests import commit, typed

if TYPE_CHECKING:
    from app.views.kit.actions import Asking
    from app.views.kit.forms import RecordForm
    from app.views.kit.records import RecordScreen

TOKEN_LIFE = 12 * 3600
_OWNERS: Mapping[type, str] = {
    Declaration: "declaration_id",
    Person: "person_id",
    Enterprise: "enterprise_id",
    Objection: "objection_id",
    RegisterAct: "act_id",
    RegistrationLock: "lock_id",
    Consultation: "consultation_id",
    ConsultationReply: "reply_id",
    EnterpriseChange: "enterprise_change_id",
}


@dataclass(frozen=True)
class AttachmentSlot:
    """A place in a form for files of one kind."""

    kind: str
    label: Any
    required: bool = False
    most: int = 1
    photo: str = ""
    """`one_inch`: cut to 295×413 and looked at for a white background; `picture`: a picture, no document."""
    hint: Any = ""


@dataclass(frozen=True)
class Held:
    """One file in a slot: stored beside its row already, or sent with a form that was not saved yet."""

    name: str
    url: str
    picture: bool
    attachment_id: int | None = None
    token: str = ""
    warnings: Sequence[str] = ()


@dataclass
class Slot:
    """A slot with what lies in it."""

    largest: ClassVar[int] = MOST_BYTES

    asked: AttachmentSlot
    held: list[Held] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def field(self) -> str:
        return f"file-{self.asked.kind}"

    @property
    def types(self) -> str:
        """What a browser offers to choose from; the file itself is looked at again when it comes."""
        return "image/jpeg,image/png" if self.asked.photo else "image/jpeg,image/png,application/pdf"

    @property
    def frame(self) -> Sequence[int]:
        """Width and height of the picture that this slot wants; empty where any shape will do."""
        return ONE_INCH if self.asked.photo == "one_inch" else ()

    @property
    def token(self) -> str:
        """What the page's script sends with a file, so that it is checked as this slot asks."""
        return str(signer("slot").dumps([self.asked.kind, self.asked.photo]))


def slot_of(token: str) -> AttachmentSlot:
    try:
        kind, photo = signer("slot").loads(token, max_age=TOKEN_LIFE)
    except BadSignature as error:
        raise NotFound from error
    return AttachmentSlot(kind, "", photo=photo)


def signer(purpose: str) -> URLSafeTimedSerializer:
    """What makes the tokens of one purpose, and reads no other's."""
    return URLSafeTimedSerializer(str(current_app.secret_key), salt=f"upload {purpose}")


def token_of(stored: StoredFile, accepted: Accepted, kind: str) -> str:
    """What the page holds of a file that belongs to no row yet; only the same account can hand it in."""
    return str(
        signer("file").dumps(
            [stored.id, accepted.name, kind, list(accepted.warnings), current_actor().account_id]
        )
    )


def staged_file(token: str) -> tuple[int, str, str, list[str]]:
    """Number, name, kind and warnings of a staged file; 404 for a forged, old or foreign token."""
    try:
        number, name, kind, warnings, account = signer("file").loads(token, max_age=TOKEN_LIFE)
    except BadSignature as error:
        raise NotFound from error
    if account != current_actor().account_id:
        raise NotFound
    return int(number), str(name), str(kind), [str(one) for one in warnings]


def is_held(token: str) -> bool:
    """Whether this account may still hand in the file of this token."""
    try:
        staged_file(token)
    except NotFound:
        return False
    return True


def stage(file: FileStorage, asked: AttachmentSlot) -> Held:
    """Check and store one file now, so that it outlives a form that is refused. Commits the file alone."""
    account = current_actor().account_id
    begin_writing(db.session)
    files.count_sent(db.session, account)
    commit()
    accepted = accept(file, asked.photo)
    begin_writing(db.session)
    files.count_bytes(db.session, account, len(accepted.data))
    stored = files.store(db.session, accepted.data, accepted.media_type)
    token = token_of(stored, accepted, asked.kind)
    commit()
    return held_by_token(token)


def held_by_token(token: str) -> Held:
    _number, name, _kind, warnings = staged_file(token)
    url = url_for("FilesScreen.staged", token=token)
    return Held(name, url, not name.endswith(".pdf"), token=token, warnings=warnings)


def owner_column(model: type) -> str | None:
    return next((column for owner, column in _OWNERS.items() if issubclass(model, owner)), None)


def attached(session: Session, row: Any, slots: Sequence[AttachmentSlot]) -> list[Slot]:
    """The slots of a stored row with the files that lie in them; one statement."""
    found = {one.kind: Slot(one) for one in slots}
    if found and inspect(row).persistent:
        column = getattr(Attachment, owner_column(type(row)) or "")
        for one in session.scalars(
            select(Attachment).where(column == row.id, Attachment.kind.in_(found)).order_by(Attachment.id)
        ):
            found[one.kind].held.append(held_of(one))
    return list(found.values())


def held_of(one: Attachment) -> Held:
    """A stored attachment as a page shows it."""
    url = url_for("FilesScreen.file", attachment_id=one.id)
    return Held(one.file_name, url, not one.file_name.endswith(".pdf"), one.id)


class Uploads:
    """The attachments of one form: from the request to the row."""

    def __init__(self, slots: Sequence[Slot] = ()) -> None:
        self.slots = list(slots)
        self._sent: dict[str, list[Held]] = {}
        self._faults: dict[str, list[str]] = {}

    @classmethod
    def of(cls, screen: "RecordScreen", row: Any, actor: Actor) -> "Uploads":
        return cls(attached(db.session, row, screen.slots(row, actor)))

    @classmethod
    def stage(cls, screen: "RecordScreen", row: Any, actor: Actor) -> "Uploads":
        """Take in the files of this request: slow work, done before the form's own transaction begins."""
        return cls.sent(screen.slots(row, actor))

    @classmethod
    def sent(cls, slots: Sequence[AttachmentSlot]) -> "Uploads":
        """The same for slots that are named."""
        found = cls()
        for asked in slots:
            for file in request.files.getlist(f"file-{asked.kind}"):
                if not file.filename:
                    continue
                try:
                    found._sent.setdefault(asked.kind, []).append(stage(file, asked))
                except Refused as refused:
                    found._faults.setdefault(asked.kind, []).append(f"{file.filename[:60]}: {refused}")
        return found

    def beside(self, screen: "RecordScreen", row: Any, actor: Actor) -> "Uploads":
        """The slots of this row with what is stored, was staged earlier or sent now, without the removed."""
        return self.laid(attached(db.session, row, screen.slots(row, actor)))

    def laid(self, slots: list[Slot]) -> "Uploads":
        """These slots with what was staged earlier or sent now beside what lies in them."""
        sent = typed() or MultiDict()
        removed = set(sent.getlist("remove-file"))
        self.slots = slots
        for slot in self.slots:
            kind = slot.asked.kind
            slot.held = [one for one in slot.held if str(one.attachment_id) not in removed]
            tokens = [one for one in sent.getlist(f"held-{kind}") if one not in removed]
            fresh = [held_by_token(one) for one in tokens if staged_file(one)[2] == kind]
            fresh += self._sent.get(kind, [])
            # Where there is room for one, a new file takes the place of the old one.
            slot.held = fresh[-1:] if fresh and slot.asked.most == 1 else slot.held + fresh
            slot.errors = list(self._faults.get(kind, []))
        return self

    def check(self, form: "RecordForm | Asking") -> None:
        """Too many and too few files are findings of the form like any other."""
        for slot in self.slots:
            if len(slot.held) > slot.asked.most:
                slot.errors.append(
                    ngettext("At most %(num)s file here.", "At most %(num)s files here.", slot.asked.most)
                )
            if slot.asked.required and not slot.held:
                slot.errors.append(_("Please add: %(label)s.", label=str(slot.asked.label)))
            for message in slot.errors:
                form.refuse_at(slot.field, str(slot.asked.label), message)

    def attach(self, session: Session, row: Any, actor: Actor) -> None:
        """Bring staged files to their row and take away what was removed. The caller commits."""
        if not self.slots:
            return
        column = owner_column(type(row)) or ""
        kept = {one.attachment_id for slot in self.slots for one in slot.held}
        kinds = [slot.asked.kind for slot in self.slots]
        for old in session.scalars(
            select(Attachment).where(getattr(Attachment, column) == row.id, Attachment.kind.in_(kinds))
        ):
            if old.id not in kept:
                session.delete(old)
        for slot in self.slots:
            for one in slot.held:
                if one.token:
                    number, name, kind, _warnings = staged_file(one.token)
                    session.add(
                        Attachment(
                            kind=kind,
                            file_name=name,
                            file_id=number,
                            uploaded_by_id=actor.account_id,
                            **{column: row.id},
                        )
                    )
