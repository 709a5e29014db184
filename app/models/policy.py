"""Policy values: the days, ages, limits and formats that no official text fixes for good, each with its dates."""

from datetime import date, datetime

from flask_appbuilder import Model
from flask_babel import lazy_gettext as _l
from sqlalchemy import Date, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions.clock import now
from app.extensions.columns import UtcDateTime, described
from app.models.policy_conditions import CONDITIONS
from app.models.policy_definition import PolicyDefinition
from app.models.policy_face import FACE
from app.models.policy_limits import LIMITS
from app.models.policy_terms import DAYS, TERMS, WORKING_DAYS

_YEARS = _l("years")

DEFINITIONS: dict[str, PolicyDefinition] = {
    definition.key: definition
    for definition in (
        *TERMS,
        PolicyDefinition(
            "term_years", _l("Term of a registration"), "3", "int", _YEARS, "注册建造师管理规定 第十二条"
        ),
        PolicyDefinition("age_limit", _l("Age limit"), "65", "int", _YEARS, "注册建造师管理规定 第十五条"),
        PolicyDefinition(
            "age_gate_days", _l("No filing before the age limit"), "90", "int", DAYS, "参照北京"
        ),
        PolicyDefinition(
            "education_after_years",
            _l("Continuing education needed after"),
            "3",
            "int",
            _YEARS,
            "注册建造师管理规定 第十一条",
        ),
        PolicyDefinition(
            "education_hours_first",
            _l("Hours for the first specialty"),
            "120",
            "int",
            _l("hours"),
            "注册建造师继续教育管理暂行办法",
        ),
        PolicyDefinition(
            "education_hours_further",
            _l("Hours for each further specialty"),
            "60",
            "int",
            _l("hours"),
            "注册建造师继续教育管理暂行办法",
        ),
        *CONDITIONS,
        PolicyDefinition(
            "specialty_cap",
            _l("Most specialties of one person"),
            "6",
            "int",
            _l("specialties"),
            "未见湖南限制",
        ),
        PolicyDefinition(
            "expiry_gate_days",
            _l("Nothing but a cancellation in the last days of a term"),
            "30",
            "int",
            DAYS,
            "参照北京",
        ),
        PolicyDefinition(
            "renewal_opens_days",
            _l("Renewal opens before the end of the term"),
            "90",
            "int",
            DAYS,
            "参照北京",
        ),
        PolicyDefinition(
            "renewal_closes_days",
            _l("Renewal closes before the end of the term"),
            "30",
            "int",
            DAYS,
            "注册建造师管理规定 第十二条",
        ),
        PolicyDefinition(
            "reminder_days",
            _l("Reminders before the end of a term"),
            "90,60,30,7",
            "numbers",
            DAYS,
            "参照北京",
        ),
        PolicyDefinition(
            "confirmation_reminders",
            _l("Reminders before the counterparty's time is up"),
            "3,1",
            "numbers",
            WORKING_DAYS,
            "未见规定，可调整",
        ),
        PolicyDefinition(
            "temporary_age_limit",
            _l("Age limit of temporary constructors"),
            "60",
            "int",
            _YEARS,
            "参照北京、广东",
        ),
        PolicyDefinition(
            "temporary_extension_months",
            _l("Length of a temporary extension"),
            "36",
            "int",
            _l("months"),
            "湖南文本未见，参照广东",
        ),
        PolicyDefinition(
            "temporary_last_day",
            _l("Last day of any temporary registration (empty: none)"),
            "",
            "date",
            "",
            "湖南文本未见，可调整",
        ),
        PolicyDefinition(
            "temporary_extension_after_end",
            _l("Extension of a temporary registration that has ended"),
            "0",
            "bool",
            "",
            "注册建造师管理规定 第十六条；湖南文本未见，可调整",
        ),
        PolicyDefinition(
            "transfer_pause_months",
            _l("Months with one employer before a transfer"),
            "12",
            "int",
            _l("months"),
            "参照北京",
        ),
        PolicyDefinition(
            "transfer_open",
            _l("Transfer of ordinary registrations open"),
            "0",
            "bool",
            "",
            "操作手册未设此项，默认关闭",
        ),
        PolicyDefinition(
            "annulment_bar_years",
            _l("No registration after an annulment"),
            "3",
            "int",
            _YEARS,
            "注册建造师管理规定 第三十四条",
        ),
        PolicyDefinition(
            "revocation_bar_years",
            _l("No registration after a revocation"),
            "2",
            "int",
            _YEARS,
            "注册建造师管理规定 第十五条",
        ),
        PolicyDefinition(
            "lock_stops_cancellation",
            _l("A lock holds up cancellations too"),
            "0",
            "bool",
            "",
            "注册建造师管理规定 第十七条；参照北京",
        ),
        PolicyDefinition(
            "two_person_rule",
            _l("Approval and announcement by two persons"),
            "1",
            "bool",
            "",
            "等级保护 三级 职责分离",
        ),
        PolicyDefinition(
            "same_day_decision",
            _l("Decision on the day of submission allowed"),
            "1",
            "bool",
            "",
            "参照北京（默认不限制）",
        ),
        PolicyDefinition(
            "certificate_prefix",
            _l("Prefix of certificate numbers"),
            "43",
            "text",
            "",
            "湖南格式未见，可调整",
            longest=6,
        ),
        PolicyDefinition(
            "certificate_digits", _l("Digits of certificate numbers"), "8", "int", "", "参照北京", most=12
        ),
        PolicyDefinition(
            "issuing_authority", _l("Issuing authority"), "湖南省住房和城乡建设厅", "text", "", "操作手册"
        ),
        *LIMITS,
        PolicyDefinition(
            "claim_minutes",
            _l("Minutes that a case stays claimed"),
            "15",
            "int",
            _l("minutes"),
            "未见规定，可调整",
        ),
        PolicyDefinition(
            "insurance_months",
            _l("Months of social insurance compared"),
            "3",
            "int",
            _l("months"),
            "参照北京",
        ),
        PolicyDefinition(
            "comparison_old_days", _l("A comparison is old after"), "30", "int", DAYS, "未见规定，可调整"
        ),
        PolicyDefinition(
            "compare_duplicate", _l("Compare with the register itself"), "1", "bool", "", "参照北京"
        ),
        PolicyDefinition(
            "compare_projects", _l("Compare with unfinished projects"), "1", "bool", "", "参照北京"
        ),
        PolicyDefinition(
            "compare_insurance", _l("Compare with social insurance"), "1", "bool", "", "参照北京"
        ),
        *FACE,
    )
}


