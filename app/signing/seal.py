"""Seal a PDF: a certifying PAdES signature with a visible red seal, after which nothing may change."""

from io import BytesIO
from typing import Any, Final

from asn1crypto import x509
from pyhanko.pdf_utils.content import PdfContent
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, BoxConstraints, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, Signer
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from app.signing.client import SignerClient
from app.signing.seal_picture import draw_seal

Box = tuple[float, float, float, float]

FIELD_NAME: Final = "Seal"
# Room for 4096 bits with four certificates; given beforehand, pyHanko makes no trial signature.
RESERVED_BYTES: Final = 16 * 1024
LONGEST_SIGNATURE: Final = 512


class SealFailed(Exception):
    """The paper cannot be sealed as it is; trying again does not help."""


class _SocketSigner(Signer):
    """pyHanko's signer whose key lives in the signer process."""

    def __init__(self, client: SignerClient, chain: tuple[bytes, ...]) -> None:
        certificates = [x509.Certificate.load(der) for der in chain]
        store = SimpleCertificateStore.from_certs(certificates[1:])  # type: ignore[no-untyped-call]
        super().__init__(signing_cert=certificates[0], cert_registry=store)
        self._client = client

    async def async_sign_raw(
        self,
        data: bytes,
        digest_algorithm: str,
        dry_run: bool = False,  # noqa: FBT001, FBT002 - pyHanko's signature
    ) -> bytes:
        return bytes(LONGEST_SIGNATURE) if dry_run else self._client.sign(data)


class _SealPicture(PdfContent):
    """The seal as vector drawing, taken from a PDF in memory."""

    def __init__(self, pdf: bytes) -> None:
        super().__init__()
        self._pdf = pdf

    def render(self) -> bytes:
        drawing: Any = self._ensure_writer.import_page_as_xobject(PdfFileReader(BytesIO(self._pdf)))
        self.resources.xobject["/Seal"] = drawing
        left, bottom, right, top = (float(edge) for edge in drawing.get_object()["/BBox"])
        self.box = BoxConstraints(width=right - left, height=top - bottom)
        return b"/Seal Do"


def _stamp(authority: str, *, demo: bool) -> StaticStampStyle:
    whole_box = SimpleBoxLayoutRule(
        x_align=AxisAlignment.ALIGN_MID, y_align=AxisAlignment.ALIGN_MID, margins=Margins(0, 0, 0, 0)
    )
    picture = _SealPicture(draw_seal(authority, demo=demo))
    return StaticStampStyle(background=picture, background_layout=whole_box, border_width=0)


def seal(
    pdf: bytes, *, signer: SignerClient, authority: str, box: Box, reason: str = "", page: int = -1
) -> bytes:
    """The same PDF, certified (PAdES B-B, no changes allowed), with the seal in `box` of `page`.

    Page -1 is the last. Raises SignerUnavailable when the signer process gives no signature, and SealFailed
    when this is no PDF or one that is sealed already. There is no way in which an unsigned paper comes back.
    """
    identity = signer.identity()
    left, bottom, right, top = (round(edge) for edge in box)
    metadata = PdfSignatureMetadata(
        field_name=FIELD_NAME,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        name=authority,
        reason=reason or None,
    )
    pdf_signer = PdfSigner(
        metadata,
        signer=_SocketSigner(signer, identity.chain),
        stamp_style=_stamp(authority, demo=identity.demo),
        new_field_spec=SigFieldSpec(FIELD_NAME, on_page=page, box=(left, bottom, right, top)),
    )
    try:
        writer = IncrementalPdfFileWriter(BytesIO(pdf))
        sealed: BytesIO = pdf_signer.sign_pdf(
            writer, bytes_reserved=RESERVED_BYTES, existing_fields_only=False
        )
    except (PdfError, ValueError) as error:
        raise SealFailed(f"the paper cannot be sealed: {error}") from error
    return sealed.getvalue()
