"""Papers as other programs read them: their text, their signature, and the code on their rendered page."""

import subprocess
from pathlib import Path


def text_of(pdf: bytes) -> str:
    """The words of a PDF as pdftotext reads them, without blanks, since it sets Chinese as it likes."""
    return "".join(_run("pdftotext", "-layout", "-", "-", given=pdf).decode().split())


def signatures_of(pdf: bytes, folder: Path) -> str:
    """What pdfsig says of a PDF."""
    path = folder / "signed.pdf"
    path.write_bytes(pdf)
    return _run("pdfsig", path).decode()


def code_on(pdf: bytes, folder: Path) -> str:
    """What a camera reads on the first page: rendered, then searched for a QR code."""
    page = folder / "page"
    _run("pdftoppm", "-r", "150", "-png", "-singlefile", "-", page, given=pdf)
    return (
        _run("zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", page.with_suffix(".png"))
        .decode()
        .strip()
    )


def _run(*command: str | Path, given: bytes | None = None) -> bytes:
    return subprocess.run(command, input=given, capture_output=True, check=True).stdout
