"""The renderer's own process: takes HTML, gives PDF, reaches neither others' files nor a network."""

import os
import resource
import signal
import sys
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

from app.printing.failure import MissingGlyph, PrintFailed
from app.printing.layout import lay_out

DONE: Final = b"+"
FAILED: Final = b"-"
MISSING: Final = b"?"
# Ten times what the largest form takes; a page that wants more is an attack on the machine.
MOST_MEMORY: Final = 2 * 1024**3
# Reading the libraries and the fonts, on a machine that is busy.
STARTING_SECONDS: Final = 60

WARMING: Final = "<html><head><style>body { font-family: paper; }</style></head><body>暖</body></html>"

# Events of the interpreter (sys.addaudithook) that lead out of the process.
DOORS: Final = (
    "socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.spawn",
    "os.startfile", "urllib.", "http.", "ftplib.", "smtplib.", "webbrowser.", "ctypes.dlopen", "shutil.",
    "os.remove", "os.rename", "os.link", "os.symlink", "os.mkdir", "os.rmdir", "os.chmod", "os.chown",
    "os.truncate",
)  # fmt: skip


def readable_roots() -> tuple[str, ...]:
    """Python itself, its libraries and this package; nothing of DATA_DIR, /etc or anybody's home."""
    folders = {sys.prefix, sys.base_prefix, *(place for place in sys.path if place.endswith("-packages"))}
    folders.add(str(Path(__file__).parent))
    return tuple(f"{Path(folder).resolve()}{os.sep}" for folder in folders)


def close_the_doors() -> None:
    """From here on this process reads files under `readable_roots` and does nothing else outside."""
    roots = readable_roots()

    def guard(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, _, flags = arguments
            if isinstance(path, int):
                return
            writes = flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC)
            if writes or not os.path.realpath(os.fsdecode(path)).startswith(roots):
                raise PermissionError(f"a print may not open {path!r}")
        elif event.startswith(DOORS):
            raise PermissionError(f"a print may not do this: {event}")

    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    sys.addaudithook(guard)


def work(channel: Connection, seconds: int) -> None:
    """Answer each page until the other side closes; one that takes more than `seconds` ends this process."""
    while True:
        try:
            html = channel.recv_bytes().decode()
        except EOFError:
            return
        # The clock of the kernel ends a render that hangs even when the process that asked is gone.
        signal.alarm(seconds)
        try:
            answer = DONE + lay_out(html)
        except MissingGlyph as missing:
            answer = MISSING + missing.character.encode()
        except PrintFailed as failure:
            answer = FAILED + str(failure).encode()
        signal.alarm(0)
        channel.send_bytes(answer)


def main() -> None:
    channel = Connection(int(sys.argv[1]))
    signal.alarm(STARTING_SECONDS)
    # Fonts and libraries are read before the doors close: the first print is no slower than others.
    lay_out(WARMING)
    close_the_doors()
    work(channel, int(sys.argv[2]))


if __name__ == "__main__":
    main()
