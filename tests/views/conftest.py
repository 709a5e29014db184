"""Who proves by face who she is, and the service that looks at it."""

from functools import partial

import pytest

from simulators.face_verification import FaceVerification
from simulators.server import running
from tests.cast import Member, login
from tests.facing import Facing, somebody_to_face
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
    return somebody_to_face(session)


@pytest.fixture
def facing(client, session, he_jing) -> Facing:
    return Facing(login(client, he_jing), he_jing, session)
