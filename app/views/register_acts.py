"""依职权行为: 撤销, 吊销 and the correction of a wrong row, proposed by one officer of the province and decided by another."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l

from app.extensions.database import db
from app.models import ActKind, ActStage, RegisterAct
from app.security.access.roles import Actor, Role
from app.security.login.current import current_actor
from app.services import register_acts
from app.views.kit.actions import Action, ActionField, Call, Outcome
from app.views.kit.columns import Cell, Column
from app.views.kit.filtering import Filter, Search
from app.views.kit.forms import Field, Fieldset, described
from app.views.kit.navigation import Section
from app.views.kit.records import RecordScreen
from app.views.kit.requests import commit
from app.views.kit.uploads import AttachmentSlot
from app.views.kit.words import words

_PROVINCE = (Role.PROVINCIAL,)
_TONES = {
    ActStage.PROPOSED: "orange",
    ActStage.DONE: "green",
    ActStage.DECLINED: "red",
    ActStage.WITHDRAWN: "secondary",
}
_DESK = {"waiting": _l("Waiting for my decision")}
_WHAT = Fieldset(
    _l("Act"),
    (
        Field(
            "registration_number",
            hint=_l("The registration under this number, whether it stands or has ended"),
        ),
        "kind",
        Field("document_number"),
        Field("reason", wide=True),
    ),
)
_RIGHT = Fieldset(
    _l("What is right (only for a correction)"),
    (
        "right_name",
        "right_gender",
        "right_birth_date",
        Field("right_enterprise_code", hint=_l("The constructor moves to the enterprise with this code")),
        "right_registered_on",
        "right_paper_number",
        Field("right_specialty", hint=_l("One that is not registered is entered with both days")),
        "right_begins_on",
        "right_ends_on",
        Field("right_without", hint=_l("It is taken out of the registration")),
        Field("right_cancelled_on", hint=_l("Only of a registration that was cancelled")),
        "right_standing",
    ),
)


_RIGHT_FIELDS = tuple(described(one).name for one in _RIGHT.fields)


def _leave_out_the_right(row: RegisterAct) -> None:
    for name in _RIGHT_FIELDS:
        setattr(row, name, False if name == "right_standing" else None)


def _waits(row: RegisterAct, actor: Actor) -> bool:
    return row.stage == ActStage.PROPOSED and row.proposed_by_id != actor.account_id


def _mine(row: RegisterAct, actor: Actor) -> bool:
    return row.stage == ActStage.PROPOSED and row.proposed_by_id == actor.account_id


def _confirm(call: Call) -> Outcome:
    for row in call.rows:
        register_acts.confirm(db.session(), call.actor, row.id, call.answers.get("words", ""))
    commit()
    return Outcome(len(call.rows))


def _decline(call: Call) -> Outcome:
    for row in call.rows:
        register_acts.decline(db.session(), call.actor, row.id, call.answers.get("words", ""))
    commit()
    return Outcome(len(call.rows))


def _withdraw(call: Call) -> Outcome:
    for row in call.rows:
        register_acts.withdraw(db.session(), call.actor, row.id)
    commit()
    return Outcome(len(call.rows))


class RegisterActsScreen(RecordScreen):
    """Every act there ever was; what was decided is never changed."""

    model = RegisterAct
    route_base = "/register-acts"
    title = _l("Acts on the register")
    lead = _l(
        "Annulment, revocation and correction: one officer proposes with evidence, another one decides."
    )
    section, position, icon = Section.REGISTER, 40, "gavel"
    readers = adders = editors = _PROVINCE
    add_label = _l("Propose an act")
    list_columns = (
        "registration_number",
        "name",
        "kind",
        "document_number",
        "proposed_at",
        Column("stage", tone=lambda row: _TONES.get(row.stage, "")),
        "decided_at",
    )
    sortable = ("proposed_at", "decided_at")
    order = "-proposed_at"
    search = Search(name=("registration_number", "name"))
    filters = (
        Filter(
            "desk", _l("Desk"), choices=_DESK, where=lambda _choice: register_acts.waits_for(current_actor())
        ),
        Filter("kind"),
        Filter("stage"),
        Filter("proposed_at"),
    )
    form_fieldsets = (_WHAT, _RIGHT)
    form_template = "register/act_form.html"
    show_fieldsets = (
        Fieldset(
            _l("Act"),
            (
                *("registration_number", "name", "kind", "document_number", "reason"),
                *("stage", "proposed_at", "decided_at", "decided_because"),
            ),
        ),
        _RIGHT,
    )
    actions = (
        Action(
            "confirm", _l("Carry out"), _PROVINCE, _confirm, when=_waits, tone="danger", icon="check",
            confirm=_l(
                "The register changes at once: certificates end, and the public page says why. Compare the evidence "
                "with the registration first."
            ),
            fields=(ActionField("words", _l("Words of the decision"), long=True),),
        ),
        Action(
            "decline", _l("Decline"), _PROVINCE, _decline, when=_waits, icon="x",
            fields=(ActionField("words", _l("Reason"), required=True, long=True),),
        ),
        Action(
            "withdraw", _l("Take back"), _PROVINCE, _withdraw, when=_mine, icon="arrow-back-up",
            confirm=_l("The proposal ends; the register stays as it is."),
        ),
    )  # fmt: skip

    def named(self, row: RegisterAct) -> str:
        kind = words().choice("register_act", row.kind)
        return f"{row.name} {row.registration_number} {kind}".strip()

    def may_edit(self, row: RegisterAct, actor: Actor) -> bool:
        return _mine(row, actor)

    def shown(
        self, row: RegisterAct, fieldsets: Sequence[Fieldset]
    ) -> Sequence[tuple[Fieldset, Sequence[tuple[str, Cell]]]]:
        """What is right stands on the page of a correction alone: the other kinds have no word of it."""
        corrects = row.kind == ActKind.CORRECT
        return super().shown(row, [one for one in fieldsets if corrects or one is not _RIGHT])

    def slots(self, row: Any, actor: Actor) -> Sequence[AttachmentSlot]:
        hint = _l("The decision, the judgment or the findings on which it rests")
        return (AttachmentSlot(register_acts.EVIDENCE, _l("Evidence"), required=True, most=10, hint=hint),)

    def check(self, row: RegisterAct, actor: Actor) -> Iterable[tuple[str, Any]]:
        if row.registration_number:
            held = register_acts.about(db.session(), actor, row.registration_number)
            if held is None:
                yield "registration_number", register_acts.missing(row.kind)
            for message in register_acts.impossible(held, row.kind) if held and row.kind else ():
                yield "kind", message
        if row.kind:
            if row.kind != ActKind.CORRECT:
                # The page hides what was typed there before another kind was chosen: it is no part of this act.
                _leave_out_the_right(row)
            for message in register_acts.wrong(row):
                yield "kind", message

    def before_save(self, row: RegisterAct, actor: Actor, *, added: bool) -> None:
        register_acts.propose(db.session(), actor, row)


SCREENS = (RegisterActsScreen,)
