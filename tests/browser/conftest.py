"""A real browser for the page. Every test here fails if a request leaves the page or the console reports an error."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from benchmarks.city import city
from viz.data import PageData
from viz.page import write

DRIVER = "GL Driver Message (OpenGL, Performance"
"""The browser's own remark that WebGL without a graphics card copies its picture from memory to memory."""


@pytest.fixture
def show(browser: object, tmp_path: Path) -> Iterator[Callable[..., object]]:
    """Open a page for some data: ``page = show(data, width=1280, height=800)``."""
    opened: list[tuple[object, list[str], list[str]]] = []

    def open_page(data: PageData, width: int = 1280, height: int = 800, lang: str = "zh", limit: int = 300) -> object:
        path = write(data, tmp_path / f"图谱 {len(opened)}.html", lang=lang, limit=limit)
        page = browser.new_page(viewport={"width": width, "height": height}, reduced_motion="reduce")  # type: ignore[attr-defined]
        requests: list[str] = []
        errors: list[str] = []
        own = path.as_uri()
        page.on(
            "request",
            lambda r: requests.append(r.url) if r.url != own and not r.url.startswith(("data:", "blob:")) else None,
        )
        page.on(
            "console",
            lambda m: errors.append(m.text) if m.type in {"error", "warning"} and DRIVER not in m.text else None,
        )
        page.on("pageerror", lambda e: errors.append(str(e)))
        page.goto(own)
        page.wait_for_selector("body[data-ready]")
        opened.append((page, requests, errors))
        return page

    yield open_page
    for page, requests, errors in opened:
        page.close()  # type: ignore[attr-defined]
        assert requests == [], "a request left the page"
        assert errors == [], "the console reports errors"


@pytest.fixture(scope="session")
def town() -> PageData:
    """About 250 things."""
    return city(250)


@pytest.fixture(scope="session")
def metropolis() -> PageData:
    """1,500 things."""
    return city(1500)
