"""Start the platform: prepare the database, then run signer, job worker and web server until told to stop."""

import contextlib
import ctypes
import http.client
import multiprocessing
import os
import secrets
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import click
from flask import Flask

from app import create_app
from config import OUTSIDE, ROOT, Config, OutsideSystem
from translations.catalogues import compile_stale

# Every start of the platform comes through this file, also `flask --app run …` and a server of the operator's
# choice, and the catalogues are read at the first request.
compile_stale()

_SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of prctl(2)
_STEADY_SECONDS = 20.0
_LONGEST_PAUSE = 30.0
_READY_SECONDS = 60.0
_ENDING = (signal.SIGINT, signal.SIGTERM)
_fork = multiprocessing.get_context("fork")


@dataclass
class Child:
    """A part of the platform in a process of its own, started again when it dies."""

    name: str
    run: Callable[[], None]
    patience: float
    """Seconds to finish what was begun, after being told to stop."""
    process: BaseProcess | None = None
    started: float = 0.0
    falls: int = 0
    due: float = field(default=0.0)

    def start(self) -> None:
        """A signal that comes while a process is being made waits until that process can be told."""
        signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
        try:
            self.process = _fork.Process(target=_alone, args=(self.run,), name=self.name)
            self.process.start()
            self.started = time.monotonic()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)

    def fell(self) -> None:
        """Note the death and plan the next start: at once the first time, then later and later."""
        process, self.process = self.process, None
        if process is None:
            return
        process.join()
        steady = time.monotonic() - self.started > _STEADY_SECONDS
        self.falls = 1 if steady else self.falls + 1
        pause = 0.0 if self.falls == 1 else min(_LONGEST_PAUSE, 2.0 ** (self.falls - 2))
        self.due = time.monotonic() + pause
        print(f"{self.name} ended with {process.exitcode}; it starts again in {pause:.0f} s.", flush=True)
        process.close()

    def stop(self) -> None:
        if self.process is None:
            return
        self.process.terminate()
        self.process.join(self.patience)
        if self.process.is_alive():
            print(f"{self.name} did not stop within {self.patience:.0f} s and was ended.", flush=True)
            self.process.kill()
            self.process.join()


def _alone(run: Callable[[], None]) -> None:
    """What each child does first: no signals of the terminal, and no life without the supervisor."""
    os.setsid()
    for number in _ENDING:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
    ctypes.CDLL(None, use_errno=True).prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)
    run()


def _with_simulators(config: Config) -> tuple[Config, list[Child]]:
    """For each system of others that has no address, a simulator of it, and the configuration that leads there.

    There is none in production, where such a system is simply not connected. The socket listens before the process
    is there: what is asked meanwhile waits, and the port is the same after a fall.
    """
    if config.production:
        return config, []
    systems: dict[str, Any] = {}
    children = []
    for name in OUTSIDE:
        if getattr(config, name).url or not (ROOT / "simulators" / f"{name}.py").exists():
            continue
        listener = socket.create_server(("127.0.0.1", 0))
        place = f"http://127.0.0.1:{listener.getsockname()[1]}"
        systems[name] = system = OutsideSystem(place, "development", secrets.token_hex(32))
        label = f"simulator of {name.replace('_', ' ')}"
        children.append(Child(label, partial(_simulate, name, listener, system), patience=2))
    return replace(config, **systems), children


def _simulate(name: str, listener: socket.socket, system: OutsideSystem) -> None:
    """Start the simulator's program, which knows nothing of the platform but the key, and stay until it ends.

    It is not put in the place of this process: the supervisor's mark of a living child ends with an `exec`.
    """
    handed = str(listener.fileno())
    words = [sys.executable, "-m", f"simulators.{name}", "--listener", handed, "--parent", str(os.getpid())]
    key = {"SIMULATOR_KEY_ID": system.key_id, "SIMULATOR_SECRET": system.secret}
    done = subprocess.run(words, check=False, cwd=ROOT, env=key, pass_fds=[listener.fileno()])  # noqa: S603
    sys.exit(done.returncode)


def _prepared(config: Config) -> tuple[Flask, bool]:
    """The application over a database that is ready for it, and whether that holds the demonstration."""
    from app.cli.demo import offer_demo  # noqa: PLC0415 - the parts load only where the platform starts
    from app.cli.prepare import prepare  # noqa: PLC0415
    from app.extensions.database import db  # noqa: PLC0415

    app = create_app(config)
    prepare(app)
    demo = offer_demo(app)
    with app.app_context():
        # A connection must not be shared between processes: each child opens its own.
        db.session.remove()
        db.engine.dispose()
    return app, demo


def _children(app: Flask, config: Config, port: int) -> list[Child]:
    """Name the parts, those first that others ask for something."""
    return [
        Child("signer", lambda: _sign(config), patience=5),
        Child("worker", lambda: _work(app, config, "QUICK"), patience=30),
        Child("long worker", lambda: _work(app, config, "LONG"), patience=5),
        Child("web", lambda: _serve(app, port), patience=15),
    ]


