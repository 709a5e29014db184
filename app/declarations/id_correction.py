"""身份证号变更申报: an enterprise asks that a wrong ID number of one of its constructors be put right."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Date, ForeignKey, String, exists, select
from sqlalchemy.orm import Mapped, Session, mapped_column, validates

from app.extensions.columns import EncryptedText, Sealed, described
from app.models import (
    Declaration,
    Ending,
    Person,
    Qualification,
    Registration,
    RegistrationKind,
    RegistrationStatus,
)
from app.models.details import RegistrationDetails
from app.models.identity import birth_date_of, gender_of
from app.models.personal import mask_id_number, normal_id_number
from app.models.policy import Policy
from app.security.access.policies import policy_on
from app.security.access.roles import Actor
from app.services import certificates, closing, identities, lapsing, register_changes
from app.workflow import blocks, identity_rules, lock_rules, register_rules, rules
from app.workflow.checks import Case
from app.workflow.facts import Declared
from app.workflow.flows import REVIEWED_WITHOUT_PUBLICITY
from app.workflow.types import Asked, AttachmentKind, DeclarationType, Hours, Picker


class IdCorrection(RegistrationDetails, Declaration):
    """Only for a number that was wrong from the beginning (manual 3.2.3.6; notes: 2.7)."""

    __tablename__ = "id_correction"
    __mapper_args__ = {"polymorphic_identity": "id_correction"}

    id: Mapped[int] = mapped_column(ForeignKey("declaration.id"), primary_key=True, comment="申报")
    new_id_number = Sealed("id_number", mask_id_number, normal_id_number)
    new_id_number_cipher: Mapped[str | None] = mapped_column(
        EncryptedText, deferred=True, comment="正确的证件号码（加密）"
    )
    new_id_number_masked: Mapped[str | None] = mapped_column(
        String(40), **described("正确的证件号码（掩码）", _l("Right ID number"), required=True)
    )
    new_id_number_index: Mapped[str | None] = mapped_column(
        String(40), index=True, comment="正确的证件号码（盲索引）"
    )
    new_gender: Mapped[str | None] = mapped_column(
        String(2), **described("正确的性别", _l("Right gender"), dictionary="gender")
    )
    new_birth_date: Mapped[date | None] = mapped_column(
        Date, **described("正确的出生日期", _l("Right date of birth"))
    )
    cause: Mapped[str | None] = mapped_column(
        String(500), **described("号码错误原因", _l("How the number came to be wrong"), required=True)
    )

    @validates("new_id_number_cipher")
    def _follow(self, _name: str, number: str | None) -> str | None:
        """The right number says gender and birth date itself, and nobody types them (notes: 2.7)."""
        for name, value in _said_by({"new_id_number": number}).items():
            setattr(self, name, value)
        return number


def _said_by(values: Mapping[str, Any]) -> Mapping[str, Any]:
    number = values.get("new_id_number")
    return {
        "new_gender": gender_of(number) if number else None,
        "new_birth_date": birth_date_of(number) if number else None,
    }


def _library_and_others(session: Session, what: Declared) -> Mapping[str, Any]:
    """Whether the right number stands in the 资格证 library under this name, and whether anybody has it already."""
    number = what.values.get("new_id_number")
    if not number:
        return {}
    has_it = Person.id_number.equals(Person, number)
    in_library, taken, unchanged = session.execute(
        select(
            exists().where(
                Qualification.id_number.equals(Qualification, number),
                Qualification.name == what.values.get("name"),
            ),
            exists().where(has_it, Person.id != what.person_id),
            exists().where(has_it, Person.id == what.person_id),
        )
    ).one()
    return {"in_library": in_library, "taken": taken, "unchanged": unchanged}


def _is_not_in_library(case: Case, _policy: Policy) -> bool:
    return not case.further.get("in_library", False)


def _correct(session: Session, rows: Sequence[IdCorrection], actor: Actor, on: date) -> None:
    """公告: log-in, real-name check, qualifications, birth date and age limit move together (notes: 2.7).

    A person has one number: whatever else stands in the register under the wrong one is put right with it. What has
    ended by the right age, or under the case, lapses at once and gets no certificate.
    """
    policy = policy_on(session, on)
    register_changes.standing(session, [row.registration_id for row in rows])
    numbered: list[tuple[Registration, int | None]] = []
    ended: list[int] = []
    for row in rows:
        identity = identities.correct(session, row.person_id, row.new_id_number or "", actor)
        for one in register_changes.of_person(session, row.person_id):
            register_changes.correct_identity(
                session, one, identity, declaration_id=row.id, policy=policy, on=on
            )
            if one.status == RegistrationStatus.VALID:
                lapsing.strike_off(session, one, policy, on)
            own = row.id if one.id == row.registration_id else None
            if one.status == RegistrationStatus.VALID:
                numbered.append((one, own))
            elif own is not None:
                ended.append(own)
    certificates.allot(
        session, numbered, actor=actor, policy=policy, on=on, because=Ending.IDENTITY, renumbered=False
    )
    closing.ask_to_close(session, actor, ended)


TYPE = DeclarationType(
    key="id_correction",
    code="31",
    model=IdCorrection,
    label=_l("Correction of an ID number"),
    title=_l("Corrections of ID numbers"),
    registration_kind=RegistrationKind.REGISTERED,
    flow=REVIEWED_WITHOUT_PUBLICITY,
    position=70,
    picker=Picker.CERTIFICATE,
    specialties=Asked.ALL,
    hours=Hours.NEVER,
    note=_l("Only for an ID number that was entered wrongly."),
    fieldsets=[
        blocks.CONTACT,
        (_l("Correction"), ["new_id_number", "new_gender", "new_birth_date", "cause"]),
        blocks.REGISTRATION,
    ],
    attachments=[
        blocks.ID_CARD,
        AttachmentKind(
            "police_proof",
            _l("Proof of the police or of the examination authority"),
            required=_is_not_in_library,
            hint=_l("Needed when the qualification library does not have the right number"),
        ),
    ],
    checks=[
        rules.COMPLETE,
        identity_rules.RIGHT_NUMBER,
        identity_rules.ANOTHER_NUMBER,
        identity_rules.FREE_NUMBER,
        identity_rules.RIGHT_AGE,
        rules.REAL_NAME,
        register_rules.REGISTERED,
        register_rules.EMPLOYED,
        rules.ONE_UNDER_WAY,
        rules.EMPLOYER,
        rules.UNCHANGING,
        rules.REGION,
        lock_rules.LOCK,
        rules.ATTACHMENTS,
    ],
    effect=_correct,
    puts_right={"id_number": "new_id_number", "gender": "new_gender", "birth_date": "new_birth_date"},
    follows=_said_by,
    further=_library_and_others,
)
