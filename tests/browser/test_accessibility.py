"""Each kind of page is read by axe-core, light in a window and dark on a phone: nothing serious is found."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest

pytestmark = pytest.mark.browser
BUREAU = "霁川市工业和信息化局"
TEXT = "20240117_梯度培育.txt"
PAGES = [
    "/", f"/search?q={quote('企业')}&class=Agency", "/search?q=zzqq", f"/id/agency/{quote(BUREAU)}", "/documents",
    f"/document?source={quote(TEXT)}&at=120,160", "/reports", f"/reports/money?tier={quote('小巨人')}",
    "/reports/match", "/queries", "/queries/handling", f"/ask?q={quote(f'{BUREAU}负责什么？')}", "/editor",
    f"/graph?about={quote(f'https://w3id.org/proposal-kg/id/agency/{BUREAU}')}",
]  # fmt: skip
LOOKS = pytest.mark.parametrize("size", [(1280, 800), (390, 844)], ids=["window-light", "phone-dark"])
RULES = """async () => (await axe.run(document, {
  resultTypes: ["violations"], runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"],
})).violations.filter((v) => ["serious", "critical"].includes(v.impact))
  .map((v) => [v.id, ...v.nodes.slice(0, 3).map((n) => n.html.slice(0, 120))])"""
IDS = "[...document.querySelectorAll('[id]')].map((e) => e.id)"


@LOOKS
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_serious(go: Callable[..., Any], axe: str, path: str, size: tuple[int, int]) -> None:
    page = go(path, size, dark=size[0] < 700)
    if path.startswith("/graph"):
        page.wait_for_selector("body[data-ready]")
    page.evaluate(axe)
    assert page.evaluate(RULES) == []
    ids = page.evaluate(IDS)
    assert len(ids) == len(set(ids))
