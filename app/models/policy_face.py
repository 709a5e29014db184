"""How often somebody may prove by face who he is, and how long the picture of it is kept, as policy values."""

from flask_babel import lazy_gettext as _l

from app.models.policy_definition import PolicyDefinition

FACE = (
    PolicyDefinition(
        "face_checks_per_day",
        _l("Face checks of one person in a day"),
        "5",
        "int",
        _l("checks"),
        "未见规定，可调整",
    ),
    PolicyDefinition(
        "face_picture_hours",
        _l("Hours for which the picture of a face check is kept"),
        "24",
        "int",
        _l("hours"),
        "人脸识别技术应用安全管理办法：最短保存期限",
    ),
)
