"""Only a whole, untouched paper with a trusted seal is accepted, and the verdict says why another is not."""

import os
import random
import subprocess
from io import BytesIO

import pypdf
import pytest
from pyhanko.pdf_utils.generic import TextStringObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pypdf.annotations import FreeText

from app.signing.verify import Reason, verify

# How many bytes to flip in the paper, and as many in the place of its signature.
FLIPS = 2_000 if os.environ.get("PROFILE") == "long" else 60


def judge(pdf, root):
    return verify(pdf, [root]).reason


def test_a_sealed_paper_is_valid_and_names_its_seal(sealed, root):
    verdict = verify(sealed, [root])
    assert verdict.valid
    assert verdict.signer == "湖南省住房和城乡建设厅（演示 DEMO）"
    assert verdict.signed_at is not None


def test_another_program_finds_the_signature_valid_and_the_whole_document_signed(sealed, tmp_path):
    file = tmp_path / "sealed.pdf"
    file.write_bytes(sealed)
    words = subprocess.run(["pdfsig", str(file)], capture_output=True, check=True, text=True).stdout
    assert "Signature is Valid" in words
    assert "Total document signed" in words
    assert "ETSI.CAdES.detached" in words


def test_a_root_that_is_not_trusted_makes_no_valid_paper(sealed):
    assert verify(sealed, []).reason is Reason.UNTRUSTED


def test_a_paper_without_a_seal_is_not_signed(paper, root):
    assert judge(paper, root) is Reason.NOT_SIGNED


@pytest.mark.parametrize(
    "data", [b"", b"hello", b"<html>", b"%PDF-1.7\nnothing of the kind", b"%PDF-" + bytes(5000)]
)
def test_what_is_no_pdf_is_called_so(data, root):
    assert not verify(data, [root]).valid


def test_any_flipped_byte_is_found(sealed, root):
    # The place of the signature is a tenth of the file and is not covered by the signature itself: half of
    # the flips go there.
    start = sealed.index(b"/Contents <") + len("/Contents <")
    end = sealed.index(b">", start)
    chance = random.Random(20261122)
    places = [chance.randrange(len(sealed)) for _ in range(150)]
    places += [chance.randrange(start, end) for _ in range(150)]
    places += [start - 1, start, start + 9, end - 1, end, len(sealed) - 1]
    for place in places:
        altered = bytearray(sealed)
        altered[place] ^= 1 << chance.randrange(8)
        assert not verify(bytes(altered), [root]).valid, f"byte {place}"


def test_a_changed_letter_is_reported_as_altered(sealed, root):
    place = sealed.index(b"/MediaBox [ 0 0 595")
    assert judge(sealed[:place] + sealed[place:].replace(b"595", b"596", 1), root) is Reason.ALTERED


def test_letters_of_another_case_inside_the_signature_are_found(sealed, root):
    start = sealed.index(b"/Contents <") + len("/Contents <")
    place = next(n for n in range(start, len(sealed)) if sealed[n : n + 1] in b"ABCDEF")
    altered = sealed[:place] + sealed[place : place + 1].lower() + sealed[place + 1 :]
    assert judge(altered, root) is Reason.ALTERED


def test_an_annotation_added_later_is_found(sealed, root):
    writer = pypdf.PdfWriter(BytesIO(sealed), incremental=True)
    writer.add_annotation(0, FreeText(text="still valid, honestly", rect=(50, 550, 200, 650)))
    out = BytesIO()
    writer.write(out)
    assert out.getvalue().startswith(sealed)
    assert judge(out.getvalue(), root) is Reason.ADDED_TO


def test_an_incremental_update_is_found(sealed, root):
    writer = IncrementalPdfFileWriter(BytesIO(sealed))
    writer.root["/Lang"] = TextStringObject("en")
    writer.update_root()
    out = BytesIO()
    writer.write(out)
    assert judge(out.getvalue(), root) is Reason.ADDED_TO


def test_bytes_after_the_end_are_found(sealed, root):
    assert not verify(sealed + b"\n% appended", [root]).valid


def test_a_rewritten_paper_loses_its_seal(sealed, root):
    out = BytesIO()
    pypdf.PdfWriter(clone_from=BytesIO(sealed)).write(out)
    assert not verify(out.getvalue(), [root]).valid
