"""Each cell is understood as people write it, or is wrong for one stated reason."""

from datetime import date, timedelta

import pytest

from app.services.imports.cells import blank
from app.services.imports.findings import Wrong
from app.services.qualification_import.columns import COLUMNS
from tests.workbooks import wide

DAY = date(2019, 6, 30)
MEANINGS = {column.attribute: column.meaning for column in COLUMNS}


@pytest.mark.parametrize(
    ("attribute", "written", "meant"),
    [
        ("certificate_number", " 4320190100001 ", "4320190100001"),
        ("certificate_number", 4320190100001, "4320190100001"),
        ("certificate_number", 4320190100001.0, "4320190100001"),
        ("certificate_number", "湘建（2019）01-0001", "湘建(2019)01-0001"),
        ("certificate_number", "'4320190100001", "4320190100001"),
        ("management_number", f"2019{wide('a')}0001", "2019A0001"),
        ("management_number", "—", None),
        ("name", "张　三", "张三"),
        ("name", " 张伟 ", "张伟"),
        ("name", "买买提•艾力", "买买提·艾力"),
        ("name", "𠮷野䶮", "𠮷野䶮"),
        ("name", "Anna  Smith", "Anna Smith"),
        ("id_number", wide("439900198506150019"), "439900198506150019"),
        ("id_number", "43990019850615001x", "43990019850615001X"),
        ("id_number", "\u202d439900198506150019\u202c", "439900198506150019"),
        ("id_number", "439900 19850615 0019", "439900198506150019"),
        ("id_type", "居民身份证", "1"),
        ("gender", "女", "2"),
        ("gender", "男性", "1"),
        ("province", "湖南", "430000"),
        ("province", "广西壮族自治区", "450000"),
        ("province", "内蒙古", "150000"),
        ("province", "430000", "430000"),
        ("employer", "湖南虚构（集团）有限公司", "湖南虚构（集团）有限公司"),
        ("employer", " 虚构\n公司\u200b ", "虚构 公司"),
        ("employer", "无", None),
        ("year_obtained", 2019, 2019),
        ("year_obtained", 2019.0, 2019),
        ("year_obtained", wide("2019") + "年", 2019),
        ("year_obtained", "2019年度", 2019),
        ("method", "考核", "2"),
        ("method", "全国统一考试", "1"),
        ("specialty", "建筑", "building"),
        ("specialty", "建筑工程专业", "building"),
        ("specialty", "水利水电", "water"),
        ("specialty", "市政公用工程", "municipal"),
        ("specialty", "Highway engineering", "highway"),
        ("graduation_date", "2012-06", date(2012, 6, 1)),
        ("graduation_date", "2012年6月", date(2012, 6, 1)),
        ("graduation_date", "201206", date(2012, 6, 1)),
        ("education", "大学本科", "21"),
        ("education", "专科", "31"),
        ("issued_on", DAY, DAY),
        *(
            ("issued_on", text, DAY)
            for text in (
                "2019-06-30", "2019/6/30", "2019.6.30", "2019年6月30日", "2019 年 6 月 30 日", "20190630",
                20190630, wide("2019-06-30"), "2019-06-30 00:00:00",
            )
        ),
    ],
)  # fmt: skip
def test_what_people_write_is_understood(context, attribute, written, meant):
    assert MEANINGS[attribute](written, context) == meant


@pytest.mark.parametrize(
    ("attribute", "written", "code"),
    [
        ("certificate_number", 4.32019010000123e18, "rounded"),
        ("certificate_number", "4.32E+12", "rounded"),
        ("certificate_number", "=1+1", "certificate_form"),
        ("certificate_number", "-1", "certificate_form"),
        ("certificate_number", "1" * 41, "too_long"),
        ("management_number", "2019/1", "management_form"),
        ("name", "张3", "name_form"),
        ("name", "张伟（男）", "name_form"),
        ("name", "张", "name_short"),
        ("name", "王" * 61, "too_long"),
        ("name", 5, "name_form"),
        ("id_number", 439900198506150019, "rounded"),
        ("id_number", 4.3990019850615e17, "rounded"),
        ("id_number", "4.39900198506150E+17", "rounded"),
        ("gender", "男女", "choice"),
        ("province", "湖难省", "province"),
        ("employer", "=HYPERLINK(1)", "lively"),
        ("employer", "\u200b=1", "lively"),
        ("employer", wide("=1"), "lively"),
        ("employer", "@SUM(A1)", "lively"),
        ("employer", "司" * 201, "too_long"),
        ("year_obtained", "二〇一九", "year"),
        ("year_obtained", 2001, "year"),
        ("year_obtained", 2027, "year"),
        ("year_obtained", 19, "year"),
        ("year_obtained", DAY, "year"),
        ("specialty", "园林", "choice"),
        ("issued_on", "2019-02-30", "date"),
        ("issued_on", "2019-13-01", "date"),
        ("issued_on", "2019-06", "date"),
        ("issued_on", "06/30/2019", "date"),
        ("issued_on", 43646, "date"),
        ("issued_on", 2019.63, "date"),
        ("issued_on", "去年", "date"),
        ("issued_on", "2001-12-31", "date_early"),
        ("issued_on", "2026-06-02", "date_late"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_wrong_for_its_reason(context, attribute, written, code):
    with pytest.raises(Wrong) as caught:
        MEANINGS[attribute](written, context)
    assert caught.value.code == code


def test_today_is_the_last_day_that_may_be_written(context):
    assert MEANINGS["issued_on"](context.today, context) == context.today
    with pytest.raises(Wrong):
        MEANINGS["issued_on"](context.today + timedelta(days=1), context)


@pytest.mark.parametrize("nothing", ["", " ", "　", "\u200b", "'", "\n\t"])
def test_a_cell_in_which_nothing_can_be_seen_is_blank(nothing):
    assert blank(nothing)


@pytest.mark.parametrize("something", ["0", 0, False, "x", "无"])
def test_a_cell_with_something_in_it_is_not_blank(something):
    assert not blank(something)


def test_a_dictionary_entry_that_went_out_of_use_is_no_longer_understood(context):
    assert "临时" not in context.choices["specialty"]
    assert context.allowed["qualification_method"] == "考试、考核认定"