class PolicyValue(Model):
    """A value set by the province from a date on; the default stands before the first one and after the last."""

    __tablename__ = "policy_value"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, comment="序号")
    key: Mapped[str] = mapped_column(
        String(40), index=True, **described("政策项", _l("Policy"), required=True)
    )
    value: Mapped[str] = mapped_column(String(200), **described("值", _l("Value"), required=True))
    valid_from: Mapped[date] = mapped_column(Date, **described("生效日期", _l("Valid from"), required=True))
    valid_to: Mapped[date | None] = mapped_column(Date, **described("失效日期", _l("Valid to")))
    source: Mapped[str] = mapped_column(String(200), **described("依据", _l("Source"), required=True))
    note: Mapped[str | None] = mapped_column(Text, **described("说明", _l("Note")))
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"), comment="设置人")
    changed_at: Mapped[datetime] = mapped_column(
        UtcDateTime, default=now, **described("设置时间", _l("Changed at"))
    )


class Policy:
    """The values in force on one day."""

    def __init__(self, values: dict[str, str]) -> None:
        self._values = values

    def number(self, key: str) -> int:
        return int(self.text(key))

    def numbers(self, key: str) -> list[int]:
        """Several whole numbers, the largest first."""
        return sorted({int(one) for one in self.text(key).split(",")}, reverse=True)

    def holds(self, key: str) -> bool:
        return self.text(key) == "1"

    def day(self, key: str) -> date | None:
        text = self.text(key)
        return date.fromisoformat(text) if text else None

    def text(self, key: str) -> str:
        return self._values.get(key, DEFINITIONS[key].default)
