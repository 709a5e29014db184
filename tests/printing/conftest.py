"""What the tests of paper share: pictures, a certificate's face, and eyes that read a page."""

import re
import subprocess
from collections.abc import Callable, Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from app.printing.certificate import CertificateFace, SpecialtyTerm
from app.printing.render import RenderPool

VERIFICATION_URL = "https://platform.example/v/Zk3vWq0yJm5c8Qe1rT2uIgAbCdEfGh12"


@pytest.fixture(scope="session")
def photo() -> bytes:
    picture = Image.new("RGB", (295, 413), "white")
    pen = ImageDraw.Draw(picture)
    pen.ellipse((90, 60, 205, 200), fill="#c8a898")
    pen.rectangle((50, 230, 245, 413), fill="#405070")
    out = BytesIO()
    picture.save(out, "JPEG", quality=90, dpi=(300, 300))
    return out.getvalue()


@pytest.fixture(scope="session")
def signature() -> bytes:
    picture = Image.new("RGB", (400, 160), "white")
    ImageDraw.Draw(picture).line((20, 120, 90, 30, 150, 130, 240, 40, 380, 110), fill="black", width=6)
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def face(photo: bytes, signature: bytes) -> Callable[..., CertificateFace]:
    def make(**changes: object) -> CertificateFace:
        values: dict[str, object] = {
            "kind": "二级注册建造师",
            "name": "张伟",
            "gender": "男",
            "birth_date": date(1985, 6, 15),
            "registration_number": "湘243132300001",
            "enterprise": "湖南虚构建设工程有限公司",
            "specialties": (SpecialtyTerm("建筑工程", date(2026, 11, 22), date(2029, 11, 21)),),
            "certificate_number": "湘建00000001",
            "issued_on": date(2026, 11, 22),
            "authority": "湖南省住房和城乡建设厅",
            "verification_url": VERIFICATION_URL,
            "photo": photo,
            "signature": signature,
        }
        return CertificateFace(**(values | changes))

    return make


@pytest.fixture
def read(tmp_path: Path) -> Callable[[bytes], str]:
    """The text of a PDF as a copying reader gets it."""

    def text_of(pdf: bytes) -> str:
        file = tmp_path / "read.pdf"
        file.write_bytes(pdf)
        done = subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, check=True)
        return done.stdout.decode()

    return text_of


@pytest.fixture
def scan(tmp_path: Path) -> Callable[[bytes], list[str]]:
    """What a telephone reads from the QR codes of the first page as it is printed."""

    def codes_of(pdf: bytes) -> list[str]:
        file = tmp_path / "scan.pdf"
        file.write_bytes(pdf)
        page = tmp_path / "scan"
        subprocess.run(
            ["pdftoppm", "-r", "150", "-f", "1", "-singlefile", "-png", str(file), str(page)], check=True
        )
        done = subprocess.run(["zbarimg", "--raw", "-q", f"{page}.png"], capture_output=True, check=False)
        return done.stdout.decode().split()

    return codes_of


@pytest.fixture(scope="session")
def pool() -> Iterator[RenderPool]:
    with RenderPool(workers=2) as shared:
        yield shared


@pytest.fixture
def pictures_in(tmp_path: Path) -> Callable[[bytes], list[str]]:
    def listed(pdf: bytes) -> list[str]:
        file = tmp_path / "pictures.pdf"
        file.write_bytes(pdf)
        done = subprocess.run(["pdfimages", "-list", str(file)], capture_output=True, check=True, text=True)
        return done.stdout.splitlines()[2:]

    return listed


@pytest.fixture
def right_edge_of_text(tmp_path: Path) -> Callable[[bytes], float]:
    """How far to the right any word reaches, in millimetres from the left edge of the paper."""

    def edge(pdf: bytes) -> float:
        file = tmp_path / "edge.pdf"
        file.write_bytes(pdf)
        done = subprocess.run(
            ["pdftotext", "-bbox", str(file), "-"], capture_output=True, check=True, text=True
        )
        return max(float(found) for found in re.findall(r'xMax="([0-9.]+)"', done.stdout)) / 72 * 25.4

    return edge
