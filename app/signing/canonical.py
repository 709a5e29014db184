"""Tell whether the signature in a PDF is byte for byte the one that a seal of ours would have there."""

# A PDF signature covers all of the file but its own place, and a CMS structure has corners that nothing
# signs: padding, embedded root certificates, further attributes. Built again from what is signed, it must
# come out the same.

from collections.abc import Collection
from typing import Any

from asn1crypto import algos, cms, x509


def _rebuilt(found: cms.SignedData, signer: cms.SignerInfo, certificate: x509.Certificate) -> bytes:
    named = cms.IssuerAndSerialNumber(
        {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
    )
    sha256 = algos.DigestAlgorithm({"algorithm": "sha256"})
    own = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier({"issuer_and_serial_number": named}),
            "digest_algorithm": sha256,
            "signed_attrs": signer["signed_attrs"],
            "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": "sha256_rsa"}),
            "signature": signer["signature"],
        }
    )
    data = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": cms.DigestAlgorithms((sha256,)),
            "encap_content_info": {"content_type": "data"},
            "certificates": list(found["certificates"]),
            "signer_infos": [own],
        }
    )
    whole = cms.ContentInfo({"content_type": "signed_data", "content": data})
    return bytes(whole.dump())


def is_canonical(pdf: bytes, signature: Any, known_certificates: Collection[bytes]) -> bool:
    """True when the place of `signature` holds nothing but what was signed and its chain.

    `known_certificates` (DER) are vouched for: the trusted roots and the validated path.
    """
    found = signature.signed_data
    if any(bytes(one.chosen.dump()) not in known_certificates for one in found["certificates"]):
        return False
    _, start, end, _ = signature.byte_range
    expected = _rebuilt(found, signature.signer_info, signature.signer_cert).hex().upper().encode()
    hole = pdf[start:end]
    return hole[:1] == b"<" and hole[-1:] == b">" and hole[1:-1] == expected.ljust(len(hole) - 2, b"0")
