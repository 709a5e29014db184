"""The stage of the stories, and the signer process that their certificates are signed by."""

from dataclasses import replace

import pytest

from app.signing.client import SignerClient
from tests.signing.conftest import start, stop

pytest.register_assert_rewrite("tests.flows.filing", "tests.flows.deciding")


@pytest.fixture
def story(app, session, cast, clock):
    """The platform with its people, whose browsers open as the story needs them."""
    from tests.flows.steps import Story

    return Story(app, session, cast, clock)


@pytest.fixture
def signing(app, tmp_path):
    """A real signer on a socket of this test, and the platform told where it listens."""
    config = app.extensions["platform_config"]
    socket = tmp_path / "signer.sock"
    process = start(socket, "--key-file", str(config.key_file))
    app.extensions["platform_config"] = replace(config, signer_socket=socket)
    yield SignerClient(socket)
    app.extensions["platform_config"] = config
    assert stop(process)[0] == 0
