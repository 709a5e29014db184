"""What is said of an enterprise, for a reader of another language."""

import pytest

from app.models.details import translated_grades

KNOWN = {"施工总承包": "General contracting", "建筑工程": "Building engineering", "一级": "First grade"}


@pytest.mark.parametrize(
    ("stored", "read"),
    [
        ("施工总承包 建筑工程 一级", "General contracting Building engineering First grade"),
        (
            "施工总承包 建筑工程 一级、专业承包 钢结构 一级",
            "General contracting Building engineering First grade, 专业承包 钢结构 First grade",
        ),
        ("施工总承包 建筑工程 一级等5项", "General contracting Building engineering First grade, … (5)"),
        ("", ""),
    ],
)
def test_grades_are_read_word_by_word_and_what_has_no_other_word_stays(stored, read):
    assert translated_grades(stored, KNOWN) == read
