"""What can be seen on the page: nothing is covered, cut or said twice, at the size of a window and of a phone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.viewing import LABELS, SIZES, search

pytestmark = pytest.mark.browser
VIEWS = pytest.mark.parametrize("view", ["graph", "about", "agencies", "tiers", "answers", "instruments", "schema"])
OVER = """(() => { const boxes = ['#where', '.tools', '#filters', '#legend', '#view', '#panel']
      .map((q) => [q, document.querySelector(q)]).filter(([, e]) => e.checkVisibility())
      .map(([q, e]) => [q, e.getBoundingClientRect()]);
    const side = document.querySelector('.side').getBoundingClientRect();
    const bottom = (q, r) => (['#filters', '#legend'].includes(q) && side.height
      ? Math.min(r.bottom, side.bottom) : r.bottom);
    const over = [];
    boxes.forEach(([p, a], i) => boxes.slice(0, i).forEach(([q, b]) => {
      if (a.left < b.right - 1 && b.left < a.right - 1 && a.top < bottom(q, b) - 1 && b.top < bottom(p, a) - 1)
        over.push([p, q]); }));
    return over; })()"""
"""Pairs of parts of the frame that lie over each other."""
OUTSIDE = """(() => { const c = KG.scene.camera(); const ctx = KG.svgContext(c.w, c.h); const out = [];
    const plain = ctx.fillText;
    ctx.fillText = (t, x, y) => { const w = ctx.measureText(t).width;
      const left = ctx.textAlign === 'center' ? x - w / 2 : ctx.textAlign === 'right' ? x - w : x;
      if (left < 0 || left + w > c.w || y < 5 || y > c.h - 5 || t.includes('…')) out.push(t);
      plain(t, x, y); };
    KG.paintOverlay(ctx, c);
    return out; })()"""
"""Lines of labels that the edge of the window or an ellipsis cuts."""
WRITTEN = """(() => { const c = KG.scene.camera(); const ctx = KG.svgContext(c.w, c.h); let all = '';
    const plain = ctx.fillText;
    ctx.fillText = (t, x, y) => { all += t; plain(t, x, y); };
    KG.paintOverlay(ctx, c);
    return all.replace(/\\s/g, ''); })()"""
SHORT = "[...KG.scene.places().keys()].map((i) => KG.nodes[i].short.replace(/\\s/g, ''))"


def bare(text: str) -> str:
    return re.sub(r"\s", "", text)


@SIZES
@VIEWS
def test_no_part_of_the_frame_lies_over_another(visit, example_page: Path, width: int, height: int, view: str) -> None:
    page = visit(example_page, width, height, f"view={view}")
    assert page.evaluate(OVER) == []
    page.click("#open-filters")
    assert page.is_visible("#filters")
    assert page.evaluate(OVER) == []
    assert page.locator("#view").bounding_box()["height"] > 100
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_open_legend_of_a_phone_covers_nothing(visit, example_page: Path) -> None:
    page = visit(example_page, 390, 844)
    page.click("#legend .fold")
    assert page.is_visible('#legend [data-kind="Place"]')
    assert page.evaluate(OVER) == []


@SIZES
def test_labels_are_whole(visit, example_page: Path, width: int, height: int) -> None:
    page = visit(example_page, width, height)
    assert page.evaluate(OUTSIDE) == []
    search(page, "市工业和信息化局")
    assert page.evaluate(OUTSIDE) == []
    page.click("#near")
    assert page.evaluate(OUTSIDE) == []


@SIZES
@pytest.mark.parametrize("name", ["霁川市工业和信息化局", "关于促进农村电商高质量发展 助力特色农产品上行的提案"])
def test_around_one_thing_everything_has_its_name(
    visit, example_page: Path, width: int, height: int, name: str
) -> None:
    page = visit(example_page, width, height)
    page.evaluate("(name) => KG.goNear(KG.nodes.find((n) => n.label === name).id)", name)
    page.wait_for_timeout(100)  # the drawing is fitted to what the panel leaves
    shown, written = page.evaluate(SHORT), page.evaluate(WRITTEN)
    assert len(shown) > 5
    assert [short for short in shown if short not in written] == []
    assert page.evaluate("KG.scene.camera().scale") > 0.7
    assert page.evaluate(LABELS)[1] == []


@SIZES
@pytest.mark.parametrize("view", ["agencies", "tiers", "answers", "instruments"])
def test_names_on_cards_are_whole(visit, example_page: Path, width: int, height: int, view: str) -> None:
    page = visit(example_page, width, height, f"view={view}")
    cards = page.evaluate(
        "[...document.querySelectorAll('#board .item')].map((e) => [KG.nodes[e.dataset.node].label, e.textContent])"
    )
    assert [label for label, text in cards if bare(label) not in bare(text)] == []
    assert not [text for _, text in cards if "…" in text]


def test_the_number_of_sources_is_the_same_everywhere(visit, example_page: Path) -> None:
    page = visit(example_page)
    assert page.inner_text(".title p") == "6 份来源"
    assert "读自 6 份来源" in page.inner_text("#panel .counts")
    page.click("#open-filters")
    assert page.locator('#filters [data-filter="source"] option').count() == 1 + 6


@SIZES
def test_the_answers_have_one_heading_and_four_looks(visit, example_page: Path, width: int, height: int) -> None:
    page = visit(example_page, width, height, "view=answers")
    name = bare(page.inner_text("#where .which b"))
    assert name not in bare(page.locator("#board").text_content())
    looks = page.evaluate(
        """[...document.querySelectorAll('#board svg > text')].map((t) => [t.textContent, t.getAttribute('fill'),
             t.previousSibling?.tagName === 'rect' ? t.previousSibling.getAttribute('fill') : null])"""
    )
    counted = {re.sub(r"\d+$", "", words).strip(): (ink, paper) for words, ink, paper in looks if paper}
    assert list(counted) == ["本身有回应", "仅上级建议有回应", "据用语可能有回应", "公开文本中未见"]
    assert len(set(counted.values())) == 4
    assert "承办单位：霁川市人力资源和社会保障局" in bare(page.locator("#board").text_content())
    svg = page.evaluate("KG.svg()")
    assert bare(page.inner_text("#where .which b")) in bare(re.sub(r"<[^>]*>", "", svg))  # a picture has its heading


def test_the_heading_of_the_page_is_not_said_again(visit, tmp_path: Path) -> None:
    """A page of one proposal is named after it."""
    import kg
    from tests.support.paths import EXAMPLES

    kg.build(EXAMPLES / "20240117_梯度培育.txt", tmp_path / "store")
    with kg.open(tmp_path / "store") as graph:
        graph.render(tmp_path / "p.html")
    page = visit(tmp_path / "p.html", state="view=answers")
    title = bare(page.inner_text("h1"))
    assert "提案" in title
    assert title not in bare(page.inner_text("#where"))
    assert title not in bare(page.locator("#board").text_content())
    page.click("#tab-about")
    page.wait_for_selector("#panel h2")
    assert title not in bare(page.inner_text("#where"))


@SIZES
def test_what_was_clicked_stays_in_sight(visit, example_page: Path, width: int, height: int) -> None:
    page = visit(example_page, width, height, "view=tiers")
    board = page.locator("#board").bounding_box()
    low = page.evaluate(
        """(bottom) => [...document.querySelectorAll('#board .item')].findLastIndex((e) =>
             e.getBoundingClientRect().top + 20 < bottom)""",
        board["y"] + board["height"],
    )
    card = page.locator("#board .item").nth(low)
    spot = card.bounding_box()
    page.mouse.click(spot["x"] + 40, spot["y"] + 12)
    box, view = card.bounding_box(), page.locator("#board").bounding_box()
    assert view["y"] <= box["y"] < view["y"] + view["height"] - 30


def test_lines_between_tiers_cross_no_card(visit, example_page: Path) -> None:
    page = visit(example_page, state="view=tiers")
    crossed = page.evaluate(
        """[...document.querySelectorAll('#board .link .line')].flatMap((line) => {
             const faces = [...document.querySelectorAll('#board .item .face')].map((e) => e.getBBox()); const hit = [];
             for (let s = 2; s < line.getTotalLength() - 2; s += 4) { const p = line.getPointAtLength(s);
               for (const f of faces) if (p.x > f.x + 1 && p.x < f.x + f.width - 1 && p.y > f.y + 1
                 && p.y < f.y + f.height - 1) hit.push([p.x, p.y]); }
             return hit; })"""
    )
    assert page.locator("#board .link").count() > 0
    assert crossed == []


@SIZES
def test_one_agency_can_be_seen_with_what_belongs_to_it_alone(
    visit, example_page: Path, width: int, height: int
) -> None:
    """On a page of many agencies what belongs to one is far away from it."""
    page = visit(example_page, width, height, "view=agencies")
    everything = page.locator("#board .item").count()
    search(page, "市民政局")
    lit = page.locator("#board .item:not(.dim)").count()
    page.click("#only")
    assert page.locator("#board .item").count() <= lit < everything
    assert page.locator("#board .item.dim").count() == 0
    search(page, "市科技局")
    assert page.locator("#board .item").count() == everything
    assert page.get_attribute("#tab-agencies", "aria-selected") == "true"
