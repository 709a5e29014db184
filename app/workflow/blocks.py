"""Blocks: the groups of fields and the papers that several types ask for."""

from dataclasses import replace

from flask_babel import lazy_gettext as _l

from app.workflow import education_rules, rules
from app.workflow.types import AttachmentKind

PERSON = (
    _l("Personal information"),
    ["name", "gender", "id_type", "id_number", "birth_date", "ethnicity", "mobile", "phone"],
)
CONTACT = (
    _l("Personal information"),
    ["name", "gender", "id_type", "id_number", "birth_date", "mobile", "phone"],
)
EDUCATION = (_l("Education"), ["school", "major", "graduation_date", "education", "degree"])
EMPLOYMENT = (_l("Employment"), ["employed_from", "employed_to", "employed_open_ended"])
REGISTRATION = (_l("Registration information"), ["registration_number", "certificate_number", "valid_until"])
SOME_OF_REGISTRATION = (REGISTRATION[0], [*REGISTRATION[1], "held_specialties"])
"""For what asks for some of the registered specialties, or for further ones: all of them with their ends."""
SEALED_REGISTRATION = (REGISTRATION[0], [*REGISTRATION[1], "seal_check_code"])

TRANSFER = (
    _l("Transfer"),
    [
        *("former_enterprise_name", "former_legal_representative", "former_county_code"),
        *("former_contact", "former_phone", "released_on"),
    ],
)
CANCELLATION = (_l("Why it is cancelled"), ["cancellation_reason", "dismissed_on", "explanation"])

PHOTO = AttachmentKind(
    "photo", _l("One-inch photo"), most=1, photo=True, hint=_l("White background, bare-headed")
)
ID_CARD = AttachmentKind("id_card", _l("Scan of the ID card"))
DIPLOMA = AttachmentKind("education", _l("Scan of the diploma"))
QUALIFICATION = AttachmentKind("qualification", _l("Scan of the qualification certificate"))
EDUCATION_PROOF = AttachmentKind("education_proof", _l("Proof of continuing education"))
EDUCATION_PROOF_IF_OVERDUE = replace(
    EDUCATION_PROOF,
    required=lambda case, policy: bool(education_rules.overdue_specialties(case, policy)),
    hint=_l("Needed when a qualification was issued more than three years ago"),
)
NEW_ENTERPRISE_COMMITMENT = AttachmentKind(
    rules.NEW_ENTERPRISE_COMMITMENT,
    _l("Commitment of a new enterprise"),
    required=rules.commits_as_new,
    most=1,
    hint=_l("Needed when the enterprise has just been founded and has no qualification yet"),
)
RELEASE_PROOF = AttachmentKind("release_proof", _l("Proof of the release by the former employer"))
CONTRACT = AttachmentKind("employment_contract", _l("Employment contract"))
SOCIAL_INSURANCE = AttachmentKind(
    "social_insurance", _l("Proof of social insurance"), required=lambda _case, _policy: False
)
EVIDENCE = AttachmentKind(
    "evidence",
    _l("Evidence for the province"),
    required=lambda _case, _policy: False,
    hint=_l("Needed when the other party refuses or keeps silent and the province is asked to decide"),
)
