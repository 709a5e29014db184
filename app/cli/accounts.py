"""Accounts from the command line: the first administrator, and the way back for whoever is locked out."""

import click
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.extensions.database import begin_writing, db
from app.extensions.refused import Refused
from app.models import Account
from app.security.access.roles import SYSTEM, Role
from app.security.login import accounts


@click.command("create-administrator")
@click.argument("login_name")
@click.option(
    "--name", default="", help="The person's name as colleagues see it; the account name by default."
)
@with_appcontext
def create_administrator(login_name: str, name: str) -> None:
    """Open an account of a system administrator and print its one-time password, once."""
    session = _writing()
    try:
        _, plain = accounts.open_account(
            session, SYSTEM, Role.ADMINISTRATOR, name or login_name, login_name=login_name
        )
    except Refused as error:
        raise click.ClickException(str(error)) from error
    session.commit()
    _print_once(login_name, plain)


@click.command("reset-password")
@click.argument("login_name")
@click.option("--second-factor", is_flag=True, help="The authenticator is lost too.")
@with_appcontext
def reset_password(login_name: str, *, second_factor: bool) -> None:
    """Unlock an account, end its sessions and print a new one-time password, once."""
    session = _writing()
    account = session.scalar(select(Account).where(Account.login_name == login_name))
    if account is None:
        raise click.ClickException(f"There is no account named {login_name}.")
    plain = accounts.give_new_password(session, SYSTEM, account)
    if second_factor:
        accounts.forget_second_factor(session, SYSTEM, account)
    session.commit()
    _print_once(login_name, plain)


def _writing() -> Session:
    begin_writing(db.session)
    session: Session = db.session()
    return session


def _print_once(login_name: str, plain: str) -> None:
    print(f"Account name:       {login_name}")
    print(f"One-time password:  {plain}")
    print("The first login asks for a password of one's own and, of officers, sets up the second factor.")


COMMANDS = (create_administrator, reset_password)
