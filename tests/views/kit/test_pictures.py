"""Files that people send: what is taken, what is made of it, and what is refused."""

import contextlib
import io
import random
import struct
import subprocess
import sys
import threading
import zlib

import pytest
from flask_babel import force_locale
from PIL import Image
from werkzeug.datastructures import FileStorage

from app.extensions.refused import Refused
from app.views.kit import pictures
from app.views.kit.pictures import ONE_INCH, accept
from tests.house.tree import ROOT
from tests.services.test_pdfs import made

PDF = made()


def sent(data: bytes, name: str = "scan.png") -> FileStorage:
    return FileStorage(io.BytesIO(data), filename=name)


def picture(size=(600, 840), colour="white", kind="PNG", **options) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind, **options)
    return out.getvalue()


@pytest.fixture(autouse=True)
def in_english(people):
    with people.app.test_request_context(), force_locale("en"):
        yield


def opened(accepted):
    return Image.open(io.BytesIO(accepted.data))


def test_a_photo_is_cut_to_one_inch():
    accepted = accept(sent(picture()), "one_inch")
    assert opened(accepted).size == ONE_INCH
    assert accepted.media_type == "image/jpeg"
    assert accepted.warnings == ()


def test_a_coloured_background_is_warned_about():
    assert "white" in accept(sent(picture(colour="blue")), "one_inch").warnings[0]


def test_a_photo_that_is_too_small_is_refused():
    with pytest.raises(Refused, match="295"):
        accept(sent(picture((200, 300))), "one_inch")


def test_where_and_when_a_picture_was_taken_is_gone():
    taken = Image.Exif()
    taken[0x010F], taken[0x8825] = "Camera of somebody", {1: "N", 2: (28.0, 12.0, 0.0)}
    data = picture(kind="JPEG", exif=taken.tobytes(), comment=b"secret comment")
    assert b"Camera of somebody" in data
    accepted = accept(sent(data, "a.jpg"))
    assert not opened(accepted).getexif()
    assert b"Camera" not in accepted.data
    assert b"secret comment" not in accepted.data


def test_a_picture_lies_the_right_way_up():
    turned = Image.Exif()
    turned[0x0112] = 6
    assert opened(accept(sent(picture((600, 300), kind="JPEG", exif=turned.tobytes())))).size == (300, 600)


@pytest.mark.parametrize(
    "broken", [(0x011A, 2, 4, b"abcd"), (0xA005, 7, 4, b"abcd"), (0x0112, 2, 2**31, b"abcd")]
)
def test_notes_of_a_camera_that_cannot_be_read_do_not_keep_a_picture_out(broken):
    tags = [(0x0112, 3, 1, b"\6\0\0\0"), broken]
    entries = b"".join(struct.pack("<HHL", *tag[:3]) + tag[3] for tag in tags)
    notes = b"Exif\0\0II*\0" + struct.pack("<LH", 8, len(tags)) + entries + bytes(4) + b"abcdefgh"
    assert opened(accept(sent(picture((600, 300), kind="JPEG", exif=notes)))).size in {(300, 600), (600, 300)}


def test_a_png_with_broken_notes_is_taken():
    data = picture((600, 300))
    chunk = struct.pack(">I", 4) + b"eXIfjunk" + struct.pack(">I", zlib.crc32(b"eXIfjunk"))
    assert opened(accept(sent(data[:33] + chunk + data[33:]))).size == (600, 300)


def test_what_hangs_on_a_picture_is_gone():
    accepted = accept(sent(picture() + b"<script>alert(1)</script><?php ?>"))
    assert b"<script>" not in accepted.data


def test_a_transparent_picture_lies_on_white():
    out = io.BytesIO()
    Image.new("RGBA", (600, 840), (0, 0, 0, 0)).save(out, "PNG")
    assert opened(accept(sent(out.getvalue()), "one_inch")).getpixel((10, 10)) == (255, 255, 255)


def test_a_large_scan_is_made_smaller():
    assert max(opened(accept(sent(picture((5000, 4000), kind="JPEG")))).size) == 2400


