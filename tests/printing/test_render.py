"""The pool makes papers side by side, gives up on what hangs, and never mixes two papers up."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from multiprocessing.connection import Connection

import pypdf
import pytest

from app.printing import render as rendering
from app.printing.failure import PrintFailed
from app.printing.render import RenderPool, merge
from tests.printing.papers import form, name_list, notice, person, words

PAGE = "<html><head><style>body { font-family: paper; }</style></head><body>%s</body></html>"
ENDLESS = PAGE % ("<table>" + "<tr><td>一</td><td>二</td><td>三</td></tr>" * 20_000 + "</table>")


def test_many_prints_at_once_come_out_as_their_own(pool, read):
    names = [f"张{letter}" for letter in "伟玮炜纬苇韦薇巍"]
    documents = [form(person=person(name=name)) for name in names]
    with ThreadPoolExecutor(4) as threads:
        papers = list(threads.map(lambda document: pool.render(document, words("zh")), documents))
    assert [name for name, paper in zip(names, papers, strict=True) if name not in read(paper)] == []


def test_a_print_that_takes_too_long_is_stopped_and_the_next_one_works(read):
    with RenderPool(workers=1, timeout=1) as small:
        small.lay_out(PAGE % "热身")
        with pytest.raises(PrintFailed, match="longer than 1 second"):
            small.lay_out(ENDLESS)
        assert "之后" in read(small.lay_out(PAGE % "之后"))


def test_a_renderer_ends_by_itself_when_its_time_is_over():
    with (
        RenderPool(workers=1, timeout=1) as small,
        pytest.raises(PrintFailed, match="stopped for taking too long"),
    ):
        # The first print may wait for the start, so here the renderer's own clock is the one that strikes.
        small.lay_out(ENDLESS)


def test_a_renderer_that_is_killed_fails_one_print_and_is_replaced(read):
    with RenderPool(workers=1) as small:
        small.lay_out(PAGE % "一")
        worker = small._idle.get()
        os.kill(worker._process.pid, signal.SIGKILL)
        worker._process.wait()
        small._idle.put(worker)
        with pytest.raises(PrintFailed, match="broke down"):
            small.lay_out(PAGE % "二")
        assert "三" in read(small.lay_out(PAGE % "三"))


def test_an_answer_that_nobody_waited_for_is_not_given_to_the_next(monkeypatch, read):
    with RenderPool(workers=1) as small:
        small.lay_out(PAGE % "热身")
        with monkeypatch.context() as interrupted:
            interrupted.setattr(Connection, "poll", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
            with pytest.raises(KeyboardInterrupt):
                small.lay_out(PAGE % "别人的")
        text = read(small.lay_out(PAGE % "自己的"))
        assert "自己的" in text
        assert "别人的" not in text


def test_when_all_renderers_are_busy_the_wait_has_an_end():
    with RenderPool(workers=1, timeout=0.2) as small:
        worker = small._idle.get()
        with pytest.raises(PrintFailed, match="busy"):
            small.lay_out(PAGE % "一")
        small._idle.put(worker)


def test_a_closed_pool_prints_no_more_and_leaves_no_process():
    small = RenderPool(workers=1)
    small.lay_out(PAGE % "一")
    worker = small._idle.get()
    small._idle.put(worker)
    small.close()
    small.close()
    assert worker._process.returncode is not None
    with pytest.raises(PrintFailed, match="closed"):
        small.lay_out(PAGE % "二")


def test_the_shared_pool_prints_and_belongs_to_one_process(read):
    assert "张伟" in read(rendering.render(form(), words("zh")))
    assert rendering._shared_pool(os.getpid()) is rendering._shared_pool(os.getpid())
    rendering._shared_pool(os.getpid()).close()
    rendering._shared_pool.cache_clear()


def test_papers_are_joined_in_their_order(pool, read):
    gettext = words("zh")
    papers = [pool.render(document, gettext) for document in (form(), notice(), name_list(persons=40))]
    joined = merge(papers)
    counts = [len(pypdf.PdfReader(BytesIO(paper)).pages) for paper in papers]
    assert len(pypdf.PdfReader(BytesIO(joined)).pages) == sum(counts)
    pages = read(joined).split("\f")
    assert "二级建造师注册申报表" in pages[0]
    assert "人员名单" in pages[counts[0] + counts[1]]


def test_equal_fonts_and_pictures_are_stored_once(pool, photo):
    paper = pool.render(form(photo=photo), words("zh"))
    assert len(merge([paper] * 20)) < 5 * len(paper)


@pytest.mark.parametrize(("papers", "why"), [([], "nothing to print"), ([b"no PDF"], "cannot be joined")])
def test_what_cannot_be_joined_is_said(papers, why):
    with pytest.raises(PrintFailed, match=why):
        merge(papers)
