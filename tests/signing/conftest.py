"""A signer process of the test's own, and a paper to seal."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from app.extensions.vault import MasterKeys
from app.signing.client import SignerClient
from app.signing.seal import seal
from app.signing.software_key import software_chain

ROOT = Path(__file__).parents[2]
AUTHORITY = "湖南省住房和城乡建设厅"
BOX = (370, 130, 490, 250)


def start(socket: Path, *options: str, **environment: str) -> subprocess.Popen[str]:
    """Start a signer as operators do; it is up when its socket is there or it has ended."""
    process = subprocess.Popen(
        [sys.executable, "-m", "app.signing.signer", "--socket", str(socket), *options],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", **environment},
        stderr=subprocess.PIPE,
        text=True,
    )
    client = SignerClient(socket)
    deadline = time.monotonic() + 60
    while process.poll() is None and not (socket.exists() and client.is_up()):
        assert time.monotonic() < deadline, "the signer did not start"
        time.sleep(0.05)
    return process


def stop(process: subprocess.Popen[str]) -> tuple[int, str]:
    if process.poll() is None:
        process.terminate()
    _, words = process.communicate(timeout=30)
    return process.returncode, words


@pytest.fixture(scope="session")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("keys") / "master.json"
    MasterKeys.create(file)
    return file


@pytest.fixture(scope="session")
def signer(tmp_path_factory: pytest.TempPathFactory, key_file: Path) -> Iterator[SignerClient]:
    socket = tmp_path_factory.mktemp("run") / "signer.sock"
    process = start(socket, "--key-file", str(key_file))
    yield SignerClient(socket)
    assert stop(process)[0] == 0


@pytest.fixture(scope="session")
def root(signer: SignerClient, key_file: Path) -> bytes:
    return software_chain(key_file)[-1]


@pytest.fixture(scope="session")
def paper() -> bytes:
    sheet = BytesIO()
    canvas = Canvas(sheet, invariant=1)
    canvas.drawString(100, 700, "A paper worth sealing")
    canvas.showPage()
    canvas.save()
    return sheet.getvalue()


@pytest.fixture(scope="session")
def sealed(paper: bytes, signer: SignerClient) -> bytes:
    return seal(paper, signer=signer, authority=AUTHORITY, box=BOX)


@pytest.fixture
def short_path(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """A socket path that stays below the limit of the kernel."""
    return lambda: tmp_path_factory.mktemp("s") / "s"
