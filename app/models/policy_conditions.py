"""Policy values about the conditions of a registration: hours of education, new enterprises, false material."""

from flask_babel import lazy_gettext as _l

from app.models.policy_definition import PolicyDefinition

_EDUCATION = "注册建造师继续教育管理暂行办法"

CONDITIONS = (
    PolicyDefinition(
        "education_mandatory_first",
        _l("Mandatory ones among the hours for the first specialty"),
        "60",
        "int",
        _l("hours"),
        _EDUCATION,
    ),
    PolicyDefinition(
        "education_mandatory_further",
        _l("Mandatory ones among the hours for each further specialty"),
        "30",
        "int",
        _l("hours"),
        _EDUCATION,
    ),
    PolicyDefinition(
        "new_enterprise_months",
        _l("An enterprise counts as newly founded for"),
        "12",
        "int",
        _l("months"),
        "参照北京；湖南文本未见，可调整",
    ),
    PolicyDefinition(
        "false_material_bar_years",
        _l("No registration after false material"),
        "1",
        "int",
        _l("years"),
        "注册建造师管理规定 第三十三条",
    ),
)
