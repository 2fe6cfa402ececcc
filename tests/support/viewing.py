"""Steps on a graph page that several tests take, at the size of a window and of a phone."""

from __future__ import annotations

import pytest

SIZES = pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)], ids=["window", "phone"])
BUREAU = "霁川市科学技术局"
LABELS = """(() => { const c = KG.scene.camera(); const ctx = KG.svgContext(c.w, c.h); const boxes = [];
    const plain = ctx.fillText;
    ctx.fillText = (t, x, y) => { const w = ctx.measureText(t).width;
      const left = ctx.textAlign === 'center' ? x - w / 2 : ctx.textAlign === 'right' ? x - w : x;
      boxes.push({t, left, right: left + w, top: y - 6, bottom: y + 6}); plain(t, x, y); };
    KG.paintOverlay(ctx, c);
    const over = [];
    boxes.forEach((a, i) => boxes.slice(0, i).forEach((b) => {
      if (a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1)
        over.push([a.t, b.t]); }));
    return [boxes.length, over]; })()"""
PLACE = """(i) => { const r = KG.scene.container.getBoundingClientRect();
    const p = KG.scene.toScreen(KG.scene.places().get(i)); return {x: p.x + r.x, y: p.y + r.y}; }"""


def search(page, words: str) -> None:
    page.click("#query")
    page.fill("#query", words)
    page.keyboard.press("Enter")


def open_view(page, name: str) -> None:
    page.click(f"#tab-{name}")
    assert page.get_attribute(f"#tab-{name}", "aria-selected") == "true"


def section(page, title: str) -> str:
    return page.locator("#panel .relation", has=page.locator("h4", has_text=title)).first.inner_text()
