"""The certificate says what the face holds, fits what is long, and refuses what it cannot print."""

from datetime import date

import pytest

from app.printing.certificate import SpecialtyTerm, draw_certificate
from app.printing.failure import PrintFailed
from tests.printing.conftest import VERIFICATION_URL

ALL_SIX = ("建筑工程", "公路工程", "水利水电工程", "市政公用工程", "矿业工程", "机电工程")


def terms(*names):
    return tuple(SpecialtyTerm(name, date(2026, 11, 22), date(2029, 11, 21)) for name in names)


def test_the_face_is_printed_in_words_that_can_be_copied(face, read):
    text = read(draw_certificate(face())).replace(" ", "")
    for words in (
        "中华人民共和国",
        "二级建造师注册证书",
        "张伟",
        "男",
        "1985年06月15日",
        "湘243132300001",
        "湖南虚构建设工程有限公司",
        "建筑工程",
        "2026年11月22日至2029年11月21日",
        "证书类别：二级注册建造师",
        "证书编号：湘建00000001",
        "签名日期",
        "湖南省住房和城乡建设厅",
        "实时数据，扫码验证",
    ):
        assert words in text


def test_the_qr_code_of_the_printed_page_leads_to_the_verification_page(face, scan):
    assert scan(draw_certificate(face())) == [VERIFICATION_URL]


def test_the_same_face_gives_the_same_bytes(face):
    assert draw_certificate(face()) == draw_certificate(face())
    assert draw_certificate(face()) != draw_certificate(face(name="张玮"))


def test_six_specialties_with_a_long_enterprise_and_a_long_name_fit(face, read):
    enterprise = "湖南省虚构水利水电市政公用机电安装园林绿化装饰装修建筑工程（集团）股份有限责任公司湘西土家族苗族自治州分公司"
    text = read(
        draw_certificate(
            face(name="阿不都热依木·买买提伊明·乌斯曼江", enterprise=enterprise, specialties=terms(*ALL_SIX))
        )
    )
    joined = "".join(text.split())
    assert all(name in text for name in ALL_SIX)
    assert all(
        part in joined for part in ("阿不都热依木·买买提伊明·", "乌斯曼江", "湘西土家族苗族", "自治州分公司")
    )


@pytest.mark.parametrize("name", ["欧阳喆堃", "王𬭩", "李䶮", "赵㛃", "张𠅤", "陈𠀋"])
def test_a_rare_character_in_a_name_is_printed_and_copied_right(face, read, name):
    assert name in read(draw_certificate(face(name=name)))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"name": "张\U000e0100伟"}, "no font can draw"),
        ({"name": "👷"}, "U\\+1F477"),
        ({"name": "  "}, "姓名"),
        ({"name": "阿" * 60}, "does not fit"),
        ({"enterprise": "虚" * 120}, "does not fit"),
        ({"kind": " "}, "证书类别"),
        ({"specialties": ()}, "1 to 6"),
        ({"specialties": terms(*ALL_SIX, "通信与广电工程")}, "1 to 6"),
        ({"photo": b"<svg/>"}, "cannot be read"),
        ({"signature": b"\x89PNG\r\n\x1a\n"}, "cannot be read"),
    ],
)
def test_what_cannot_be_printed_right_is_not_printed(face, changes, why):
    with pytest.raises(PrintFailed, match=why):
        draw_certificate(face(**changes))


def test_a_truncated_photo_is_refused(face, photo):
    with pytest.raises(PrintFailed, match="cannot be read"):
        draw_certificate(face(photo=photo[: len(photo) // 2]))


def test_the_id_number_has_no_place_on_the_face(face):
    assert not {"id_number", "identity_number"} & set(type(face()).__dataclass_fields__)