def _sign(config: Config) -> None:
    from app.signing import signer  # noqa: PLC0415 - PyKCS11 is imported in this process alone

    options = shlex.split(os.environ.get("SIGNER_OPTIONS", ""))
    software = [] if options else ["--key-file", str(config.key_file)]
    sys.exit(signer.main(["--socket", str(config.socket), *software, *options]))


def _work(app: Flask, config: Config, lane: str) -> None:
    """Begin when the signer answers: its first start makes a key; a certificate before that would fail.

    An export or a pile of prints that is interrupted goes on at the next start: it is not waited for.
    """
    from app.signing.client import SignerClient  # noqa: PLC0415
    from app.tasks import worker  # noqa: PLC0415

    signer = SignerClient(config.socket)
    latest = time.monotonic() + _READY_SECONDS
    while not signer.is_up() and time.monotonic() < latest:
        time.sleep(0.1)
    worker.main(app, lane=worker.Lane[lane])


def _serve(app: object, port: int) -> None:
    from gunicorn.app.base import BaseApplication  # noqa: PLC0415

    class Server(BaseApplication):
        """gunicorn around an application that was loaded before it."""

        def load_config(self) -> None:
            settings = {
                "bind": f"{os.environ.get('HOST', '127.0.0.1')}:{port}",
                "workers": int(os.environ.get("WEB_WORKERS", "2")),
                "worker_class": "gthread",
                "threads": 4,
                "timeout": 60,
                "graceful_timeout": 10,
                "loglevel": "warning",
                "control_socket_disable": True,
            }
            for name, value in settings.items():
                self.cfg.set(name, value)

        def load(self) -> object:
            return app

    Server().run()


def _supervise(children: list[Child]) -> None:
    """Start what is due, again and again, until a signal ends this process."""
    while True:
        for child in children:
            if child.process is None and child.due <= time.monotonic():
                child.start()
        running = {child.process.sentinel: child for child in children if child.process is not None}
        pauses = [child.due - time.monotonic() for child in children if child.process is None]
        for sentinel in wait(list(running), timeout=max(0.0, min(pauses)) if pauses else None):
            running[sentinel].fell()  # type: ignore[index]


def _announce(port: int, *, demo: bool) -> None:
    """Print the address as soon as the web server answers, and whom one can be in the demonstration."""
    from app.cli.demo import PASSWORD, SECOND_FACTOR  # noqa: PLC0415
    from app.cli.demo.guide import guide  # noqa: PLC0415

    end = time.monotonic() + _READY_SECONDS
    while time.monotonic() < end:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        with contextlib.closing(connection), contextlib.suppress(OSError, http.client.HTTPException):
            connection.request("GET", "/livez")
            if connection.getresponse().status == http.HTTPStatus.OK:
                print(f"\n  平台已启动 · The platform is running: http://127.0.0.1:{port}/", flush=True)
                print(guide(PASSWORD, SECOND_FACTOR) if demo else "", flush=True)
                return
        time.sleep(0.05)


@contextlib.contextmanager
def _stopping(children: list[Child]) -> Iterator[None]:
    """Ctrl-C and SIGTERM end the platform: the door closes first, then the work, then the signer."""
    supervisor = os.getpid()
    # Both are set, since a shell starts what it puts into the background with an ignored SIGINT.
    for number in _ENDING:
        signal.signal(number, signal.default_int_handler)
    try:
        yield
    except KeyboardInterrupt:
        for number in _ENDING:
            signal.signal(number, signal.SIG_IGN)
    finally:
        if os.getpid() == supervisor:
            for child in reversed(children):
                child.stop()
            print("\n  平台已停止 · The platform has stopped.", flush=True)


def _reset_demo() -> None:
    from app.cli.demo.reset import reset_demo  # noqa: PLC0415

    try:
        reset_demo(create_app())
    except click.ClickException as error:
        raise SystemExit(error.message) from None
    print("  演示数据已重置 · The demonstration begins anew: make run")


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((os.environ.get("HOST", "127.0.0.1"), port))
        except OSError as error:
            raise SystemExit(
                f"Port {port} is in use ({error.strerror}). Choose another: make run PORT=8010"
            ) from None


def main() -> None:
    # What is made from here on (database, files, keys, sockets) is the platform's own business.
    os.umask(0o077)
    port = int(os.environ.get("PORT") or "8000")
    data = os.environ.get("DATA") or os.environ.get("DATA_DIR")
    if data:
        os.environ["DATA_DIR"] = str(Path(data).resolve())
    if sys.argv[1:] == ["demo-reset"]:
        _reset_demo()
        return
    _require_free(port)
    children: list[Child] = []
    with _stopping(children):
        # The QR code of a certificate leads here, unless the operator has named the address of the platform.
        os.environ.setdefault("BASE_URL", f"http://127.0.0.1:{port}")
        config, simulators = _with_simulators(Config.from_environment())
        app, demo = _prepared(config)
        children += [*simulators, *_children(app, config, port)]
        announcer = Child("announcement", lambda: _announce(port, demo=demo), patience=1)
        announcer.start()
        _supervise(children)


if __name__ == "__main__":
    main()
