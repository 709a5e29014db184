"""受理通知书: what the notice of acceptance says of a declaration that a city has accepted."""

from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from app.extensions.clock import local, now
from app.models import Decision, Declaration, Enterprise, Region, State
from app.printing.documents import AcceptanceNotice, Language, Translate
from app.security.access.policies import policy_on
from app.workflow.types import registry


def accepted(row: Declaration) -> Decision | None:
    """The step that accepted the declaration; None when it was not accepted, or was returned since.

    A case that the province sent back to the city was accepted before, and that day counts.
    """
    for step in reversed(row.decisions):
        if step.to_state == State.RETURNED:
            return None
        if step.from_state == State.SUBMITTED and step.to_state == State.ACCEPTED:
            return step
    return None


def acceptance_notice(
    session: Session, row: Declaration, language: Language, gettext: Translate
) -> AcceptanceNotice:
    """The notice with the masked telephone of the contact (行政许可法 第三十二条); 404 when nothing was accepted.

    `gettext` speaks the language of the notice.
    """
    step = accepted(row)
    if step is None or row.number is None:
        raise NotFound
    enterprise = session.get_one(Enterprise, row.enterprise_id)
    region = session.get_one(Region, row.region_code)
    accepted_on = local(step.at).date()
    return AcceptanceNotice(
        language=language,
        number=row.number,
        printed_at=now(),
        accepted_on=accepted_on,
        enterprise=row.enterprise_name,
        applicant=row.name,
        matter=str(registry[row.type_key].title),
        contact=enterprise.contact_name or "",
        mobile=enterprise.mobile_masked or "",
        officer=step.actor_name,
        authority=gettext(
            "Housing and construction authority of %(city)s",
            city=region.name if language == "zh" else region.name_en,
        ),
        notice=gettext(
            "The material that you handed in is complete and in the legal form: your application is accepted. It is "
            "reviewed within %(days)s working days from the day of acceptance; the days of corrections and of the "
            "publicity are not counted. The progress can be followed on this platform under the declaration number.",
            days=policy_on(session, accepted_on).number("review_days"),
        ),
    )