def _bomb(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


def test_a_whole_picture_with_too_many_pixels_is_refused():
    out = io.BytesIO()
    Image.new("1", (7000, 6000)).save(out, "PNG")
    assert len(out.getvalue()) < 100_000
    with pytest.raises(Refused, match="pixels"):
        accept(sent(out.getvalue()))


@pytest.mark.parametrize(
    "size", [(20_000, 20_000), (100_000, 100_000), (2**31 - 1, 2**31 - 1), (7000, 6000), (4000, 3200)]
)
def test_a_pixel_bomb_is_refused_before_it_is_unpacked(size):
    with pytest.raises(Refused):
        accept(sent(_bomb(*size)))


# Alone in a process: says its peak in kilobytes. The counter of getrusage begins at the peak of the process that
# started it, so the kernel's own figure is read.
_ALONE = """
import io, re, sys
from flask import Flask
from flask_babel import Babel
from werkzeug.datastructures import FileStorage
from app.extensions.refused import Refused
from app.views.kit.pictures import accept
app = Flask("alone")
Babel(app)
with app.test_request_context():
    try:
        accept(FileStorage(io.BytesIO(sys.stdin.buffer.read()), filename="a.png"), sys.argv[1])
        done = "kept"
    except Refused:
        done = "refused"
print(done, re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1])
"""


def _noise(size, mode="RGB", kind="JPEG", **options) -> bytes:
    out = io.BytesIO()
    base = Image.effect_noise((size[0] // 20, size[1] // 20), 90).resize(size)
    base.convert(mode).save(out, kind, **options)
    return out.getvalue()


@pytest.mark.parametrize(
    ("kind", "size", "mode", "options", "done"),
    [
        ("PNG", (6300, 6300), "1", {}, "refused"),
        ("PNG", (4000, 3100), "1", {}, "kept"),
        ("PNG", (4000, 3100), "P", {"transparency": 3}, "kept"),
        ("PNG", (4000, 3100), "RGBA", {}, "kept"),
        ("JPEG", (6000, 3900), "RGB", {}, "kept"),
        ("JPEG", (6000, 3900), "CMYK", {"progressive": True, "subsampling": 0}, "refused"),
        ("JPEG", (4000, 3100), "CMYK", {"progressive": True, "subsampling": 0}, "kept"),
    ],
    ids=["too many", "black and white", "palette", "transparent", "telephone", "large print", "print"],
)
@pytest.mark.parametrize("photo", ["", "one_inch"])
def test_a_small_file_does_not_cost_a_large_memory(kind, size, mode, options, done, photo):
    data = _noise(size, mode, kind, **options)
    told = subprocess.run(
        [sys.executable, "-c", _ALONE, photo], input=data, capture_output=True, cwd=ROOT, check=True
    ).stdout.split()
    assert told[0].decode() == done
    assert int(told[1]) <= 256 * 1024


def test_two_pictures_are_unpacked_at_once_and_no_more(monkeypatch):
    running, most, go = [0], [0], threading.Event()
    two = threading.Semaphore(0)

    def slow(data, name, photo):
        running[0] += 1
        most[0] = max(most[0], running[0])
        two.release()
        go.wait(20)
        running[0] -= 1

    monkeypatch.setattr(pictures, "_drawn_anew", slow)
    threads = [threading.Thread(target=accept, args=(sent(b"x"),)) for _ in range(5)]
    for one in threads:
        one.start()
    assert two.acquire(timeout=20)
    assert two.acquire(timeout=20)
    assert not two.acquire(timeout=0.2)
    go.set()
    for one in threads:
        one.join()
    assert most == [2]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "empty.png"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "a.png"),
        (b"<html><script>alert(1)</script>", "a.jpg"),
        (b"GIF89a" + b"\0" * 100, "a.png"),
        (b"II*\0" + b"\0" * 100, "a.png"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "a.png"),
        (b"SIMPLE  =                    T", "a.png"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "a.png"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 50, "a.jpg"),
        (picture()[:200], "cut.png"),
        (picture(kind="GIF"), "a.png"),
        (picture(kind="BMP"), "a.jpg"),
        (picture(kind="WEBP"), "a.png"),
        (b"PK\x03\x04" + b"\0" * 100, "a.pdf"),
        (b"\0" * 11 * 1024 * 1024, "large.png"),
        (b"%PDF-1.7\nno end", "a.pdf"),
        (PDF.replace(b"/Type /Page\n", b"/Type /Page /S /#4aavaScript\n"), "a.pdf"),
    ],
)  # fmt: skip
def test_everything_else_is_refused_with_a_sentence(data, name):
    with pytest.raises(Refused) as refused:
        accept(sent(data, name))
    assert str(refused.value).endswith(".") or "MB" in str(refused.value)


def test_noise_is_refused_and_breaks_nothing():
    rolled = random.Random(1)
    base = picture((50, 50), kind="JPEG")
    for _ in range(200):
        broken = bytearray(base)
        for _hit in range(rolled.randint(1, 20)):
            broken[rolled.randrange(len(broken))] = rolled.randrange(256)
        with contextlib.suppress(Refused):
            assert accept(sent(bytes(broken), "a.jpg")).media_type == "image/jpeg"


def test_a_pdf_is_kept_as_it_is_where_a_scan_may_be_one():
    accepted = accept(sent(PDF, "证明.pdf"))
    assert (accepted.data, accepted.media_type, accepted.name) == (PDF, "application/pdf", "证明.pdf")
    with pytest.raises(Refused):
        accept(sent(PDF, "a.pdf"), "picture")


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("身份证 正面.PNG", "身份证 正面.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\Users\\x\\扫描.png", "扫描.jpg"),
        ("a\0b\u202egnp.exe", "abgnp.jpg"),
        ("", "file.jpg"),
        ("..", "file.jpg"),
        ("x" * 4000 + ".png", "x" * 80 + ".jpg"),
        ('a"b<c>|d?.png', "a b c d.jpg"),
    ],
)
def test_a_name_is_only_a_name(name, kept):
    assert accept(sent(picture(), name)).name == kept
