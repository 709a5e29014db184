"""企业基本信息: what an enterprise says of itself, its papers, and its construction qualifications (manual 3.2.2)."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import redirect, request
from flask_appbuilder import expose
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy import Select
from werkzeug.wrappers import Response

from app.extensions.clock import today
from app.extensions.database import db
from app.models import Enterprise, EnterpriseQualification
from app.models.enterprise_change import CHANGED
from app.security.access.roles import Actor, Role
from app.security.access.scope import find
from app.services import consents, enterprise_changes, filing
from app.views.kit.columns import Column
from app.views.kit.forms import Field, Fieldset, described
from app.views.kit.navigation import Section
from app.views.kit.records import RecordScreen
from app.views.kit.uploads import AttachmentSlot

_TABS = (
    ("EnterpriseScreen", _l("Enterprise details")),
    ("EnterprisePapersScreen", _l("Attachments")),
    ("EnterpriseQualificationScreen", _l("Enterprise qualifications")),
)
_NUMBER = _l("Enterprise qualification number")
_SECRETS = ("insurance_user", "insurance_password")

_PAPERS = (
    AttachmentSlot(
        "business_licence",
        _l("Business licence"),
        most=2,  # 正本 and 副本: either of them counts (市场主体登记管理条例 第二十二条)
        hint=_l("The original or the duplicate, or both. Needed before anything can be declared."),
    ),
    AttachmentSlot("enterprise_qualification", _l("Enterprise qualification certificate"), most=10),
    AttachmentSlot("other", _l("Other papers"), most=10),
)


class OwnEnterprise(RecordScreen):
    """A screen over the one enterprise of the account: its list is its page."""

    def rows(self, actor: Actor) -> Select[Any]:
        return super().rows(actor).where(Enterprise.id == actor.enterprise_id)

    def context(self, row: Any, actor: Actor) -> Mapping[str, Any]:
        enterprise = find(db.session, Enterprise, actor.enterprise_id, actor)
        return {"tabs": _TABS, "missing": filing.wanting(db.session, enterprise)}


class EnterpriseScreen(OwnEnterprise):
    """Every field of the manual, 3.2.2.1; name, credit code and city are changed by 企业信息变更 alone."""

    model = Enterprise
    route_base = "/enterprise"
    title = _l("Enterprise information")
    section, position, icon = Section.BASICS, 10, "building"
    readers = editors = (Role.ENTERPRISE,)
    exporters = ()
    list_columns = ("name",)
    show_fieldsets = (
        Fieldset(
            _l("Enterprise details"),
            (
                "name", "uscc", "founded_on", "former_name", "enterprise_type", "province_code", "region_code",
                "county_code", "legal_representative", "business_address", "postal_code", "registration_type",
                "registered_capital", "capital_currency", "office_phone", "fax", "contact_name",
                Field("mobile", label=_l("Contact person's mobile number")), "website", "email",
                "qualification_kind", "insurance_site", "business_scope",
            ),
        ),
    )  # fmt: skip
    form_fieldsets = (
        *show_fieldsets,
        Fieldset(
            _l("Social insurance login"),
            _SECRETS,
            note=_l(
                "Needed only for the comparison with the social insurance. Both are stored encrypted and are never "
                "shown again, not even to you: type them anew to change them."
            ),
        ),
    )
    show_template = "enterprise/show.html"
    form_template = "enterprise/form.html"
    form_boxes = {"agreed": _l("Consent")}
    about_oneself = True

    def form_for(self, row: Any, actor: Actor) -> Sequence[Fieldset]:
        """What a change that is open is about is not changed beside it."""
        if not enterprise_changes.is_held(db.session(), row.id):
            return self.form_fieldsets
        held = frozenset(CHANGED.values())
        details, *others = self.form_fieldsets
        left = tuple(one for one in details.fields if described(one).name not in held)
        return (
            Fieldset(details.title, left, _l("What the open change is about is changed by its decision.")),
            *others,
        )

    @expose("/")
    def list(self) -> Response:
        return redirect(self.url("show", key=self.actor.enterprise_id))

    def check(self, row: Any, actor: Actor) -> Sequence[tuple[str, str]]:
        found = []
        if row.founded_on and row.founded_on > today():
            found.append(("founded_on", _("This day has not come yet.")))
        if row.registered_capital is not None and row.registered_capital < 0:
            found.append(("registered_capital", _("The registered capital cannot be negative.")))
        if self._wants_login() and not self._agreed(actor):
            found.append(("agreed", _("Please agree to the storage of the social insurance login first.")))
        return found

    def before_save(self, row: Any, actor: Actor, *, added: bool) -> None:
        if self._wants_login():
            consents.give(db.session, actor, consents.INSURANCE_LOGIN)

    def context(self, row: Any, actor: Actor) -> Mapping[str, Any]:
        agreed = consents.given(db.session, actor, consents.INSURANCE_LOGIN)
        return {**super().context(row, actor), "agreed": agreed, "agreeing": "agreed" in request.form}

    @staticmethod
    def _wants_login() -> bool:
        return any(request.form.get(name, "").strip() for name in _SECRETS)

    @staticmethod
    def _agreed(actor: Actor) -> bool:
        return "agreed" in request.form or bool(consents.given(db.session, actor, consents.INSURANCE_LOGIN))


class EnterprisePapersScreen(OwnEnterprise):
    """附件材料 of the enterprise."""

    model = Enterprise
    route_base = "/enterprise-papers"
    title = _l("Attachments of the enterprise")
    readers = editors = (Role.ENTERPRISE,)
    exporters = ()
    list_columns = ("name",)
    form_template = "enterprise/papers.html"

    @expose("/")
    def list(self) -> Response:
        return redirect(self.url("edit", key=self.actor.enterprise_id))

    def slots(self, row: Any, actor: Actor) -> Sequence[AttachmentSlot]:
        return _PAPERS

    def after_save(self, row: Any, actor: Actor, *, added: bool) -> Response:
        return redirect(self.url("edit", key=self.key_of(row)))


class EnterpriseQualificationScreen(RecordScreen):
    """资质信息."""

    model = EnterpriseQualification
    route_base = "/enterprise-qualifications"
    title = _l("Enterprise qualifications")
    section, position, icon = Section.BASICS, 20, "certificate"
    readers = adders = editors = deleters = (Role.ENTERPRISE,)
    exporters = ()
    list_columns = (
        Column("certificate_number", label=_NUMBER), "category", "specialty", "grade", "issued_on",
        "valid_until", "authority",
    )  # fmt: skip
    order = "certificate_number"
    form_fieldsets = (
        Fieldset(
            _l("Enterprise qualification"),
            (
                Field("certificate_number", label=_NUMBER),
                "category",
                Field("specialty", hint=_l("As the certificate writes it")),
                "grade",
                "issued_on",
                "valid_until",
                "authority",
            ),
        ),
    )
    add_label = _l("Add an enterprise qualification")
    list_template = "enterprise/qualifications.html"

    def rows(self, actor: Actor) -> Select[Any]:
        return super().rows(actor).where(EnterpriseQualification.enterprise_id == actor.enterprise_id)

    def named(self, row: Any) -> str:
        return str(row.certificate_number or "")

    def fresh(self, actor: Actor) -> EnterpriseQualification:
        return EnterpriseQualification(enterprise_id=actor.enterprise_id)

    def check(self, row: Any, actor: Actor) -> Sequence[tuple[str, str]]:
        if row.issued_on and row.valid_until and row.valid_until < row.issued_on:
            return [("valid_until", _("It ends before it was issued."))]
        return ()

    def context(self, row: Any, actor: Actor) -> Mapping[str, Any]:
        return {"tabs": _TABS}


SCREENS = (EnterpriseScreen, EnterprisePapersScreen, EnterpriseQualificationScreen)
