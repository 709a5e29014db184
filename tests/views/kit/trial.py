"""Screens for the tests of the engine alone, with every kind of column, filter, act and file."""

from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.extensions.database import db
from app.extensions.refused import Refused
from app.models import Enterprise, EnterpriseQualification, Person
from app.security.access.roles import Role
from app.views.kit.actions import Action, ActionField, Outcome
from app.views.kit.columns import Column
from app.views.kit.filtering import Filter, Search
from app.views.kit.forms import Field, Fieldset
from app.views.kit.records import RecordScreen
from app.views.kit.relating import Lookup
from app.views.kit.requests import commit
from app.views.kit.uploads import AttachmentSlot

OFFICERS = (Role.MUNICIPAL, Role.PROVINCIAL)


def mark(call):
    """An act that anybody can see the effect of."""
    for row in call.rows:
        row.former_name = call.answers.get("reason") or "marked"
    commit()
    return Outcome(done=len(call.rows))


def plan(call):
    """What a builder of long work gets: it says how many rows it found in scope."""
    keys = db.session.scalars(call.rows().with_only_columns(Enterprise.id)).all()
    return Response(f"{len(keys)} of {call.selection.address} as {call.sent['action']}")


def refuse(call):
    raise Refused("The trial was refused.")


class TrialScreen(RecordScreen):
    """A municipal officer sees the enterprises of his city, an enterprise itself."""

    model = Enterprise
    route_base = "/trial"
    title = "Trial"
    readers = (Role.ENTERPRISE, *OFFICERS)
    adders = (Role.PROVINCIAL,)
    editors = (Role.ENTERPRISE, Role.MUNICIPAL)
    deleters = (Role.MUNICIPAL,)
    list_columns = (
        "name",
        "uscc",
        "mobile",
        "enterprise_type",
        "region_code",
        "founded_on",
        Column("registered_capital"),
        Column("shout", label="Shout", text=lambda row: row.name.upper()),
        "active",
    )
    sortable = ("name", "founded_on")
    order = "name"
    search = Search(name=("name", "former_name"))
    filters = (
        Filter("enterprise_type"),
        Filter("region_code"),
        Filter("founded_on"),
        Filter("active"),
        Filter("mobile"),
        Filter("contact_name"),
    )
    show_fieldsets = (
        Fieldset("Trial", ("name", "uscc", "mobile", "contact_name", "business_scope", "insurance_password")),
    )
    form_fieldsets = (
        Fieldset(
            "Trial",
            (
                "name",
                "region_code",
                "county_code",
                "former_name",
                "contact_name",
                "mobile",
                "founded_on",
                "registered_capital",
                "enterprise_type",
                "email",
                "postal_code",
                Field("business_address", required=True),
                "business_scope",
                "insurance_password",
            ),
        ),
    )
    actions = (
        Action("mark", "Mark", roles=OFFICERS, perform=mark, bulk=True),
        Action(
            "explain",
            "Explain",
            roles=(Role.MUNICIPAL,),
            perform=mark,
            bulk=True,
            when=lambda row, _actor: row.active,
            fields=(ActionField("reason", _l("Reason"), required=True, long=True),),
        ),
        Action("plan", "Plan", roles=OFFICERS, perform=mark, bulk=True, many=plan, many_from=2),
        Action("refuse", "Refuse", roles=(Role.MUNICIPAL,), perform=refuse, bulk=False),
        Action("provincial", "Provincial", roles=(Role.PROVINCIAL,), perform=mark),
    )

    form_boxes = {"agreed": "Consent"}

    def slots(self, row, actor):
        return (
            AttachmentSlot("photo", "Photo", photo="one_inch"),
            AttachmentSlot("scan", "Scan", most=2),
        )

    def check(self, row, actor):
        if row.contact_name == "Nobody":
            yield "contact_name", "Nobody is nobody."
        if row.contact_name == "Twice":
            yield from [("contact_name", "Said twice.")] * 2


class TrialPersonScreen(RecordScreen):
    """Persons, for the search by ID number and the reveal."""

    model = Person
    route_base = "/trial-persons"
    title = "Trial persons"
    readers = OFFICERS
    list_columns = ("name", "id_number", "mobile", "gender")
    sortable = ("name",)
    search = Search(name="name", id_number="id_number")
    filters = (Filter("gender"),)
    show_fieldsets = (Fieldset("Trial", ("name", "id_number", "mobile")),)


class TrialQualificationScreen(RecordScreen):
    """Qualifications of enterprises, each of which belongs to an enterprise that is searched on the server."""

    model = EnterpriseQualification
    route_base = "/trial-qualifications"
    title = "Trial qualifications"
    readers = (Role.MUNICIPAL,)
    adders = editors = (Role.MUNICIPAL,)
    list_columns = ("certificate_number",)
    show_fieldsets = (Fieldset("Trial", ("certificate_number",)),)
    form_fieldsets = (
        Fieldset(
            "Trial",
            (
                Field("enterprise_id", "Enterprise", lookup=Lookup(note="uscc", exact="uscc")),
                "certificate_number",
            ),
        ),
    )

    def fresh(self, actor):
        return EnterpriseQualification(category="1", grade="1", specialty="x")


class TrialPaperScreen(RecordScreen):
    """Papers of enterprises: a filter over a relation, and one that looks its values up."""

    model = EnterpriseQualification
    route_base = "/trial-papers"
    title = "Trial papers"
    readers = OFFICERS
    list_columns = ("certificate_number", "grade", "valid_until")
    further_columns = ("authority", "specialty")
    filters = (
        Filter("enterprise_id", "Enterprise"),
        Filter(
            "issuer",
            "Issuer",
            lookup=lambda typed: [(one, one) for one in ("省厅", "市局") if typed in one],
            where=lambda value: EnterpriseQualification.authority == value,
        ),
        Filter("specialty"),
        Filter("valid_until"),
    )


class TrialDerivedScreen(RecordScreen):
    """A screen that declares no filter and opens with one."""

    model = Enterprise
    route_base = "/trial-derived"
    title = "Trial derived"
    readers = OFFICERS
    list_columns = ("name", "mobile", "enterprise_type", "region_code", "founded_on", "active")
    search = Search(name="name")
    opening = {"active": "1"}


SCREENS = (TrialScreen, TrialPersonScreen, TrialQualificationScreen, TrialPaperScreen, TrialDerivedScreen)
