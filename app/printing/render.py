"""Make PDFs of documents in a pool of processes, and join PDFs to one."""

import atexit
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from io import BytesIO
from multiprocessing.connection import Connection
from pathlib import Path
from queue import Empty, LifoQueue
from types import TracebackType
from typing import Final, Self

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError

from app.printing.documents import Document, Form, NameList, PersonsAnnex, Translate
from app.printing.failure import MissingGlyph, PrintFailed
from app.printing.html import to_html
from app.printing.name_list import draw_annex, draw_name_list
from app.printing.worker import DONE, MISSING, STARTING_SECONDS

ROOT: Final = Path(__file__).parents[2]
DEFAULT_SECONDS: Final = 60.0


class _Worker:
    """One renderer process behind a socket pair; it inherits nothing else, not even our environment."""

    def __init__(self, seconds: float) -> None:
        ours, theirs = socket.socketpair()
        with ours, theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own module, no shell
                [sys.executable, "-m", "app.printing.worker", str(theirs.fileno()), str(round(seconds) + 1)],
                env={
                    "PYTHONPATH": str(ROOT),
                    "PYTHONSAFEPATH": "1",
                    "PYTHONHASHSEED": "0",
                    "LANG": "C.UTF-8",
                },
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )
            self._channel = Connection(ours.detach())
        self._seconds = seconds
        self._fresh = True
        self.owes = False

    def lay_out(self, html: str) -> bytes:
        """Raises PrintFailed; TimeoutError, EOFError or OSError when this process is of no more use."""
        self.owes = True
        self._channel.send_bytes(html.encode())
        patience = self._seconds + (STARTING_SECONDS if self._fresh else 0)
        if not self._channel.poll(patience):
            raise TimeoutError
        answer = self._channel.recv_bytes()
        self._fresh = self.owes = False
        if answer.startswith(MISSING):
            raise MissingGlyph(answer[1:].decode())
        if not answer.startswith(DONE):
            raise PrintFailed(answer[1:].decode())
        return answer[1:]

    def end(self) -> None:
        self._channel.close()
        self._process.kill()
        self._process.wait()


class RenderPool:
    """At most `workers` renders at once (one per core when left out), each for at most `timeout` seconds.

    Processes start when they are first needed, and one that hung or broke down is replaced.
    """

    def __init__(self, workers: int | None = None, timeout: float = DEFAULT_SECONDS) -> None:
        self._timeout = timeout
        self.size = workers or os.cpu_count() or 1
        # Last in, first out: a quiet platform keeps one process busy and never starts the others.
        self._idle: LifoQueue[_Worker | None] = LifoQueue()
        for _ in range(self.size):
            self._idle.put(None)
        self._closed = threading.Event()

    def render(self, document: Document, translate: Translate) -> bytes:
        """The PDF of a document; labels are translated here, by gettext in the language of the document.

        Raises PrintFailed with the reason: a missing glyph, a refused resource, no time.
        """
        if isinstance(document, NameList):
            return draw_name_list(document, translate)
        if isinstance(document, PersonsAnnex):
            return draw_annex(document, translate)
        if isinstance(document, Form):
            return self.lay_out(to_html(document, translate))
        raise PrintFailed(f"there is no print for a {type(document).__name__}")

    def lay_out(self, html: str) -> bytes:
        """Raises PrintFailed, also when all processes stay busy for the whole time-out."""
        if self._closed.is_set():
            raise PrintFailed("the printing pool is closed")
        try:
            worker = self._idle.get(timeout=self._timeout)
        except Empty:
            raise PrintFailed(
                f"all {self.size} renderers were busy for {self._timeout:.0f} seconds"
            ) from None
        try:
            worker = worker or _Worker(self._timeout)
            return worker.lay_out(html)
        except TimeoutError:
            raise PrintFailed(f"the print took longer than {self._timeout:.0f} seconds") from None
        except (EOFError, OSError) as error:
            raise PrintFailed("the renderer broke down, or was stopped for taking too long") from error
        finally:
            # A process that still owes an answer would give it to the next document: somebody else's paper.
            if worker and worker.owes:
                worker.end()
                worker = None
            self._idle.put(worker)

    def close(self) -> None:
        """End the processes, after the prints that are under way."""
        if self._closed.is_set():
            return
        self._closed.set()
        for _ in range(self.size):
            worker = self._idle.get()
            if worker:
                worker.end()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@cache
def _shared_pool(process: int) -> RenderPool:
    """The pool of this process: one that came over a fork would share its sockets with the parent."""
    pool = RenderPool()
    atexit.register(pool.close)
    return pool


def render(document: Document, translate: Translate) -> bytes:
    """`RenderPool.render` in the pool that this process shares."""
    return _shared_pool(os.getpid()).render(document, translate)


def render_all(documents: Sequence[Form], translate: Translate) -> list[bytes | PrintFailed]:
    """The PDFs of several forms in their order, made by as many processes at once as there are cores.

    One that fails is its reason; the others are not held up. Labels are translated here, in this thread.
    """
    pool = _shared_pool(os.getpid())

    def attempt(html: str) -> bytes | PrintFailed:
        try:
            return pool.lay_out(html)
        except PrintFailed as failed:
            return failed

    with ThreadPoolExecutor(max_workers=pool.size) as waiting:
        return [
            one.result() for one in [waiting.submit(attempt, to_html(each, translate)) for each in documents]
        ]


def merge(pdfs: Iterable[bytes]) -> bytes:
    """One PDF of all pages in this order, without signatures; PrintFailed for a broken one, or none."""
    writer = PdfWriter()
    try:
        for pdf in pdfs:
            writer.append(PdfReader(BytesIO(pdf)), import_outline=False)
    except (PyPdfError, ValueError) as error:
        raise PrintFailed(f"a PDF cannot be joined to the others: {error}") from error
    if not writer.pages:
        raise PrintFailed("there is nothing to print")
    writer.compress_identical_objects()
    sheet = BytesIO()
    writer.write(sheet)
    return sheet.getvalue()
