"""What is asked to open an account for an enterprise, a person or an officer, and how it is opened."""

from collections.abc import Iterator
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app.extensions.refused import Refused
from app.models import Account, Enterprise, Person
from app.security.access import audit
from app.security.access.roles import Actor, Role
from app.security.login.accounts import open_account
from app.services import real_name
from app.views.kit.forms import Field, Fieldset, Problem, RecordForm
from app.views.kit.words import words

_ENTERPRISE = Fieldset(
    _l("Enterprise"),
    (
        Field("name", opened=True, required=True),
        Field(
            "uscc",
            opened=True,
            required=True,
            hint=_l("An enterprise that is known already gets one more account."),
        ),
        Field("region_code", opened=True, required=True),
    ),
)
_PERSON = Fieldset(_l("Second-grade constructor"), ("name", "id_type", "id_number", "mobile"))
_PERSON_NOTE = _l("A person logs in with the ID number or the mobile number.")


def _account(role: Role) -> Fieldset:
    name = Field(
        "login_name",
        required=True,
        hint=_l("3 to 40 small letters, digits and hyphens, beginning with a letter."),
    )
    person = Field("display_name", label=_l("Name of the person"))
    city = (Field("region_code", required=True),) if role is Role.MUNICIPAL else ()
    return Fieldset(_l("Account"), (name, person, *city))


class Opening:
    """The forms of one page: whom the account is for, and the account."""

    def __init__(self, role: Role, sent: MultiDict[str, str] | None) -> None:
        self.role = role
        self.subject: RecordForm | None = None
        self.account: RecordForm | None = None
        if role is Role.ENTERPRISE:
            self.subject = RecordForm(Enterprise, (_ENTERPRISE,), Enterprise(), words(), sent)
        elif role is Role.INDIVIDUAL:
            group = Fieldset(_PERSON.title, _PERSON.fields, _PERSON_NOTE)
            self.subject = RecordForm(Person, (group,), Person(id_type="1"), words(), sent)
        if role is not Role.INDIVIDUAL:
            self.account = RecordForm(Account, (_account(role),), Account(), words(), sent)

    @property
    def forms(self) -> list[RecordForm]:
        return [one for one in (self.subject, self.account) if one is not None]

    def valid(self) -> bool:
        faults = [not one.validate() for one in self.forms]  # each is asked, so that all is said at once
        return not any(faults)

    @property
    def problems(self) -> list[Problem]:
        return [problem for one in self.forms for problem in one.problems]

    def groups(self) -> Iterator[Any]:
        for one in self.forms:
            yield from one.groups()

    def refuse(self, name: str, message: Any) -> None:
        form = next((one for one in self.forms if name in one.declared), self.forms[-1])
        form.refuse(name, message)


def open_for(session: Session, actor: Actor, opening: Opening) -> tuple[str, str] | None:
    """The name to log in with and the one-time password, or None with the faults put into the form."""
    try:
        belongs, name = _belongs(session, actor, opening)
        if belongs is None:
            return None
        account, plain = open_account(session, actor, opening.role, name, **belongs)
    except Refused as refused:
        opening.refuse("login_name", refused.message)
        return None
    shown = account.login_name or str(_("ID number or mobile number of %(name)s", name=name))
    return shown, plain


def _belongs(session: Session, actor: Actor, opening: Opening) -> tuple[dict[str, Any] | None, str]:
    if opening.role is Role.INDIVIDUAL and opening.subject:
        return _person(session, actor, opening, opening.subject)
    account = Account()
    if opening.account:
        opening.account.fill(account)
    belongs: dict[str, Any] = {"login_name": account.login_name, "region_code": account.region_code}
    if opening.role is Role.ENTERPRISE and opening.subject:
        enterprise = _enterprise(session, actor, opening, opening.subject)
        if enterprise is None:
            return None, ""
        belongs = {"login_name": account.login_name, "enterprise_id": enterprise.id}
    return {name: value for name, value in belongs.items() if value is not None}, account.display_name


def _enterprise(session: Session, actor: Actor, opening: Opening, form: RecordForm) -> Enterprise | None:
    """The enterprise with this code, made when it is new; nothing of a known one is changed here."""
    typed = Enterprise()
    form.fill(typed)
    known: Enterprise | None = session.scalar(select(Enterprise).where(Enterprise.uscc == typed.uscc))
    if known is None:
        session.add(typed)
        session.flush()
        audit.record(session, actor, "add", "enterprise", typed.id)
        return typed
    if known.name != typed.name:
        opening.refuse("name", _("The enterprise with this code has another name in the platform."))
        return None
    return known


def _person(
    session: Session, actor: Actor, opening: Opening, form: RecordForm
) -> tuple[dict[str, Any] | None, str]:
    typed = Person()
    form.fill(typed)
    known = session.scalar(select(Person).where(Person.id_number.equals(Person, typed.id_number or "")))
    if real_name.mobile_in_use(session, known or typed):
        opening.refuse("mobile", real_name.MOBILE_IN_USE)
        return None, ""
    if known is None:
        session.add(typed)
        session.flush()
        audit.record(session, actor, "add", "person", typed.id)
        return {"person_id": typed.id}, typed.name
    if known.name != typed.name:
        opening.refuse("name", _("The person with this ID number has another name in the platform."))
        return None, ""
    if session.scalar(select(Account.id).where(Account.person_id == known.id)):
        opening.refuse("id_number", _("This person has an account already."))
        return None, ""
    return {"person_id": known.id}, known.name
