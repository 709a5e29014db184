"""Keep the message catalogues complete: extract, merge, check and compile them (`make translations`)."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

HERE = Path(__file__).resolve().parent
LANGUAGES = ("zh", "en")

_METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2"), ("**/templates/**.txt", "jinja2")]
_KEYWORDS = {
    "_": None, "_l": None, "gettext": None, "lazy_gettext": None, "N_": None, "translate": None,
    "ngettext": (1, 2), "lazy_ngettext": (1, 2), "_n": (1, 2),
    "pgettext": ((1, "c"), 2), "lazy_pgettext": ((1, "c"), 2),
}  # fmt: skip
_OPTIONS = {"jinja2": {"silent": "false"}}
_PLACEHOLDER = re.compile(r"%\((\w+)\)[#0\- +]*\d*\.?\d*[a-zA-Z]|%%|%[sdr]")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_LETTERS = re.compile(r"[A-Za-z]{2,}")
# What stays as it is in Chinese: names of formats, systems and units.
_SAME_IN_CHINESE = re.compile(
    r"^(?:CSV|XLSX|PDF|PDF/A|QR|SHA-256|PKCS#11|TOTP|SMS|IP|ID|JSON|CA|API|URL|English|OK|MB|KB|GB|ms)$"
)

Key = tuple[str | tuple[str, ...], str | None]


def _key(message: Message) -> Key:
    return message.id if isinstance(message.id, str) else tuple(message.id), message.context


def _singular(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _forms(text: str | Iterable[str] | None) -> list[str]:
    return [text] if isinstance(text, str) else list(text or [""])


def _extracted(folder: Path) -> Iterator[tuple[str | tuple[str, ...], str | None]]:
    options = {pattern: _OPTIONS.get(method, {}) for pattern, method in _METHODS}
    for _, _, identity, _, context in extract_from_dir(folder, _METHODS, options, _KEYWORDS):
        yield identity, context


def messages(source: Path) -> Catalog:
    """All messages of app/, and those of Flask-AppBuilder that it has not translated itself."""
    template = Catalog(project="constructor-platform", charset="utf-8", fuzzy=False)
    for identity, context in _extracted(source / "app"):
        if identity and (identity if isinstance(identity, str) else identity[0]):
            template.add(identity, context=context)
    for identity, context in untranslated_by_the_framework():
        template.add(identity, context=context)
    return template


def untranslated_by_the_framework() -> Iterator[Key]:
    """Messages of Flask-AppBuilder that reach people, but that its Chinese catalogue lacks."""
    spec = find_spec("flask_appbuilder")
    if spec is None or spec.origin is None:
        raise SystemExit("Flask-AppBuilder is not installed; run `make test` once.")
    package = Path(spec.origin).parent
    own = _read(package / "translations/zh/LC_MESSAGES/messages.po", "zh")
    translated = {_key(message) for message in own if message.id and message.string and not message.fuzzy}
    for identity, context in _extracted(package):
        if identity and (identity, context) not in translated:
            yield identity, context


def _file(language: str, folder: Path, suffix: str = "po") -> Path:
    return folder / language / "LC_MESSAGES" / f"messages.{suffix}"


def _read(path: Path, language: str) -> Catalog:
    if not path.exists():
        return Catalog(locale=language, charset="utf-8", fuzzy=False)
    with path.open("rb") as stream:
        return read_po(stream, locale=language)


def _write(catalog: Catalog, path: Path) -> None:
    """Sorted and without line numbers or dates, so that a change of one message is a change of one line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        write_po(stream, catalog, width=100, no_location=True, omit_header=False, sort_output=True)
    header = re.compile(
        r'^"(?:POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator): .*"\n', re.MULTILINE
    )
    path.write_text(header.sub("", path.read_text(encoding="utf-8")), encoding="utf-8")


