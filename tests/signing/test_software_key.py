"""The demonstration key is made once, kept encrypted, and follows KEY_FILE through a rotation."""

import os
import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding

from app.extensions.vault import MasterKeys
from app.signing.software_key import FILE_NAME, KeyRefused, SoftwareKey, software_chain


@pytest.fixture
def keys(key_file, signer, tmp_path):
    """A copy of the keys of the session's signer, since making new ones takes seconds."""
    for name in (key_file.name, FILE_NAME):
        shutil.copy2(key_file.with_name(name), tmp_path / name)
    return tmp_path / key_file.name


def test_the_key_is_encrypted_and_only_its_owner_may_read_it(keys):
    store = keys.with_name(FILE_NAME)
    assert store.stat().st_mode & 0o777 == 0o600
    assert b"BEGIN ENCRYPTED PRIVATE KEY" in store.read_bytes()
    assert b"BEGIN PRIVATE KEY" not in store.read_bytes()
    with pytest.raises(TypeError):
        serialization.load_pem_private_key(store.read_bytes(), None)


def test_a_second_start_finds_the_same_key(keys):
    first, second = SoftwareKey(keys), SoftwareKey(keys)
    assert first.chain == second.chain
    first.chain[0].public_key().verify(second.sign(b"x"), b"x", padding.PKCS1v15(), hashes.SHA256())


def test_the_certificate_says_that_it_is_a_demonstration(keys):
    leaf, root = (x509.load_der_x509_certificate(der) for der in software_chain(keys))
    assert "DEMO" in leaf.subject.rfc4514_string()
    leaf.verify_directly_issued_by(root)
    assert leaf.extensions.get_extension_for_class(x509.KeyUsage).value.content_commitment
    assert not leaf.extensions.get_extension_for_class(x509.BasicConstraints).value.ca


def test_before_the_first_run_there_is_no_chain(tmp_path):
    assert software_chain(tmp_path / "master.json") == ()


def test_the_key_opens_after_key_file_was_rotated_and_then_needs_the_new_master_key_alone(keys):
    chain = SoftwareKey(keys).chain
    MasterKeys.load(keys).rotate(keys)
    assert SoftwareKey(keys).chain == chain
    rotated = MasterKeys.load(keys)
    keys.unlink()
    MasterKeys(rotated.current, {rotated.current: rotated.keys[rotated.current]})._write(keys, os.O_EXCL)
    assert SoftwareKey(keys).chain == chain
    assert keys.with_name(FILE_NAME).stat().st_mode & 0o777 == 0o600


def test_another_key_file_does_not_open_it(keys):
    keys.unlink()
    MasterKeys.create(keys)
    with pytest.raises(KeyRefused, match="another KEY_FILE"):
        SoftwareKey(keys)


def test_a_missing_key_file_is_named(tmp_path):
    with pytest.raises(KeyRefused, match=r"master\.json"):
        SoftwareKey(tmp_path / "master.json")


def test_a_key_that_others_may_read_is_refused(keys):
    keys.with_name(FILE_NAME).chmod(0o644)
    with pytest.raises(KeyRefused, match="600"):
        SoftwareKey(keys)


def test_two_first_runs_at_once_agree_on_one_key(tmp_path):
    key_file = tmp_path / "master.json"
    MasterKeys.create(key_file)
    with ThreadPoolExecutor(2) as both:
        first, second = both.map(SoftwareKey, [key_file] * 2)
    assert first.chain == second.chain
    assert {file.name for file in tmp_path.iterdir()} == {"master.json", FILE_NAME}
