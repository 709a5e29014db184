"""The terms of the procedure as policy values: in how many days whoever has a case has to act on it."""

from flask_babel import lazy_gettext as _l

from app.models.policy_definition import PolicyDefinition

DAYS, WORKING_DAYS = _l("days"), _l("working days")

TERMS = (
    PolicyDefinition(
        "publicity_days",
        _l("Publicity period"),
        "7",
        "int",
        WORKING_DAYS,
        "地方惯例 7 个工作日；湖南文本未见",
    ),
    PolicyDefinition(
        "acceptance_days", _l("Days to accept"), "5", "int", WORKING_DAYS, "行政许可法 第三十二条"
    ),
    PolicyDefinition(
        "review_days", _l("Days to review"), "20", "int", WORKING_DAYS, "行政许可法 第四十二、四十三条"
    ),
    PolicyDefinition(
        "extension_days",
        _l("Extension of the review"),
        "10",
        "int",
        WORKING_DAYS,
        "行政许可法 第四十二条",
    ),
    PolicyDefinition(
        "issue_days",
        _l("Days to issue the certificate"),
        "10",
        "int",
        WORKING_DAYS,
        "行政许可法 第四十四条",
    ),
    PolicyDefinition(
        "replacement_days",
        _l("Days to replace a certificate"),
        "5",
        "int",
        WORKING_DAYS,
        "注册建造师管理规定 第十九条",
    ),
    PolicyDefinition(
        "announcement_days",
        _l("Days to announce after the publicity"),
        "5",
        "int",
        WORKING_DAYS,
        "未见规定，可调整",
    ),
    PolicyDefinition(
        "enterprise_change_days",
        _l("Days to review a change of an enterprise"),
        "5",
        "int",
        WORKING_DAYS,
        "参照各地办理承诺",
    ),
    PolicyDefinition("draft_days", _l("Life of an untouched draft"), "90", "int", DAYS, "参照北京"),
    PolicyDefinition("lapsed_draft_days", _l("Life of a lapsed draft"), "30", "int", DAYS, "个人信息保护"),
    PolicyDefinition(
        "form_draft_days", _l("Life of input that was not saved"), "30", "int", DAYS, "未见规定，可调整"
    ),
    PolicyDefinition(
        "confirmation_days",
        _l("Days for the counterparty to answer"),
        "5",
        "int",
        WORKING_DAYS,
        "参照江苏",
    ),
    PolicyDefinition(
        "dispute_days",
        _l("Days before a dispute can be ended"),
        "15",
        "int",
        WORKING_DAYS,
        "未见规定，可调整",
    ),
)