def extract(source: Path, folder: Path, chinese: dict[str, str] | None = None) -> None:
    """Bring both catalogues to the messages of the source; nothing is guessed, what is gone is dropped."""
    template = messages(source)
    for language in LANGUAGES:
        known = {_key(message): message.string for message in _read(_file(language, folder), language)}
        catalog = Catalog(locale=language, charset="utf-8", fuzzy=False, project=template.project)
        catalog.header_comment = (
            f"# {language}: messages of the platform (`make translations` writes this file)."
        )
        for message in template:
            if not message.id:
                continue
            text = known.get(_key(message)) or ""
            if language == "en":
                text = message.id if isinstance(message.id, str) else tuple(message.id)
            elif chinese and _singular(message) in chinese:
                given = chinese[_singular(message)]
                text = given if isinstance(message.id, str) else (given,)
            catalog.add(message.id, text, context=message.context)
        _write(catalog, _file(language, folder))


def merge(source: Path, folder: Path, lists: Path) -> list[str]:
    """Take Chinese texts from JSON lists; what they contradict or what nobody uses is told, not guessed."""
    chinese: dict[str, str] = {}
    told = []
    for path in sorted(lists.glob("*.json")):
        for text, translation in json.loads(path.read_text(encoding="utf-8")).items():
            if chinese.setdefault(text, translation) != translation:
                told.append(f"{path.name}: {text!r} is {translation!r} here, but {chinese[text]!r} before")
    extract(source, folder, chinese)
    used = {_singular(message) for message in messages(source) if message.id}
    told += [f"nobody uses {text!r}" for text in sorted(chinese.keys() - used)]
    return told


def _faults(message: Message, language: str) -> Iterator[str]:
    wanted = sorted(_PLACEHOLDER.findall(_forms(message.id)[-1]))
    for text in _forms(message.string):
        if not text:
            yield f"{language}: {_singular(message)!r} is not translated"
        elif sorted(_PLACEHOLDER.findall(text)) != wanted:
            yield f"{language}: {text!r} does not have the placeholders of {_singular(message)!r}"
        elif language == "zh" and not _CHINESE.search(text) and not _stays(text):
            yield f"zh: {text!r} is not Chinese"


def _stays(text: str) -> bool:
    words = _LETTERS.findall(_PLACEHOLDER.sub("", text))
    return not words or bool(_SAME_IN_CHINESE.match(text.strip()))


def check(source: Path, folder: Path) -> list[str]:
    """What is missing, fuzzy, left over or damaged in either catalogue."""
    wanted = {_key(message): message for message in messages(source) if message.id}
    found = []
    for language in LANGUAGES:
        catalog = {
            _key(message): message for message in _read(_file(language, folder), language) if message.id
        }
        found += [
            f"{language}: {_singular(wanted[key])!r} is not in the catalogue"
            for key in wanted.keys() - catalog.keys()
        ]
        found += [f"{language}: {key[0]!r} is no longer used" for key in catalog.keys() - wanted.keys()]
        for message in catalog.values():
            if message.fuzzy:
                found.append(f"{language}: {_singular(message)!r} is fuzzy")
            found += _faults(message, language)
    return sorted(found)


def compile_stale(folder: Path = HERE) -> None:
    """Compile each catalogue whose compiled file is missing or older; called at every start."""
    for language in LANGUAGES:
        source, compiled = _file(language, folder), _file(language, folder, "mo")
        if not source.exists():
            continue
        if compiled.exists() and compiled.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        fresh = compiled.with_suffix(".new")
        with fresh.open("wb") as stream:
            write_mo(stream, _read(source, language))
        fresh.replace(
            compiled
        )  # another process that starts now reads the old file or the new one, never half of it


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    acts = parser.add_subparsers(dest="act", required=True)
    acts.add_parser("extract", help="bring both catalogues to the messages of the source")
    acts.add_parser("merge", help="take Chinese texts from JSON lists").add_argument("lists", type=Path)
    acts.add_parser("check", help="fail when a message is missing, fuzzy, left over or damaged")
    acts.add_parser("compile", help="write the compiled catalogues that the program reads")
    given = parser.parse_args()
    source = HERE.parent
    told: list[str] = []
    if given.act == "extract":
        extract(source, HERE)
    elif given.act == "merge":
        told = merge(source, HERE, given.lists)
    elif given.act == "check":
        told = check(source, HERE)
    else:
        compile_stale()
    for line in told:
        print(line)
    if given.act == "check" and told:
        print(
            "Write the Chinese text into translations/zh/LC_MESSAGES/messages.po after `make translations`."
        )
    return 1 if given.act == "check" and told else 0


if __name__ == "__main__":
    sys.exit(main())
