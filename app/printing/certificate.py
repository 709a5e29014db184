"""Draw the electronic certificate (domain notes 6.3): one A4 page, the same bytes for the same face."""

from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Final

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from app.printing.drawing import INK, MUTED, draw_picture, draw_qr, draw_text
from app.printing.failure import PrintFailed
from app.printing.fitting import fit
from app.printing.ornament import DEEP, GOLD, draw_ornament

MOST_SPECIALTIES: Final = 6
COUNTRY: Final = "中华人民共和国"

# Where the electronic seal goes: left, bottom, right, top in points from the lower left corner of the page.
SEAL_BOX: Final = (131 * mm, 46 * mm, 173 * mm, 88 * mm)

LEFT: Final = 32 * mm
RIGHT: Final = 178 * mm
VALUES: Final = 58 * mm
PHOTO: Final = (151 * mm, 181 * mm, 27 * mm, 37.8 * mm)
TABLE_TOP: Final = 156 * mm
ROW: Final = 8.2 * mm
FIELDS_TOP: Final = 222 * mm
FIELDS_HEIGHT: Final = FIELDS_TOP - TABLE_TOP - 3 * mm
LEADING: Final = 1.3
LEAST_GAP: Final = 3.0


@dataclass(frozen=True)
class SpecialtyTerm:
    """One 注册专业 with the first and the last day of its validity."""

    name: str
    begins: date
    ends: date


@dataclass(frozen=True)
class CertificateFace:
    """What the certificate says, without the ID number; `photo` and `signature` are JPEG or PNG.

    Who was registered on paper has no photo on file: the frame stays empty until a declaration brings one.
    """

    name: str
    gender: str
    birth_date: date
    registration_number: str
    enterprise: str
    specialties: tuple[SpecialtyTerm, ...]
    certificate_number: str
    issued_on: date
    authority: str
    verification_url: str
    photo: bytes | None
    kind: str
    """证书类别, in words."""
    signature: bytes | None = None
    title: str = f"{COUNTRY}二级建造师注册证书"


# The face is a fixed form of the ministry, issued in Chinese only, so its words are not translated.
def _day(day: date) -> str:
    return f"{day.year}年{day.month:02d}月{day.day:02d}日"


def _heading(canvas: Canvas, face: CertificateFace) -> None:
    middle = A4[0] / 2
    country, rest = (
        (COUNTRY, face.title.removeprefix(COUNTRY)) if face.title.startswith(COUNTRY) else ("", face.title)
    )
    draw_text(canvas, (middle, 258 * mm), country, size=21, align="centre", spacing=7, colour=DEEP)
    title = fit(rest, "serif-bold", RIGHT - LEFT - 20 * mm, sizes=(33, 30, 27, 24))
    draw_text(
        canvas,
        (middle, 240 * mm),
        rest,
        face="serif-bold",
        size=title.size,
        align="centre",
        spacing=3,
        colour=DEEP,
    )
    canvas.setStrokeColor(GOLD)
    canvas.setLineWidth(1)
    canvas.line(middle - 45 * mm, 234 * mm, middle + 45 * mm, 234 * mm)
    if not face.kind.strip():
        raise PrintFailed("the certificate has no 证书类别")
    named = fit(
        f"证书类别：{face.kind}　　证书编号：{face.certificate_number}",
        "serif-regular",
        RIGHT - LEFT,
        sizes=(12, 11, 10),
    )
    draw_text(canvas, (middle, 226.5 * mm), named.lines[0], size=named.size, align="centre")


def _fields(canvas: Canvas, face: CertificateFace) -> None:
    beside_photo, whole = PHOTO[0] - 4 * mm - VALUES, RIGHT - VALUES
    rows = (
        ("姓　　名", face.name, beside_photo, 2, (17, 15, 13, 11)),
        ("性　　别", face.gender, beside_photo, 1, (14,)),
        ("出生日期", _day(face.birth_date), beside_photo, 1, (14,)),
        ("注册编号", face.registration_number, beside_photo, 1, (14, 12)),
        ("聘用企业", face.enterprise, whole, 3, (14, 12, 10)),
    )
    blocks = []
    for label, value, room, most_lines, sizes in rows:
        if not value.strip():
            raise PrintFailed(f"the certificate has no {label.replace('　', '')}")
        blocks.append((label, fit(value, "serif-regular", room, sizes=sizes, most_lines=most_lines)))
    # Rows stand at an even distance, which shrinks when a long name or enterprise needs more lines.
    taken = sum(len(fitted.lines) * fitted.size * LEADING for _, fitted in blocks)
    gap = min((FIELDS_HEIGHT - taken) / len(blocks), 4 * mm)
    if gap < LEAST_GAP:
        raise PrintFailed("the fields of the certificate run into its specialties")
    y = FIELDS_TOP
    for label, fitted in blocks:
        y -= gap
        draw_text(canvas, (LEFT, y - fitted.size * 0.9), label, size=13, colour=MUTED)
        for line in fitted.lines:
            draw_text(canvas, (VALUES, y - fitted.size * 0.9), line, size=fitted.size)
            y -= fitted.size * LEADING


