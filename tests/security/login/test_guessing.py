"""The door can be tried ten times, by however many processes, and says the same to whoever tries."""

import re
import threading
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select

from app.cli.demo import makers
from app.models import AttemptCount, AuditEntry
from app.security.access.roles import SYSTEM, Role
from app.security.login import guessing
from app.security.login.accounts import give_new_password
from app.security.login.authentication import canonical
from app.security.login.known_browser import COOKIE
from tests.logins import PASSWORD, code, is_in, log_in, make_account, send_code, send_password
from tests.pages import checked, page

FEW = 15
WRONG = "not the password of anybody"


@pytest.fixture
def clerk(session):
    return make_account(session, "clerk", Role.ENTERPRISE)


def _body(answer) -> str:
    """The page without what differs from request to request and without what was typed."""
    text = re.sub(r'(nonce|name="csrf_token" value|content)="[^"]*"', r"\1", answer.text)
    return re.sub(r'id="username" name="username" value="[^"]*"', "", text)


@pytest.fixture
def twin(app):
    """A second application on the same database: another process, as far as memory is concerned."""
    from app import create_app
    from app.extensions.database import db

    made = create_app(app.extensions["platform_config"])
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.mark.both_engines
def test_an_unknown_name_is_answered_like_a_wrong_password(client, clerk):
    wrong = send_password(client, "clerk", WRONG)
    unknown = send_password(client, "nobody", WRONG)
    assert wrong.status_code == unknown.status_code == 422
    assert _body(wrong) == _body(unknown)
    assert sorted(wrong.headers.keys()) == sorted(unknown.headers.keys())
    assert len(wrong.data) == len(unknown.data) + len("clerk") - len("nobody")


def test_a_disabled_account_is_answered_like_a_wrong_password(client, session, clerk):
    make_account(session, "former", Role.ENTERPRISE, active=False)
    assert _body(send_password(client, "former")) == _body(send_password(client, "clerk", WRONG))


@pytest.mark.usefixtures("clerk")
def test_an_unknown_name_takes_the_same_statements(client, stages, engine):
    seen = []

    def note(_connection, _cursor, statement, *_rest):
        seen.append(re.sub(r"\s+", " ", statement))

    send_password(client, "somebody", WRONG)  # the first login of a process fetches the keys
    event.listen(stages(engine).database, "before_cursor_execute", note)
    try:
        send_password(client, "clerk", WRONG)
        known = list(seen)
        seen.clear()
        send_password(client, "nobody", WRONG)
    finally:
        event.remove(stages(engine).database, "before_cursor_execute", note)
    assert known == seen
    assert len(known) > 5


def test_an_unknown_name_takes_the_same_hashing(client, clerk, monkeypatch):
    from app.security.login import passwords

    verified = []
    real = passwords._HASHER

    class Counting:
        def verify(self, stored, plain):
            verified.append(stored.split("$")[3])
            return real.verify(stored, plain)

    monkeypatch.setattr(passwords, "_HASHER", Counting())
    send_password(client, "clerk", WRONG)
    send_password(client, "nobody", WRONG)
    assert len(verified) == 2
    assert verified[0] == verified[1], "the same settings, so the same work"


@pytest.mark.both_engines
def test_after_ten_failures_the_right_password_waits_too(client, twin, clerk, clock):
    elsewhere = twin.test_client()
    for turn in range(guessing.PER_PLACE):
        answer = send_password((client, elsewhere)[turn % 2], "clerk", WRONG)
        assert answer.status_code == 422, turn
    for browser in (client, elsewhere):
        answer = send_password(browser, "clerk")
        assert answer.status_code == 429
        assert answer.headers["Retry-After"] == "300"
        assert (
            "五分钟" in checked(answer, 429).find(class_="alert").get_text() or "five minutes" in answer.text
        )
    clock.shift(timedelta(minutes=6))
    log_in(client, "clerk")
    assert is_in(client)


def test_the_lock_is_answered_alike_for_an_unknown_name(client, clerk):
    locked = []
    for name in ("clerk", "nobody"):
        for _ in range(guessing.PER_PLACE):
            send_password(client, name, WRONG)
        locked.append(_body(send_password(client, name, WRONG)))
    assert locked[0] == locked[1]


def test_the_lock_ends_while_somebody_still_knocks(client, clerk, clock):
    for _ in range(guessing.PER_PLACE):
        send_password(client, "clerk", WRONG)
    for _ in range(7):
        clock.shift(timedelta(minutes=1))
        answer = send_password(client, "clerk")
    assert answer.status_code == 302


