"""What is taken as a password, and what is stored of it."""

import itertools

import pytest

from app.models import Account
from app.security.access.roles import Role
from app.security.login import passwords
from app.security.login.passwords import LONGEST, SHORTEST, SHORTEST_WITH_FACTOR, faults, hashed, matches
from tests.logins import PASSWORD, code, is_in, log_in, make_account, send_code, send_password
from tests.pages import checked, page, submit

GOOD = "kaffee tasse wolke birne"
ABOUT = ("李娟", "qiye-changsha-1", "439900198506150019", "13900001234", "长沙示例建设有限公司")


@pytest.mark.parametrize(
    "plain",
    [
        PASSWORD,
        GOOD,
        "correct horse battery staple",
        "七月的雨落在青石板上 听见了谁的脚步声",
        "tR7#kq-92_Lm.vXz",
    ],
)
def test_good_ones_are_taken(plain):
    assert faults(plain, ABOUT) == []


@pytest.mark.parametrize(
    "plain",
    [
        "password1234567", "Password@2026!!", "P@ssw0rd20262026", "123456789012345", "aaaaaaaaaaaaaaaaa",
        "qwertyuiopasdfgh", "abcabcabcabcabcabc", "1qaz2wsx3edc4rfv", "changsha20262026", "woaini1314520!!",
        "jianzaoshi123456", "adminadminadmin1", "Jianzaoshi@2026.", "zxcvbnmzxcvbnm12", "5201314woaini520",
    ],
)  # fmt: skip
def test_what_everybody_tries_is_refused_however_long(plain):
    assert len(plain) >= SHORTEST
    assert faults(plain) != []


def test_more_than_a_hundred_thousand_common_passwords_are_refused():
    words, endings = sorted(passwords._WEAK_WORDS), ["", "1", "123", "2026", "@2026", "!", "888"]
    common = ["".join(parts) for parts in itertools.product(words, words, endings)]
    assert len(set(common)) > 100_000
    taken = [plain for plain in common[::97] if passwords._cost(plain) >= passwords._LEAST_COST]
    assert taken == []


@pytest.mark.parametrize(
    "plain",
    [
        "wolke birne 198506 tasse",
        "kaffee 439900 wolke birne",
        "tasse 00001234 wolke birne",
        "我是李娟 wolke birne tasse",
    ],
)
def test_what_others_know_of_the_owner_is_refused(plain):
    assert faults(plain) == []
    assert len(faults(plain, ABOUT)) == 1


def test_too_short_and_too_long_are_refused():
    assert len(faults("k" + GOOD[: SHORTEST - 2])) == 1
    assert faults(GOOD[:SHORTEST]) == []
    assert faults("tR7#kq-9", second_factor=True) == []
    assert len(faults("tR7#kq-", second_factor=True)) == 1
    assert SHORTEST_WITH_FACTOR < SHORTEST
    many = "".join(chr(0x4E00 + 37 * number) for number in range(LONGEST + 1))
    assert faults(many[:LONGEST]) == []
    assert len(faults(many)) == 1


def test_all_faults_are_told_at_once():
    assert len(faults("李娟123456", ABOUT)) == 3


def test_what_is_stored_is_salted_and_slow(slow_hashing):
    first, second = slow_hashing.hash(GOOD), slow_hashing.hash(GOOD)
    assert first != second
    assert first.startswith("$argon2id$v=19$m=65536,t=2,p=1$")
    assert len(first) <= 256, "the column's length"


def test_only_the_password_matches():
    stored = hashed(GOOD)
    assert matches(stored, GOOD)
    assert not matches(stored, GOOD + " ")
    assert not matches(None, GOOD)
    assert not matches("not a hash", GOOD)


def test_nothing_is_cut_off():
    long = GOOD * 5
    assert not matches(hashed(long), long[:-1])
    assert matches(hashed("é" * 20), "e\u0301" * 20), "another keyboard, the same letters"


@pytest.fixture
def clerk(session):
    return make_account(session, "clerk", Role.ENTERPRISE)


def _change(client, **typed):
    form = page(client, "/account/password").find("input", id="old_password").find_parent("form")
    return submit(client, form, "/account/password", **typed)


def test_a_change_asks_for_the_old_password(client, clerk):
    log_in(client, "clerk")
    answer = _change(client, old_password="wrong", new_password=GOOD, repeated=GOOD)
    assert "原密码" in checked(answer, 422).find(class_="alert").get_text() or "old password" in answer.text
    assert send_password(client, "clerk").status_code == 302


def test_the_old_password_cannot_be_guessed_in_a_session_left_open(client, clerk):
    log_in(client, "clerk")
    for _ in range(10):
        assert _change(client, old_password="wrong", new_password=GOOD, repeated=GOOD).status_code == 422
    assert _change(client, old_password=PASSWORD, new_password=GOOD, repeated=GOOD).status_code == 429


@pytest.mark.parametrize(
    ("new", "repeated"),
    [("short", "short"), (GOOD, GOOD + "!"), (PASSWORD, PASSWORD), ("x" * 200, "x" * 200), ("", "")],
)
def test_a_bad_new_password_changes_nothing(client, session, clerk, new, repeated):
    log_in(client, "clerk")
    assert _change(client, old_password=PASSWORD, new_password=new, repeated=repeated).status_code == 422
    assert is_in(client)
    session.refresh(clerk)
    assert matches(clerk.password, PASSWORD)


def test_after_a_change_only_the_new_password_opens(client, clerk):
    log_in(client, "clerk")
    assert _change(client, old_password=PASSWORD, new_password=GOOD, repeated=GOOD).status_code == 302
    assert send_password(client, "clerk").status_code == 422
    assert send_password(client, "clerk", GOOD).status_code == 302


@pytest.mark.parametrize("role", [Role.ENTERPRISE, Role.MUNICIPAL])
def test_who_was_given_a_password_chooses_his_own_first(client, session, role):
    account = make_account(session, "newcomer", role, must_change_password=True)
    answer = send_password(client, "newcomer")
    if role == Role.MUNICIPAL:
        answer = send_code(client, code())
    assert answer.location == "/login/new-password"
    assert not is_in(client)
    form = page(client, answer.location).find("input", id="repeated").find_parent("form")
    assert submit(client, form, answer.location, new_password=PASSWORD, repeated=PASSWORD).status_code == 422
    assert submit(client, form, answer.location, new_password=GOOD, repeated=GOOD).status_code == 302
    assert is_in(client)
    session.rollback()
    assert not session.get(Account, account.id).must_change_password
