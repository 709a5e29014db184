"""What the dictionaries are called on the screens, in the words of the glossary."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

DICTIONARIES: Mapping[str, Any] = {
    "act_reason": _l("Sentence for a step"),
    "attachment_kind": _l("Kind of attachment"),
    "cancellation_reason": _l("Reason of cancellation"),
    "currency": _l("Currency"),
    "degree": _l("Degree"),
    "education": _l("Education"),
    "enterprise_type": _l("Enterprise type"),
    "ethnicity": _l("Ethnicity"),
    "field_reason": _l("Sentence for a field"),
    "gender": _l("Gender"),
    "id_type": _l("ID type"),
    "insurance_exception": _l("Insured elsewhere and yet registered here in order"),
    "opinion": _l("Opinion"),
    "qualification_category": _l("Category"),
    "qualification_grade": _l("Grade"),
    "qualification_kind": _l("Kind of qualification"),
    "qualification_method": _l("How obtained"),
    "refusal_ground": _l("Ground of the refusal"),
    "register_act": _l("Act"),
    "register_act_stage": _l("Stage of an act"),
    "registration_kind": _l("Registration kind"),
    "registration_status": _l("Certificate status"),
    "registration_type": _l("Type of registration"),
    "replacement_reason": _l("Reason of the replacement"),
    "specialty": _l("Specialty"),
}
