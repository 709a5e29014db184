"""What a person types is text, and what a page asks for beside our fonts is refused."""

import base64
import subprocess
import sys
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from app.printing.failure import PrintFailed
from app.printing.html import picture
from app.printing.layout import lay_out
from tests.printing.papers import enterprise, form, words

ROOT = Path(__file__).parents[2]
SECRET = "439900198506150019-secret"
ONE_PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
)
HOSTILE = (
    '<img src="file:///etc/passwd">',
    "{{7*7}}",
    "{% include '/etc/passwd' %}",
    "<script>alert(1)</script>",
    '"><pdf:barcode value="x" type="qr"/>',
    "</td></tr></table><h1>伪造</h1>",
    "&lt;b&gt;",
    "=cmd|' /C calc'!A0",
    "<style>@import url(http://127.0.0.1/x.css);</style>",
    "%(name)s {0} ${x}",
)


@pytest.fixture
def listener():
    """An address that counts who comes; nobody may."""
    visits = []

    class Door(BaseHTTPRequestHandler):
        def do_GET(self):
            visits.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Door)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield server.server_port, visits
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize("typed", HOSTILE)
def test_what_is_typed_into_a_form_is_printed_as_it_was_typed(pool, read, typed):
    paper = pool.render(form(enterprise=enterprise(address=typed, qualification_number=typed)), words("zh"))
    assert "".join(read(paper).split()).count("".join(typed.split())) == 2


def vectors(target):
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
        f'<image xlink:href="{target}" width="9" height="9"/></svg>'
    )
    inline = f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"
    return {
        "img": ("", f'<img src="{target}">'),
        "img in an inline svg": ("", f'<img src="{inline}" width="9" height="9">'),
        "link": (f'<link rel="stylesheet" href="{target}">', "x"),
        "font-face": (f"<style>@font-face {{ font-family: own; src: url({target}); }}</style>", "x"),
        "import": (f"<style>@import url({target});</style>", "x"),
        "background": ("", f'<div style="background-image: url({target})">x</div>'),
        "page background": (f"<style>@page {{ background-image: url({target}); }}</style>", "x"),
        "inserted pdf": ("", f'x<pdf:insertpdf src="{target}"/>'),
        "object": ("", f'<object data="{target}" type="image/svg+xml"></object>x'),
        "input": ("", f'<input type="image" src="{target}">x'),
    }


def page(head, body):
    return (
        f"<html><head><style>body {{ font-family: paper; }}</style>{head}</head><body>页 {body}</body></html>"
    )


@pytest.mark.parametrize("vector", vectors(""))
def test_no_page_reaches_the_network(pool, listener, vector):
    port, visits = listener
    with suppress(PrintFailed):
        pool.lay_out(page(*vectors(f"http://127.0.0.1:{port}/steal.png")[vector]))
    assert visits == []


@pytest.mark.parametrize(
    "vector", [name for name in vectors("") if name not in {"object", "input", "img in an inline svg"}]
)
@pytest.mark.parametrize("how", ["file", "absolute", "dots", "relative", "link"])
def test_no_page_reads_a_file_of_the_machine(pool, tmp_path, monkeypatch, vector, how):
    data = tmp_path / "data"
    data.mkdir()
    photo = data / "identity.png"
    photo.write_bytes(ONE_PIXEL)
    monkeypatch.chdir(data)
    (tmp_path / "elsewhere.png").symlink_to(photo)
    target = {
        "file": photo.as_uri(),
        "absolute": str(photo),
        "dots": f"{'../' * 12}{photo}",
        "relative": "identity.png",
        "link": str(tmp_path / "elsewhere.png"),
    }[how]
    with pytest.raises(PrintFailed):
        pool.lay_out(page(*vectors(target)[vector]))


@pytest.mark.parametrize(
    "vector", ["img", "link", "font-face", "import", "background", "page background", "inserted pdf"]
)
def test_the_policy_refuses_a_file_even_where_the_doors_are_open(tmp_path, vector):
    photo = tmp_path / "identity.png"
    photo.write_bytes(ONE_PIXEL)
    with pytest.raises(PrintFailed, match="complained"):
        lay_out(page(*vectors(photo.as_uri())[vector]))


def test_text_of_a_file_does_not_come_into_a_page_by_any_vector(pool, read, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET)
    for head, body in vectors(str(secret)).values():
        try:
            paper = pool.lay_out(page(head, body))
        except PrintFailed:
            continue
        assert SECRET.encode() not in paper
        assert SECRET not in read(paper)


@pytest.mark.parametrize(
    "deed",
    [
        "open('/etc/passwd')",
        "open('/proc/self/environ')",
        "open('/tmp/written-by-a-print', 'w')",
        "__import__('os').open('/etc/passwd', 0)",
        "__import__('socket').create_connection(('127.0.0.1', 9))",
        "__import__('socket').getaddrinfo('localhost', 80)",
        "__import__('subprocess').run(['true'])",
        "__import__('os').system('true')",
        "__import__('urllib.request').request.urlopen('file:///etc/passwd')",
        "__import__('os').remove(__file__)",
    ],
)
def test_the_renderer_itself_has_its_doors_closed(tmp_path, deed):
    script = tmp_path / "deed.py"
    script.write_text(
        "import socket, subprocess, urllib.request\n"
        "from app.printing.worker import close_the_doors\n"
        "close_the_doors()\n"
        f"try:\n    {deed}\nexcept PermissionError as refused:\n    print('refused', refused)\n"
    )
    done = subprocess.run(
        [sys.executable, str(script)],
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("refused a print may not")


def test_a_renderer_does_not_inherit_our_secrets(pool, monkeypatch):
    worker = pool._idle.get()
    pool._idle.put(worker)
    environment = Path(f"/proc/{worker._process.pid}/environ").read_bytes() if worker else b""
    names = {line.split(b"=")[0] for line in environment.split(b"\0") if line}
    assert names <= {b"PYTHONPATH", b"PYTHONSAFEPATH", b"PYTHONHASHSEED", b"LANG"}


@pytest.mark.parametrize("data", [b"<svg/>", b"GIF89a", b"", b"%PDF-1.7", b"\x89PNG\r\n\x1a\n" + bytes(50)])
def test_only_real_pictures_become_pictures(data):
    with pytest.raises(PrintFailed, match="cannot be read"):
        picture(data)
