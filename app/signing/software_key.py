"""The seal key of demonstrations: made at the first run, kept encrypted beside KEY_FILE, marked DEMO."""

import base64
import os
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.x509.oid import NameOID

from app.extensions.vault import MasterKeys, VaultClosed

FILE_NAME: Final = "demo-seal.pem"
KEY_BITS: Final = 3072
VALID_FOR: Final = timedelta(days=3650)

HOLDER: Final = "湖南省住房和城乡建设厅（演示 DEMO）"
ISSUER: Final = "演示用根证书 DEMO ROOT 无法律效力"


class KeyRefused(Exception):
    """The key that was asked for cannot be used; the message tells an operator why."""


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "DEMO"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _builder(subject: str, key: rsa.RSAPublicKey, issuer_key: rsa.RSAPublicKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC).replace(microsecond=0)
    return (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(ISSUER))
        .public_key(key)
        .serial_number(x509.random_serial_number())
        # Valid on both sides of today: demonstrations and tests are played on other days too.
        .not_valid_before(now - VALID_FOR)
        .not_valid_after(now + VALID_FOR)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key), critical=False)
    )


def _usage(*, signs_documents: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signs_documents,
        content_commitment=signs_documents,
        key_cert_sign=not signs_documents,
        crl_sign=not signs_documents,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _make() -> tuple[rsa.RSAPrivateKey, tuple[x509.Certificate, ...]]:
    """A key with its certificate and its root, whose own key is forgotten: it signs nothing else."""
    root_key = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    key = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    root = (
        _builder(ISSUER, root_key.public_key(), root_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_documents=False), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    leaf = (
        _builder(HOLDER, key.public_key(), root_key.public_key())
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_documents=True), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    return key, (leaf, root)


def _passphrases(key_file: Path) -> list[bytes]:
    """One for each master key of KEY_FILE, that of the current key first."""
    try:
        master = MasterKeys.load(key_file)
    except VaultClosed as error:
        raise KeyRefused(str(error)) from error
    names = sorted(master.keys, key=lambda name: name != master.current)
    return [_derived(master.keys[name]) for name in names]


def _derived(secret: bytes) -> bytes:
    derivation = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"app.signing demo seal")
    return base64.b64encode(derivation.derive(secret))


def _opened(content: bytes, passphrase: bytes) -> rsa.RSAPrivateKey | None:
    try:
        key = serialization.load_pem_private_key(content, passphrase)
    except ValueError:
        return None
    return key if isinstance(key, rsa.RSAPrivateKey) else None


def _write(target: Path, content: bytes, *, replace: bool) -> None:
    """Put the whole file there with mode 0600; without `replace`, a process that was first keeps its own."""
    with NamedTemporaryFile(dir=target.parent, prefix=".demo-seal-", delete=False) as draft:
        draft.write(content)
        draft.flush()
        os.fsync(draft.fileno())
    written = Path(draft.name)
    if replace:
        written.replace(target)
        return
    with suppress(FileExistsError):
        target.hardlink_to(written)
    written.unlink()


class SoftwareKey:
    """The demonstration key in memory; made at the first run, encrypted anew after KEY_FILE was rotated."""

    demo: Final = True

    def __init__(self, key_file: Path) -> None:
        passphrases = _passphrases(key_file)
        store = key_file.with_name(FILE_NAME)
        if not store.exists():
            key, chain = _make()
            _write(store, _packed(key, chain, passphrases[0]), replace=False)
        if store.stat().st_mode & 0o077:
            raise KeyRefused(f"{store} may be read by others; set its mode to 600")
        content = store.read_bytes()
        opened = ((_opened(content, passphrase), passphrase) for passphrase in passphrases)
        found = next(((key, passphrase) for key, passphrase in opened if key), None)
        if found is None:
            raise KeyRefused(f"{store} was encrypted with another KEY_FILE")
        self._key, passphrase = found
        self.chain = tuple(x509.load_pem_x509_certificates(content))
        if passphrase != passphrases[0]:
            _write(store, _packed(self._key, self.chain, passphrases[0]), replace=True)

    def sign(self, data: bytes) -> bytes:
        """RSA PKCS #1 v1.5 over SHA-256."""
        return self._key.sign(data, padding.PKCS1v15(), hashes.SHA256())


def _packed(key: rsa.RSAPrivateKey, chain: tuple[x509.Certificate, ...], passphrase: bytes) -> bytes:
    encrypted = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(passphrase),
    )
    return encrypted + b"".join(certificate.public_bytes(serialization.Encoding.PEM) for certificate in chain)


def software_chain(key_file: Path) -> tuple[bytes, ...]:
    """DER certificates of the demonstration seal, own first, root last; empty before the first run."""
    store = key_file.with_name(FILE_NAME)
    if not store.exists():
        return ()
    certificates = x509.load_pem_x509_certificates(store.read_bytes())
    return tuple(certificate.public_bytes(serialization.Encoding.DER) for certificate in certificates)
