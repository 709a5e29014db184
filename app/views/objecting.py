"""The form of an objection: what a visitor types, and the files that he adds; it needs no account and no script."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import request
from flask_babel import gettext as _, lazy_gettext as _l, ngettext
from itsdangerous import BadSignature
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from app.extensions.database import begin_writing, db
from app.extensions.refused import Refused
from app.models import Attachment, Objection, Publicity
from app.services import publicity as lists, visitor_files
from app.views.kit.access import Screen
from app.views.kit.formats import normal
from app.views.kit.pictures import accept
from app.views.kit.requests import commit, idempotency_key
from app.views.kit.uploads import TOKEN_LIFE, AttachmentSlot, Slot, signer
from app.views.specialties import in_words

_UNPROCESSABLE = 422
_SHOWN_OF_A_NAME = 60

SLOT = AttachmentSlot("objection", _l("Files of the objector"), most=3)


@dataclass(frozen=True)
class Paper:
    """A file that was taken in and belongs to no objection yet; the page holds its token, and nobody can open it."""

    number: int
    name: str
    token: str


@dataclass
class Papers:
    """The files of one form: those of an earlier try, and those that came with this one."""

    declaration_id: int
    held: list[Paper] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @classmethod
    def sent(cls, declaration_id: int) -> "Papers":
        """Take in what this request brings, file by file, before the objection's own transaction begins."""
        found = cls(declaration_id)
        removed = set(request.form.getlist("remove-file"))
        for token in dict.fromkeys(request.form.getlist("held")):
            if token not in removed:
                found._hold(token)
        for file in request.files.getlist("files"):
            if file.filename:
                found._take(file)
        return found

    def _hold(self, token: str) -> None:
        try:
            number, name, declaration_id = _signer().loads(token, max_age=TOKEN_LIFE)
        except BadSignature:
            number, name, declaration_id = 0, "", None
        if declaration_id == self.declaration_id and len(self.held) < SLOT.most:
            self.held.append(Paper(int(number), str(name), token))
        else:
            self.faults.append(_("A file that you added before is no longer there. Please add it again."))

    def _take(self, file: FileStorage) -> None:
        name = (file.filename or "")[:_SHOWN_OF_A_NAME]
        if len(self.held) >= SLOT.most:
            most = ngettext("At most %(num)s file here.", "At most %(num)s files here.", SLOT.most)
            self.faults.append(f"{name}: {most}")
            return
        try:
            self.held.append(self._stored(file))
        except Refused as refused:
            db.session.rollback()
            self.faults.append(f"{name}: {refused}")

    def _stored(self, file: FileStorage) -> Paper:
        address = request.remote_addr or ""
        begin_writing(db.session)
        visitor_files.count_sent(db.session(), address)
        commit()
        accepted = accept(file)
        begin_writing(db.session)
        stored = visitor_files.keep(db.session(), address, accepted.data, accepted.media_type)
        number = stored.id
        commit()
        token = str(_signer().dumps([number, accepted.name, self.declaration_id]))
        return Paper(number, accepted.name, token)

    def attach(self, session: Session, objection: Objection) -> int:
        """Lay the files beside the objection that was just taken; the caller commits. Says how many."""
        session.add_all(
            Attachment(kind=SLOT.kind, file_name=one.name, file_id=one.number, objection_id=objection.id)
            for one in self.held
        )
        return len(self.held)


def _signer() -> Any:
    return signer("file of a visitor")


@dataclass(frozen=True)
class Page:
    """The form against one line of a list."""

    screen: Screen
    batch: Publicity
    line: lists.Line

    def shown(self, said: Mapping[str, str], papers: Papers, faults: Mapping[str, Any]) -> str:
        """The form with what was typed and taken in so far, and what is wrong with it."""
        return self.screen.page(
            "public/objection.html",
            batch=self.batch, line=self.line, said=said, papers=papers, faults=faults, slot=Slot(SLOT),
            specialties=in_words,
        )  # fmt: skip

    def fresh(self) -> str:
        return self.shown({}, Papers(self.line.declaration_id), {})

    def receive(self) -> str | tuple[str, int]:
        """The receipt, or the form again with everything that was typed and sent."""
        said = {
            "objector": normal("name", request.form.get("objector", "")),
            "contact": normal("", request.form.get("contact", "")),
            "content": normal("", request.form.get("content", "")),
        }
        # The files are taken in in transactions of their own; the list is read once, before them.
        db.session.expunge(self.batch)
        papers = Papers.sent(self.line.declaration_id)
        faults: dict[str, Any] = {one.field: one.message for one in lists.objection_faults(**said)}
        if papers.faults:
            faults["files"] = " ".join(papers.faults)
        if faults:
            return self.shown(said, papers, faults), _UNPROCESSABLE
        begin_writing(db.session)
        try:
            taken = lists.raise_objection(
                db.session(), self.line.declaration_id, **said, address=request.remote_addr or "",
                key=idempotency_key(request.form), attach=papers.attach,
            )  # fmt: skip
        except Refused as refused:
            db.session.rollback()
            return self.shown(said, papers, {"content": refused.message}), _UNPROCESSABLE
        receipt, files = taken.receipt, [one.name for one in papers.held]
        commit()
        return self.screen.page(
            "public/receipt.html", batch=self.batch, line=self.line, receipt=receipt, files=files
        )
