"""The seal is visible, says when it is a demonstration, and is never left out."""

import subprocess
from io import BytesIO

import pypdf
import pytest

from app.printing.failure import PrintFailed
from app.signing.client import SignerClient, SignerUnavailable
from app.signing.seal import SealFailed, seal
from app.signing.seal_picture import draw_seal
from tests.signing.conftest import AUTHORITY, BOX


def pixels(pdf, tmp_path):
    file = tmp_path / "page.pdf"
    file.write_bytes(pdf)
    subprocess.run(["pdftoppm", "-r", "50", "-singlefile", str(file), str(tmp_path / "page")], check=True)
    _, size, _, data = (tmp_path / "page.ppm").read_bytes().split(b"\n", 3)
    width = int(size.split()[0])
    return {(n % width, n // width): tuple(data[3 * n : 3 * n + 3]) for n in range(len(data) // 3)}


def test_the_seal_is_red_and_stands_in_its_box(sealed, tmp_path):
    red = [at for at, (r, g, b) in pixels(sealed, tmp_path).items() if r > 150 and g < 110 and b < 110]
    scale = 50 / 72
    left, bottom, right, top = BOX
    assert len(red) > 300
    assert all(left * scale - 2 <= x <= right * scale + 2 for x, _ in red)
    assert all((842 - top) * scale - 2 <= y <= (842 - bottom) * scale + 2 for _, y in red)


def test_a_demonstration_seal_says_so_and_a_real_one_does_not():
    demo, real = (
        pypdf.PdfReader(BytesIO(draw_seal(AUTHORITY, demo=demo))).pages[0].extract_text()
        for demo in (True, False)
    )
    assert "演示 DEMO" in demo
    assert "无法律效力" in demo
    assert "演示" not in real
    assert set(AUTHORITY) <= set(real)


def test_a_name_that_is_too_long_for_the_arc_is_refused():
    with pytest.raises(PrintFailed, match="too long"):
        draw_seal("虚" * 40, demo=False)


def test_no_signer_means_no_paper(paper, tmp_path):
    with pytest.raises(SignerUnavailable):
        seal(paper, signer=SignerClient(tmp_path / "nobody.sock"), authority=AUTHORITY, box=BOX)


def test_a_sealed_paper_is_not_sealed_again(sealed, signer):
    with pytest.raises(SealFailed):
        seal(sealed, signer=signer, authority=AUTHORITY, box=BOX)


def test_something_that_is_no_pdf_is_not_sealed(signer):
    with pytest.raises(SealFailed):
        seal(b"not a PDF", signer=signer, authority=AUTHORITY, box=BOX)
