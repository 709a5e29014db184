"""The pictures of the guides show the pages as they are today; `make pictures` takes them anew."""

import os
from functools import cache
from io import BytesIO

import pytest
from PIL import Image, ImageChops
from sqlalchemy import select

from app.cli.demo.makers import as_actor
from app.models import Account, Person
from app.views.help_pictures import FOLDER, PICTURES
from tests.cast import Member
from tests.house.tree import nothing
from tests.prepared import ROOT, TEST_TIME

HERE = ROOT / "app/static" / FOLDER
ALL = {one.name: one for chapters in PICTURES.values() for several in chapters.values() for one in several}
MOST_BYTES, MOST_IN_ALL = 60 * 1024, 1400 * 1024
QUALITY = 55

CELL = 10
"""The pictures are compared in squares of so many pixels: in them letters are a grey, however they are smoothed."""
FAR = 24
"""So many of 255 shades apart, a square shows something else."""
FEW = 6
"""So many squares may differ: a letter that another version of the browser sets a pixel further."""

WHO = {
    "login": "", "real-name": "谢雨", "confirm": "孟晚晴", "personal-cancellation": "欧阳帆", "person-home": "欧阳帆",
    "enterprise": "qiye-changsha-1", "picker": "qiye-changsha-1", "form": "qiye-changsha-1",
    "papers": "qiye-changsha-1", "declarations": "qiye-changsha-1", "confirming": "qiye-changsha-1",
    "certificates": "qiye-changsha-1", "work-list": "changsha", "workbench": "changsha", "counter": "changsha",
    "decision": "province", "publicity": "province-2", "import": "province", "policies": "province-admin",
    "accounts": "admin", "roster": "qiye-changsha-1", "workbook": "qiye-changsha-1", "history": "qiye-changsha-1",
    "acts": "province-2", "history-import": "province", "holidays": "province-admin", "audit": "auditor",
    "lists": "", "objection": "", "receipt": "",
}  # fmt: skip
"""Whose page each picture shows: an account name, or the name of a person of the demonstration."""

WHERE = {
    "login": ("/login?entrance=individual",),
    "real-name": ("/real-name/", "main a[href$='/edit']"),
    "confirm": ("/confirmations/cancellation/", "main tbody a >> nth=0"),
    "personal-cancellation": ("/declarations/personal-cancellation/", "main tbody a >> nth=0"),
    "person-home": ("/",),
    "enterprise": ("/enterprise/",),
    "picker": ("/declarations/renewal/add",),
    "form": ("/declarations/initial-registration/?state=returned", "main tbody a:has-text('修改') >> nth=0"),
    "papers": ("/declarations/initial-registration/?state=returned", "main tbody a[href$='/edit'] >> nth=0"),
    "declarations": ("/declarations/initial-registration/",),
    "confirming": ("/confirmations/personal-cancellation/", "main tbody a >> nth=0"),
    "certificates": ("/certificates/",),
    "work-list": ("/review/",),
    "workbench": ("/review/?state=accepted", "main tbody a[href*='/review/'] >> nth=0"),
    "counter": ("/real-name-counter/?real_name_state=waiting", "main tbody a >> nth=0"),
    "decision": ("/review/",),
    "publicity": ("/desk/",),
    "import": ("/qualification-imports/", "main tbody a >> nth=0"),
    "policies": ("/policies/",),
    "accounts": ("/accounts/",),
    "roster": ("/roster/",),
    "workbook": ("/declaration-imports/", "main tbody a >> nth=0"),
    "history": ("/historical-records/",),
    "acts": ("/register-acts/?stage=proposed", "main tbody a >> nth=0"),
    "history-import": ("/history-imports/",),
    "holidays": ("/holidays/",),
    "audit": ("/audit/?subject=registration",),
    "lists": ("/publicity/", "main tbody a >> nth=0"),
    "objection": ("/publicity/", "main tbody a >> nth=0", "main tbody a[href*='/objections/'] >> nth=0"),
    "receipt": ("/objections/",),
}  # fmt: skip
"""An address, and the links that are followed from there."""


AT = {"papers": "#section-files", "objection": "form.record"}
"""What stands further down its page and is shown at the top of the picture."""


def member(account, person):
    """With the name that is typed at the login."""
    return Member(as_actor(account), account.login_name or person.id_number)


@pytest.fixture
def visitor(demo, clock, visit):
    """`visitor(name)` is the browser of this person; the clock stands still, so that pages say the same."""
    clock.move_to(TEST_TIME, tick=False)

    @cache
    def visitor(name):
        found = demo.execute(
            select(Account, Person)
            .outerjoin(Person, Person.id == Account.person_id)
            .where((Account.login_name == name) | (Person.name == name))
        ).one_or_none()
        return visit(member(*found) if found else None)

    return visitor


def shot(browser, picture):
    """The page as a picture, when everything that is fetched later has come."""
    browser.page.set_viewport_size(dict(zip(("width", "height"), picture.size, strict=True)))
    address, *links = WHERE[picture.name]
    browser.go(address)
    for link in links:
        browser.page.locator(link).click()
    if place := AT.get(picture.name):
        browser.page.locator(place).evaluate("one => one.scrollIntoView({ behavior: 'instant' })")
    browser.page.wait_for_load_state("networkidle")
    return Image.open(BytesIO(browser.page.screenshot(animations="disabled", caret="hide"))).convert("RGB")


def differing(one, other):
    """How many squares of the two pictures do not look alike; all of them where they are not equally large."""
    small = (one.width // CELL, one.height // CELL)
    if one.size != other.size:
        return small[0] * small[1]
    shades = [each.convert("L").resize(small, Image.Resampling.BOX) for each in (one, other)]
    return sum(count for shade, count in enumerate(ImageChops.difference(*shades).histogram()) if shade > FAR)


def test_every_picture_shows_the_page_as_it_is(visitor):
    changed = []
    for name, picture in ALL.items():
        fresh, path = shot(visitor(WHO[name]), picture), HERE / f"{name}.webp"
        if os.environ.get("PICTURES") == "write":
            path.parent.mkdir(exist_ok=True)
            fresh.save(path, "WEBP", quality=QUALITY, method=6)
            continue
        count = differing(fresh, Image.open(path).convert("RGB")) if path.exists() else None
        if count is None or count > FEW:
            changed.append(f"{path.name}: {count or 'all'} squares look otherwise; run `make pictures`")
    nothing(changed)


def test_a_moved_button_is_seen_and_another_smoothing_is_not():
    page = Image.new("RGB", (1200, 750), "white")
    smoothed = page.copy()
    smoothed.paste((235, 235, 235), (0, 0, 1200, 30))
    assert differing(page, smoothed) == 0
    button = page.copy()
    button.paste((32, 107, 196), (900, 60, 1000, 96))
    assert differing(page, button) > FEW
    assert differing(page, page.resize((1200, 760))) > FEW


def test_every_picture_of_a_guide_is_there_and_none_is_left_over():
    assert {path.name for path in HERE.iterdir()} == {f"{name}.webp" for name in ALL}
    assert set(WHO) == set(WHERE) == set(ALL)


def test_pictures_are_light():
    sizes = {path.name: path.stat().st_size for path in HERE.iterdir()}
    assert {name: size for name, size in sizes.items() if size > MOST_BYTES} == {}
    assert sum(sizes.values()) <= MOST_IN_ALL
