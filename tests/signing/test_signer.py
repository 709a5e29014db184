"""The signer keeps its key to itself: one user, one kind of data, small messages, and an orderly end."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time

import pytest
from asn1crypto import cms, tsp
from asn1crypto.core import Null
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from app.signing.client import SignerClient, SignerUnavailable
from app.signing.protocol import MOST_REQUEST_BYTES
from app.signing.seal import seal
from app.signing.software_key import FILE_NAME
from app.signing.verify import Reason, verify
from tests.signing.conftest import AUTHORITY, BOX, ROOT, start, stop
from tests.signing.token import KEY_LABEL, MODULE, PIN, TOKEN_LABEL, make_token


def attributes(certificate_hash, digest=bytes(32), content="data", **more):
    named = tsp.SigningCertificateV2({"certs": [{"cert_hash": certificate_hash}]})
    values = {"content_type": content, "message_digest": digest, "signing_certificate_v2": named, **more}
    return packed(values.items())


def packed(values):
    return cms.CMSAttributes([{"type": kind, "values": [value]} for kind, value in values]).dump()


def with_unknown(own_hash):
    known = cms.CMSAttributes.load(attributes(own_hash))
    return cms.CMSAttributes([*known, {"type": "1.2.3.4", "values": [Null()]}]).dump()


@pytest.fixture(scope="session")
def own_hash(signer):
    leaf = x509.load_der_x509_certificate(signer.identity().chain[0])
    return leaf.fingerprint(hashes.SHA256())


def talk(client, data, *, end=False):
    """Send raw bytes and read what comes back."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(20)
        line.connect(str(client.socket_path))
        line.sendall(data)
        if end:
            line.shutdown(socket.SHUT_WR)
        answer = b""
        while part := line.recv(65536):
            answer += part
    return json.loads(answer)


def test_the_attributes_of_a_seal_are_signed(signer, own_hash):
    data = attributes(own_hash)
    leaf = x509.load_der_x509_certificate(signer.identity().chain[0])
    leaf.public_key().verify(signer.sign(data), data, padding.PKCS1v15(), hashes.SHA256())


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda _own: b"pay 1,000,000 to the bearer", "not signed attributes"),
        (lambda _own: bytes(32), "not signed attributes"),
        (lambda own: attributes(own, digest=bytes(20)), "20 bytes"),
        (lambda own: attributes(own, digest=bytes(64)), "64 bytes"),
        (lambda own: attributes(own, content="signed_data"), "not signed"),
        (lambda _own: attributes(bytes(32)), "another certificate"),
        (lambda own: attributes(own) + b"\x00", "not signed attributes"),
        (with_unknown, "attributes of a seal"),
        (lambda _own: packed([("content_type", "data")]), "attributes of a seal"),
        (lambda _own: packed([("message_digest", bytes(32))] * 2), "twice"),
    ],
)  # fmt: skip
def test_nothing_else_is_signed(signer, own_hash, change, why):
    with pytest.raises(SignerUnavailable, match=why):
        signer.sign(change(own_hash))


def test_the_body_of_a_certificate_is_not_signed(signer):
    leaf = x509.load_der_x509_certificate(signer.identity().chain[0])
    with pytest.raises(SignerUnavailable, match="refused"):
        signer.sign(leaf.tbs_certificate_bytes)


@pytest.mark.parametrize(
    "message",
    [b"", b"\n", b"hello\n", b"[]\n", b"{}\n", b'{"op": "export_key"}\n', b'{"op": "sign"}\n',
     b'{"op": "sign", "attributes": 7}\n', b'{"op": "sign", "attributes": "***"}\n', b"\xff\xfe\n"],
)  # fmt: skip
def test_a_message_that_makes_no_sense_is_answered_with_a_refusal(signer, message):
    answer = talk(signer, message, end=True)
    assert answer["ok"] is False
    assert signer.is_up()


