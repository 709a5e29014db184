"""Files in a real browser: chosen, dropped, photographed, turned, cut, stopped and sent again."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import expect
from sqlalchemy import select

from app.models import Attachment, StoredFile
from app.services import files
from tests.browser import axe
from tests.cast import file_draft


@pytest.fixture
def declaration(session, cast):
    return file_draft(session, cast.li_juan, cast.zhang_wei)


@pytest.fixture
def url(declaration):
    return f"/declarations/initial-registration/{declaration}/edit"


@pytest.fixture
def papers(cast):
    return f"/enterprise-papers/{cast.li_juan.actor.enterprise_id}/edit"


def picture(width=900, height=700, halves=("red", "blue"), kind="JPEG", **options) -> bytes:
    """The upper half in one colour, the lower half in another."""
    made = Image.new("RGB", (width, height), halves[1])
    made.paste(Image.new("RGB", (width, height // 2), halves[0]))
    out = io.BytesIO()
    made.save(out, kind, **options)
    return out.getvalue()


def sent(data: bytes, name="scan.jpg", kind="image/jpeg"):
    return {"name": name, "mimeType": kind, "buffer": data}


def slot(page, kind):
    return page.locator(f".upload:has(#file-{kind})")


def stored(app, session, row_id, kind) -> Image.Image:
    """The picture that the declaration has in this slot now."""
    session.rollback()
    query = select(StoredFile).join(Attachment, Attachment.file_id == StoredFile.id)
    row = session.scalars(
        query.where(Attachment.declaration_id == row_id, Attachment.kind == kind).order_by(Attachment.id)
    ).all()[-1]
    with app.app_context():
        return Image.open(io.BytesIO(files.read(row)))


def test_a_portrait_is_turned_and_cut_by_keyboard_to_the_frame_of_its_slot(
    visit, cast, url, declaration, app, session
):
    page = visit(cast.li_juan).go(url)
    page.set_input_files("#file-photo", sent(picture()))
    editor = page.locator("#picture-editor")
    expect(page.locator(".crop")).to_be_focused()
    assert axe.violations(page) == []
    page.keyboard.press("ArrowDown")
    before = page.locator(".crop").bounding_box()
    page.keyboard.press("-")
    smaller = page.locator(".crop").bounding_box()
    assert smaller["width"] < before["width"]
    assert smaller["width"] / smaller["height"] == pytest.approx(295 / 413, rel=0.02)
    editor.get_by_role("button", name="向右旋转").press("Enter")
    editor.get_by_role("button", name="使用此照片").press("Enter")
    expect(slot(page, "photo").locator("figure .upload-name")).to_contain_text("scan")
    with page.expect_navigation():
        page.get_by_role("button", name="保存", exact=True).click()
    photo = stored(app, session, declaration, "photo")
    assert photo.size == (295, 413)
    left, right = photo.getpixel((20, 200)), photo.getpixel((275, 200))
    assert left[2] > 200 > left[0] + 140  # the lower half came to the left
    assert right[0] > 200 > right[2] + 140
    assert not photo.getexif()


def test_the_frame_is_dragged_by_its_corner_and_stays_in_the_picture(visit, cast, url):
    page = visit(cast.li_juan).go(url)
    page.set_input_files("#file-photo", sent(picture(1200, 1600)))
    expect(page.locator(".crop-nw")).to_be_visible()
    corner = page.locator(".crop-nw").bounding_box()
    page.mouse.move(corner["x"] + 14, corner["y"] + 14)
    page.mouse.down()
    page.mouse.move(corner["x"] + 90, corner["y"] + 120, steps=4)
    page.mouse.up()
    cut = page.locator(".crop").bounding_box()
    whole = page.locator("[data-canvas]").bounding_box()
    assert cut["width"] / cut["height"] == pytest.approx(295 / 413, rel=0.02)
    assert cut["x"] >= whole["x"] - 1
    assert cut["y"] + cut["height"] <= whole["y"] + whole["height"] + 1
    page.keyboard.press("Escape")
    expect(page.locator("#picture-editor")).to_be_hidden()


def test_the_camera_takes_a_portrait(visit, cast, url, declaration, app, session):
    page = visit(cast.li_juan).go(url)
    slot(page, "photo").get_by_role("button", name=re.compile("拍照")).click()
    camera = page.locator("#camera")
    camera.get_by_role("button", name="拍摄").click()
    expect(camera.locator("[data-still]")).to_be_visible()
    assert axe.violations(page) == []
    camera.get_by_role("button", name="重拍").click()
    camera.get_by_role("button", name="拍摄").click()
    camera.get_by_role("button", name="使用此照片").click()
    page.locator("#picture-editor").get_by_role("button", name="使用此照片").click()
    expect(slot(page, "photo").locator("figure .upload-name")).to_contain_text("photo-")
    assert page.evaluate("document.querySelector('#camera video').srcObject") is None
    with page.expect_navigation():
        page.get_by_role("button", name="保存", exact=True).click()
    assert stored(app, session, declaration, "photo").size == (295, 413)


def test_several_files_are_sent_and_one_is_turned_afterwards(visit, cast, papers):
    page = visit(cast.li_juan).go(papers)
    held = slot(page, "other").locator("figure:visible")
    before = held.count()
    page.set_input_files("#file-other", [sent(picture(), f"{number}.jpg") for number in range(3)])
    expect(held).to_have_count(before + 3)
    held.last.get_by_role("button", name="旋转裁剪").click()
    editor = page.locator("#picture-editor")
    editor.get_by_role("button", name="向左旋转").click()
    editor.get_by_role("button", name="使用此照片").click()
    expect(editor).to_be_hidden()
    expect(slot(page, "other").locator(".upload-line")).to_have_count(0)
    expect(held).to_have_count(before + 3)
    turned = held.last.locator("img")
    expect(turned).to_have_js_property("complete", value=True)
    assert turned.evaluate("image => image.naturalHeight > image.naturalWidth")


def test_what_is_not_taken_here_is_said_before_anything_is_sent(visit, cast, papers):
    page = visit(cast.li_juan).go(papers)
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/files/stage" in request.url else None)
    page.set_input_files("#file-other", sent(b"hello", "notes.txt", "text/plain"))
    expect(slot(page, "other").locator(".field-errors")).to_contain_text("notes.txt")
    page.set_input_files(
        "#file-other", sent(b"%PDF-" + bytes(11 * 1024 * 1024), "big.pdf", "application/pdf")
    )
    expect(slot(page, "other").locator(".field-errors")).to_contain_text("11.0")
    assert asked == []
    assert axe.violations(page) == []


def test_an_upload_that_failed_is_sent_again_and_one_is_stopped(visit, cast, papers):
    page = visit(cast.li_juan).go(papers)
    held = slot(page, "other").locator("figure:visible")
    before = held.count()
    page.route("**/files/stage", lambda route: route.abort())
    page.set_input_files("#file-other", sent(picture(), "a.jpg"))
    line = slot(page, "other").locator(".upload-line")
    expect(line).to_contain_text("a.jpg")
    retry = line.get_by_role("button", name="重新上传 a.jpg")
    expect(retry).to_be_visible()
    page.unroute("**/files/stage")
    retry.click()
    expect(held).to_have_count(before + 1)
    page.route("**/files/stage", lambda _route: None)  # never answered
    page.set_input_files("#file-other", sent(picture(), "b.jpg"))
    line.get_by_role("button", name="停止上传 b.jpg").click()
    expect(line).to_have_count(0)
    expect(held).to_have_count(before + 1)


def test_a_file_is_dropped_on_its_place(visit, cast, papers):
    page = visit(cast.li_juan).go(papers)
    held = slot(page, "other").locator("figure:visible")
    before = held.count()
    data = page.evaluate_handle(
        """async (bytes) => {
            const carried = new DataTransfer();
            carried.items.add(new File([new Uint8Array(bytes)], "dropped.jpg", { type: "image/jpeg" }));
            return carried;
        }""",
        list(picture(300, 200)),
    )
    slot(page, "other").locator(".upload-drop").dispatch_event("drop", {"dataTransfer": data})
    expect(held).to_have_count(before + 1)
    expect(held.last).to_contain_text("dropped.jpg")


def test_the_windows_fit_a_telephone(visit, cast, url):
    visitor = visit(cast.li_juan, width=360)
    page = visitor.go(url)
    page.set_input_files("#file-photo", sent(picture(1200, 1600)))
    expect(page.locator("#picture-editor")).to_be_visible()
    assert visitor.overflow() <= 0
    assert axe.violations(page) == []
