"""One registration as its readers see it: how it stands, its terms, its certificates, its history and its cases."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy import Select

from app.extensions.clock import today
from app.extensions.database import db
from app.models import Certificate, CertificateStatus, Declaration, Registration, RegistrationStatus
from app.security.access.roles import Actor, Role
from app.security.access.scope import rows_of
from app.services import locks
from app.services.register_history import PLAIN, REGION, STATUS, Change, RegisterChange, history
from app.views.kit.columns import attribute, plain
from app.views.kit.words import words
from app.views.verification import ENDINGS
from app.workflow.lock_rules import told
from app.workflow.types import registry

STATUS_LABELS: Mapping[str, Any] = {
    CertificateStatus.ISSUING: _l("Issuing"),
    CertificateStatus.CURRENT: _l("In force"),
    CertificateStatus.REPLACED: _l("Replaced"),
    CertificateStatus.CANCELLED: _l("Certificate cancelled"),
}
_TONES: Mapping[str, str] = {
    CertificateStatus.ISSUING: "blue",
    CertificateStatus.CURRENT: "green",
    CertificateStatus.REPLACED: "secondary",
    CertificateStatus.CANCELLED: "red",
}

ACTS: Mapping[str, Any] = {
    "enter": _l("Entered in the register"),
    "enter_again": _l("Entered in the register again"),
    "import": _l("Entered from historical records"),
    "add": _l("Specialties added"),
    "renew": _l("Renewed"),
    "extend": _l("Extended"),
    "replace": _l("Certificate replaced"),
    "transfer": _l("Moved to another employer"),
    "correct_identity": _l("Particulars corrected"),
    "change_employer": _l("The employer's particulars changed"),
    "cancel": _l("Cancelled in the register"),
    "strike_off": _l("Struck off the register"),
    "correct": _l("The register was corrected"),
    RegistrationStatus.ANNULLED: _l("Annulled by the authority"),
    RegistrationStatus.REVOKED: _l("Revoked by the authority"),
}
"""What the register calls its changes; one that has no words here is called a change of the register."""

_ENDED: Mapping[str, Any] = {
    RegistrationStatus.CANCELLED: _l("The registration was cancelled on %(date)s."),
    RegistrationStatus.ANNULLED: _l("The registration was annulled on %(date)s."),
    RegistrationStatus.REVOKED: _l("The registration was revoked on %(date)s."),
}
"""How a registration ended."""

_CASE_SCREENS: Mapping[Role, str] = {
    Role.ENTERPRISE: "EnterpriseCasesScreen",
    Role.INDIVIDUAL: "OwnCasesScreen",
    Role.MUNICIPAL: "ReviewScreen",
    Role.PROVINCIAL: "ReviewScreen",
}


@dataclass(frozen=True)
class Version:
    """One certificate of the registration, and why it does not count any more."""

    row: Certificate
    label: str
    tone: str
    because: str


@dataclass(frozen=True)
class CaseLink:
    """A declaration that is about the registration, as far as the reader may see it."""

    label: str
    number: str
    state: tuple[str, str]
    submitted: str
    url: str


@dataclass(frozen=True)
class Line:
    """One line of the history in words."""

    at: datetime
    when: str
    label: str
    sentences: Sequence[str]
    case: CaseLink | None
    document: str = ""
    """The number of the written decision of an act that nobody applied for."""
    act_url: str = ""
    """The page of that act, for whom it exists."""


def printable(row: Registration) -> Certificate | None:
    """The file that may be handed out: signed, in force, and of a registration that was not cancelled."""
    if row.status != RegistrationStatus.VALID:
        return None
    in_force = (one for one in row.certificates if one.status == CertificateStatus.CURRENT and one.file_id)
    return next(in_force, None)


def newest(row: Registration) -> Certificate | None:
    """The certificate that counts: the last version, made or being made."""
    return row.certificates[-1] if row.certificates else None


def standing(row: Registration) -> tuple[str, str]:
    """有效, 过期 or 注销 in words, with its colour."""
    if row.status != RegistrationStatus.VALID:
        return words().choice("registration_status", row.status), "red"
    return (_("Expired"), "orange") if row.ends_on < today() else (_("Valid"), "green")


def being_made(row: Registration) -> bool:
    """Whether its certificate has no file yet; the one before does not count any more (decision 32)."""
    held = newest(row)
    return (
        row.status == RegistrationStatus.VALID
        and held is not None
        and held.status == CertificateStatus.ISSUING
    )


def standing_with_certificate(row: Registration) -> tuple[str, str]:
    """The same, and that its certificate is being made: there is none to print so long."""
    label, tone = standing(row)
    if not being_made(row):
        return label, tone
    return _("%(standing)s, certificate being made", standing=label), "blue" if tone == "green" else tone


def specialties_in_words(row: Registration) -> str:
    """What stands in the register; of a cancelled registration what was cancelled last."""
    known = words()
    return str(_(", ")).join(known.choice("specialty", one.specialty) for one in row.held)


def register_page(row: Registration, actor: Actor) -> dict[str, Any]:
    """What the templates `register/_*.html` show; they read nothing else."""
    cases = case_links(rows_of(Declaration, actor), row.id, actor)
    held = locks.holding(db.session(), (row,))[row.id]
    return {
        "locks": [told(one) for one in held],
        "standing": standing_with_certificate(row),
        "terms": list(_terms(row)),
        "versions": [_version(one) for one in reversed(row.certificates)],
        "current": printable(row),
        "history": [line_of(one, cases, actor) for one in reversed(history(db.session(), row, actor))],
        "cases": list(cases.values()),
    }


def _terms(row: Registration) -> Iterator[tuple[str, date, date, str, str]]:
    """Every specialty that ever stood in the registration: those that were taken out stay as history."""
    known, ended = words(), row.status in {RegistrationStatus.ANNULLED, RegistrationStatus.REVOKED}
    for one in row.specialties:
        label, tone = _("Valid"), "green"
        if one.removed_on is not None:
            date, tone = one.removed_on.isoformat(), "red"
            taken = ended and one.removed_on == row.cancelled_on
            label = (
                _("%(standing)s on %(date)s", standing=standing(row)[0], date=date)
                if taken
                else _("Cancelled on %(date)s", date=date)
            )
        elif one.ends_on < today():
            label, tone = _("Expired"), "orange"
        yield known.choice("specialty", one.specialty), one.begins_on, one.ends_on, label, tone


def _version(one: Certificate) -> Version:
    because = ""
    if one.ended_on is not None and one.ended_because in ENDINGS:
        because = str(ENDINGS[one.ended_because]) % {"date": one.ended_on.isoformat()}
    return Version(one, str(STATUS_LABELS.get(one.status, one.status)), _TONES.get(one.status, ""), because)


def case_links(seen: Select[Declaration], registration_id: int, actor: Actor) -> Mapping[int, CaseLink]:
    """Of the declarations that exist for the reader those about this registration, the latest first."""
    found = db.session.scalars(
        seen.where(Declaration.registration_id == registration_id).order_by(
            Declaration.submitted_at.is_(None).desc(), Declaration.submitted_at.desc(), Declaration.id
        )
    )
    return {one.id: _case(one, actor) for one in found}


def _case(row: Declaration, actor: Actor) -> CaseLink:
    screen = _CASE_SCREENS[Role(actor.role)]
    return CaseLink(
        str(registry[row.type_key].label),
        row.number or "",
        words().state(row.state),
        plain(row.submitted_at) if row.submitted_at else "",
        url_for(f"{screen}.show", key=row.id),
    )


def line_of(change: RegisterChange, cases: Mapping[int, CaseLink], actor: Actor) -> Line:
    seen = change.act_id is not None and actor.has(Role.PROVINCIAL)
    return Line(
        change.at,
        plain(change.at),
        str(ACTS.get(change.action, _l("Change of the register"))),
        [sentence(one) for one in change.what],
        cases.get(change.declaration_id or 0),
        change.document_number,
        url_for("RegisterActsScreen.show", key=change.act_id) if seen else "",
    )


def sentence(change: Change) -> str:
    """One change in words."""
    if change.field == STATUS:
        return _of_status(change)
    if change.field == REGION:
        change = replace(change, after=words().region(change.after), before=words().region(change.before))
    elif change.field == "gender":
        known = words()
        change = replace(
            change,
            after=known.choice("gender", change.after or ""),
            before=known.choice("gender", change.before) if change.before else None,
        )
    elif change.field not in PLAIN:
        return _of_specialty(change)
    after, before = change.after or "", change.before
    if change.field == "seal_check_code":
        after, before = after.zfill(2), before.zfill(2) if before else before
    label = str(attribute(Registration, change.field).label)
    if before is None:
        return str(_("%(label)s: %(after)s", label=label, after=after))
    return str(_("%(label)s: %(after)s (before: %(before)s)", label=label, after=after, before=before))


def _of_status(change: Change) -> str:
    if change.after is None:
        return str(_("It stands in the register again."))
    ended = _ENDED.get(change.status, _ENDED[RegistrationStatus.CANCELLED])
    # The ground of an act is the act itself.
    applied_for = change.subject and change.subject != change.status
    ground = words().choice("cancellation_reason", change.subject) if applied_for else ""
    if not ground:
        return str(ended) % {"date": change.after}
    return str(_("The registration was cancelled on %(date)s: %(ground)s.", date=change.after, ground=ground))


def _of_specialty(change: Change) -> str:
    name = words().choice("specialty", change.subject)
    if change.on:
        return str(_("%(specialty)s: cancelled on %(date)s", specialty=name, date=change.on))
    if change.after is None:
        return str(_("%(specialty)s: not registered any more (was valid until %(ends)s)", specialty=name,
                 ends=change.before))  # fmt: skip
    if change.before is None:
        return str(_("%(specialty)s: registered from %(begins)s until %(ends)s", specialty=name,
                 begins=change.begins_on, ends=change.after))  # fmt: skip
    return str(_("%(specialty)s: valid until %(ends)s (before: %(before)s)", specialty=name, ends=change.after,
             before=change.before))  # fmt: skip
