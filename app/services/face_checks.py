"""Face checks: beginning one, asking the service for its result, and deleting its picture when its hours are over."""

import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from app.extensions.clock import now, today
from app.extensions.database import begin_writing
from app.extensions.refused import Refused
from app.extensions.vault import vault
from app.integrations.face_verification import FaceVerification, Opened, Outcome, Result
from app.integrations.signed_http import OutsideFailed
from app.models import FACE_CAPTURE, Attachment, FaceCheck, FaceCheckStage, Person
from app.security.access.audit import record
from app.security.access.limits import attempts, count_attempt, give_back
from app.security.access.policies import policy_on
from app.security.access.roles import SYSTEM, Actor, Role
from app.security.access.scope import find, rows_of
from app.services import consents, files, notices, real_name

Redraw = Callable[[bytes], bytes]
"""Makes a picture anew from its pixels, as every upload is; raises `Refused` for what is none."""

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_QUESTIONS_PER_HOUR = 60
"""What one person may let the service be asked, results included; who waits for a result asks a few times."""
_AT_ONCE = 100


def latest(session: Session, actor: Actor, person_id: int) -> FaceCheck | None:
    """The check of this person that was begun last, for whoever may see the person."""
    query = rows_of(FaceCheck, actor).where(FaceCheck.person_id == person_id)
    found: FaceCheck | None = session.scalar(query.order_by(FaceCheck.id.desc()).limit(1))
    return found


def begin(
    session: Session, actor: Actor, service: FaceVerification, return_address: str, *, agreed: bool
) -> None:
    """Begin a check of the actor's own; commits before it asks, so that nobody waits for the database meanwhile.

    Raises `Refused` for whoever may not, has not agreed or has tried too often, and `OutsideFailed`.
    """
    begin_writing(session)
    person = _own(session, actor)
    why_not = real_name.why_not_by_face(session, person)
    if why_not is not None:
        raise Refused(why_not)
    _require_consents(session, actor, agreed=agreed)
    _count(session, person.id)
    name, number, mark = person.name, person.id_number or "", _mark(session, person)
    session.commit()
    nonce = secrets.token_hex(16)
    try:
        opened = service.open(name=name, id_number=number, nonce=nonce, return_address=return_address)
    except OutsideFailed as failed:
        begin_writing(session)
        # It was nobody's try: the service is at fault.
        give_back(session, _subject(actor.person_id))
        record(
            session,
            actor,
            "face_check.open",
            "person",
            actor.person_id,
            outcome="failed",
            reason=failed.reason,
        )
        session.commit()
        raise
    begin_writing(session)
    _keep(session, actor, opened, nonce, mark)
    session.commit()


def look(session: Session, actor: Actor, key: object, service: FaceVerification, redraw: Redraw) -> None:
    """Ask the service how a check of the actor's own stands, and verify the person when it was passed; commits.

    Raises `OutsideFailed`, after which the check is still open, and `Refused` for who asks too often.
    """
    begin_writing(session)
    check = find(session, FaceCheck, key, actor)
    if check.person_id != actor.person_id or not actor.has(Role.INDIVIDUAL):
        raise NotFound
    if check.stage != FaceCheckStage.OPEN:
        session.rollback()
        return
    _count_question(session, check.person_id)
    receipt, nonce, opened_at, expires_at = check.receipt, check.nonce, check.opened_at, check.expires_at
    session.commit()
    try:
        result = service.result(receipt, nonce, opened_at=opened_at, expires_at=expires_at)
        result = _drawn_anew(service, result, redraw)
    except OutsideFailed as failed:
        begin_writing(session)
        record(session, actor, "face_check.ask", "face_check", key, outcome="failed", reason=failed.reason)
        session.commit()
        raise
    begin_writing(session)
    person = _own(session, actor)
    check = find(session, FaceCheck, key, actor)
    session.refresh(check)
    if check.stage == FaceCheckStage.OPEN:
        _settle(session, actor, person, check, result)
        record(session, actor, "face_check.ask", "face_check", key, result=result.outcome, stage=check.stage)
    session.commit()


def withdraw(session: Session, actor: Actor) -> None:
    """Take the consent back: nothing goes on, and the picture is deleted at once; what was found stays. Commits."""
    begin_writing(session)
    person = _own(session, actor)
    consents.withdraw(session, actor, consents.FACE_CHECK)
    _end_open(session, person, FaceCheckStage.WITHDRAWN)
    kept = select(FaceCheck).where(FaceCheck.person_id == person.id, *_KEEPS_A_FRAME)
    gone = _without_frames(session, actor, session.scalars(kept).all())
    session.commit()
    _unlink(gone)


def forget_frames(session: Session) -> int:
    """Delete the pictures whose hours are over, and commit; how many they were. Result and digest stay."""
    hours = policy_on(session, today()).number("face_picture_hours")
    before, count = now() - timedelta(hours=hours), 0
    while True:
        begin_writing(session)
        old = select(FaceCheck).where(*_KEEPS_A_FRAME, FaceCheck.answered_at <= before).order_by(FaceCheck.id)
        checks = session.scalars(old.limit(_AT_ONCE)).all()
        gone = _without_frames(session, SYSTEM, checks)
        session.commit()
        _unlink(gone)
        count += len(checks)
        if len(checks) < _AT_ONCE:
            return count


_KEEPS_A_FRAME = (FaceCheck.frame_deleted_at.is_(None), FaceCheck.frame_attachment_id.is_not(None))


