"""Blocks: the groups of fields and the papers that several types ask for."""

from flask_babel import lazy_gettext as _l

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

PHOTO = AttachmentKind(
    "photo", _l("One-inch photo"), most=1, photo=True, hint=_l("White background, bare-headed")
)
ID_CARD = AttachmentKind("id_card", _l("Scan of the ID card"))
DIPLOMA = AttachmentKind("education", _l("Scan of the diploma"))
QUALIFICATION = AttachmentKind("qualification", _l("Scan of the qualification certificate"))
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