def test_a_message_beyond_eight_kilobytes_is_refused(signer):
    answer = talk(signer, b"x" * MOST_REQUEST_BYTES)
    assert answer == {"ok": False, "message": "a message is longer than 8192 bytes"}


def test_a_client_that_says_nothing_does_not_keep_others_waiting(signer):
    with socket.socket(socket.AF_UNIX) as silent:
        silent.connect(str(signer.socket_path))
        begun = time.monotonic()
        assert signer.is_up()
        assert time.monotonic() - begun < 2


def test_only_its_own_user_may_open_the_socket(signer):
    assert signer.socket_path.stat().st_mode & 0o777 == 0o600


def test_several_papers_are_sealed_at_once(signer, paper, root):
    papers = []

    def one():
        papers.append(seal(paper, signer=signer, authority=AUTHORITY, box=BOX))

    threads = [threading.Thread(target=one) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [verify(sealed, [root]).reason for sealed in papers] == [Reason.VALID] * 6


def test_sigterm_ends_it_cleanly_and_a_second_start_has_the_same_key(key_file, signer, short_path):
    path = short_path()
    process = start(path, "--key-file", str(key_file))
    chain = SignerClient(path).identity().chain
    assert stop(process)[0] == 0
    assert not path.exists()
    assert chain == signer.identity().chain
    with pytest.raises(SignerUnavailable):
        SignerClient(path).identity()


def test_the_socket_of_a_killed_signer_is_taken_over(key_file, signer, short_path):
    path = short_path()
    first = start(path, "--key-file", str(key_file))
    first.send_signal(signal.SIGKILL)
    first.communicate()
    assert path.exists()
    second = start(path, "--key-file", str(key_file))
    assert SignerClient(path).is_up()
    assert stop(second)[0] == 0


def test_a_second_signer_on_a_living_socket_is_refused(signer, key_file):
    code, words = stop(start_and_wait("--socket", str(signer.socket_path), "--key-file", str(key_file)))
    assert (code, "already runs" in words) == (2, True)
    assert signer.is_up()


def start_and_wait(*options, **environment):
    process = subprocess.Popen(
        [sys.executable, "-m", "app.signing.signer", *options],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        stderr=subprocess.PIPE,
        text=True,
    )
    process.wait(timeout=60)
    return process


@pytest.mark.parametrize(
    ("options", "environment", "why"),
    [
        (("--key-file", "{keys}"), {"ENV": "production"}, "production needs --backend pkcs11"),
        ((), {}, "KEY_FILE"),
        (("--backend", "pkcs11"), {}, "--module, --token-label and --key-label"),
        (
            ("--backend", "pkcs11", "--module", "m", "--token-label", "t", "--key-label", "k"),
            {},
            "PIN is missing",
        ),
        (("--key-file", "/nowhere/master.json"), {}, "cannot be read"),
    ],
)
def test_what_must_not_start_says_why_in_one_sentence(key_file, short_path, options, environment, why):
    filled = [option.format(keys=key_file) for option in options]
    code, words = stop(start_and_wait("--socket", str(short_path()), *filled, **environment))
    assert code == 2
    assert why in words
    assert "Traceback" not in words


def test_a_path_that_the_kernel_cannot_hold_is_refused(tmp_path, key_file):
    code, words = stop(start_and_wait("--socket", str(tmp_path / ("x" * 120)), "--key-file", str(key_file)))
    assert (code, "longer than 100" in words) == (2, True)


def test_it_ends_with_the_process_that_started_it(key_file, signer, short_path):
    path = short_path()
    launcher = (
        "import subprocess, sys, time\n"
        f"subprocess.Popen([sys.executable, '-m', 'app.signing.signer', '--socket', {str(path)!r},"
        f" '--key-file', {str(key_file)!r}, '--exit-with-parent'])\n"
        "time.sleep(600)"
    )
    parent = subprocess.Popen([sys.executable, "-c", launcher], cwd=ROOT)
    client, deadline = SignerClient(path), time.monotonic() + 60
    while not client.is_up():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    parent.kill()
    parent.wait()
    while path.exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture(scope="session")
def token(tmp_path_factory):
    return make_token(tmp_path_factory.mktemp("token"))


@pytest.fixture(scope="session")
def token_signer(token, tmp_path_factory):
    path = tmp_path_factory.mktemp("t") / "s"
    process = start(path, *token.options, PKCS11_PIN=PIN, ENV="production", **token.environment)
    yield SignerClient(path)
    assert stop(process)[0] == 0


def test_a_token_seals_in_production_and_the_seal_is_no_demonstration(token, token_signer, paper):
    assert token_signer.identity().demo is False
    sealed = seal(paper, signer=token_signer, authority=AUTHORITY, box=BOX)
    verdict = verify(sealed, [token.root])
    assert (verdict.reason, verdict.signer) == (Reason.VALID, AUTHORITY)


def test_the_chain_of_a_token_goes_up_to_the_root_of_the_chain_file(token, token_signer):
    leaf, root = (x509.load_der_x509_certificate(der) for der in token_signer.identity().chain)
    leaf.verify_directly_issued_by(root)


@pytest.mark.parametrize(
    ("changes", "pin", "why"),
    [
        ({}, "000000", "CKR_PIN_INCORRECT"),
        ({TOKEN_LABEL: "another"}, PIN, "no token with the label 'another'"),
        ({KEY_LABEL: "another"}, PIN, "0 RSA keys with the label 'another'"),
        ({str(MODULE): "/nowhere/lib.so"}, PIN, "does not open"),
    ],
)
def test_a_token_that_does_not_fit_is_refused_in_one_sentence(token, short_path, changes, pin, why):
    options = [changes.get(option, option) for option in token.options]
    code, words = stop(
        start_and_wait("--socket", str(short_path()), *options, PKCS11_PIN=pin, **token.environment)
    )
    assert code == 2
    assert why in words
    assert "Traceback" not in words


def test_the_pin_may_come_from_a_file_and_is_in_no_argument(token, short_path, tmp_path):
    (tmp_path / "pin").write_text(f"{PIN}\n")
    process = start(short_path(), *token.options, "--pin-file", str(tmp_path / "pin"), **token.environment)
    assert PIN not in " ".join(process.args)
    assert stop(process)[0] == 0


LOSING = """
import os, sys
from pathlib import Path
import PyKCS11
from cryptography import x509
from app.signing.signer import SealKeyFailed, TokenKey
module, token, label, pin, chain = sys.argv[1:]
key = TokenKey(Path(module), token, label, pin, x509.load_pem_x509_certificates(Path(chain).read_bytes()))
first = key.sign(b"x")
key._session.logout()
assert key.sign(b"x") == first, "after a logout"
key._session.closeSession()
assert key.sign(b"x") == first, "after a closed session"
key._library.closeAllSessions(key._find_slot())
assert key.sign(b"x") == first, "after all sessions were closed"
key._pin = "000000"
key._session.logout()
try:
    key.sign(b"x")
except SealKeyFailed as failure:
    assert "PIN_INCORRECT" in str(failure)
tries = key._library.getTokenInfo(key._find_slot()).flags2text()
assert "CKF_USER_PIN_FINAL_TRY" not in tries, tries
print("signed after every loss")
"""


def test_a_lost_session_is_opened_again_once(token):
    done = subprocess.run(
        [sys.executable, "-c", LOSING, str(MODULE), TOKEN_LABEL, KEY_LABEL, PIN, str(token.chain_file)],
        cwd=ROOT, env={"PYTHONPATH": str(ROOT), **token.environment}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.stdout.strip() == "signed after every loss", done.stderr


def test_pykcs11_is_not_loaded_where_papers_are_sealed():
    script = "import sys, app.signing.seal, app.signing.verify; print('PyKCS11' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"


def test_the_software_key_lies_beside_key_file(signer, key_file):
    assert key_file.with_name(FILE_NAME).exists()