def _without_frames(session: Session, actor: Actor, checks: Sequence[FaceCheck]) -> list[Path]:
    """Take the pictures of these checks from the database; the files that are to be deleted after the commit."""
    keys = [one.frame_attachment_id for one in checks]
    held = session.scalars(select(Attachment.file_id).where(Attachment.id.in_(keys))).all()
    session.execute(delete(Attachment).where(Attachment.id.in_(keys)))
    for one in checks:
        one.frame_deleted_at = now()
        record(session, actor, "face_check.forget", "face_check", one.id, person=one.person_id)
    return files.discard(session, held)


def _unlink(paths: Sequence[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


def _own(session: Session, actor: Actor) -> Person:
    """The person whose account this is, locked: of two answers about one person the second finds what the first did."""
    if not actor.has(Role.INDIVIDUAL):
        raise NotFound
    person = find(session, Person, actor.person_id, actor)
    session.refresh(person, with_for_update={"of": Person})
    return person


def _require_consents(session: Session, actor: Actor, *, agreed: bool) -> None:
    if consents.given(session, actor, consents.REAL_NAME) is None:
        raise Refused(_l("Please agree to the use of your identity data first."))
    if consents.given(session, actor, consents.FACE_CHECK) is None:
        if not agreed:
            raise Refused(_l("Please agree to the use of your face first, or go to the counter."))
        consents.give(session, actor, consents.FACE_CHECK)


def _subject(person_id: int | None) -> str:
    return f"face-check:{person_id}"


def _count(session: Session, person_id: int) -> None:
    most = policy_on(session, today()).number("face_checks_per_day")
    if attempts(session, _subject(person_id), _DAY) >= most:
        raise Refused(
            _l(
                "You have begun %(most)s face checks in the last 24 hours. Please try again tomorrow, or go to the "
                "counter.",
                most=most,
            )
        )
    _count_question(session, person_id)
    count_attempt(session, _subject(person_id))


def _count_question(session: Session, person_id: int) -> None:
    subject = f"face-questions:{person_id}"
    if attempts(session, subject, _HOUR) >= _QUESTIONS_PER_HOUR:
        raise Refused(_l("You have asked for the result very often. Please go on in an hour."))
    count_attempt(session, subject)


def _mark(session: Session, person: Person) -> str:
    """A mark of what a check is about: another one as soon as name, number or one of the pictures is changed."""
    held = session.execute(
        select(Attachment.kind, Attachment.file_id)
        .where(Attachment.person_id == person.id, Attachment.kind.in_(real_name.PICTURES))
        .order_by(Attachment.kind, Attachment.id)
    )
    words = [
        person.name,
        person.id_type or "",
        person.id_number or "",
        *(f"{kind} {key}" for kind, key in held),
    ]
    return vault.blind("\n".join(words), "face_check")


def _keep(session: Session, actor: Actor, opened: Opened, nonce: str, mark: str) -> None:
    person = _own(session, actor)
    known = session.scalar(select(FaceCheck.id).where(FaceCheck.receipt == opened.receipt))
    if known is not None:
        raise Refused(_l("The face verification gave a number that was used before. Please begin again."))
    _end_open(session, person, FaceCheckStage.REPLACED)
    check = FaceCheck(
        person_id=person.id, nonce=nonce, receipt=opened.receipt, address=opened.address, subject_mark=mark,
        expires_at=opened.expires_at,
    )  # fmt: skip
    session.add(check)
    session.flush()
    record(session, actor, "face_check.open", "face_check", check.id, receipt=check.receipt)


def _end_open(session: Session, person: Person, stage: FaceCheckStage) -> None:
    open_ones = select(FaceCheck).where(
        FaceCheck.person_id == person.id, FaceCheck.stage == FaceCheckStage.OPEN
    )
    for one in session.scalars(open_ones):
        _end(one, stage)
    session.flush()


def _end(check: FaceCheck, stage: FaceCheckStage) -> None:
    check.stage = stage
    check.answered_at = now()
    check.address = None


def _drawn_anew(service: FaceVerification, result: Result, redraw: Redraw) -> Result:
    """The same with the picture as it may be stored."""
    if result.frame is None:
        return result
    try:
        return replace(result, frame=redraw(result.frame))
    except Refused:
        service.refuse_frame()


def _settle(session: Session, actor: Actor, person: Person, check: FaceCheck, result: Result) -> None:
    check.reason, check.decided_at = result.reason, result.decided_at
    if result.outcome == Outcome.FAILED:
        _end(check, FaceCheckStage.FAILED)
    elif result.outcome == Outcome.PASSED:
        changed = check.subject_mark != _mark(session, person)
        if changed or real_name.why_not_by_face(session, person) is not None:
            _end(check, FaceCheckStage.UNUSED)
        else:
            _pass(session, actor, person, check, result.frame or b"")
    elif check.expires_at <= now():
        _end(check, FaceCheckStage.EXPIRED)


def _pass(session: Session, actor: Actor, person: Person, check: FaceCheck, frame: bytes) -> None:
    keep_frame(session, person, check, frame)
    _end(check, FaceCheckStage.PASSED)
    real_name.verify_by_face(session, actor, person)
    hours = policy_on(session, today()).number("face_picture_hours")
    told = {"date": today().isoformat(), "hours": hours}
    notices.send(session, [notices.Message("verified_by_face", person_id=person.id, parameters=told)])


def keep_frame(session: Session, person: Person, check: FaceCheck, frame: bytes) -> None:
    """Store the picture until its hours are over, and for good no more of it than a salted digest."""
    stored = files.store(session, frame, "image/jpeg")
    attachment = Attachment(kind=FACE_CAPTURE, file_name="face.jpg", file_id=stored.id, person_id=person.id)
    session.add(attachment)
    session.flush()
    check.frame_attachment_id = attachment.id
    check.frame_salt = secrets.token_hex(16)
    check.frame_digest = hashlib.sha256(bytes.fromhex(check.frame_salt) + frame).hexdigest()
