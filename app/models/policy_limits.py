"""Policy values that say how much one account, one enterprise or all visitors may ask for, send and take away."""

from flask_babel import lazy_gettext as _l

from app.models.policy_definition import PolicyDefinition

LIMITS = (
    PolicyDefinition(
        "lookup_per_hour",
        _l("Look-ups of strangers in an hour"),
        "30",
        "int",
        _l("look-ups"),
        "个人信息保护",
    ),
    PolicyDefinition(
        "central_registry_per_hour",
        _l("Downloads of one enterprise from the central registry in an hour"),
        "10",
        "int",
        _l("downloads"),
        "未见规定，可调整",
    ),
    PolicyDefinition(
        "reveal_per_day",
        _l("Personal data that one account may see in full in a day"),
        "200",
        "int",
        _l("data"),
        "个人信息保护",
    ),
    PolicyDefinition(
        "prints_per_hour",
        _l("Prints of one account in an hour"),
        "200",
        "int",
        _l("prints"),
        "未见规定，可调整",
    ),
    PolicyDefinition(
        "export_rows", _l("Rows of one export"), "1000000", "int", _l("rows"), "未见规定，可调整"
    ),
    PolicyDefinition(
        "download_hours",
        _l("Hours for which a finished file can be fetched"),
        "72",
        "int",
        _l("hours"),
        "个人信息保护",
    ),
    PolicyDefinition(
        "unmasked_exports_per_day",
        _l("Exports of personal data in full of one account in a day"),
        "3",
        "int",
        _l("exports"),
        "个人信息保护",
    ),
    PolicyDefinition(
        "comparisons_per_hour",
        _l("Comparisons that one account may ask for in an hour"),
        "60",
        "int",
        _l("comparisons"),
        "未见规定，可调整",
    ),
    PolicyDefinition(
        "visitor_files_per_hour",
        _l("Files that visitors of one network may send in an hour"),
        "30",
        "int",
        _l("files"),
        "未见规定，可调整",
    ),
    PolicyDefinition(
        "visitor_megabytes_per_hour",
        _l("Megabytes that visitors of one network may send in an hour"),
        "100",
        "int",
        "MB",
        "未见规定，可调整",
    ),
    PolicyDefinition(
        "visitor_megabytes_per_day",
        _l("Megabytes that all visitors together may send in a day"),
        "1000",
        "int",
        "MB",
        "未见规定，可调整",
    ),
    PolicyDefinition(
        "visitor_megabytes_open",
        _l("Megabytes that the files of open objections may hold"),
        "5000",
        "int",
        "MB",
        "未见规定，可调整",
    ),
)
