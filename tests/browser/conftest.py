"""A real browser before the real server: Chromium, the platform on a port of its own, and its worker."""

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import select
from werkzeug.serving import make_server

from tests.browser.visitor import Site, Visitor
from tests.cast import Member

_ARGUMENTS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The distribution's own Chromium, with a camera that shows a test picture.

    It is closed with its module: while it is open an event loop runs in this thread, and nothing else of the
    process, such as a signature, could run one.
    """
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(_ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def site(app) -> Iterator[Site]:
    """The platform of this test, answering on a port; the address ends with no slash."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Site(app, f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def visit(chromium, site) -> Iterator[Callable[..., Visitor]]:
    """`visit(member)` opens a browser in which this member has logged in, `visit()` one of a visitor.

    When the test ends, whatever a page complained of, and whatever it asked of another machine, fails it.
    """
    opened: list[Visitor] = []

    def visit(
        member: Member | None = None,
        *,
        width: int = 1440,
        language: str = "zh",
        dark: bool = False,
        scripts: bool = True,
    ) -> Visitor:
        visitor = Visitor(chromium, site, member, width=width, language=language, dark=dark, scripts=scripts)
        opened.append(visitor)
        return visitor

    yield visit
    complaints = [complaint for visitor in opened for complaint in visitor.complaints]
    for visitor in opened:
        visitor.close()
    assert not complaints, "\n".join(complaints)


@pytest.fixture
def worker(app) -> Iterator[None]:
    """The worker beside the server: what is asked for is done while the browser looks."""
    with working(app):
        yield


@contextmanager
def working(app) -> Iterator[None]:
    from app.extensions.database import db
    from app.models import Job, JobState
    from app.tasks.worker import run_next

    stop = threading.Event()

    def work() -> None:
        with app.app_context():
            while not stop.is_set():
                # Looking costs no lock: a test may write meanwhile.
                due = db.session.scalar(select(Job.id).where(Job.state == JobState.QUEUED).limit(1))
                db.session.remove()
                if due is None or not run_next(app):
                    stop.wait(0.1)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    yield
    stop.set()
    thread.join()