@pytest.mark.both_engines
def test_guesses_at_the_same_time_do_not_slip_through(app, twin, clerk):
    applications = [app, twin]
    answers = []
    clients = [applications[turn % 2].test_client() for turn in range(16)]
    tokens = [page(one, "/login").find("input", attrs={"name": "csrf_token"})["value"] for one in clients]

    def guess(browser, token):
        answers.append(
            browser.post(
                "/login", data={"csrf_token": token, "username": "clerk", "password": WRONG}
            ).status_code
        )

    threads = [threading.Thread(target=guess, args=pair) for pair in zip(clients, tokens, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [422] * guessing.PER_PLACE + [429] * 6


def test_one_network_has_a_limit_of_its_own(client, session, monkeypatch):
    monkeypatch.setattr(guessing, "PER_ADDRESS", 3)
    assert [send_password(client, f"nobody-{turn}", WRONG).status_code for turn in range(4)] == [422] * 3 + [
        429
    ]


def test_all_networks_together_have_a_limit(client, session, monkeypatch):
    monkeypatch.setattr(guessing, "IN_ALL", 3)
    assert [send_password(client, f"nobody-{turn}", WRONG).status_code for turn in range(4)] == [422] * 3 + [
        429
    ]


def test_who_gets_in_does_not_use_up_the_network(client, session, clerk):
    send_password(client, "nobody", WRONG)
    for _ in range(3):
        log_in(client, "clerk")
    assert session.scalar(select(func.sum(AttemptCount.count))) == 5, (
        "of the failure alone: all, network, name, place, day"
    )


def test_a_success_forgets_the_failures(client, clerk):
    for _ in range(guessing.PER_PLACE - 1):
        send_password(client, "clerk", WRONG)
    log_in(client, "clerk")
    for _ in range(guessing.PER_PLACE - 1):
        assert send_password(client, "clerk", WRONG).status_code == 422


@pytest.fixture
def few(monkeypatch):
    """The limits of the day, lowered: a hundred tries take a minute."""
    assert (guessing.HARD_STOP, guessing.WRONG_CODES) == (100, 50)
    monkeypatch.setattr(guessing, "HARD_STOP", FEW)
    monkeypatch.setattr(guessing, "WRONG_CODES", FEW)


def _fail(client, clock, name="clerk", times=FEW):
    for _ in range(times):
        assert send_password(client, name, WRONG).status_code == 422
        clock.shift(timedelta(minutes=1))


@pytest.mark.usefixtures("few")
def test_after_a_hundred_failures_no_password_opens_for_a_day(client, session, clerk, clock):
    _fail(client, clock)
    assert send_password(client, "clerk").status_code == 422, (
        "the right password, and the answer to a wrong one"
    )
    clock.shift(timedelta(days=1))
    assert send_password(client, "clerk").status_code == 302, "the stop ends by itself"


@pytest.mark.usefixtures("few")
def test_an_administrator_ends_the_stop_with_a_new_password(client, session, clerk, clock):
    _fail(client, clock)
    plain = give_new_password(session, SYSTEM, session.merge(clerk))
    session.commit()
    assert send_password(client, "clerk", plain).status_code == 302


def test_what_strangers_try_does_not_shut_out_the_owner(app, client, clerk, monkeypatch):
    monkeypatch.setattr(guessing, "PER_ACCOUNT", 12)
    monkeypatch.setattr(guessing, "IN_ALL", 20)
    log_in(client, "clerk")
    assert client.get_cookie(COOKIE).http_only
    stranger = app.test_client()
    for number in range(13):
        stranger.environ_base["REMOTE_ADDR"] = f"198.51.100.{number}"
        answer = send_password(stranger, "clerk", WRONG)
    assert answer.status_code == 429, "strangers are slowed down, from however many addresses"
    for number in range(10):
        answer = send_password(stranger, f"nobody-{number}", WRONG)
    assert answer.status_code == 429, "and so is everybody who was never in"
    log_in(client, "clerk")
    assert is_in(client)


@pytest.mark.usefixtures("few")
def test_a_hundred_failures_of_strangers_do_not_stop_the_owner(app, client, clerk, clock):
    log_in(client, "clerk")
    _fail(app.test_client(), clock)
    log_in(client, "clerk")


@pytest.mark.usefixtures("few")
def test_a_known_browser_is_no_place_to_guess_from(client, clerk, clock):
    log_in(client, "clerk")
    for _ in range(guessing.PER_PLACE):
        assert send_password(client, "clerk", WRONG).status_code == 422
    assert send_password(client, "clerk").status_code == 429
    clock.shift(timedelta(minutes=6))
    _fail(client, clock, times=FEW - guessing.PER_PLACE)
    assert send_password(client, "clerk").status_code == 422


def test_a_browser_is_known_to_one_account_alone(client, session, clerk):
    make_account(session, "other", Role.ENTERPRISE)
    log_in(client, "other")
    for _ in range(guessing.PER_PLACE):
        send_password(client, "clerk", WRONG)
    elsewhere = client.application.test_client()
    assert send_password(elsewhere, "clerk").status_code == 429, "counted for the address as a stranger's"


@pytest.mark.parametrize("forged", ["", ".", "x.y", "word", "é.é", "x" * 500])
def test_a_forged_word_makes_no_browser_known(client, clerk, forged):
    client.set_cookie(COOKIE, forged)
    for _ in range(guessing.PER_PLACE):
        send_password(client, "clerk", WRONG)
    client.delete_cookie(COOKIE)
    assert send_password(client, "clerk").status_code == 429


def test_one_line_of_ipv6_is_one_address(client, clerk):
    for number in range(guessing.PER_PLACE):
        client.environ_base["REMOTE_ADDR"] = f"2001:db8:1:2:{number:x}::1"
        assert send_password(client, "clerk", WRONG).status_code == 422
    client.environ_base["REMOTE_ADDR"] = "2001:db8:1:2:ffff::1"
    assert send_password(client, "clerk").status_code == 429
    client.environ_base["REMOTE_ADDR"] = "2001:db8:1:3::1"
    assert send_password(client, "clerk").status_code == 302


SPELLINGS = {
    "clerk": ["clerk", " CLERK ", "Clerk", "ｃｌｅｒｋ", "cl erk", "+86clerk"],
    "43990019850615001X": ["43990019850615001X", "43990019850615001x", "4399 0019 8506 1500 1X"],
    "13900001234": [
        "13900001234",
        "+8613900001234",
        "+86 139 0000 1234",
        "+86+8613900001234",
        "１３９00001234",
    ],
}


@pytest.mark.parametrize("name", SPELLINGS)
def test_spellings_of_one_name_are_counted_and_answered_alike(app, session, name):
    """For a name that nobody has as for one that is known, or the counter tells the two apart."""
    spellings, told = SPELLINGS[name], []
    assert len({canonical(one) for one in spellings}) == 1
    for known in (False, True):
        client = app.test_client()
        client.environ_base["REMOTE_ADDR"] = f"198.51.100.{known:d}"
        if known:
            _owner_of(session, name)
            assert all(send_password(client, one).status_code == 302 for one in spellings)
            client.delete_cookie(COOKIE)
        answers = [
            send_password(client, spellings[turn % len(spellings)], WRONG)
            for turn in range(guessing.PER_PLACE + 1)
        ]
        told.append([(one.status_code, _body(one)) for one in answers])
    assert told[0] == told[1]
    assert [status for status, _ in told[0]] == [422] * guessing.PER_PLACE + [429]


def _owner_of(session, name):
    if name == "clerk":
        make_account(session, "clerk", Role.ENTERPRISE)
        return
    person = makers.bare_person(session, "张伟", name if name.endswith("X") else "439900198506150019")
    person.mobile = None if name.endswith("X") else name
    session.flush()
    make_account(session, None, Role.INDIVIDUAL, person_id=person.id)


def test_every_try_is_in_the_audit(client, session, clerk):
    send_password(client, "nobody", WRONG)
    send_password(client, "clerk", WRONG)
    log_in(client, "clerk")
    rows = session.scalars(
        select(AuditEntry).where(AuditEntry.action == "login").order_by(AuditEntry.id)
    ).all()
    assert [(row.subject_id, row.outcome) for row in rows] == [
        ("", "failed"),
        (str(clerk.id), "failed"),
        (str(clerk.id), "done"),
    ]
    assert all(row.address == "127.0.0.1" and row.request_id for row in rows)
    assert not any("nobody" in row.detail for row in rows)


def test_codes_cannot_be_guessed_either(client, session):
    make_account(session, "officer", Role.MUNICIPAL)
    send_password(client, "officer")
    wrong = next(
        f"{number:06}" for number in range(10) if f"{number:06}" not in {code(steps=s) for s in (-1, 0, 1)}
    )
    for _ in range(guessing.PER_PLACE):
        assert send_code(client, wrong).status_code == 422
    assert send_code(client, code()).location == "/login", "and now the password has to be proved again"
    assert not is_in(client)


@pytest.mark.usefixtures("few")
def test_fifty_wrong_codes_a_day_are_enough(client, session, clock):
    make_account(session, "officer", Role.MUNICIPAL)
    for _ in range(FEW):
        send_password(client, "officer")
        assert send_code(client, "wrong").status_code == 422
        clock.shift(timedelta(minutes=1))
    send_password(client, "officer")
    assert send_code(client, code()).location == "/login"
    clock.shift(timedelta(days=1))
    log_in(client, "officer")
    assert is_in(client)


@pytest.mark.parametrize("password", ["", "x" * 129, PASSWORD + "\x00", "\x00"])
def test_what_can_be_no_password_is_a_wrong_one(client, clerk, password):
    assert send_password(client, "clerk", password).status_code == 422
