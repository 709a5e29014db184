"""Daily life in the demonstration: notices read, data looked at, views kept, files asked for, keys renewed."""

from datetime import timedelta

from flask import current_app
from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli.demo import makers
from app.cli.demo.makers import Credentials, as_actor
from app.cli.demo.people import account_named, officer_of
from app.extensions.clock import as_of, now
from app.extensions.database import begin_writing, db
from app.models import Account, Declaration, Notice, Person, SavedView
from app.security.access import lookup, privacy
from app.security.access.audit import record
from app.security.access.roles import Role
from app.security.access.scope import rows_of, sharing_group
from app.security.login import accounts
from app.services import jobs, notices
from app.services.exports import asking
from app.services.exports.lists import Wanted, exportable

_FORMER = ("changsha-former", "伍岳（已离任）", "430100")

_VIEWS = (
    ("province", "ReviewScreen", "长沙已超期", "region_code=430100&due=overdue&desk=cities", True),
    ("province", "RegistrationsScreen", "临时建造师", "kind=temporary", False),
    ("changsha", "ReviewScreen", "初始申报待受理", "type_key=initial_registration&state=submitted", True),
    ("changsha", "ReviewScreen", "本周到期", "due=soon", False),
    ("qiye-changsha-1", "EnterpriseCasesScreen", "退回待补正", "state=returned", False),
    ("qiye-changsha-1", "RosterScreen", "延续申报期内", "stage=open", False),
)
"""Whose view, of which list, under which name, with which filter, and whether the office shares it."""

_EXPORTS = (
    ("qiye-changsha-1", "EnterpriseCasesScreen"),
    ("changsha", "ReviewScreen"),
    ("province", "RegistrationsScreen"),
    ("province-2", "QualificationScreen"),
    ("province-admin", "PolicyScreen"),
    ("auditor", "AuditScreen"),
)
"""Who has asked for a file of which list; the worker makes it as soon as the platform runs."""

_LOOKED_AT = "欧阳帆"
_READ_AFTER = timedelta(days=10)


def load_daily_life(session: Session, credentials: Credentials) -> None:
    """The caller commits."""
    _exported(session)
    begin_writing(session)
    _read_notices(session)
    _look_at_persons(session)
    _keep_views(session)
    _ask_for_files(session)
    _renew_keys(session, credentials)
    _retire(session, credentials)


def _read_notices(session: Session) -> None:
    """Whatever is older has been read by whom it was sent to."""
    readers = select(Account).where(Account.enterprise_id.is_not(None) | Account.person_id.is_not(None))
    for account in session.scalars(readers).all():
        actor = as_actor(account)
        old = session.scalars(
            rows_of(Notice, actor).where(Notice.at < now() - _READ_AFTER).with_only_columns(Notice.id)
        ).all()
        if old:
            notices.mark_read(session, actor, old)


def _look_at_persons(session: Session) -> None:
    """Two offices and an enterprise have looked at one person's data in full, and each look is written down."""
    person = session.scalars(select(Person).where(Person.name == _LOOKED_AT)).one()
    newest = select(Declaration).where(Declaration.person_id == person.id).order_by(Declaration.id)
    case = session.scalars(newest.limit(1)).one()
    officers = (
        (officer_of(session, case.region_code), 160, "id_number"),
        (officer_of(session, case.region_code), 0, "mobile"),
        (account_named(session, "province"), 150, "id_number"),
    )
    for account, ago, field in officers:
        with as_of(now() - timedelta(days=ago)):
            privacy.reveal(session, as_actor(account), "declaration", case.id, field)
    with as_of(now() - timedelta(days=3)):
        stranger = as_actor(account_named(session, "qiye-changsha-2"))
        lookup.qualified_persons(session, stranger, person.name, str(person.id_number))


def _keep_views(session: Session) -> None:
    for login_name, screen, name, arguments, shared in _VIEWS:
        account = account_named(session, login_name)
        session.add(
            SavedView(
                screen=screen, name=name, arguments=arguments, owner_id=account.id,
                shared_role=sharing_group(as_actor(account)) if shared else None,
            )
        )  # fmt: skip


def _ask_for_files(session: Session) -> None:
    for login_name, screen in _EXPORTS:
        actor = as_actor(account_named(session, login_name))
        asking.plan(session, actor, Wanted(screen, "xlsx", matching=True), "demo")
        unwanted = asking.plan(session, actor, Wanted(screen, "csv", matching=True), "demo")
        jobs.ask_to_cancel(unwanted)


def _exported(session: Session) -> None:
    """One short list was taken away at once, as the audit tells."""
    wanted = Wanted("ReviewScreen", "csv", matching=True)
    actor = as_actor(account_named(session, "changsha"))
    with current_app.app_context(), force_locale(wanted.language), Session(db.engine) as reader:
        asked = exportable(wanted.list)
        rows = asked.count(reader, actor, wanted, asking.STREAMED)
        export = asked.export(reader, actor, wanted)
    asking.write_down(session, actor, wanted, export, rows)


def _renew_keys(session: Session, credentials: Credentials) -> None:
    """Somebody had forgotten his password and an officer had lost his authenticator; both have new ones since."""
    administrator = as_actor(account_named(session, "admin"))
    forgetful = account_named(session, "qiye-zhuzhou-1")
    accounts.give_new_password(session, administrator, forgetful)
    forgetful.password, forgetful.must_change_password = credentials.password_hash, False
    officer = account_named(session, "zhuzhou")
    accounts.forget_second_factor(session, administrator, officer)
    officer.second_factor = credentials.second_factor


def _retire(session: Session, credentials: Credentials) -> None:
    """An officer has left: his account is disabled, and what he did keeps his name."""
    login_name, name, city = _FORMER
    former = makers.make_account(
        session, Role.MUNICIPAL, name, credentials, login_name=login_name, region_code=city
    )
    former.second_factor = credentials.second_factor
    former.active = False
    session.flush()
    record(session, as_actor(account_named(session, "admin")), "disable_account", "account", former.id)
