"""Somebody before a browser: opens pages, and keeps whatever they complain of or ask of other machines."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page, Request

from tests.cast import Member, login

HEIGHTS = {1440: 900, 360: 740}


@dataclass(frozen=True)
class Site:
    app: Any
    address: str


class Visitor:
    """One browser of one person. `page` is Playwright's; `go` opens an address and waits until it is drawn."""

    def __init__(
        self,
        chromium: Browser,
        site: Site,
        member: Member | None,
        *,
        width: int,
        language: str,
        dark: bool,
        scripts: bool = True,
    ) -> None:
        self.site = site
        self.complaints: list[str] = []
        self.context = chromium.new_context(
            base_url=site.address,
            viewport={"width": width, "height": HEIGHTS.get(width, 900)},
            color_scheme="dark" if dark else "light",
            locale={"zh": "zh-CN", "en": "en-GB"}[language],
            reduced_motion="reduce",
            accept_downloads=True,
            java_script_enabled=scripts,
            permissions=["camera"],
        )
        if member is not None:
            self._bring_session(member)
        self.page: Page = self.context.new_page()
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(f"{self.page.url}: {error}"))
        self.page.on("request", self._asked)
        if language != "zh":
            self.go(f"/?_l_={language}")

    def _bring_session(self, member: Member) -> None:
        """The log-in itself has tests of its own; here its cookies are enough."""
        client = login(self.site.app.test_client(), member)
        self.context.add_cookies(
            [
                {"name": cookie.key, "value": cookie.value, "url": self.site.address}
                for cookie in client._cookies.values()
            ]
        )

    def _heard(self, message: ConsoleMessage) -> None:
        # A refused form answers 422 or 409 with a page; Chromium notes that, and it is as it should be.
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            self.complaints.append(f"{self.page.url}: {message.text}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.site.address, "data:", "blob:")):
            self.complaints.append(f"{self.page.url} asked {request.url}")

    def go(self, address: str) -> Page:
        answer = self.page.goto(address)
        assert answer is None or answer.status == 200, f"{address} answered {answer.status}"
        return self.page

    def overflow(self) -> int:
        """How many pixels the page is wider than the screen."""
        return self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")

    def close(self) -> None:
        self.context.close()
