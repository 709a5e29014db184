"""The legal moves of a declaration, as tables: which state leads to which stands here and in the moves themselves."""

from flask_babel import lazy_gettext as _l

from app.models.declaration import State
from app.security.access.roles import Role
from app.workflow.moves import Batch, Clock, Ground, Move, Stamp, flow, move
from app.workflow.party_moves import ENDING_THE_DISPUTE, EVERYBODY, FORCING, answer, filing, told

# The first move of a state is the one that goes on: screens open with it.
_MUNICIPAL = (
    move(
        "accept",
        State.SUBMITTED,
        to=State.ACCEPTED,
        by=Role.MUNICIPAL,
        bulk=True,
        checked=True,
        tells=told("accepted"),
        label=_l("Accept"),
        done=_l("accepted"),
        clause="行政许可法 第三十二条",
    ),
    move(
        "deem_accepted",
        State.SUBMITTED,
        to=State.ACCEPTED,
        by=Role.SYSTEM,
        held_by_locks=True,
        clock=Clock.RECEIVED,
        tells=told("deemed_accepted"),
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
        tells=told("returned"),
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
        tells=told("declined"),
        label=_l("Decline to accept"),
        done=_l("not accepted"),
        clause="行政许可法 第三十二条",
    ),
)


def _extension(action: str, state: State, by: Role) -> Move:
    """Each organ may extend its own review once (行政许可法 第四十二条)."""
    return move(
        action,
        state,
        to=state,
        by=by,
        clock=Clock.EXTENDED,
        reason=True,
        tells=told("extended"),
        label=_l("Extend the term"),
        done=_l("term extended"),
        clause="行政许可法 第四十二条",
    )


_EXTENSION_OF_CITY = _extension("extend", State.ACCEPTED, Role.MUNICIPAL)


def _extension_of_province(source: State) -> Move:
    return _extension("extend_at_province", source, Role.PROVINCIAL)


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
            tells=told("refused", *EVERYBODY),
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
            tells=told("returned"),
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
        checked=True,
        batch=Batch.PUBLICITY,
        tells=told("publicised"),
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
        ground=Ground.ASKED,
        upholds=True,
        tells=told("refused", *EVERYBODY),
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
            tells=told("announced", *EVERYBODY),
            label=_l("Announce"),
            done=_l("announced"),
            clause="操作手册 1.1.2",
        ),
        move(
            "complete",
            State.ANNOUNCED,
            to=State.COMPLETED,
            by=Role.SYSTEM,
            tells=told("completed"),
            label=_l("Complete"),
            done=_l("completed"),
        ),
    )


REVIEWED = flow(
    "reviewed",
    filing(State.SUBMITTED),
    _MUNICIPAL,
    _EXTENSION_OF_CITY,
    _provincial(State.ENDORSED, State.APPROVED, State.PUBLICISED),
    _SENDING_BACK,
    _extension_of_province(State.ENDORSED),
    _PUBLICITY,
    _announcement(State.PUBLICISED),
)
"""初始, 重新, 增项, 延续: the city accepts and endorses, the province decides, publicises and announces."""

REVIEWED_WITHOUT_PUBLICITY = flow(
    "reviewed_without_publicity",
    filing(State.SUBMITTED),
    _MUNICIPAL,
    _EXTENSION_OF_CITY,
    _provincial(State.ENDORSED, State.APPROVED),
    _SENDING_BACK,
    _extension_of_province(State.ENDORSED),
    _announcement(State.APPROVED),
)
"""身份证号变更, 临时延期, 临时注销: as above, and announced without publicity."""

REVIEWED_IN_ONE_TERM = flow(
    "reviewed_in_one_term",
    filing(State.SUBMITTED),
    _MUNICIPAL,
    _provincial(State.ENDORSED, State.APPROVED),
    _SENDING_BACK,
    _announcement(State.APPROVED),
)
"""补办: as before, within the days that the law gives to all authorities together; nobody extends them."""

EMPLOYER_CONSENT = flow(
    "employer_consent",
    filing(State.AWAITING_CONFIRMATION),
    answer(
        "consent",
        State.REFERRED,
        _l("Agree to the transfer"),
        _l("agreed to by the former employer"),
        compares=True,
        tells=told("consented"),
        clause="操作手册 3.2.3.9",
    ),
    ENDING_THE_DISPUTE,
    _provincial(State.REFERRED, State.APPROVED),
    _extension_of_province(State.REFERRED),
    _announcement(State.APPROVED),
)
"""变更: the former employer agrees or says why not, and the province decides; no city has a part in it."""

TWO_PARTY = flow(
    "two_party",
    filing(State.AWAITING_CONFIRMATION, settled=True),
    answer(
        "agree",
        State.COMPLETED,
        _l("Agree"),
        _l("agreed to by the other party"),
        effect=True,
        tells=told("agreed"),
        clause="操作手册 3.2.3.5",
    ),
    FORCING,
    ENDING_THE_DISPUTE,
    _provincial(State.REFERRED, State.APPROVED),
    _extension_of_province(State.REFERRED),
    _announcement(State.APPROVED),
)
"""注销: what one party begins the other one completes at once, and no authority has a part in it.

When the other party refuses or keeps silent, the case is back with whoever began it, who may hand it with evidence to
the province (强制注销): one case, so that the silence stands in its own course.
"""
