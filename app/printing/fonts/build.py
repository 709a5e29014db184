"""Make our own TrueType subsets of Noto Serif SC and Noto Sans SC out of Debian's package fonts-noto-cjk."""

# The source has PostScript outlines, which ReportLab cannot read, and 65,535 glyphs a face, which take a
# renderer minutes. Run it as
#     python app/printing/fonts/build.py [--characters Unihan_OtherMappings.txt.bz2]
# where the Unihan file comes from Debian's package unicode-data (field kTGH: 通用规范汉字表). fontTools is
# needed to build and never to run; it is not among the locked libraries, so its types are not known here.
# mypy: ignore-errors

import argparse
import bz2
from collections.abc import Iterable
from pathlib import Path

from fontTools import subset
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

HERE = Path(__file__).parent
SOURCE = Path("/usr/share/fonts/opentype/noto")
UNIHAN = Path("/usr/share/unicode/Unihan_OtherMappings.txt.bz2")
# Index of the mainland China (SC) face inside each .ttc of the package.
SIMPLIFIED_CHINESE = 2
# Largest distance, in 1/1000 em, between the cubic outline of the source and the quadratic one in its
# place: a hundredth of a millimetre at a title of 30 pt.
TOLERANCE = 1.0

# What forms, lists and certificates use beside Chinese characters. Combining and control characters stay out.
SYMBOLS = [
    (0x20, 0x7E),
    (0xA0, 0x17F),
    (0x1CD, 0x1DC),
    (0x391, 0x3C9),
    (0x401, 0x451),
    (0x2010, 0x203B),
    (0x20AC, 0x20AC),
    (0x2100, 0x218B),
    (0x2190, 0x2199),
    (0x2200, 0x22A5),
    (0x2460, 0x24FF),
    (0x2500, 0x254B),
    (0x25A0, 0x25EF),
    (0x2600, 0x2642),
    (0x2713, 0x2717),
    (0x2776, 0x2793),
    (0x3000, 0x33FF),
    (0xFE30, 0xFE4F),
    (0xFF01, 0xFFEE),
]
URO = (0x4E00, 0x9FFF)
EXTENSION_A = (0x3400, 0x4DBF)
COMPATIBILITY = (0xF900, 0xFAFF)
SUPPLEMENTARY = (0x20000, 0x323AF)
BOXES = {0x2610: "box", 0x2611: "box_check", 0x2612: "box_cross", 0x2714: "check"}

LICENCE = "SIL Open Font License 1.1, see OFL.txt"
CHANGES = "Modified: subset, converted to TrueType outlines, renamed, check boxes added."


def expand(ranges: Iterable[tuple[int, int]]) -> set[int]:
    return {code for first, last in ranges for code in range(first, last + 1)}


def gb2312() -> set[int]:
    pairs = (bytes((row, cell)) for row in range(0xA1, 0xF8) for cell in range(0xA1, 0xFF))
    return {ord(text) for pair in pairs if (text := pair.decode("gb2312", "ignore"))}


def general_standard(unihan: Path) -> set[int]:
    """The 8,105 characters of 通用规范汉字表 (2013), levels 1 to 3."""
    with bz2.open(unihan, "rt", encoding="utf-8") as lines:
        rows = (line.split("\t") for line in lines if "\tkTGH\t" in line and not line.startswith("#"))
        return {int(row[0][2:], 16) for row in rows}


def polygon(pen: TTGlyphPen, points: list[tuple[int, int]]) -> None:
    pen.moveTo(points[0])
    for point in points[1:]:
        pen.lineTo(point)
    pen.closePath()


def box_glyph(name: str) -> object:
    """A check box of our own: the source has none, and its .notdef looks like a crossed one."""
    pen = TTGlyphPen(None)
    if name.startswith("box"):
        polygon(pen, [(120, -20), (120, 780), (880, 780), (880, -20)])
        polygon(pen, [(180, 40), (820, 40), (820, 720), (180, 720)])
    if name.endswith("check"):
        polygon(pen, [(270, 400), (330, 455), (450, 290), (690, 640), (755, 600), (460, 150)])
    if name.endswith("cross"):
        polygon(
            pen,
            [
                (255, 615),
                (305, 665),
                (500, 435),
                (695, 665),
                (745, 615),
                (545, 380),
                (745, 145),
                (695, 95),
                (500, 325),
                (305, 95),
                (255, 145),
                (455, 380),
            ],
        )
    return pen.glyph()


def subset_of(source: Path, characters: set[int]) -> TTFont:
    """The face with these characters alone, still with its PostScript outlines."""
    face = TTFont(source, fontNumber=SIMPLIFIED_CHINESE, lazy=True)
    options = subset.Options(
        layout_features=[],
        hinting=False,
        notdef_outline=True,
        glyph_names=True,
        drop_tables=["vhea", "vmtx", "VORG", "GSUB", "GPOS", "GDEF", "BASE", "DSIG"],
    )
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters & set(face.getBestCmap()))
    subsetter.subset(face)
    return face


