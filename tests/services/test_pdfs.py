"""A PDF that shows pages is kept; one that would do something is refused, however it hides that."""

import io
import zlib

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NullObject,
    NumberObject,
    TextStringObject,
)  # fmt: skip

from app.extensions.refused import Refused
from app.services import pdfs
from app.services.pdfs import require_still


def made(change=lambda _writer: None, pages=1) -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(595, 842)
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def why(data: bytes) -> str:
    with pytest.raises(Refused) as refused:
        require_still(data)
    return next(code for code, text in pdfs._REASONS.items() if text is refused.value.message)


def _in_a_stream(hidden: bytes) -> bytes:
    """A file whose second object, with this dictionary, lies packed in an object stream (PDF 1.5)."""
    inner = b"2 0 " + hidden
    packed = zlib.compress(inner)
    parts = {
        1: b"<</Type /Catalog /Pages 3 0 R>>",
        3: b"<</Type /Pages /Kids [4 0 R] /Count 1>>",
        4: b"<</Type /Page /Parent 3 0 R /MediaBox [0 0 9 9]>>",
        5: b"<</Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d>>\nstream\n%s\nendstream"
        % (len(packed), packed),
    }
    data, places = b"%PDF-1.5\n", {}
    for number, text in parts.items():
        places[number] = len(data)
        data += b"%d 0 obj\n%s\nendobj\n" % (number, text)
    rows = [(0, 0, 0)] + [(2, 5, 0) if n == 2 else (1, places.get(n, len(data)), 0) for n in range(1, 7)]
    table = b"".join(bytes([kind]) + place.to_bytes(4, "big") + bytes([last]) for kind, place, last in rows)
    start = len(data)
    data += (
        b"6 0 obj\n<</Type /XRef /Size 7 /W [1 4 1] /Root 1 0 R /Length %d>>\nstream\n%s\nendstream\nendobj\n"
        % (len(table), table)
    )
    return data + b"startxref\n%d\n%%%%EOF\n" % start


def _name(text: str) -> NameObject:
    return NameObject(text)


def _act(kind: str, **more) -> DictionaryObject:
    return DictionaryObject(
        {_name("/S"): _name(kind), **{_name(f"/{key}"): one for key, one in more.items()}}
    )


def _in_root(key: str, value):
    return lambda writer: writer.root_object.__setitem__(_name(key), value)


def _on_page(key: str, value):
    return lambda writer: writer.pages[0].__setitem__(_name(key), value)


LIVING = {
    "a script when it opens": _in_root(
        "/OpenAction", _act("/JavaScript", JS=TextStringObject("app.alert(1)"))
    ),
    "an act when it opens": _in_root("/OpenAction", _act("/URI")),
    "an act of a page": _on_page("/AA", DictionaryObject({_name("/O"): _act("/Named")})),
    "a file in it": lambda w: w.add_attachment("a.exe", b"MZ"),
    "a form of another kind": _in_root("/AcroForm", DictionaryObject({_name("/XFA"): TextStringObject("x")})),
    "a program to start": lambda w: w._add_object(_act("/Launch", F=TextStringObject("cmd.exe"))),
    "a form that is sent": lambda w: w._add_object(_act("/SubmitForm")),
    "another document": lambda w: w._add_object(ArrayObject([_act("/GoToR")])),
    "a film": lambda w: w._add_object(DictionaryObject({_name("/Subtype"): _name("/RichMedia")})),
}


@pytest.mark.parametrize("change", LIVING.values(), ids=LIVING)
def test_what_would_do_something_is_refused(change):
    assert why(made(change)) == "living"


def test_a_name_that_is_spelled_with_numbers_is_the_same_name():
    data = made(lambda w: w._add_object(_act("/Launch")))
    assert b"/Launch" in data
    assert why(data.replace(b"/Launch", b"/#4caunc#68")) == "living"


def test_what_is_packed_in_a_stream_is_found():
    data = _in_a_stream(b"<</S /JavaScript /JS (app.alert(1))>>")
    assert b"JavaScript" not in data
    assert why(data) == "living"
    require_still(_in_a_stream(b"<</S /GoTo>>"))


def test_a_scan_is_kept_and_so_is_one_that_opens_at_a_page():
    require_still(made())
    place = [NumberObject(0), _name("/XYZ"), NullObject(), NullObject(), FloatObject(0)]
    require_still(made(_in_root("/OpenAction", ArrayObject(place))))


def test_words_on_a_page_are_no_acts():
    def title(writer):
        writer.add_metadata({"/Title": "/JavaScript /Launch"})

    require_still(made(title))


def test_an_encrypted_document_is_refused():
    assert why(made(lambda w: w.encrypt("secret", algorithm="RC4-128"))) == "closed"


def test_so_many_pages_are_read_and_no_more():
    require_still(made(pages=200))
    assert why(made(pages=201)) == "pages"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"%PDF-1.7\nno end",
        b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n",
        made()[:300],
        b"%PDF-1.4\n" + b"[" * 100_000 + b"\n%%EOF",
    ],
    ids=["nothing", "no end", "no pages", "cut", "deep"],
)
def test_what_cannot_be_read_is_refused(data):
    assert why(data) == "damaged"


def test_a_document_of_endless_parts_ends_the_walker_and_not_the_server():
    many = made(lambda w: w._add_object(ArrayObject(NumberObject(0) for _ in range(1_000_001))))
    assert len(PdfReader(io.BytesIO(many)).pages) == 1
    assert why(many) == "large"
