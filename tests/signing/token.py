"""A SoftHSM token with a seal key in it, made by the programs that an operator has too."""

import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")
PIN = "271828"
TOKEN_LABEL = "seal-token"
KEY_LABEL = "seal-key"

# Writing the certificate onto the token happens in a process of its own: a process that has loaded one token
# directory cannot change to another.
PUT_CERTIFICATE = """
import sys
import PyKCS11 as p
library = p.PyKCS11Lib()
library.load(sys.argv[1])
slots = library.getSlotList(tokenPresent=True)
slot = next(one for one in slots if library.getTokenInfo(one).label.strip() == sys.argv[2])
session = library.openSession(slot, p.CKF_SERIAL_SESSION | p.CKF_RW_SESSION)
session.login(sys.argv[3])
session.createObject([
    (p.CKA_CLASS, p.CKO_CERTIFICATE), (p.CKA_CERTIFICATE_TYPE, p.CKC_X_509), (p.CKA_TOKEN, True),
    (p.CKA_LABEL, sys.argv[4]), (p.CKA_SUBJECT, b"seal"), (p.CKA_VALUE, open(sys.argv[5], "rb").read()),
])
"""


@dataclass(frozen=True)
class SoftToken:
    environment: dict[str, str]
    chain_file: Path
    root: bytes

    @property
    def options(self) -> tuple[str, ...]:
        """The options of the signer that name this token."""
        return (
            *("--backend", "pkcs11", "--module", str(MODULE), "--token-label", TOKEN_LABEL),
            *("--key-label", KEY_LABEL, "--chain", str(self.chain_file)),
        )


def certificate(subject, key, issuer, issuer_key, *, ca):
    def name(text):
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    now = datetime.now(UTC)
    usage = {"digital_signature": not ca, "content_commitment": not ca, "key_cert_sign": ca, "crl_sign": ca}
    others = dict.fromkeys(
        ("key_encipherment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only"), False
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(name(subject))
        .issuer_name(name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=3650))
        .not_valid_after(now + timedelta(days=3650))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**usage, **others), critical=True)
    )
    return builder.sign(issuer_key, hashes.SHA256())


def make_token(folder: Path) -> SoftToken:
    assert MODULE.exists(), "install the Debian package softhsm2 (make test does it when it may)"
    (folder / "tokens").mkdir()
    configuration = folder / "softhsm2.conf"
    configuration.write_text(
        f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\nlog.level = ERROR\n"
    )
    environment = {"PATH": os.environ["PATH"], "SOFTHSM2_CONF": str(configuration)}

    root_key, key = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
    root = certificate("Test root", root_key, "Test root", root_key, ca=True)
    leaf = certificate("湖南省住房和城乡建设厅", key, "Test root", root_key, ca=False)
    key_file, leaf_file, chain_file = folder / "key.pem", folder / "leaf.der", folder / "chain.pem"
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    leaf_file.write_bytes(leaf.public_bytes(serialization.Encoding.DER))
    chain_file.write_bytes(root.public_bytes(serialization.Encoding.PEM))

    def run(*command: str) -> None:
        subprocess.run(command, env=environment, check=True, capture_output=True)

    run(
        "softhsm2-util",
        "--init-token",
        "--free",
        "--label",
        TOKEN_LABEL,
        "--pin",
        PIN,
        "--so-pin",
        "31415926",
    )
    run(
        "softhsm2-util",
        "--import",
        str(key_file),
        "--token",
        TOKEN_LABEL,
        "--label",
        KEY_LABEL,
        "--id",
        "01",
        "--pin",
        PIN,
    )
    run(sys.executable, "-c", PUT_CERTIFICATE, str(MODULE), TOKEN_LABEL, PIN, KEY_LABEL, str(leaf_file))
    key_file.unlink()
    return SoftToken(environment, chain_file, root.public_bytes(serialization.Encoding.DER))
