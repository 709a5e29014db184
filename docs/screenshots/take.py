"""Take the pictures of this folder from a running demonstration: `python docs/screenshots/take.py http://127.0.0.1:8000`."""

import sys
import time
from io import BytesIO
from pathlib import Path

import pyotp
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).parent
PASSWORD, SECRET = "jianzaoshi-demo-2026", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
WIDE, PHONE = 1440, 360
COLOURS = 128

# Who looks at what, how wide, in which language, under which name.
PICTURES = (
    (None, "/", WIDE, "zh", "portal"),
    (None, "/", PHONE, "zh", "portal-phone"),
    ("qiye-changsha-1", "/", WIDE, "zh", "home-enterprise"),
    ("qiye-changsha-1", "/declarations/initial-registration/", WIDE, "zh", "declarations"),
    ("qiye-changsha-1", "first:修改", WIDE, "zh", "declaration-form"),
    ("qiye-changsha-1", "/roster/", WIDE, "zh", "roster"),
    ("qiye-changsha-1", "/declarations/renewal/add", WIDE, "zh", "pick-certificate"),
    ("qiye-changsha-1", "/historical-records/", WIDE, "zh", "historical-records"),
    ("qiye-changsha-1", "/certificates/", WIDE, "en", "certificates-en"),
    ("changsha", "/", WIDE, "zh", "home-city"),
    ("changsha", "/review/", WIDE, "zh", "work-list"),
    ("changsha", "/review/", PHONE, "en", "work-list-phone-en"),
    ("changsha", "/review/", WIDE, "zh", "work-list-again"),
    ("changsha", "first:办理", WIDE, "zh", "case"),
    ("changsha", "/statistics/?rows=type&columns=state", WIDE, "zh", "statistics"),
    ("province", "/", WIDE, "en", "home-province-en"),
    ("province", "/desk/", WIDE, "zh", "publicity-desk"),
    ("province", "/registrations/", WIDE, "zh", "registrations"),
    ("province", "/qualification-imports/", WIDE, "zh", "imports"),
    ("439900199001170115", "/", PHONE, "zh", "home-individual-phone"),
    (None, "/publicity/", PHONE, "zh", "publicity-phone"),
)


def log_in(page: Page, base: str, name: str) -> None:
    page.goto(f"{base}/login")
    page.fill("input[name=username]", name)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_load_state()
    if "second-factor" in page.url:
        # A code is taken once: an account that was used this half-minute needs the next one.
        for step in (0, 1):
            page.fill("#code", pyotp.TOTP(SECRET).at(int(time.time()), counter_offset=step))
            page.press("#code", "Enter")
            page.wait_for_load_state()
            if "second-factor" not in page.url:
                return


def take(browser: Browser, base: str, who: str | None, wanted: list[tuple[str, int, str, str]]) -> None:
    context = browser.new_context(viewport={"width": WIDE, "height": 900}, device_scale_factor=1)
    page = context.new_page()
    if who:
        log_in(page, base, who)
    for address, width, language, name in wanted:
        page.set_viewport_size({"width": width, "height": 900 if width == WIDE else 740})
        if address.startswith("first:"):
            page.locator(f"main table tbody a:has-text('{address[6:]}')").first.click()
            page.wait_for_load_state()
        else:
            page.goto(f"{base}{address}{'&' if '?' in address else '?'}_l_={language}")
            page.wait_for_load_state("networkidle")
        save(page.screenshot(), HERE / f"{name}.png")
        print(name)
    context.close()


def save(png: bytes, path: Path) -> None:
    """Few colours and no metadata: pages are flat, and the repository stays small."""
    Image.open(BytesIO(png)).convert("RGB").quantize(COLOURS).save(path, optimize=True)


def main(base: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-background-networking"]
        )
        for who in dict.fromkeys(picture[0] for picture in PICTURES):
            take(browser, base, who, [picture[1:] for picture in PICTURES if picture[0] == who])
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
