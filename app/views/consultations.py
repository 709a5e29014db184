"""企业问题咨询: what enterprises ask, and the desk on which the city or the province answers (manual 3.2.2)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy import Select

from app.extensions.clock import local
from app.extensions.database import db
from app.models import Attachment, Consultation, Enterprise
from app.security.access.roles import LABELS, Actor, Role
from app.security.access.scope import find, rows_of
from app.services import consultations
from app.views.kit.actions import Action, ActionField, Call, Outcome
from app.views.kit.columns import Column
from app.views.kit.filtering import Filter, Search
from app.views.kit.forms import Fieldset
from app.views.kit.navigation import Section
from app.views.kit.records import RecordScreen
from app.views.kit.requests import commit
from app.views.kit.uploads import AttachmentSlot, Held, held_of

_ENTERPRISE, _CITY, _AUTHORITIES = (Role.ENTERPRISE,), (Role.MUNICIPAL,), (Role.MUNICIPAL, Role.PROVINCIAL)
_PAPERS = (AttachmentSlot("consultation", _l("Attachments of the question"), most=5),)
_ENCLOSED = (AttachmentSlot("consultation", _l("Attachments"), most=5),)
_STATE = Column(
    "status", choices=consultations.LABELS, tone=lambda row: consultations.TONES.get(row.status, "secondary")
)


@dataclass(frozen=True)
class Said:
    """One reply, or one more question."""

    text: str
    who: str
    at: datetime
    by_authority: bool
    files: Sequence[Held] = ()


def _said(row: Consultation, actor: Actor) -> Iterator[Said]:
    """To an enterprise the authority speaks, and not one of its officers."""
    files = _enclosed([one.id for one in row.replies], actor)
    for one in row.replies:
        role = str(LABELS.get(one.role, one.role))
        named = actor.has(*_AUTHORITIES) or one.role == Role.ENTERPRISE
        who = f"{one.author_name} · {role}" if named else role
        yield Said(one.text, who, local(one.at), one.role != Role.ENTERPRISE, files[one.id])


def _enclosed(keys: Sequence[int], actor: Actor) -> Mapping[int, list[Held]]:
    """What was sent along with these replies, as far as it exists for the reader: one statement."""
    found: dict[int, list[Held]] = {key: [] for key in keys}
    if keys:
        for one in db.session.scalars(
            rows_of(Attachment, actor).where(Attachment.reply_id.in_(keys)).order_by(Attachment.id)
        ):
            found[one.reply_id or 0].append(held_of(one))
    return found


def _step(action: str) -> Callable[[Call], Outcome]:
    def taken(call: Call) -> Outcome:
        (row,) = call.rows
        consultations.take(
            db.session(), call.actor, action, row.id, call.versions[row.id], text=call.answers.get("text", ""),
            attach=lambda reply: call.uploads.attach(db.session(), reply, call.actor),
        )  # fmt: skip
        commit()
        return Outcome(done=1)

    return taken


def _action(name: str, label: Any, roles: Sequence[Role], **traits: Any) -> Action:
    step = consultations.STEPS[name]
    return Action(name, label, roles, _step(name), when=step.may, listed=False, **traits)


class QuestionScreen(RecordScreen):
    """A question with everything that was said after it."""

    model = Consultation
    exporters = ()
    show_fieldsets = (
        Fieldset(
            _l("Question"), ("subject", "question", "region_code", "with_province", "asked_at", "changed_at")
        ),
    )
    show_template = "consultations/show.html"
    empty_text = _l("There is no question.")

    def named(self, row: Any) -> str:
        return str(row.subject)

    def slots(self, row: Any, actor: Actor) -> Sequence[AttachmentSlot]:
        return _PAPERS

    def context(self, row: Any, actor: Actor) -> Mapping[str, Any]:
        if row is None or row.id is None:
            return {}
        return {
            "said": list(_said(row, actor)),
            "state": self.cell(_STATE, row),
            "asker": row.enterprise.name,
        }


class ConsultationScreen(QuestionScreen):
    """The enterprise's own questions."""

    route_base = "/consultations"
    title = _l("Enterprise questions")
    lead = _l("Ask your competent authority. The answer stands here, and a notice tells you of it.")
    section, position, icon = Section.BASICS, 30, "message-question"
    readers = adders = _ENTERPRISE
    list_columns = ("subject", _STATE, "with_province", "asked_at", "changed_at")
    sortable = ("asked_at", "changed_at")
    order = "-changed_at"
    filters = (Filter("status", choices=consultations.LABELS), Filter("asked_at"))
    form_fieldsets = (Fieldset(_l("Question"), ("subject", "question")),)
    add_label = _l("Ask a question")
    save_label = _l("Send the question")
    actions = (
        _action(
            "ask_again",
            _l("Ask further"),
            _ENTERPRISE,
            fields=(ActionField("text", _l("What you want to ask or add"), required=True, long=True),),
            slots=_ENCLOSED,
            icon="message-question",
        ),
        _action(
            "close",
            _l("Close the question"),
            _ENTERPRISE,
            confirm=_l("A closed question is answered no more; ask a new one when something is open again."),
            icon="check",
        ),
    )

    def rows(self, actor: Actor) -> Select[Any]:
        return super().rows(actor).where(Consultation.enterprise_id == actor.enterprise_id)

    def fresh(self, actor: Actor) -> Consultation:
        """It goes to the city in which the enterprise is registered now."""
        enterprise = find(db.session, Enterprise, actor.enterprise_id, actor)
        return Consultation(
            enterprise_id=enterprise.id, region_code=enterprise.region_code, asked_by_id=actor.account_id
        )

    def check(self, row: Any, actor: Actor) -> Sequence[tuple[str, str]]:
        if len(row.question or "") > consultations.LONGEST:
            most = consultations.LONGEST
            return [("question", _("The text is too long: at most %(most)s characters.", most=most))]
        return ()


class ConsultationDeskScreen(QuestionScreen):
    """What the enterprises of the city ask, or of the province: those that wait for a reply come first."""

    route_base = "/consultation-desk"
    title = _l("Questions of enterprises")
    section, position, icon = Section.REVIEWING, 30, "message-question"
    readers = _AUTHORITIES
    list_columns = (
        "subject", Column("enterprise.name", label=_l("Enterprise")), "region_code", _STATE, "with_province",
        "asked_at", "changed_at",
    )  # fmt: skip
    sortable = ("asked_at", "changed_at")
    order = "asked_at"
    search = Search(name="subject", label=_l("Topic"))
    filters = (
        Filter("status", choices=consultations.LABELS), Filter("with_province"), Filter("region_code"),
        Filter("asked_at"),
    )  # fmt: skip
    opening: ClassVar[Mapping[str, str]] = {"status": "waiting"}
    actions = (
        _action(
            "reply",
            _l("Reply"),
            _AUTHORITIES,
            fields=(ActionField("text", _l("Reply"), required=True, long=True),),
            slots=_ENCLOSED,
            tone="primary",
            icon="send",
        ),
        _action(
            "forward",
            _l("Forward to the province"),
            _CITY,
            confirm=_l("The province answers in your place. You go on reading the question and its answer."),
            icon="arrow-right",
        ),
        _action("close", _l("Close the question"), _AUTHORITIES, confirm="", icon="check"),
    )


SCREENS = (ConsultationScreen, ConsultationDeskScreen)
