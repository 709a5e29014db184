"""Templates keep the content policy, label every field, fetch nothing from afar and are in English."""

import re
from collections.abc import Iterator
from pathlib import Path

from bs4 import BeautifulSoup, Tag

from tests.house.tree import ROOT, files, nothing, place, write

# The languages name themselves in their own script.
OWN_NAMES = ('"中文"', '"中"')

_COMMENT = re.compile(r"{#.*?#}|<!--.*?-->", re.DOTALL)
_STATEMENT = re.compile(r"{%.*?%}", re.DOTALL)
_EXPRESSION = re.compile(r"{{.*?}}", re.DOTALL)
_CHINESE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
_ELSEWHERE = re.compile(r"""(?:url\(\s*["']?|@import\s+["'])(?:https?:)?//""")
_NO_LABEL_NEEDED = {"hidden", "submit", "button", "reset", "image"}
_FETCHES = ("script", "link", "img", "iframe", "source", "video", "audio", "embed", "use", "image")


def _source(path: Path) -> BeautifulSoup:
    """The page without Jinja's statements; an expression stays as one word: `id="{{ x }}"` is an id."""
    text = _STATEMENT.sub(lambda found: "\n" * found[0].count("\n"), path.read_text(encoding="utf-8"))
    text = _EXPRESSION.sub(lambda found: re.sub(r"[\s\"'<>=/]", "_", found[0]), text)
    return BeautifulSoup(text, "html.parser")


def _templates(root: Path) -> Iterator[Path]:
    yield from files(root, "*.html", "app/templates")


def _tags(root: Path) -> Iterator[tuple[str, Tag, BeautifulSoup]]:
    for path in _templates(root):
        page = _source(path)
        for tag in page.find_all(True):
            yield place(root, path, tag.sourceline), tag, page


def _breaks_the_policy(tag: Tag) -> str:
    if tag.has_attr("style") or tag.name == "style":
        return "an inline style is refused by the content policy; give it a class"
    if any(name.startswith("on") for name in tag.attrs):
        return "an inline handler is refused by the content policy; listen in a file under app/static"
    if str(tag.get("href", "")).strip().lower().startswith("javascript:"):
        return "a javascript: address is refused by the content policy; use a button and a script"
    if tag.name == "script" and not tag.has_attr("nonce") and tag.get("type") != "application/json":
        return 'a script without a nonce does not run; add nonce="{{ csp_nonce() }}"'
    return ""


def inline_code(root: Path) -> list[str]:
    return [f"{where}: {fault}" for where, tag, _ in _tags(root) if (fault := _breaks_the_policy(tag))]


def far_assets(root: Path) -> list[str]:
    advice = "no request leaves the machine; vendor the file under app/static/vendor"
    found = [
        f"{where}: {advice}"
        for where, tag, _ in _tags(root)
        for attribute in ("src", "href", "srcset", "data")
        if tag.name in _FETCHES and re.match(r"\s*(https?:)?//", str(tag.get(attribute, "")))
    ]
    for path in files(root, "*.css", "app/static"):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if _ELSEWHERE.search(line):
                found.append(f"{place(root, path, number)}: {advice}")
    return found


def _labelled(tag: Tag, page: BeautifulSoup) -> bool:
    if tag.get("aria-label") or tag.get("aria-labelledby") or tag.find_parent("label"):
        return True
    return bool(tag.get("id")) and page.find("label", attrs={"for": tag["id"]}) is not None


def unlabelled_fields(root: Path) -> list[str]:
    return [
        f"{where}: <{tag.name}> has neither a <label for> nor an aria-label; a reader hears nothing"
        for where, tag, page in _tags(root)
        if tag.name in {"input", "select", "textarea"}
        and tag.get("type") not in _NO_LABEL_NEEDED
        and not _labelled(tag, page)
    ]


def chinese_in_source(root: Path) -> list[str]:
    found = []
    for path in _templates(root):
        text = _COMMENT.sub(lambda found: "\n" * found[0].count("\n"), path.read_text(encoding="utf-8"))
        for number, line in enumerate(text.splitlines(), 1):
            for own in OWN_NAMES:
                line = line.replace(own, "")  # noqa: PLW2901 - the loop is over what is left of the line
            if _CHINESE.search(line):
                found.append(
                    f'{place(root, path, number)}: write {{{{ _("English") }}}}; Chinese is in the catalogue'
                )
    return found


# Forms that nobody loses anything with: what is asked before one is in or without an account, and what stands in
# the address of a list or in its ticks.
_NO_SESSION = (
    "app/templates/login/",
    "app/templates/public/",
    "app/templates/kit/list/",
    "app/templates/kit/parts/",
)
_PASSWORDS = "app/templates/login/password.html"
_GOES_ON = re.compile(r"(?:again|in_place)\.attributes")
_ASKS = re.compile(r"fields\.(?:field|password|new_passwords|box)\(")


