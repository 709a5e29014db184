"""What axe-core finds wrong with a page for those who do not see, hear or move as most do."""

from functools import cache
from pathlib import Path

from playwright.sync_api import Page

_STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
_GRAVE = {"serious", "critical"}
_LANGUAGE_AND_COLOUR = ["color-contrast", "label", "button-name", "link-name", "select-name", "image-alt"]


@cache
def _source() -> str:
    return (Path(__file__).parent / "vendor/axe.min.js").read_text(encoding="utf-8")


def violations(page: Page, *, quick: bool = False) -> list[str]:
    """Serious and critical ones, each with where it is; `quick` asks for contrast and labels alone."""
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(_source())
    only = (
        {"type": "rule", "values": _LANGUAGE_AND_COLOUR} if quick else {"type": "tag", "values": _STANDARDS}
    )
    found = page.evaluate("only => axe.run(document, {runOnly: only, resultTypes: ['violations']})", only)[
        "violations"
    ]
    return [
        f"{one['id']} ({one['impact']}): {node['target'][0]}: {node['failureSummary'].splitlines()[-1].strip()}"
        for one in found
        if one["impact"] in _GRAVE
        for node in one["nodes"]
    ]