def _specialties(canvas: Canvas, face: CertificateFace) -> None:
    if not 1 <= len(face.specialties) <= MOST_SPECIALTIES:
        raise PrintFailed(
            f"a certificate shows 1 to {MOST_SPECIALTIES} specialties, not {len(face.specialties)}"
        )
    name_room = 62 * mm
    bottom = TABLE_TOP - ROW * (len(face.specialties) + 1)
    canvas.setStrokeColor(GOLD)
    canvas.setLineWidth(0.6)
    for number in range(len(face.specialties) + 2):
        canvas.line(LEFT, TABLE_TOP - number * ROW, RIGHT, TABLE_TOP - number * ROW)
    for x in (LEFT, LEFT + name_room, RIGHT):
        canvas.line(x, bottom, x, TABLE_TOP)
    term_middle = (LEFT + name_room + RIGHT) / 2
    y = TABLE_TOP - ROW + 2.6 * mm
    draw_text(canvas, (LEFT + name_room / 2, y), "注册专业", size=12, align="centre", colour=MUTED)
    draw_text(canvas, (term_middle, y), "有效期", size=12, align="centre", colour=MUTED)
    for term in face.specialties:
        y -= ROW
        name = fit(term.name, "serif-regular", name_room - 4 * mm, sizes=(13, 11, 9))
        draw_text(canvas, (LEFT + name_room / 2, y), name.lines[0], size=name.size, align="centre")
        text = f"{_day(term.begins)} 至 {_day(term.ends)}"
        draw_text(canvas, (term_middle, y), text, size=12, align="centre")


def _signature(canvas: Canvas, face: CertificateFace) -> None:
    y = 88 * mm
    draw_text(canvas, (LEFT, y), "个人签名", size=13, colour=MUTED)
    if face.signature:
        draw_picture(canvas, face.signature, (VALUES, y - 7 * mm, 42 * mm, 16 * mm))
    canvas.setStrokeColor(GOLD)
    canvas.setLineWidth(0.6)
    canvas.line(VALUES, y - 7.5 * mm, VALUES + 42 * mm, y - 7.5 * mm)
    # Whoever shows a printed copy signs it by hand, and writes the day of it.
    draw_text(canvas, (LEFT, y - 13.5 * mm), "签名日期", size=13, colour=MUTED)
    draw_text(canvas, (VALUES + 10 * mm, y - 13.5 * mm), "年", size=12, colour=MUTED)
    draw_text(canvas, (VALUES + 24 * mm, y - 13.5 * mm), "月", size=12, colour=MUTED)
    draw_text(canvas, (VALUES + 38 * mm, y - 13.5 * mm), "日", size=12, colour=MUTED)


def _authority(canvas: Canvas, face: CertificateFace) -> None:
    middle = (SEAL_BOX[0] + SEAL_BOX[2]) / 2
    authority = fit(face.authority, "serif-regular", 70 * mm, sizes=(14, 12, 10))
    draw_text(canvas, (middle, 69 * mm), authority.lines[0], size=authority.size, align="centre")
    draw_text(canvas, (middle, 59 * mm), _day(face.issued_on), size=13, align="centre")
    draw_text(canvas, (middle, 91 * mm), "发证机关（电子印章）", size=10, align="centre", colour=MUTED)


def _verification(canvas: Canvas, face: CertificateFace) -> None:
    side = 36 * mm
    draw_qr(canvas, face.verification_url, (LEFT - 3 * mm, 36 * mm, side))
    draw_text(
        canvas,
        (LEFT - 3 * mm + side / 2, 32.5 * mm),
        "实时数据，扫码验证",
        size=9,
        align="centre",
        colour=INK,
    )
    address = fit(face.verification_url, "sans-regular", RIGHT - LEFT, sizes=(7.5, 6.5), most_lines=2)
    for number, line in enumerate(address.lines):
        draw_text(
            canvas,
            (LEFT, 27 * mm - number * 9),
            line,
            face="sans-regular",
            size=address.size,
            colour=MUTED,
        )


def draw_certificate(face: CertificateFace) -> bytes:
    """The unsigned PDF; `app.signing.seal` puts the seal at SEAL_BOX.

    Raises PrintFailed when a character is in no font, a value is missing or too long, a picture is broken.
    """
    sheet = BytesIO()
    canvas = Canvas(sheet, pagesize=A4, invariant=1, pageCompression=1, lang="zh-CN")
    canvas.setTitle(f"{face.title} {face.certificate_number}")
    canvas.setAuthor(face.authority)
    draw_ornament(canvas)
    for part in (_heading, _fields, _specialties, _signature, _authority, _verification):
        part(canvas, face)
    canvas.setStrokeColor(GOLD)
    canvas.setLineWidth(0.6)
    if face.photo is not None:
        draw_picture(canvas, face.photo, PHOTO)
    canvas.rect(*PHOTO)
    canvas.showPage()
    canvas.save()
    return sheet.getvalue()
