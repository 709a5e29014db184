"""Verification of a certificate by anybody: the page behind the QR code, and the page on which a code is typed."""

import re
from typing import Any

from flask import current_app, make_response, redirect, request, url_for
from flask_appbuilder import expose
from flask_babel import get_locale, lazy_gettext as _l
from werkzeug.wrappers import Response

from app.extensions.clock import today
from app.extensions.database import db
from app.models import Ending
from app.services.verification import Finding, Verdict, answer
from app.views.kit.access import PUBLIC, Screen
from app.views.kit.words import words

# A scanner gives the whole address, somebody who types gives the code alone.
_ADDRESS = re.compile(r"(?:.*/v/)?([A-Za-z0-9_-]{1,64})/?(?:[?#].*)?", re.DOTALL)

VERDICTS: dict[Verdict, tuple[Any, str, str]] = {
    Verdict.VALID: (_l("Valid"), "green", "circle-check"),
    Verdict.EXPIRED: (_l("Expired"), "orange", "clock"),
    Verdict.CANCELLED: (_l("Cancelled"), "red", "circle-x"),
    Verdict.ANNULLED: (_l("Annulled"), "red", "circle-x"),
    Verdict.REVOKED: (_l("Revoked"), "red", "circle-x"),
    Verdict.REPLACED: (_l("Replaced by a newer certificate"), "orange", "replace"),
    Verdict.BEING_REPLACED: (_l("Registration valid, new certificate being issued"), "blue", "hourglass"),
    Verdict.BEING_ISSUED: (_l("Being issued"), "blue", "hourglass"),
    Verdict.UNKNOWN: (_l("No such certificate"), "red", "alert-circle"),
}
SENTENCES: dict[Verdict, Any] = {
    Verdict.VALID: _l("This certificate is valid today."),
    Verdict.EXPIRED: _l("This certificate is not valid any more: its term has run out."),
    Verdict.CANCELLED: _l("This certificate is not valid any more: the registration was cancelled."),
    Verdict.ANNULLED: _l(
        "This certificate is not valid any more: the authority has annulled the registration (撤销)."
    ),
    Verdict.REVOKED: _l(
        "This certificate is not valid any more: the authority has revoked the registration (吊销)."
    ),
    Verdict.REPLACED: _l("This copy is not valid any more: a newer certificate was issued in its place."),
    Verdict.BEING_REPLACED: _l(
        "The registration is valid. This copy was made before its last change; below stands what the register says "
        "now, and the new certificate is just being made and signed."
    ),
    Verdict.BEING_ISSUED: _l("The registration was announced; its certificate is just being signed."),
    Verdict.UNKNOWN: _l(
        "There is no certificate with this code. Whoever showed it to you showed no certificate of this authority."
    ),
}

_NOT_REPLACED_YET = _l(
    "This copy is not valid any more: the certificate that takes its place is just being made and signed."
)
"""What is said of a replaced one in whose place there is none yet that could be shown."""

ENDINGS: dict[str, Any] = {
    Ending.ADDITION: _l("A specialty was added on %(date)s."),
    Ending.RENEWAL: _l("The registration was renewed on %(date)s."),
    Ending.LOSS: _l("It was reported lost and replaced on %(date)s."),
    Ending.DAMAGE: _l("It was damaged and replaced on %(date)s."),
    Ending.TRANSFER: _l("The holder moved to another employer on %(date)s."),
    Ending.IDENTITY: _l("The holder's particulars were corrected on %(date)s."),
    Ending.CORRECTION: _l("The register was corrected on %(date)s."),
    Ending.CANCELLATION: _l("The registration was cancelled on %(date)s."),
    Ending.ANNULMENT: _l("The registration was annulled on %(date)s."),
    Ending.REVOCATION: _l("The registration was revoked on %(date)s."),
    Ending.PARTIAL_CANCELLATION: _l("A specialty was cancelled on %(date)s."),
    Ending.REGISTRATION: _l("The holder was registered again on %(date)s."),
    Ending.EXPIRY: _l("The term ended and was not renewed; it was struck off on %(date)s."),
    Ending.PARTIAL_EXPIRY: _l("The term of a specialty ended; it was struck off on %(date)s."),
    Ending.AGE: _l("The holder has reached the age limit; it was struck off on %(date)s."),
    Ending.EMPLOYER: _l("The employer's particulars were changed on %(date)s."),
}
"""Why a certificate does not count any more, in one sentence for everybody."""


class VerificationScreen(Screen):
    """Neither a session nor an account is asked for, and nothing is kept of who looked."""

    route_base = ""
    default_view = "entry"
    title = _l("Verify a certificate")
    roles = {"entry": PUBLIC, "show": PUBLIC}
    any_letter = frozenset({"show"})

    @expose("/verify")
    def entry(self) -> str | Response:
        """Type the code, or paste the address that a scanner read."""
        typed = request.args.get("code", "").strip()
        found = _ADDRESS.fullmatch(typed)
        if found:
            return redirect(url_for("VerificationScreen.show", token=found[1]))
        # What the QR codes lead to, and not the host that this request named: a forger's page would name its own.
        address = f"{current_app.extensions['platform_config'].base_url}/v/"
        return self.page("public/verify.html", typed=typed, wrong=bool(typed), address=address)

    @expose("/v/<token>")
    def show(self, token: str) -> Response:
        """The live answer; unknown and malformed codes get the same one."""
        finding = answer(db.session, token, request.remote_addr or "")
        label, tone, icon = VERDICTS[finding.verdict]
        page = self.page(
            "public/certificate.html",
            finding=finding,
            known=finding.verdict is not Verdict.UNKNOWN,
            label=label,
            tone=tone,
            icon=icon,
            sentence=_sentence(finding),
            because=_because(finding),
            on=today(),
            **_words(finding),
        )
        response: Response = make_response(page, 404 if finding.verdict is Verdict.UNKNOWN else 200)
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex"
        return response


def _sentence(finding: Finding) -> Any:
    if finding.verdict is Verdict.REPLACED and finding.awaited:
        return _NOT_REPLACED_YET
    return SENTENCES[finding.verdict]


def _because(finding: Finding) -> str:
    known = ENDINGS.get(finding.ended_because)
    if known is None or finding.ended_on is None:
        return ""
    return str(known) % {"date": finding.ended_on.isoformat()}


def _words(finding: Finding) -> dict[str, Any]:
    """Kind, gender and specialties: the last two stand on the certificate in Chinese, here in the page's words."""
    if finding.verdict is Verdict.UNKNOWN:
        return {"kind": "", "gender": "", "specialties": ()}
    locale = get_locale()
    english = locale is not None and locale.language == "en"
    words().prepare(("registration_kind", *(("specialty", "gender") if english else ())))
    specialty = words().translated("specialty") if english else {}
    gender = words().translated("gender") if english else {}
    return {
        "kind": words().choice("registration_kind", finding.kind),
        "gender": gender.get(finding.gender, finding.gender),
        "specialties": [(specialty.get(one.name, one.name), one) for one in finding.specialties],
    }


SCREENS = (VerificationScreen,)
