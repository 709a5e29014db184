"""The legal moves of a declaration, as data: nothing else in the code names two states together."""

from typing import Any

from flask_babel import lazy_gettext as _l

from app.models.declaration import State
from app.security.access.roles import Role
from app.workflow.moves import Batch, Clock, Ground, Move, Mover, Stamp, Told, flow, move

Tells = tuple[tuple[Told, str], ...]


def _told(kind: str, *whom: Told) -> Tells:
    """The same notice to all of these; without names to whoever began the case and whom it is about."""
    return tuple((one, kind) for one in whom or (Told.INITIATOR, Told.PERSON))


_EVERYBODY = (Told.INITIATOR, Told.PERSON, Told.COUNTERPARTY)
_ASKED: Tells = ((Told.COUNTERPARTY, "asked_to_confirm"), (Told.PERSON, "declared"))


def _filing(to: State) -> tuple[Move, ...]:
    """Whoever begins a declaration hands it in, to `to`, and has it in hand again while nobody has acted on it."""
    return (
        move(
            "submit",
            State.DRAFT,
            State.RETURNED,
            to=to,
            by=Mover.INITIATOR,
            stamps=Stamp.SUBMITTED,
            checked=True,
            bulk=True,
            compares=to is not State.AWAITING_CONFIRMATION,
            tells=_ASKED if to is State.AWAITING_CONFIRMATION else _told("declared", Told.PERSON),
            label=_l("Submit"),
            done=_l("submitted"),
            clause="操作手册 3.2.3.1",
        ),
        move(
            "withdraw",
            to,
            State.RETURNED,
            to=State.DRAFT,
            by=Mover.INITIATOR,
            tells=_told("withdrawn", Told.PERSON, Told.COUNTERPARTY),
            label=_l("Withdraw"),
            done=_l("withdrawn"),
        ),
        move(
            "lapse",
            State.DRAFT,
            State.RETURNED,
            to=State.LAPSED,
            by=Role.SYSTEM,
            tells=_told("lapsed", Told.INITIATOR),
            label=_l("Lapse"),
            done=_l("lapsed"),
        ),
    )


def _answer(action: str, to: State, label: Any, done: Any, **traits: Any) -> tuple[Move, ...]:
    """The other party agrees or does not; its silence gives the case back to whoever began it."""
    return (
        move(
            action,
            State.AWAITING_CONFIRMATION,
            to=to,
            by=Mover.COUNTERPARTY,
            stamps=Stamp.CONFIRMED,
            checked=True,
            label=label,
            done=done,
            **traits,
        ),
        move(
            "disagree",
            State.AWAITING_CONFIRMATION,
            to=State.RETURNED,
            by=Mover.COUNTERPARTY,
            reason=True,
            tells=_told("disagreed"),
            label=_l("Disagree"),
            done=_l("sent back by the other party"),
        ),
        move(
            "go_unanswered",
            State.AWAITING_CONFIRMATION,
            to=State.RETURNED,
            by=Role.SYSTEM,
            tells=_told("unanswered", *_EVERYBODY),
            label=_l("No answer"),
            done=_l("given back without an answer"),
        ),
    )


_ENDING_THE_DISPUTE = move(
    "end_dispute",
    State.RETURNED,
    to=State.LAPSED,
    by=Mover.HELD_UP,
    waits="dispute_days",
    reason=True,
    tells=_told("dispute_ended", *_EVERYBODY),
    label=_l("End the dispute"),
    done=_l("ended by who was held up"),
)
"""What came back from the other party and is left lying holds up the person and every other enterprise."""

# The first move of a state is the one that goes on: screens open with it.
_MUNICIPAL = (
    move(
        "accept",
        State.SUBMITTED,
        to=State.ACCEPTED,
        by=Role.MUNICIPAL,
        bulk=True,
        checked=True,
        tells=_told("accepted"),
        label=_l("Accept"),
        done=_l("accepted"),
        clause="行政许可法 第三十二条",
    ),
    move(
        "deem_accepted",
        State.SUBMITTED,
        to=State.ACCEPTED,
        by=Role.SYSTEM,
        tells=_told("deemed_accepted"),
        label=_l("Deem accepted"),
        done=_l("deemed accepted"),
        clause="行政许可法 第三十二条",
    ),
    move(
        "endorse",
        State.ACCEPTED,
        to=State.ENDORSED,
        by=Role.MUNICIPAL,
        stamps=Stamp.ENDORSED,
        bulk=True,
        opinion=True,
        checked=True,
        label=_l("Endorse"),
        done=_l("endorsed"),
        clause="行政许可法 第四十三条",
    ),
    move(
        "return",
        State.SUBMITTED,
        State.ACCEPTED,
        to=State.RETURNED,
        by=Role.MUNICIPAL,
        bulk=True,
        reason=True,
        tells=_told("returned"),
        label=_l("Return for correction"),
        done=_l("returned for correction"),
        clause="行政许可法 第三十二条",
    ),
    move(
        "decline",
        State.SUBMITTED,
        to=State.NOT_ACCEPTED,
        by=Role.MUNICIPAL,
        bulk=True,
        reason=True,
        ground=Ground.OFFERED,
        tells=_told("declined"),
        label=_l("Decline to accept"),
        done=_l("not accepted"),
        clause="行政许可法 第三十二条",
    ),
    move(
        "extend",
        State.ACCEPTED,
        to=State.ACCEPTED,
        by=Role.MUNICIPAL,
        clock=Clock.EXTENDED,
        reason=True,
        tells=_told("extended"),
        label=_l("Extend the term"),
        done=_l("term extended"),
        clause="行政许可法 第四十二条",
    ),
)


