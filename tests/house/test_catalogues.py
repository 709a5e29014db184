"""Both catalogues are complete, their placeholders agree, and Chinese texts are Chinese."""

import json

import pytest

from tests.house.tree import ROOT, nothing, write
from translations import catalogues


def test_the_catalogues_are_complete():
    nothing(catalogues.check(ROOT, ROOT / "translations"))


@pytest.fixture
def source(tmp_path, monkeypatch):
    """A small source whose four messages are all translated."""
    monkeypatch.setattr(catalogues, "untranslated_by_the_framework", lambda: iter(()))
    write(
        tmp_path,
        "app/a.py",
        '_("Save")\n_("%(number)s passed", number=1)\nngettext("%(num)s row", "%(num)s rows", 2)\n',
    )
    write(tmp_path, "app/templates/a.html", '<p>{{ _("Filter") }}</p>\n')
    chinese = {
        "Save": "保存",
        "%(number)s passed": "%(number)s 项通过",
        "%(num)s row": "%(num)s 行",
        "Filter": "筛选",
    }
    write(tmp_path, "lists/a.json", json.dumps(chinese))
    assert catalogues.merge(tmp_path, tmp_path / "translations", tmp_path / "lists") == []
    assert catalogues.check(tmp_path, tmp_path / "translations") == []
    return tmp_path


def _spoil(source, old, new, language="zh"):
    path = source / f"translations/{language}/LC_MESSAGES/messages.po"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return catalogues.check(source, source / "translations")


def test_a_new_message_is_missed_in_both_languages(source):
    write(source, "app/b.py", '_("Submit")\n')
    assert catalogues.check(source, source / "translations") == [
        "en: 'Submit' is not in the catalogue",
        "zh: 'Submit' is not in the catalogue",
    ]


def test_an_untranslated_message_is_found(source):
    assert _spoil(source, 'msgstr "保存"', 'msgstr ""') == ["zh: 'Save' is not translated"]


def test_a_fuzzy_message_is_found(source):
    assert _spoil(source, 'msgid "Save"', '#, fuzzy\nmsgid "Save"') == ["zh: 'Save' is fuzzy"]


def test_english_left_in_the_chinese_catalogue_is_found(source):
    assert _spoil(source, 'msgstr "保存"', 'msgstr "Save"') == ["zh: 'Save' is not Chinese"]


def test_names_of_formats_may_stay_latin(source):
    assert _spoil(source, 'msgstr "保存"', 'msgstr "XLSX"') == []


def test_a_lost_placeholder_is_found(source):
    found = _spoil(source, "%(number)s 项通过", "%(numbr)s 项通过")
    assert found == ["zh: '%(numbr)s 项通过' does not have the placeholders of '%(number)s passed'"]


def test_a_message_that_nobody_uses_is_found(source):
    write(source, "app/templates/a.html", "<p></p>\n")
    assert catalogues.check(source, source / "translations") == [
        "en: 'Filter' is no longer used",
        "zh: 'Filter' is no longer used",
    ]


def test_a_list_that_contradicts_another_is_told(source):
    write(source, "lists/b.json", json.dumps({"Save": "存盘", "Gone": "没有"}))
    assert catalogues.merge(source, source / "translations", source / "lists") == [
        "b.json: 'Save' is '存盘' here, but '保存' before",
        "nobody uses 'Gone'",
    ]


def test_merging_keeps_what_was_translated_before(source):
    (source / "lists/a.json").unlink()
    write(source, "app/b.py", '_("Submit")\n')
    write(source, "lists/b.json", json.dumps({"Submit": "上报"}))
    catalogues.merge(source, source / "translations", source / "lists")
    assert catalogues.check(source, source / "translations") == []


def test_a_catalogue_is_compiled_only_when_it_is_stale(source):
    folder = source / "translations"
    compiled = folder / "zh/LC_MESSAGES/messages.mo"
    catalogues.compile_stale(folder)
    first = compiled.stat().st_mtime_ns
    assert "筛选".encode() in compiled.read_bytes()
    catalogues.compile_stale(folder)
    assert compiled.stat().st_mtime_ns == first
    _spoil(source, "筛选", "过滤")
    catalogues.compile_stale(folder)
    assert "过滤".encode() in compiled.read_bytes()
