"""The demonstration: accounts, enterprises, persons and declarations that nobody can take for real ones."""

import os
from collections.abc import Callable, Mapping

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli.demo.authority import load_acts, load_locks, load_objections
from app.cli.demo.cases import load_cases
from app.cli.demo.daily import load_daily_life
from app.cli.demo.employers import load_employers
from app.cli.demo.makers import Credentials
from app.cli.demo.people import load_people
from app.cli.demo.questions import load_questions
from app.cli.demo.workbooks import load_workbooks
from app.extensions.database import begin_writing, db
from app.models import Account, AuditEntry
from app.security.access.audit import record
from app.security.access.roles import SYSTEM
from app.security.login.passwords import hashed

PASSWORD = "jianzaoshi-demo-2026"  # noqa: S105 - printed in the README: it opens what is made up
SECOND_FACTOR = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
_LOADED, _FIRST = "demo.load", "qiye-changsha-1"
_STEPS: Mapping[str, Callable[[Session], None]] = {
    "questions": load_questions,
    "employers": load_employers,
    "objections": load_objections,
    "acts": load_acts,
    "locks": load_locks,
    "workbooks": load_workbooks,
}
"""What comes after the cases, in this order."""


def load_demo(app: Flask) -> bool:
    """Load the demonstration once; False when it is there. Broken off, it goes on at the next call.

    Raises `click.ClickException` in production and beside data that is not of the demonstration.
    """
    if app.extensions["platform_config"].production:
        raise click.ClickException("Demonstration data is not loaded where ENV is production.")
    with app.app_context():
        session = db.session()
        if _did(session, _LOADED):
            return False
        credentials = Credentials(hashed(PASSWORD), SECOND_FACTOR)
        if not is_demonstration(session):
            raise click.ClickException(
                "There are accounts already: demonstration data is not mixed with others'."
            )
        if not _is_begun(session):
            begin_writing(session)
            load_people(session, credentials)
            session.commit()
        begin_writing(session)
        load_cases(session, credentials)
        for name, step in _STEPS.items():
            _take(session, f"demo.{name}", step)
        _take(session, "demo.daily", lambda opened: load_daily_life(opened, credentials))
        begin_writing(session)
        record(session, SYSTEM, _LOADED)
        session.commit()
    return True


def _take(session: Session, name: str, step: Callable[[Session], None]) -> None:
    """Take this step, unless an earlier start has taken it, and write down that it is taken. Commits."""
    if _did(session, name):
        return
    begin_writing(session)
    step(session)
    begin_writing(session)
    record(session, SYSTEM, name)
    session.commit()


def offer_demo(app: Flask) -> bool:
    """Load the demonstration where there is room for it; whether it is there now.

    There is none in production, beside accounts of others, and where DEMO is "no".
    """
    if app.extensions["platform_config"].production or os.environ.get("DEMO") == "no":
        return False
    with app.app_context():
        if not is_demonstration(db.session()):
            return False
        load_demo(app)
        return True


def _did(session: Session, name: str) -> bool:
    return session.scalar(select(AuditEntry.id).where(AuditEntry.action == name).limit(1)) is not None


def _is_begun(session: Session) -> bool:
    """The people are committed together, so that one of them stands for all."""
    return session.scalar(select(Account.id).where(Account.login_name == _FIRST)) is not None


def is_demonstration(session: Session) -> bool:
    """Whether the database holds the demonstration or nobody at all."""
    return _is_begun(session) or session.scalar(select(Account.id).limit(1)) is None


@click.command("load-demo")
@with_appcontext
def load_demo_command() -> None:
    """Load accounts, enterprises, persons and declarations that do not exist, for trying out."""
    loaded = load_demo(current_app._get_current_object())  # type: ignore[attr-defined]  # noqa: SLF001
    print("The demonstration was loaded." if loaded else "The demonstration is loaded already.")


COMMANDS = (load_demo_command,)
