"""A document becomes pictures of its pages, in a process that a hostile one can only end."""

import io

import pytest
from PIL import Image
from pypdf import PdfWriter
from reportlab.pdfgen.canvas import Canvas

from app.extensions.refused import Refused
from app.services import pdf_pages
from app.services.pdf_pages import AT_ONCE, pages_of


def document(pages: int = 1, size: tuple[float, float] = (595, 842)) -> bytes:
    """Pages with a black square on the left, so that one sees which side is up."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=size)
    for _ in range(pages):
        canvas.rect(20, size[1] - 120, 100, 100, fill=1)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def test_a_page_is_painted_upright_and_large_enough_to_be_read():
    found = pages_of(document())
    assert (found.first, found.total) == (1, 1)
    picture = Image.open(io.BytesIO(found.pictures[0])).convert("L")
    assert 1700 <= picture.height <= 1801
    assert picture.getpixel((150, 150)) < 40
    assert picture.getpixel((picture.width - 150, 150)) > 240


def test_a_long_document_comes_a_few_pages_at_a_time():
    data = document(AT_ONCE + 2)
    assert len(pages_of(data).pictures) == AT_ONCE
    rest = pages_of(data, AT_ONCE + 1)
    assert (len(rest.pictures), rest.total) == (2, AT_ONCE + 2)
    assert pages_of(data, 100).pictures == []


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 nothing", b"\xff" * 4000])
def test_what_is_no_document_is_refused(data):
    with pytest.raises(Refused):
        pages_of(data)


def test_a_page_of_a_kilometre_is_painted_small_or_refused():
    writer = PdfWriter()
    writer.add_blank_page(14_000, 14_000)
    out = io.BytesIO()
    writer.write(out)
    (picture,) = pages_of(out.getvalue()).pictures
    assert max(Image.open(io.BytesIO(picture)).size) <= 1801
    writer.add_blank_page(3_000_000, 20)
    out = io.BytesIO()
    writer.write(out)
    with pytest.raises(Refused):
        pages_of(out.getvalue())


def test_a_document_that_takes_too_long_is_refused(monkeypatch):
    monkeypatch.setattr(pdf_pages, "_PATIENCE", 0.001)
    with pytest.raises(Refused):
        pages_of(document(3))
