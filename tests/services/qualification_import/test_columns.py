"""The columns of a list are known by their headings, in whatever order and by whichever usual name."""

import random

import pytest

from app.extensions.refused import Refused
from app.services.qualification_import.columns import COLUMNS
from app.services.workbooks import Row
from tests.workbooks import wide

HEADINGS = [column.heading for column in COLUMNS]


def test_the_headings_of_the_notes_are_all_known():
    listed = "资格证号 管理号 姓名 证件号码 省份 工作单位 取得年份 取得方式 专业类别 毕业学校 毕业时间 所学专业 最高学历 签发时间"
    assert set(listed.split()) <= set(HEADINGS)


def test_no_name_stands_for_two_columns():
    names = [name for column in COLUMNS for name in column.names]
    assert len(names) == len(set(names))


def test_columns_may_stand_in_any_order():
    shuffled = random.Random(1).sample(HEADINGS, len(HEADINGS))
    places = COLUMNS.layout_of(Row(1, shuffled)).places
    assert all(shuffled[places[column.attribute] - 1] == column.heading for column in COLUMNS)


@pytest.mark.parametrize(
    "heading",
    [
        "身份证号",
        " 证件 号码 ",
        "证件号码*",
        "证件号码：",
        "证件号码（必填）",
        "证件号码" + wide("*"),
        "【必填】证件号码",
    ],
)
def test_a_heading_is_known_as_people_write_it(heading):
    others = [name for name in HEADINGS if name != "证件号码"]
    assert COLUMNS.layout_of(Row(1, [*others, heading])).places["id_number"] == len(HEADINGS)


def test_every_missing_heading_is_named():
    with pytest.raises(Refused) as caught:
        COLUMNS.layout_of(Row(2, ["姓名", "证件号码", "省份", "工作单位"]))
    (finding,) = caught.value.findings
    assert str(finding).endswith(
        "资格证号、取得年份、专业类别、签发时间."
    ) or "资格证号、取得年份、专业类别、签发时间" in str(finding)


def test_a_heading_that_stands_twice_is_named():
    with pytest.raises(Refused) as caught:
        COLUMNS.layout_of(Row(1, [*HEADINGS, "身份证号"]))
    assert "证件号码" in str(caught.value.findings[0])


def test_columns_that_the_list_does_not_know_are_told():
    assert COLUMNS.layout_of(Row(1, ["备注", *HEADINGS, "", "电话", 5])).unused == ("A", "T", "U")


@pytest.mark.parametrize(
    ("cells", "is_one"),
    [
        (["姓名", "证件号码", "专业"], True),
        (["姓名", "身份证号", "证件号码"], False),
        (["湖南省二级建造师资格证书信息表"], False),
        ([1, 2.5, True, ""], False),
    ],
)
def test_a_row_is_the_heading_row_when_enough_of_it_is_known(cells, is_one):
    assert COLUMNS.is_heading(cells) is is_one
