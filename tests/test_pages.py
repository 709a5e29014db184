"""The checker of pages finds what a page owes its readers, and fills in forms as a browser would."""

import pytest
from bs4 import BeautifulSoup
from flask import Flask, request

from tests.pages import faults, fields, page, submit

POLICY = "script-src 'self' 'nonce-abc'; style-src 'self'"
WHOLE = """<!doctype html>
<html lang="zh"><head><title>申报</title><script nonce="abc">start()</script></head>
<body><h1 id="top">申报</h1>
<form method="post" action="/declare"><input type="hidden" name="csrf_token" value="t">
<label for="name">姓名</label><input id="name" name="name" value="张伟">
<label>备注 <textarea name="note">
第一行</textarea></label>
<label><input type="checkbox" name="agreed"> 同意</label>
<label>市州 <select name="city"><option value="1">长沙</option><option value="2" selected>邵阳</option></select>
</label>
<button name="act" value="save">保存</button></form>
<a href="/">首页</a>
<a href="https://www.gov.cn/" rel="external">政府网</a><img src="/a.png" alt=""></body></html>"""


def test_a_whole_page_has_no_faults():
    assert list(faults(WHOLE, POLICY)) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('lang="zh"', "", "does not say its language"),
        ("<title>申报</title>", "<title> </title>", "no title"),
        ('id="top"', 'id="name"', "'name' stands 2 times"),
        ('for="name"', 'for="nome"', "points to nothing"),
        ('nonce="abc"', 'nonce="old"', "without the nonce"),
        ('id="top"', 'style="color:red"', "inline style"),
        ('id="top"', 'onclick="go()"', "inline handler"),
        ('src="/a.png"', 'src="https://cdn.example/a.png"', "absolute address"),
        (' rel="external"', "", "absolute address"),
        ('alt=""', "", "has no alt"),
        ("<label>备注 <textarea", "<label>备注</label> <label></label><textarea", "has no label"),
        (">首页<", "><", "has no text"),
        ('<input type="hidden" name="csrf_token" value="t">', "", "without a token"),
        ("</form>", "", "not valid HTML"),
        (">保存<", ">{{ save }}<", "reached the reader"),
    ],
)
def test_each_fault_is_found(old, new, fault):
    assert old in WHOLE
    assert fault in "\n".join(faults(WHOLE.replace(old, new, 1), POLICY))


def test_a_loose_policy_is_found():
    assert "not strict" in "\n".join(faults(WHOLE, POLICY + " 'unsafe-inline'"))


def test_a_form_is_sent_as_a_browser_sends_it():
    form = BeautifulSoup(WHOLE, "html.parser").form
    assert fields(form) == {"csrf_token": "t", "name": "张伟", "note": "第一行", "city": "2"}


def test_a_page_is_fetched_checked_and_its_form_sent():
    small = Flask("small")

    @small.get("/declare")
    def show():
        return WHOLE, {"Content-Security-Policy": POLICY}

    @small.post("/declare")
    def take():
        return dict(request.form)

    client = small.test_client()
    document = page(client, "/declare")
    answer = submit(client, document.form, "/declare", name="刘洋", city=None, act="save")
    assert answer.json == {"csrf_token": "t", "name": "刘洋", "note": "第一行", "act": "save"}
    with pytest.raises(AssertionError, match="answered 404"):
        page(client, "/nowhere")
