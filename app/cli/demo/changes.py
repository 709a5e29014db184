"""What becomes of registrations in the demonstration: declarations of every later type, in every state they have."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.cli.demo.makers import id_number
from app.cli.demo.people import Constructor

_SUBMITTED = ("submit",)
_ACCEPTED = (*_SUBMITTED, "accept")
_ENDORSED = (*_ACCEPTED, "endorse")
_APPROVED = (*_ENDORSED, "approve")
_PUBLICISED = (*_APPROVED, "publicise", "announce")
_ANNOUNCED = (*_APPROVED, "announce")
_AGREED = (*_SUBMITTED, "agree")
_CONSENTED = (*_SUBMITTED, "consent")


@dataclass(frozen=True)
class Change:
    """A later declaration about somebody who is registered: its type, who files it, and the steps since.

    `enterprise` is the account that files; for what a person files it is who employs him.
    """

    kind: str
    enterprise: str
    name: str
    steps: Sequence[str] = ()
    ago: int = 1
    values: Mapping[str, Any] = field(default_factory=dict, hash=False, compare=False)
    further: str = ""
    """A specialty that the person has qualified for since."""


@dataclass(frozen=True)
class Veteran:
    """A temporary constructor of the paper era: at which enterprise, and how many days his term still runs."""

    enterprise: str
    constructor: Constructor
    left: int
    specialty: str = "building"


_FIRST, _SECOND, _SHAOYANG = "qiye-changsha-1", "qiye-changsha-2", "qiye-shaoyang-1"
_HENGYANG, _YUEYANG, _CHANGDE = "qiye-hengyang-1", "qiye-yueyang-1", "qiye-changde-1"


VETERANS = (
    Veteran(_FIRST, Constructor("冯永安", date(1972, 5, 4), 31, ()), 400),
    Veteran(_FIRST, Constructor("吴长河", date(1970, 3, 15), 33, ()), 120, "highway"),
    Veteran(_FIRST, Constructor("何建平", date(1969, 11, 2), 35, ()), 90),
    Veteran(_FIRST, Constructor("孙立国", date(1974, 7, 21), 37, ()), 300, "municipal"),
    Veteran(_SECOND, Constructor("高远征", date(1973, 1, 30), 39, ()), 250),
    Veteran(_FIRST, Constructor("雷大鹏", date(1971, 2, 11), 45, ()), 330),
    Veteran(_SECOND, Constructor("龙志刚", date(1974, 3, 12), 47, ()), 360, "municipal"),
    Veteran(_FIRST, Constructor("彭铁军", date(1973, 4, 13), 49, ()), 210),
    Veteran(_SECOND, Constructor("谢东升", date(1968, 9, 8), 41, ()), 80, "water"),
    Veteran(_SHAOYANG, Constructor("郑海涛", date(1975, 12, 12), 43, (), city="430500"), 60, "highway"),
)

CHANGES = (
    # 延续: three years are nearly over.
    Change("renewal", _FIRST, "阳春雷", _ACCEPTED, ago=10),
    Change("renewal", _SHAOYANG, "钟家旺", _SUBMITTED, ago=3),
    Change("renewal", _FIRST, "彭博远", _PUBLICISED, ago=60),
    Change("renewal", _FIRST, "文静雅", ago=1),
    # 增项
    Change("addition", _FIRST, "肖宇航", _PUBLICISED, ago=55, further="water"),
    Change("addition", _HENGYANG, "罗晓东", _ENDORSED, ago=12, further="building"),
    Change("addition", _CHANGDE, "曾可欣", (*_SUBMITTED, "return"), ago=6, further="municipal"),
    # 遗失补办
    Change("replacement", _FIRST, "夏语冰", _ANNOUNCED, ago=30),
    Change(
        "replacement", _CHANGDE, "汪锦程", _ACCEPTED, ago=40,
        values={"replacement_reason": "damage", "circumstances": "证书受潮，字迹不清（演示）。"},
    ),
    # 注销, both ways: agreed to, waiting, refused, unanswered, and forced.
    Change("cancellation", _HENGYANG, "姚若兰", _AGREED, ago=35),
    Change("cancellation", _SECOND, "孟晚晴", _SUBMITTED, ago=2),
    Change("cancellation", _HENGYANG, "蔡明哲", (*_SUBMITTED, "disagree", "force"), ago=32),
    Change("personal_cancellation", _FIRST, "欧阳帆", _SUBMITTED, ago=2),
    Change("personal_cancellation", _YUEYANG, "廖凯文", (*_SUBMITTED, "go_unanswered"), ago=25),
    Change("cancellation", _FIRST, "欧阳帆", (*_SUBMITTED, "disagree", "end_dispute"), ago=110),
    Change("cancellation", _SHAOYANG, "左志强", _AGREED, ago=60),
    Change("re_registration", _FIRST, "姚若兰", _ACCEPTED, ago=15),
    Change("re_registration", _SHAOYANG, "左志强", _PUBLICISED, ago=40),
    # 身份证号变更
    Change(
        "id_correction", _SHAOYANG, "邱雨桐", _ENDORSED, ago=14,
        values={"new_id_number": id_number(date(1994, 8, 24), 24)},
    ),
    Change(
        "id_correction", _FIRST, "蒋承志", (*_SUBMITTED, "return"), ago=21,
        values={"new_id_number": id_number(date(1988, 7, 17), 37)},
    ),
    # 二级临时建造师: asked for, agreed to, refused by the employer and by the province, and done.
    Change("temporary_transfer", _FIRST, "高远征", _SUBMITTED, ago=2),
    Change("temporary_transfer", _SHAOYANG, "孙立国", _CONSENTED, ago=9),
    Change("temporary_transfer", _FIRST, "龙志刚", (*_SUBMITTED, "disagree"), ago=16),
    Change("temporary_transfer", _SHAOYANG, "雷大鹏", (*_CONSENTED, "refuse"), ago=42),
    Change("temporary_transfer", _SECOND, "彭铁军", (*_CONSENTED, "approve", "announce"), ago=65),
    Change("temporary_extension", _FIRST, "吴长河", _ACCEPTED, ago=45),
    Change("temporary_extension", _SHAOYANG, "郑海涛", _ANNOUNCED, ago=38),
    Change("temporary_cancellation", _FIRST, "何建平", _ENDORSED, ago=11),
    Change("temporary_cancellation", _SECOND, "谢东升", _ANNOUNCED, ago=50),
    # 重复注册: a temporary constructor of Changsha is declared in Yueyang as one who is registered nowhere.
    Change("initial_registration", _YUEYANG, "冯永安", _SUBMITTED, ago=0, further="building"),
)  # fmt: skip