def _provincial(source: State, *approved: State) -> tuple[Move, ...]:
    """The province decides. Until the register has changed it may find that what it approved cannot stand."""
    return (
        move(
            "approve",
            source,
            to=State.APPROVED,
            by=Role.PROVINCIAL,
            stamps=Stamp.DECIDED,
            bulk=True,
            checked=True,
            label=_l("Approve"),
            done=_l("approved"),
            clause="注册建造师管理规定 第九条",
        ),
        move(
            "refuse",
            source,
            *approved,
            to=State.REFUSED,
            by=Role.PROVINCIAL,
            stamps=Stamp.DECIDED,
            bulk=True,
            reason=True,
            ground=Ground.ASKED,
            tells=_told("refused", *_EVERYBODY),
            label=_l("Refuse registration"),
            done=_l("refused"),
            clause="注册建造师管理规定 第十五条",
        ),
        move(
            "return_to_applicant",
            source,
            to=State.RETURNED,
            by=Role.PROVINCIAL,
            bulk=True,
            reason=True,
            tells=_told("returned"),
            label=_l("Return to the applicant"),
            done=_l("returned to the applicant"),
        ),
    )


_SENDING_BACK = move(
    "send_back",
    State.ENDORSED,
    State.APPROVED,
    to=State.ACCEPTED,
    by=Role.PROVINCIAL,
    stamps=Stamp.REOPENED,
    bulk=True,
    reason=True,
    label=_l("Send back to the city"),
    done=_l("sent back to the city"),
)

_PUBLICITY = (
    move(
        "publicise",
        State.APPROVED,
        to=State.PUBLICISED,
        by=Role.PROVINCIAL,
        bulk=True,
        batch=Batch.PUBLICITY,
        tells=_told("publicised"),
        label=_l("Publicise"),
        done=_l("publicised"),
        clause="操作手册 1.1.2",
    ),
    move(
        "uphold",
        State.PUBLICISED,
        to=State.REFUSED,
        by=Role.PROVINCIAL,
        stamps=Stamp.DECIDED,
        reason=True,
        ground=Ground.OFFERED,
        upholds=True,
        tells=_told("refused", *_EVERYBODY),
        label=_l("Uphold the objection"),
        done=_l("refused after an objection"),
    ),
)


def _announcement(source: State) -> tuple[Move, ...]:
    return (
        move(
            "announce",
            source,
            to=State.ANNOUNCED,
            by=Role.PROVINCIAL,
            bulk=True,
            checked=True,
            effect=True,
            batch=Batch.ANNOUNCEMENT,
            tells=_told("announced", *_EVERYBODY),
            label=_l("Announce"),
            done=_l("announced"),
            clause="操作手册 1.1.2",
        ),
        move(
            "complete",
            State.ANNOUNCED,
            to=State.COMPLETED,
            by=Role.SYSTEM,
            tells=_told("completed"),
            label=_l("Complete"),
            done=_l("completed"),
        ),
    )


REVIEWED = flow(
    "reviewed",
    _filing(State.SUBMITTED),
    _MUNICIPAL,
    _provincial(State.ENDORSED, State.APPROVED, State.PUBLICISED),
    _SENDING_BACK,
    _PUBLICITY,
    _announcement(State.PUBLICISED),
)
"""初始, 重新, 增项, 延续: the city accepts and endorses, the province decides, publicises and announces."""

REVIEWED_WITHOUT_PUBLICITY = flow(
    "reviewed_without_publicity",
    _filing(State.SUBMITTED),
    _MUNICIPAL,
    _provincial(State.ENDORSED, State.APPROVED),
    _SENDING_BACK,
    _announcement(State.APPROVED),
)
"""补办, 身份证号变更, 临时延期, 临时注销: as above, and announced without publicity."""

EMPLOYER_CONSENT = flow(
    "employer_consent",
    _filing(State.AWAITING_CONFIRMATION),
    _answer(
        "consent",
        State.REFERRED,
        _l("Agree to the transfer"),
        _l("agreed to by the former employer"),
        compares=True,
        tells=_told("consented"),
        clause="操作手册 3.2.3.9",
    ),
    _ENDING_THE_DISPUTE,
    _provincial(State.REFERRED, State.APPROVED),
    _announcement(State.APPROVED),
)
"""变更: the former employer agrees or says why not, and the province decides; no city has a part in it."""

_FORCING = move(
    "force",
    State.RETURNED,
    to=State.REFERRED,
    by=Mover.INITIATOR,
    stamps=Stamp.SUBMITTED,
    checked=True,
    reason=True,
    evidence="evidence",
    compares=True,
    tells=_told("forced", Told.COUNTERPARTY),
    label=_l("Ask the province to decide"),
    done=_l("submitted to the province"),
    clause="注册建造师管理规定 第十七条",
)

TWO_PARTY = flow(
    "two_party",
    _filing(State.AWAITING_CONFIRMATION),
    _answer(
        "agree",
        State.COMPLETED,
        _l("Agree"),
        _l("agreed to by the other party"),
        effect=True,
        tells=_told("agreed"),
        clause="操作手册 3.2.3.5",
    ),
    _FORCING,
    _ENDING_THE_DISPUTE,
    _provincial(State.REFERRED, State.APPROVED),
    _announcement(State.APPROVED),
)
"""注销: what one party begins the other one completes at once, and no authority has a part in it.

When the other party refuses or keeps silent, the case is back with whoever began it, who may hand it with evidence to
the province (强制注销): one case, so that the silence stands in its own course.
"""