def outlines(face: TTFont) -> tuple[dict[str, object], dict[str, int]]:
    """TrueType glyphs and widths by the name of the glyph."""
    glyph_set, widths = face.getGlyphSet(), face["hmtx"].metrics
    glyphs = {}
    for name in face.getGlyphOrder():
        pen = TTGlyphPen(None)
        glyph_set[name].draw(Cu2QuPen(pen, TOLERANCE, reverse_direction=True))
        glyphs[name] = pen.glyph()
    return glyphs, {name: widths[name][0] for name in glyphs}


def name_font(font: FontBuilder, copyright_line: str, family: str, style: str) -> None:
    # The PostScript name must be unique: ReportLab keeps only the first of two fonts that share it.
    names = {
        "copyright": f"{copyright_line} {CHANGES}",
        "familyName": family,
        "styleName": style,
        "uniqueFontIdentifier": f"{family} {style}",
        "fullName": f"{family} {style}",
        "version": "Version 1.0",
        "psName": f"{family.replace(' ', '')}-{style}",
        "licenseDescription": LICENCE,
        "licenseInfoURL": "https://openfontlicense.org",
    }
    font.setupNameTable(names, mac=False)


def finish(font: FontBuilder, face: TTFont, style: str) -> None:
    """Heights and weight as in the source, and a fixed date, so that building twice gives the same bytes."""
    bold, os2 = style == "Bold", face["OS/2"]
    font.setupHorizontalHeader(ascent=face["hhea"].ascent, descent=face["hhea"].descent)
    font.setupOS2(
        sTypoAscender=os2.sTypoAscender,
        sTypoDescender=os2.sTypoDescender,
        usWinAscent=os2.usWinAscent,
        usWinDescent=os2.usWinDescent,
        sCapHeight=733,
        sxHeight=543,
        fsType=0,
        usWeightClass=700 if bold else 400,
        fsSelection=0x20 if bold else 0x40,
    )
    font.setupPost(keepGlyphNames=False)
    font.font["head"].macStyle = int(bold)
    font.font["head"].created = font.font["head"].modified = face["head"].created
    font.font.recalcTimestamp = False


def make(source: Path, target: Path, family: str, style: str, characters: set[int]) -> set[int]:
    """Write one subset and return the characters that it holds."""
    face = subset_of(source, characters)
    glyphs, widths = outlines(face)
    cmap = dict(face.getBestCmap())
    for code in BOXES.keys() & characters:
        cmap[code] = BOXES[code]
        glyphs[BOXES[code]], widths[BOXES[code]] = box_glyph(BOXES[code]), 1000

    font = FontBuilder(face["head"].unitsPerEm, isTTF=True)
    font.setupGlyphOrder(list(glyphs))
    font.setupCharacterMap(cmap)
    font.setupGlyf(glyphs)
    table = font.font["glyf"]
    bearings = {name: table[name].xMin if glyphs[name].numberOfContours else 0 for name in glyphs}
    font.setupHorizontalMetrics({name: (widths[name], bearings[name]) for name in glyphs})
    name_font(font, face["name"].getDebugName(0), family, style)
    finish(font, face, style)
    font.font.save(target)
    print(f"{target.name}: {len(cmap)} characters, {target.stat().st_size / 1e6:.1f} MB")
    return set(cmap)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--source", type=Path, default=SOURCE)
    arguments.add_argument("--characters", type=Path, default=UNIHAN)
    options = arguments.parse_args()
    standard = general_standard(options.characters)
    everyday = expand(SYMBOLS) | gb2312() | standard | set(BOXES)
    for family in ("Serif", "Sans"):
        for style in ("Regular", "Bold"):
            target = HERE / f"{family.lower()}-{style.lower()}.ttf"
            held = make(
                options.source / f"Noto{family}CJK-{style}.ttc", target, f"Paper {family} SC", style, everyday
            )
            print(
                "  not in the source:", "".join(sorted(map(chr, (standard | gb2312()) - held))) or "nothing"
            )
    serif = options.source / "NotoSerifCJK-Regular.ttc"
    ideographs = expand([URO, EXTENSION_A, COMPATIBILITY]) - everyday
    make(serif, HERE / "serif-wide.ttf", "Paper Serif SC Wide", "Regular", ideographs)
    make(
        serif,
        HERE / "serif-supplementary.ttf",
        "Paper Serif SC Supplementary",
        "Regular",
        expand([SUPPLEMENTARY]) - everyday,
    )


if __name__ == "__main__":
    main()
