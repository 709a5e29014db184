"""The fonts cover what names and forms are written with."""

from pathlib import Path

import pytest
from reportlab.pdfbase.ttfonts import TTFontFile

from app.printing.faces import FALLBACKS, FOLDER, runs, width
from app.printing.failure import PrintFailed

EVERYDAY = ("serif-regular", "serif-bold", "sans-regular", "sans-bold")


def gb2312():
    pairs = (bytes((row, cell)) for row in range(0xA1, 0xF8) for cell in range(0xA1, 0xFF))
    return {text for pair in pairs if (text := pair.decode("gb2312", "ignore"))}


@pytest.mark.parametrize("face", EVERYDAY)
def test_every_face_draws_gb2312_and_the_check_boxes_itself(face):
    for character in gb2312() | set("☐☑☒✓✔·—（）①Ⅱ㎡℃") | {chr(code) for code in range(0x20, 0x7F)}:
        assert list(runs(character, face)) == [(face, character)], character


def test_all_ideographs_of_the_basic_blocks_and_extension_a_have_a_glyph():
    for first, last in ((0x4E00, 0x9FEA), (0x3400, 0x4DB5)):
        for code in range(first, last + 1):
            assert list(runs(chr(code), "serif-bold")), hex(code)


def test_a_text_is_cut_where_the_font_changes():
    assert list(runs("张𠀋a", "serif-regular")) == [
        ("serif-regular", "张"),
        ("serif-supplementary", "𠀋"),
        ("serif-regular", "a"),
    ]
    assert width("张𠀋", "serif-regular", 10) == 20


def test_a_character_that_no_font_has_is_refused_by_its_number():
    with pytest.raises(PrintFailed, match=r"U\+1F600"):
        list(runs("😀", "sans-regular"))


def test_the_files_have_different_names_inside_stay_small_and_carry_their_licence():
    files = sorted(FOLDER.glob("*.ttf"))
    assert {file.stem for file in files} == {*EVERYDAY, *FALLBACKS}
    assert len({TTFontFile(str(file)).name for file in files}) == len(files)
    assert sum(file.stat().st_size for file in files) < 25_000_000
    assert "SIL OPEN FONT LICENSE Version 1.1" in (Path(FOLDER) / "OFL.txt").read_text(encoding="utf-8")
