"""People who cannot exist: no area has the code of their ID numbers, and made-up employers say so."""

import random
from datetime import date, timedelta
from typing import Any

from stdnum.cn import ric

_SHARE_OF_MEN, _SHARE_OF_LONG_SURNAMES = 0.78, 0.02
_LAST_ASSESSMENT = 2008
AREA = "439900"
"""No area has this code, so nobody has a number that begins with it."""

SPECIALTIES = {
    "建筑工程": "01",
    "公路工程": "02",
    "水利水电工程": "05",
    "矿业工程": "07",
    "市政公用工程": "10",
    "机电工程": "12",
}
# People whom stories may need: the first have accounts in the demonstration, which does not know these
# specialties of theirs; the others have none and start from nothing.
CAST = (
    ("张伟", "439900198506150019", ("机电工程",)),
    ("孙丽", "439900198808080108", ("建筑工程",)),
    ("徐静怡", "439900199207070021", ("市政公用工程",)),
    ("高翔", "439900198401090072", ("建筑工程", "公路工程")),
    ("苏文博", "439900199203150016", ("建筑工程", "市政公用工程")),
    ("龙雨晴", "43990019950822002X", ("建筑工程",)),
    ("欧阳立", "439900198711090035", ("水利水电工程", "机电工程", "矿业工程")),
)

_SURNAMES = "王李张刘陈杨黄周吴赵彭罗谭唐曾肖邓胡谢欧贺龙曹易蒋袁何戴夏向石田段邹姜汤廖尹熊文"
_LONG_SURNAMES = ("欧阳", "司马", "上官")
_MEN = "伟强军磊勇杰涛明超刚平辉鹏华飞鑫波斌宇浩凯建国志文海俊峰林健毅栋梁"
_WOMEN = "芳娜敏静丽艳娟霞秀英慧巧美倩玲芬燕红梅兰琳洁云莉晶妍茜秋月颖婷雪"
_CITIES = (
    "长沙", "株洲", "湘潭", "衡阳", "邵阳", "岳阳", "常德", "张家界", "益阳", "郴州", "永州", "怀化", "娄底", "湘西",
)  # fmt: skip
_TRADES = ("建筑", "建设", "路桥", "市政工程", "水利水电", "机电安装", "矿山建设", "园林古建")
_SCHOOLS = (
    "湘江示例大学",
    "洞庭示例理工学院",
    "衡山示例职业技术学院",
    "雪峰示例建筑学校",
    "沅水示例科技大学",
)
_MAJORS = (
    "土木工程",
    "工程管理",
    "建筑工程技术",
    "道路桥梁与渡河工程",
    "水利水电工程",
    "机械工程",
    "电气工程及其自动化",
    "采矿工程",
    "给排水科学与工程",
)
_EDUCATION = (("本科", 50), ("大专", 35), ("中专", 9), ("硕士", 5), ("博士", 1))

Values = dict[str, Any]


class Maker:
    """Makes rows from one stream of chance, so that the same seed makes the same list."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.numbers = {number for _, number, _ in CAST}
        self.issued = 0

    def number(self, born: date, *, man: bool) -> str:
        """An ID number of nobody, with the right check digit."""
        while True:
            order = self.chance.randrange(1, 999)
            body = f"{AREA}{born:%Y%m%d}{order - (order % 2 != man):03d}"
            number = body + ric.calc_check_digit(f"{body}0")
            if number not in self.numbers:
                self.numbers.add(number)
                return number

    def person(self) -> tuple[str, str]:
        born = date(1966, 1, 1) + timedelta(days=self.chance.randrange(36 * 365))
        man = self.chance.random() < _SHARE_OF_MEN
        surname = self.chance.choice(
            _LONG_SURNAMES if self.chance.random() < _SHARE_OF_LONG_SURNAMES else _SURNAMES
        )
        given = "".join(
            self.chance.choice(_MEN if man else _WOMEN) for _ in range(self.chance.choice((1, 2, 2)))
        )
        return surname + given, self.number(born, man=man)

    def row(self, specialty: str = "", person: tuple[str, str] | None = None) -> Values:
        """A row without fault about this person, or about a new one."""
        name, number = person or self.person()
        born = ric.get_birth_date(number)
        specialty = specialty or self.chance.choice(tuple(SPECIALTIES))
        year = self.chance.randrange(max(2005, born.year + 22), max(2025, born.year + 23))
        self.issued += 1
        return {
            "certificate_number": f"43{year}{SPECIALTIES[specialty]}{self.issued:05d}",
            "management_number": f"{year}0604320{self.issued:09d}",
            "name": name,
            "id_number": number,
            "province": "湖南省",
            "employer": self._employer(),
            "year_obtained": str(year),
            "method": "考核认定" if year < _LAST_ASSESSMENT and self.chance.randrange(3) == 0 else "考试",
            "specialty": specialty,
            "school": self.chance.choice(_SCHOOLS),
            "graduation_date": f"{born.year + self.chance.choice((19, 21, 22))}-0{self.chance.choice('67')}",
            "major": self.chance.choice(_MAJORS),
            "education": self.chance.choices(*zip(*_EDUCATION, strict=True))[0],
            "issued_on": f"{year}-{self.chance.randrange(9, 13):02d}-{self.chance.randrange(1, 29):02d}",
            "id_type": "身份证",
            "gender": "男" if int(number[16]) % 2 else "女",
            "birth_date": f"{born:%Y-%m-%d}",
        }

    def _employer(self) -> str:
        city, trade = self.chance.choice(_CITIES), self.chance.choice(_TRADES)
        return f"{city}虚构{trade}{self.chance.choice(('有限公司', '集团有限公司', '有限责任公司'))}"