def _fills_in(form: Tag) -> bool:
    """Whether somebody types, chooses or uploads something in this form."""
    asked = [one for one in form.find_all(["input", "select", "textarea"]) if one.get("type") != "hidden"]
    return bool(asked or _ASKS.search(form.get_text()))


def _is_part(where: str) -> bool:
    """A template that another one includes; the window stands on the page as a whole."""
    return "/_" in where


def forms_that_lose(root: Path) -> list[str]:
    advice = "a time-out loses what was typed; add {{ again.attributes() }} and {{ again.dialog() }}"
    return [
        f"{where}: {advice}"
        for where, tag, page in _tags(root)
        if tag.name == "form"
        and tag.get("method") == "post"
        and (where.startswith(_PASSWORDS) or not where.startswith(_NO_SESSION))
        and _fills_in(tag)
        and not (_GOES_ON.search(" ".join(tag.attrs)) and (_is_part(where) or ".dialog" in page.get_text()))
    ]


def test_no_inline_code():
    nothing(inline_code(ROOT))


def test_nothing_is_fetched_from_elsewhere():
    nothing(far_assets(ROOT))


def test_every_field_has_a_label():
    nothing(unlabelled_fields(ROOT))


def test_source_is_english():
    nothing(chinese_in_source(ROOT))


def test_whoever_fills_in_a_form_can_log_in_again_in_place():
    nothing(forms_that_lose(ROOT))


def _lines(findings: list[str]) -> list[int]:
    return [int(finding.split(":")[1]) for finding in findings]


def test_inline_code_is_found(tmp_path):
    write(
        tmp_path,
        "app/templates/page.html",
        '<p style="color:red">x</p>\n'
        "<script>alert(1)</script>\n"
        '<script nonce="{{ csp_nonce() }}">ok()</script>\n'
        '<script type="application/json">{"a": 1}</script><input{{ " checked" if one.on else \'\' }}>\n'
        '<a onclick="go()">x</a>\n'
        '<a href="javascript:go()">x</a>\n'
        "{% if x %}<style>p {}</style>{% endif %}\n",
    )
    assert _lines(inline_code(tmp_path)) == [1, 2, 5, 6, 7]


def test_assets_from_elsewhere_are_found(tmp_path):
    write(
        tmp_path,
        "app/templates/page.html",
        '<script nonce="x" src="https://cdn.example/a.js"></script>\n'
        '<link rel="stylesheet" href="//cdn.example/a.css">\n'
        '<a href="https://www.gov.cn/">a link is not a request</a>\n'
        "<img src=\"{{ url_for('static', filename='a.png') }}\" alt=\"\">\n",
    )
    write(tmp_path, "app/static/css/a.css", 'p { color: red }\n@import "https://cdn.example/b.css";\n')
    assert _lines(far_assets(tmp_path)) == [1, 2, 2]


def test_fields_without_a_label_are_found(tmp_path):
    write(
        tmp_path,
        "app/templates/page.html",
        '<input name="a">\n'
        '<label for="{{ f.id }}">B</label><input id="{{ f.id }}">\n'
        '<label>C <select name="c"></select></label>\n'
        '<textarea aria-label="{{ _("D") }}"></textarea>\n'
        '<input type="hidden" name="e">\n'
        '<label for="{{ g.id }}">F</label><select id="{{ h.id }}"></select>\n',
    )
    assert _lines(unlabelled_fields(tmp_path)) == [1, 6]


def test_chinese_in_source_is_found(tmp_path):
    write(
        tmp_path,
        "app/templates/page.html",
        '{# 说明 #}\n<p>申报</p>\n<a>{{ "中文" }}</a>\n<p>full：width</p>\n',
    )
    assert _lines(chinese_in_source(tmp_path)) == [2, 4]


def test_forms_that_lose_what_was_typed_are_found(tmp_path):
    write(
        tmp_path,
        "app/templates/page.html",
        '<form method="post"><input type="hidden" name="a"><button>x</button></form>\n'
        '<form method="post"><textarea name="b"></textarea></form>\n'
        '<form method="post" {{ again.attributes() }}><input name="c"></form>{{ again.dialog() }}\n'
        '<form method="post">{{ fields.field(one) }}</form>\n'
        '<form method="get"><input name="d"></form>\n',
    )
    write(tmp_path, "app/templates/login/login.html", '<form method="post"><input name="e"></form>\n')
    write(
        tmp_path,
        "app/templates/other.html",
        '<form method="post" {{ again.attributes() }}><input name="c"></form>\n',
    )
    found = forms_that_lose(tmp_path)
    assert [one.split(":")[:2] for one in found] == [
        ["app/templates/other.html", "1"],
        ["app/templates/page.html", "2"],
        ["app/templates/page.html", "4"],
    ]
