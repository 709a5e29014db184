"""No cell starts a formula: the rule in Python and the rule in SQL are one rule, on both engines."""

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from sqlalchemy import literal, select

from app.services.exports.harmless import fit, harmless, harmless_sql, teach

RUNS = [
    *("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"),
    *("\uff1d1+1", "\uff0b1", "\uff0d1", "\uff20x", " =1+1", "\0=1", "\ufeff=1", "\x01=1", "\u3000=1"),
    *('=HYPERLINK("http://example.com")', "=cmd|'/c calc'!A0"),
]
HOSTILE = st.text(
    st.one_of(
        st.sampled_from(
            "=+-@\t\r\n\x00\x01\x0b\x1f\uff1d\uff0b\uff0d\uff20\u3000\u200b\ufeff\uffff\"',;|`%\\*"
        ),
        st.sampled_from("张伟1aZ \U0001f600\U00020bb7\u3400\u9fff\ue000（"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=12,
)


@pytest.mark.parametrize("text", RUNS)
def test_what_would_run_gets_an_apostrophe(text):
    assert harmless(text).startswith("'")


@pytest.mark.parametrize(
    "text",
    ["439900198501010015", "长沙", "1-2", "a=b", "", "1e5", "http://example.com", "（演示）", "4399****0015"],
)
def test_ordinary_text_stays_as_it_is(text):
    assert harmless(text) == text


@pytest.mark.both_engines
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=400)
@given(text=HOSTILE)
def test_the_database_says_what_python_says(session, engine, text):
    if engine == "postgresql":
        text = text.replace("\0", "")
    teach(session.connection().connection.driver_connection)
    said = session.scalar(select(harmless_sql(literal(text))))
    assert fit(said.encode()).decode() == harmless(text)
