"""What tests of the authorities share: cases where the test begins, and forms sent as an officer sends them."""

from collections.abc import Iterable
from datetime import date

from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.cli.demo import SECOND_FACTOR
from app.cli.demo.makers import as_actor, id_number, make_account
from app.models import AuditEntry, Decision, Declaration
from app.security.access.roles import Role
from app.workflow.perform import perform
from tests.cast import Cast, Member, add_constructor, credentials, file_draft, login, take
from tests.pages import page

NAMES = ("林峰", "徐静", "马超", "胡帆", "高翔", "梁燕", "许诺", "郑涛", "谢雨", "罗杰")


def declared(
    session: Session, cast: Cast, *actions: str, clerk: Member | None = None, serial: int = 0, name: str = ""
) -> Declaration:
    """A first registration of somebody new, after these steps; `serial` tells several of one test apart.

    The row is handed out as it stands now, apart from the session, so that no test holds a transaction open.
    """
    session.rollback()
    clerk = clerk or cast.li_juan
    officer = cast.zhao_min if clerk is cast.liu_yang else cast.wang_qiang
    number = id_number(date(1988, 5, 1), 2 * serial + 1)
    person = add_constructor(session, officer, name or NAMES[serial % len(NAMES)], number)
    session.commit()
    row = take(session, cast, file_draft(session, clerk, person), *actions)
    assert row.id_number == number  # loads what is deferred
    session.expunge(row)
    session.rollback()
    return row


def several(session: Session, cast: Cast, count: int, *actions: str) -> list[Declaration]:
    return [declared(session, cast, *actions, serial=serial) for serial in range(count)]


def on_one_list(session: Session, cast: Cast, count: int) -> tuple[str, list[Declaration]]:
    """So many persons on one list that 陈静 approved and opened; its number, and the rows as they stood before."""
    rows = several(session, cast, count, "submit", "accept", "endorse", "approve")
    versions = {row.id: row.version for row in rows}
    (number,) = perform(session, "publicise", versions, cast.chen_jing.actor).batches
    session.rollback()
    return number, rows


def officer(app, member: Member) -> FlaskClient:
    """A browser in which this officer, or anybody else of the cast, has logged in."""
    return login(app.test_client(), member)


def send(client: FlaskClient, url: str, **data) -> TestResponse:
    """Send a form with the token of this browser; a list sends its name several times."""
    token = page(client, "/account/sessions").find("input", attrs={"name": "csrf_token"})["value"]
    return client.post(url, data={"csrf_token": token, **data}, headers={"Referer": "http://localhost/"})


def colleague_of(session: Session, member: Member, name: str = "孙丽") -> Member:
    """A second officer of the same authority: the same rights under another account; committed."""
    (role,) = member.actor.roles
    account = make_account(
        session,
        Role(role),
        name,
        credentials(),
        login_name=f"{member.login_name}-2",
        region_code=member.actor.region_code,
    )
    account.second_factor = SECOND_FACTOR
    session.commit()
    return Member(as_actor(account), f"{member.login_name}-2")


def ticket(row: Declaration) -> str:
    return f"{row.id}:{row.version}"


def planned(
    client: FlaskClient, action: str, rows: Iterable[Declaration] = (), list_: str = "?", **data
) -> str:
    """Select these rows on the work list, or all that `list_` finds, and press the button; the plan's address."""
    chosen = {"ids": [ticket(row) for row in rows]} if rows else {"select": "matching"}
    answer = send(client, "/review/act", action=action, list=list_, **chosen, **data)
    assert answer.status_code == 302, answer.status
    return answer.location


def confirmed(client: FlaskClient, plan: str, **opinion) -> str:
    """Say yes to the plan; the address of its job."""
    answer = send(client, plan, **opinion)
    assert answer.status_code == 302, answer.get_data(as_text=True)
    return answer.location


def numbers(document: BeautifulSoup) -> list[int]:
    """Will pass, cannot, changed since you looked: as the page of the plan says."""
    return [int(one.get_text()) for one in document.select(".plan-number dd")]


def state_of(session: Session, key: int) -> str:
    """The state as it is committed now."""
    session.rollback()
    return session.scalar(select(Declaration.state).where(Declaration.id == key))


def steps_of(session: Session, key: int) -> list[str]:
    session.rollback()
    rows = session.scalars(
        select(Decision.action).where(Decision.declaration_id == key).order_by(Decision.id)
    )
    return list(rows)


def audited(session: Session, action: str) -> list[AuditEntry]:
    session.rollback()
    return list(session.scalars(select(AuditEntry).where(AuditEntry.action == action)))
