"""Each form says what it was given, in both languages, on pages that are numbered."""

import dataclasses

import pytest

from app.printing.documents import Field, ListedPerson, NameList, Section, Table
from app.printing.failure import MissingGlyph, PrintFailed
from tests.printing.papers import enterprise, form, name_list, notice, person, words


def squeezed(text):
    return "".join(text.split())


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_application_form_holds_every_value_in_words_that_can_be_copied(pool, read, language):
    document = form(language)
    text = squeezed(read(pool.render(document, words(language))))
    values = [
        *dataclasses.asdict(document.person).values(),
        *dataclasses.asdict(document.enterprise).values(),
    ]
    for value in values:
        assert squeezed(str(value)) in text
    assert "湘2132023000123" in text
    assert "☑是☐否" in text


def test_a_chinese_form_names_number_pages_and_time(pool, read):
    text = squeezed(read(pool.render(form(), words("zh"))))
    assert "二级建造师注册申报表" in text
    assert "申报编号：2026112201000001" in text
    assert "第1页共" in text
    assert "打印时间：2026-11-2218:30" in text
    assert "参考译文" not in text


@pytest.mark.parametrize("document", [form("en"), notice("en"), name_list("en", 3)])
def test_every_english_print_is_marked_as_a_reference_translation(pool, read, document):
    text = read(pool.render(document, words("en")))
    assert "Reference translation 参考译文" in text
    assert "Page 1 of " in text


def test_the_qr_code_of_the_form_is_its_number(pool, scan):
    assert scan(pool.render(form(), words("zh"))) == ["2026112201000001"]


def test_the_photo_and_the_signature_are_on_the_page(pool, photo, signature, pictures_in):
    gettext = words("zh")
    without, whole = form(), form(photo=photo)
    signed = dataclasses.replace(whole.promises[0], signature=signature)
    whole = dataclasses.replace(whole, promises=(signed, whole.promises[1]))
    assert (
        len(pictures_in(pool.render(whole, gettext))) == len(pictures_in(pool.render(without, gettext))) + 2
    )


def test_an_empty_value_is_shown_as_a_dash_and_not_as_room_to_write(pool, read):
    assert "—" in read(pool.render(form(person=person(phone="")), words("zh")))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_long_text_of_any_script_stays_on_the_paper(pool, language, right_edge_of_text):
    endless = form(
        language,
        enterprise=enterprise(name="虚构" * 80, address="Nowhere" * 40, qualification_number="D1430000" * 12),
        sections=(
            Section(
                "处罚或不良情形",
                (
                    Field("处罚或不良情形", "无，" * 200, wide=True),
                    Field("A", "x" * 90),
                    Field("B", "字a" * 60),
                ),
                Table(("甲", "乙", "丙"), (("建" * 70, "w" * 70, "混合mixed" * 12),)),
            ),
        ),
    )
    assert right_edge_of_text(pool.render(endless, words(language))) < 210 - 15


@pytest.mark.parametrize("before", range(4, 12))
def test_promises_never_stand_alone_on_the_last_page(pool, read, before):
    """However much stands before them, all who sign do so on one page, below what was handed in."""
    sections = [Section(f"Section {place}", (Field("School", "Example"),)) for place in range(before)]
    last = Section("Material handed in", (Field("Contract", "1"),))
    pages = read(pool.render(form(sections=(*sections, last)), words("zh"))).split("\f")
    signed = [page for page in pages if "Promise of the employing enterprise" in page]
    assert len(signed) == 1
    assert "申请人承诺" in signed[0]
    assert "Material handed in" in signed[0]


def test_the_acceptance_notice_names_the_day_in_the_words_of_an_official_letter(pool, read):
    text = read(pool.render(notice(), words("zh")))
    assert "2026年11月20日" in text
    assert "予以受理" in text


def test_a_long_list_repeats_its_head_and_counts_its_pages(pool, read):
    pages = read(pool.render(name_list(persons=60), words("zh"))).split("\f")[:-1]
    assert len(pages) > 2
    assert all("姓名" in page and f"共{len(pages)}页" in squeezed(page) for page in pages)
    assert all(f"4399**********{n:04d}" in "".join(pages) for n in range(1, 61))


def test_a_list_of_thousands_is_printed_to_its_last_line(pool, read):
    pages = read(pool.render(name_list(persons=2_000), words("zh"))).split("\f")[:-1]
    assert "4399**********2000" in pages[-1]
    assert "湖南省住房和城乡建设厅" in pages[-1]
    assert sum(page.count("4399**********") for page in pages) == 2_000


@pytest.mark.parametrize("persons", range(18, 26))
def test_the_authority_and_the_date_never_stand_on_a_page_of_their_own(pool, read, persons):
    last = read(pool.render(name_list(persons=persons), words("zh"))).split("\f")[-2]
    assert f"4399**********{persons:04d}" in last
    assert "2026年11月22日" in last


def test_a_line_higher_than_a_page_fails_the_list(pool):
    endless = dataclasses.replace(name_list(persons=1).persons[0], enterprise="虚" * 2_000)
    with pytest.raises(PrintFailed, match="higher than a page"):
        pool.render(dataclasses.replace(name_list(), persons=(endless,)), words("zh"))


def test_a_list_with_an_unmasked_id_number_cannot_be_made():
    one = ListedPerson("张伟", "439900198506150019", "湖南虚构建设工程有限公司", "建筑工程")
    given = {field.name: getattr(name_list(), field.name) for field in dataclasses.fields(NameList)}
    with pytest.raises(ValueError, match="masked"):
        NameList(**(given | {"persons": (one,)}))


def test_a_table_with_a_cell_too_few_cannot_be_made():
    with pytest.raises(ValueError, match="number of cells"):
        Table(("甲", "乙"), (("a",),))


@pytest.mark.parametrize("name", ["王𬭩", "李䶮", "阿不都热依木·买买提", "陈𠀋"])
def test_rare_characters_are_printed_and_copied_right(pool, read, name):
    assert name in read(pool.render(form(person=person(name=name)), words("zh")))


def test_a_character_that_no_font_has_fails_the_print_with_its_number(pool):
    with pytest.raises(MissingGlyph, match=r"U\+1F477") as refused:
        pool.render(form(person=person(name="张👷")), words("zh"))
    assert refused.value.character == "👷"
