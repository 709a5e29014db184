"""Who declares whom in the demonstration, how long ago, and which steps have been taken since."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.cli.demo.people import Constructor

_SUBMITTED = ("submit",)
_ACCEPTED = (*_SUBMITTED, "accept")
_ENDORSED = (*_ACCEPTED, "endorse")
_APPROVED = (*_ENDORSED, "approve")
_PUBLICISED = (*_APPROVED, "publicise")
_ANNOUNCED = (*_PUBLICISED, "announce")
_COMPLETED = (*_ANNOUNCED, "complete")
"""As the worker leaves it, for those about whom something is declared later (changes.py)."""


@dataclass(frozen=True)
class Case:
    """Who declares whom, how many days ago it was filed, and which steps have been taken."""

    enterprise: str
    constructor: Constructor
    steps: Sequence[str] = ()
    ago: int = 0


def _case(
    enterprise: str,
    name: str,
    born: date,
    sequence: int,
    *steps: str,
    specialties: Sequence[str] = ("building",),
    ago: int = 0,
) -> Case:
    city = _CITIES[enterprise.split("-")[1]]
    return Case(enterprise, Constructor(name, born, sequence, specialties, city=city), steps, ago)


_CITIES = {
    "changsha": "430100", "shaoyang": "430500", "hengyang": "430400", "yueyang": "430600", "changde": "430700",
    "zhuzhou": "430200", "xiangtan": "430300", "zhangjiajie": "430800", "yiyang": "430900", "chenzhou": "431000",
    "yongzhou": "431100", "huaihua": "431200", "loudi": "431300", "xiangxi": "433100",
}  # fmt: skip
_FIRST, _SECOND, _SHAOYANG = "qiye-changsha-1", "qiye-changsha-2", "qiye-shaoyang-1"
_HENGYANG, _YUEYANG, _CHANGDE = "qiye-hengyang-1", "qiye-yueyang-1", "qiye-changde-1"
_XIANGTAN, _YIYANG, _LOUDI = "qiye-xiangtan-1", "qiye-yiyang-1", "qiye-loudi-1"

_TODAY = (
    _case(_FIRST, "黄蓉", date(1990, 2, 28), 2),
    _case(_FIRST, "林峰", date(1987, 3, 14), 1, *_SUBMITTED, specialties=("building", "municipal")),
    _case(_FIRST, "徐静怡", date(1992, 7, 7), 2, *_SUBMITTED),
    _case(_SECOND, "马超", date(1989, 12, 1), 3, *_SUBMITTED, specialties=("municipal",)),
    _case(_FIRST, "朱明", date(1991, 5, 30), 1, *_SUBMITTED, "return"),
    _case(_FIRST, "胡一帆", date(1986, 10, 25), 5, *_SUBMITTED, "return", "submit"),
    _case(_FIRST, "高翔", date(1984, 1, 9), 7, *_ACCEPTED, specialties=("mechanical",)),
    _case(_SECOND, "梁晓燕", date(1994, 6, 18), 2, *_ACCEPTED),
    _case(_FIRST, "宋子墨", date(1995, 8, 22), 1, *_ENDORSED, specialties=("highway", "building")),
    _case(_SECOND, "唐甜", date(1993, 2, 3), 4, *_ENDORSED),
    _case(_FIRST, "许诺", date(1990, 11, 11), 2, *_ENDORSED, "send_back"),
    _case(_FIRST, "韩冰", date(1983, 4, 4), 8, *_APPROVED, specialties=("water",)),
    _case(_FIRST, "冯远征", date(1982, 9, 16), 3, *_PUBLICISED),
    _case(_SECOND, "董洁", date(1996, 3, 27), 6, *_PUBLICISED, specialties=("municipal",)),
    _case(_FIRST, "萧红", date(1988, 6, 6), 2, *_ANNOUNCED, specialties=("building", "municipal")),
    _case(_FIRST, "程功", date(1979, 12, 24), 9, *_ANNOUNCED),
    _case(_SECOND, "曹雪", date(2000, 2, 29), 4, *_ANNOUNCED, specialties=("mining",)),
    _case(_FIRST, "袁野", date(1991, 1, 31), 1, *_ENDORSED, "refuse"),
    _case(_FIRST, "邹平", date(1987, 8, 19), 5, *_SUBMITTED, "decline"),
    _case(_FIRST, "熊大志", date(1985, 2, 17), 7, *_SUBMITTED, "return", "lapse"),
    _case(_SECOND, "薛明远", date(1988, 3, 8), 27, *_SUBMITTED, "withdraw"),
    _case(_SHAOYANG, "秦岭", date(1986, 6, 26), 1, *_SUBMITTED, specialties=("highway",)),
    _case(_SHAOYANG, "尹珊", date(1992, 12, 12), 2, *_ACCEPTED),
    _case(_SHAOYANG, "江一鸣", date(1990, 10, 10), 3, *_ENDORSED, specialties=("water",)),
    _case(_SHAOYANG, "段玉", date(1989, 7, 23), 1, *_ANNOUNCED, specialties=("highway",)),
)

# Registered nearly three years ago: their terms end soon, and one has ended.
_LONG_AGO = (
    _case(_FIRST, "彭博远", date(1982, 5, 5), 13, *_COMPLETED, ago=1120),
    _case(_FIRST, "谭志远", date(1980, 4, 12), 11, *_ANNOUNCED, specialties=("highway",), ago=1150),
    _case(
        _FIRST, "龙海燕", date(1984, 8, 30), 12, *_ANNOUNCED, specialties=("building", "municipal"), ago=1110
    ),
    _case(_SECOND, "贺子轩", date(1981, 6, 21), 13, *_ANNOUNCED, ago=1110),
    _case(_FIRST, "阳春雷", date(1983, 11, 5), 15, *_COMPLETED, specialties=("mechanical",), ago=1085),
    _case(_FIRST, "龚雪松", date(1986, 2, 2), 27, *_COMPLETED, ago=1025),
    _case(_FIRST, "文静雅", date(1985, 9, 9), 14, *_COMPLETED, ago=1055),
    _case(_SHAOYANG, "钟家旺", date(1982, 3, 3), 17, *_COMPLETED, specialties=("highway",), ago=1085),
)

_LAST_MONTHS = (
    _case(_FIRST, "欧阳帆", date(1990, 1, 17), 11, *_COMPLETED, ago=170),
    _case(_HENGYANG, "罗晓东", date(1988, 2, 18), 13, *_COMPLETED, specialties=("municipal",), ago=170),
    _case(_YUEYANG, "彭雪莲", date(1991, 3, 19), 12, *_SUBMITTED, "decline", ago=170),
    _case(_FIRST, "肖宇航", date(1992, 4, 20), 15, *_COMPLETED, specialties=("building", "highway"), ago=140),
    _case(_FIRST, "石磊", date(1985, 5, 15), 29, *_COMPLETED, ago=140),
    _case(_FIRST, "向芊", date(1990, 6, 16), 28, *_COMPLETED, ago=140),
    _case(_FIRST, "岑溪", date(1989, 9, 9), 39, *_COMPLETED, ago=140),
    _case(_FIRST, "蒋承志", date(1988, 7, 17), 31, *_COMPLETED, ago=140),
    _case(_SHAOYANG, "左志强", date(1984, 8, 18), 29, *_COMPLETED, specialties=("water",), ago=140),
    _case(_CHANGDE, "曾可欣", date(1993, 5, 21), 14, *_COMPLETED, specialties=("water",), ago=140),
    _case(_SECOND, "田立新", date(1987, 6, 22), 17, *_ENDORSED, "refuse", ago=110),
    _case(_SECOND, "戴玉婷", date(1992, 9, 19), 30, *_COMPLETED, ago=110),
    _case(_HENGYANG, "蔡明哲", date(1989, 7, 23), 19, *_COMPLETED, ago=110),
    _case(_SHAOYANG, "邱雨桐", date(1994, 8, 24), 16, *_COMPLETED, specialties=("highway",), ago=110),
    _case(_YUEYANG, "廖凯文", date(1986, 9, 25), 11, *_COMPLETED, specialties=("municipal",), ago=110),
    _case(_FIRST, "夏语冰", date(1995, 10, 26), 18, *_COMPLETED, ago=80),
    _case(_CHANGDE, "汪锦程", date(1988, 11, 27), 13, *_COMPLETED, specialties=("mechanical",), ago=80),
    _case(_CHANGDE, "毛建国", date(1981, 10, 20), 31, *_PUBLICISED, ago=80),
    _case(_HENGYANG, "姚若兰", date(1990, 12, 28), 20, *_COMPLETED, ago=80),
    _case(_YUEYANG, "侯建安", date(1983, 1, 29), 15, *_ENDORSED, ago=60),
    _case(_SECOND, "孟晚晴", date(1991, 2, 14), 22, *_COMPLETED, specialties=("municipal",), ago=50),
    _case(_CHANGDE, "白俊杰", date(1992, 3, 13), 17, *_ACCEPTED, specialties=("water",), ago=45),
    _case(_FIRST, "常思远", date(1989, 4, 11), 19, *_ACCEPTED, specialties=("highway",), ago=45),
    _case(_HENGYANG, "武美玲", date(1993, 5, 10), 24, *_ENDORSED, ago=38),
    _case(_HENGYANG, "阮文杰", date(1989, 1, 21), 33, *_ENDORSED, ago=35),
    _case(_FIRST, "鲁一平", date(1986, 2, 22), 33, *_SUBMITTED, "deem_accepted", "extend", ago=27),
    _case(_FIRST, "康宁", date(1987, 6, 9), 21, *_ACCEPTED, ago=27),
    _case(_SHAOYANG, "严冬雪", date(1994, 7, 8), 26, *_ACCEPTED, specialties=("water",), ago=27),
    _case(
        _SECOND,
        "施文博",
        date(1988, 8, 7),
        23,
        *_ENDORSED,
        "extend_at_province",
        specialties=("municipal",),
        ago=20,
    ),
    _case(_SECOND, "卢俊", date(1987, 3, 23), 35, *_ENDORSED, "return_to_applicant", ago=20),
    _case(_YUEYANG, "陶然", date(1990, 9, 6), 28, *_ACCEPTED, ago=15),
)

# One enterprise in each of the cities without cases: one case to accept there, one to review, some of them overdue.
_OTHER_CITIES = tuple(
    case
    for number, (city, first, second) in enumerate(
        (
            ("zhuzhou-2", "齐正", "覃芳"),
            ("xiangtan-2", "莫言知", "凌云"),
            ("zhangjiajie-1", "覃松", "向阳花"),
            ("yiyang-2", "盛开", "夏至"),
            ("chenzhou-1", "骆宾", "雷声"),
            ("yongzhou-1", "蒋山", "奉献"),
            ("huaihua-1", "滕树", "杨柳青"),
            ("loudi-2", "梁柱", "伍月"),
            ("xiangxi-1", "石拱", "田园"),
        )
    )
    for case in (
        _case(f"qiye-{city}", first, date(1985 + number, 4, 12), 41, *_SUBMITTED, ago=4),
        _case(
            f"qiye-{city}",
            second,
            date(1986 + number, 5, 13),
            42,
            *_ACCEPTED,
            ago=27 if number % 3 == 1 else 4,
        ),
    )
)

# Employed by those who change their particulars (employers.py): nothing else is under way for them.
_OF_CHANGED_EMPLOYERS = (
    _case(_XIANGTAN, "谭文彬", date(1987, 2, 11), 31, *_COMPLETED, ago=140),
    _case(_XIANGTAN, "周可馨", date(1993, 4, 16), 32, *_COMPLETED, specialties=("municipal",), ago=110),
    _case(_YIYANG, "夏振华", date(1985, 10, 3), 33, *_COMPLETED, specialties=("water",), ago=110),
    _case(_LOUDI, "贺启明", date(1990, 7, 19), 35, *_COMPLETED, specialties=("highway",), ago=80),
)

CASES = (*_LONG_AGO, *_LAST_MONTHS, *_OTHER_CITIES, *_OF_CHANGED_EMPLOYERS, *_TODAY)
