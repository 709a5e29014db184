"""What is stored, one file for each noun; importing this package makes every table known."""

import app.extensions.database  # noqa: F401 - names of constraints are fixed before the first table is made
from app.models.account import Account
from app.models.attachment import Attachment, StoredFile
from app.models.audit import AuditEntry, AuditSeal
from app.models.claim import Claim
from app.models.comparison import Comparison, ComparisonKind, ComparisonResult, Unanswered
from app.models.consultation import Consultation, ConsultationReply, ConsultationStatus
from app.models.counter import Counter
from app.models.declaration import (
    UNDER_WAY,
    UNFILED,
    Decision,
    Declaration,
    DeclaredSpecialty,
    Party,
    PerformedCall,
    RegistrationKind,
    Revision,
    State,
)
from app.models.departure import Departure
from app.models.dictionary import DictionaryEntry
from app.models.enterprise import Enterprise, EnterpriseQualification
from app.models.enterprise_change import EnterpriseChange, EnterpriseChangeStep
from app.models.face_check import FACE_CAPTURE, FaceCheck, FaceCheckStage
from app.models.form_draft import FormDraft
from app.models.holiday import Holiday
from app.models.job import Job, JobState
from app.models.key import DataKey
from app.models.login_session import AttemptCount, LoginSession
from app.models.notice import Consent, Notice
from app.models.person import Person, RealNameState
from app.models.policy import PolicyValue
from app.models.publicity import Announcement, Objection, ObjectionState, Publicity
from app.models.qualification import Qualification
from app.models.region import Region
from app.models.register_act import ActKind, ActStage, RegisterAct
from app.models.registration import (
    Certificate,
    CertificateStatus,
    Ending,
    RegisteredSpecialty,
    Registration,
    RegistrationEvent,
    RegistrationStatus,
)
from app.models.registration_lock import RegistrationLock
from app.models.saved_view import ListSetting, SavedView
from app.models.workbook_import import ImportStage, WorkbookImport

__all__ = [
    "FACE_CAPTURE",
    "UNDER_WAY",
    "UNFILED",
    "Account",
    "ActKind",
    "ActStage",
    "Announcement",
    "Attachment",
    "AttemptCount",
    "AuditEntry",
    "AuditSeal",
    "Certificate",
    "CertificateStatus",
    "Ending",
    "Claim",
    "Comparison",
    "ComparisonKind",
    "ComparisonResult",
    "Consent",
    "Consultation",
    "ConsultationReply",
    "ConsultationStatus",
    "Counter",
    "DataKey",
    "Decision",
    "Declaration",
    "DeclaredSpecialty",
    "Departure",
    "DictionaryEntry",
    "Enterprise",
    "EnterpriseChange",
    "EnterpriseChangeStep",
    "EnterpriseQualification",
    "FaceCheck",
    "FaceCheckStage",
    "FormDraft",
    "Holiday",
    "ImportStage",
    "Job",
    "JobState",
    "ListSetting",
    "LoginSession",
    "Notice",
    "Objection",
    "ObjectionState",
    "Party",
    "PerformedCall",
    "Person",
    "PolicyValue",
    "Publicity",
    "Qualification",
    "RealNameState",
    "Region",
    "RegisterAct",
    "RegisteredSpecialty",
    "Registration",
    "RegistrationEvent",
    "RegistrationKind",
    "RegistrationLock",
    "RegistrationStatus",
    "Revision",
    "SavedView",
    "State",
    "StoredFile",
    "Unanswered",
    "WorkbookImport",
]
