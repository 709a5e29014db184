"""Who proves by face who she is, and the service that looks at it."""

from functools import partial

import pytest

from app.cli.demo import makers
from app.security.access.roles import Role
from app.services import consents
from simulators.face_verification import FaceVerification
from simulators.server import running
from tests.cast import CHANGSHA, Member, credentials, login
from tests.facing import NUMBER, Facing
from tests.outside import KEY_ID, SECRET, connect


@pytest.fixture
def face_at(app, monkeypatch):
    """Let the platform ask at this address."""
    return partial(connect, app, monkeypatch, "face_verification")


@pytest.fixture
def face_service(face_at):
    """The simulator of the face verification, whose buttons a test presses."""
    simulator = FaceVerification(KEY_ID, SECRET, slow_seconds=1.0)
    with running(simulator) as place:
        face_at(place)
        yield simulator


@pytest.fixture
def he_jing(session, cast) -> Member:
    """何静 has everything filled in and nothing asked for."""
    person = makers.make_person(session, "何静", NUMBER, CHANGSHA)
    account = makers.make_account(session, Role.INDIVIDUAL, "何静", credentials(), person_id=person.id)
    member = Member(makers.as_actor(account), NUMBER)
    consents.give(session, member.actor, consents.REAL_NAME)
    session.commit()
    return member


@pytest.fixture
def facing(client, session, he_jing) -> Facing:
    return Facing(login(client, he_jing), he_jing, session)
