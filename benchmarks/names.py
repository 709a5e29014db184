"""Names of people and enterprises that cannot exist, as common and as rare as the names of China are."""

import random
from collections.abc import Sequence
from itertools import accumulate

# Shares of the census in hundredths of a percent; the tail stands for the surnames that one in a thousand has.
_SURNAMES = {
    "王": 725, "李": 719, "张": 683, "刘": 538, "陈": 453, "杨": 308, "赵": 229, "黄": 223, "周": 212, "吴": 205,
    "徐": 166, "孙": 154, "胡": 131, "朱": 126, "高": 121, "林": 118, "何": 117, "郭": 115, "马": 105, "罗": 86,
    "梁": 85, "宋": 81, "郑": 78, "谢": 72, "韩": 68, "唐": 65, "冯": 64, "于": 62, "董": 61, "萧": 59,
    "程": 57, "曹": 57, "袁": 54, "邓": 54, "许": 53, "傅": 51, "沈": 50, "曾": 50, "彭": 49, "吕": 47,
    "苏": 47, "卢": 47, "蒋": 47, "蔡": 46, "贾": 42, "丁": 42, "魏": 41, "薛": 41, "叶": 41, "阎": 40,
    "余": 40, "潘": 40, "杜": 40, "戴": 39, "夏": 38, "钟": 38, "汪": 37, "田": 37, "任": 36, "姜": 36,
    "范": 36, "方": 35, "石": 34, "姚": 33, "谭": 33, "廖": 33, "邹": 32, "熊": 31, "金": 31, "陆": 30,
    "郝": 29, "孔": 28, "白": 28, "崔": 28, "康": 27, "毛": 27, "邱": 26, "秦": 26, "江": 25, "史": 25,
    "欧阳": 9, "上官": 2, "司马": 1, "诸葛": 1, "皇甫": 1, "仇": 4, "单": 6, "查": 3, "盖": 2, "朴": 2,
    "㐱": 1, "仉": 1, "妫": 1, "芈": 1, "亓": 1, "昝": 1, "逄": 1, "郄": 1, "禤": 1, "𨙸": 1,
}  # fmt: skip
_GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华建国文辉红玉兰梅春海燕波斌宇浩凯健俊帆"
    "雪飞鹏龙林峰婷玲莉丹萍鑫云清林志新永生德福成康安宁祥瑞家庆嘉欣怡雨晨子轩梓涵博思远雅琪"
    "立东方南北山江河湖石金木水火土良忠义仁信诚正光亮晶阳月星辰天宏达兴旺发财宝珍珠琳琼瑶慧"
    "颖聪睿智哲学书画琴棋诗词歌舞音乐乔松柏竹桃荣枝叶根源泉流深澄清润泽涵濡沐洪涌"
)
_RARE = "喆堃垚犇羴骉昇晟玥珺璟旻昊燚淼焱頔䶮㛃㬎龘靐𫖮𬀩𬱖𪤗"
_TRADES = ("建设", "建筑", "路桥", "市政工程", "水利水电", "机电安装", "建设工程", "矿业", "园林")
_ENDS = ("有限公司", "有限责任公司", "集团有限公司", "股份有限公司")
_ONE, _THREE, _ODD, _DOTTED = 0.14, 0.02, 0.004, 0.001


class Names:
    """A stream of names; the same seed gives the same ones."""

    def __init__(self, random_: random.Random) -> None:
        self._random = random_
        self._surnames = list(_SURNAMES)
        self._shares = list(accumulate(_SURNAMES.values()))
        # Two in a hundred characters are the first of the list, and one in five hundred the last.
        self._weights = list(accumulate(1 / (20 + place) for place in range(len(_GIVEN))))

    def person(self) -> str:
        """Mostly two or three characters, now and then one that few fonts know."""
        chance = self._random.random()
        if chance < _DOTTED:
            return f"{self._given(3)}·{self._given(4)}"
        surname = self._random.choices(self._surnames, cum_weights=self._shares)[0]
        if chance < _DOTTED + _ODD:
            return surname + self._random.choice(_RARE) + self._given(self._random.randint(0, 1))
        chance = self._random.random()
        return surname + self._given(1 if chance < _ONE else 3 if chance > 1 - _THREE else 2)

    def enterprise(self, city: str) -> str:
        trade, end = self._random.choice(_TRADES), self._random.choice(_ENDS)
        return f"{city}{self._given(2)}{trade}{end}（演示）"

    def _given(self, length: int) -> str:
        return "".join(self._random.choices(_GIVEN, cum_weights=self._weights, k=length))


def needles(names: Sequence[str], random_: random.Random) -> dict[str, list[str]]:
    """What people type into the search: of each length some that are common, some that hit, some that do not."""
    some = random_.sample(list(names), 20)
    return {
        "1 character": ["王", "李", "伟", "龘", "𫖮", "鼎", *(name[0] for name in some[:6])],
        "2 characters": ["王伟", "张静", "欧阳", "龘靐", "鼎鼎", *(name[:2] for name in some[:8])],
        "3 characters": [
            "王建国",
            "李秀英",
            "王伟芳",
            "龘靐鼎",
            *(name[:3] for name in some if len(name) > 2),
        ],
        "4 characters": ["欧阳建国", "王伟芳娜", "龘靐鼎鼎", *(name for name in some if len(name) > 3)],
    }
