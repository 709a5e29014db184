"""何静 before her page of the face check, and what a test looks at afterwards."""

from dataclasses import dataclass

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli.demo import makers
from app.models import Attachment, AuditEntry, FaceCheck, Person
from app.security.access.roles import Role
from app.services import consents
from simulators.face_verification import FaceVerification
from tests.cast import CHANGSHA, Member, credentials
from tests.pages import page
from tests.views.clerk import anew, post

NUMBER = "439900199002280025"
URL = "/face-check/"


def somebody_to_face(session: Session) -> Member:
    """何静, who has everything filled in, has agreed to the use of her data, and has asked for nothing yet."""
    person = makers.make_person(session, "何静", NUMBER, CHANGSHA)
    account = makers.make_account(session, Role.INDIVIDUAL, "何静", credentials(), person_id=person.id)
    member = Member(makers.as_actor(account), NUMBER)
    consents.give(session, member.actor, consents.REAL_NAME)
    session.commit()
    return member


@dataclass
class Facing:
    """何静 at her page."""

    client: FlaskClient
    member: Member
    session: Session

    @property
    def key(self) -> int:
        return self.member.actor.person_id

    @property
    def row(self) -> Person:
        return anew(self.session).get_one(Person, self.key)

    @property
    def ticket(self) -> str:
        return f"{self.key}:{self.row.version}"

    @property
    def state(self) -> tuple[str, str | None]:
        return self.row.real_name_state, self.row.verified_how

    @property
    def check(self) -> FaceCheck:
        """The check that was begun last."""
        return anew(self.session).scalars(select(FaceCheck).order_by(FaceCheck.id.desc())).first()

    def begin(self, **sent):
        return post(self.client, f"{URL}begin", **({"agreed": "1"} | sent))

    def press(self, face_service: FaceVerification, verdict: str = "passed") -> None:
        """She looks into the camera."""
        face_service.pressed(self.check.address.rpartition("/")[2], verdict)

    def look(self):
        return post(self.client, f"{URL}{self.check.id}/look")

    def said(self) -> str:
        return page(self.client, URL).find("main").get_text(" ", strip=True)


def lines(session, action) -> list[AuditEntry]:
    return list(anew(session).scalars(select(AuditEntry).where(AuditEntry.action == action)))


def frames(session) -> list[Attachment]:
    return list(anew(session).scalars(select(Attachment).where(Attachment.kind == "face_capture")))


def passed(facing, face_service) -> None:
    assert facing.begin().status_code == 302
    facing.press(face_service)
    assert facing.look().status_code == 302
    assert facing.state == ("verified", "face")
