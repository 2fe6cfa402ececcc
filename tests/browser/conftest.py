"""A real browser for the page. Every test here fails if a request leaves the page or the console reports an error."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.city import make_city
from kg.serve.settings import QueryLimits
from tests.support.paths import EXAMPLES
from tests.support.servers import make_settings, serve
from viz.data import PageData, PageOptions
from viz.page import write_html

DRIVER = "GL Driver Message (OpenGL, Performance"
"""The browser's own remark that WebGL without a graphics card copies its picture from memory to memory."""


@pytest.fixture
def visit(browser: object) -> Iterator[Callable[..., object]]:
    """Open a page that is there: ``page = visit(path, width=1280, height=800, state="view=tiers")``."""
    opened: list[tuple[object, list[str], list[str]]] = []

    def open_page(path: Path, width: int = 1280, height: int = 800, state: str = "") -> object:
        page = browser.new_page(viewport={"width": width, "height": height}, reduced_motion="reduce")  # type: ignore[attr-defined]
        requests: list[str] = []
        errors: list[str] = []
        own = path.as_uri()
        page.on(
            "request",
            lambda r: (
                None if r.url.split("#")[0] == own or r.url.startswith(("data:", "blob:")) else requests.append(r.url)
            ),
        )
        page.on(
            "console",
            lambda m: errors.append(m.text) if m.type in {"error", "warning"} and DRIVER not in m.text else None,
        )
        page.on("pageerror", lambda e: errors.append(str(e)))
        page.goto(f"{own}#{state}" if state else own)
        page.wait_for_selector("body[data-ready]")
        opened.append((page, requests, errors))
        return page

    yield open_page
    for page, requests, errors in opened:
        page.close()  # type: ignore[attr-defined]
        assert requests == [], "a request left the page"
        assert errors == [], "the console reports errors"


@pytest.fixture
def show(visit: Callable[..., object], tmp_path: Path) -> Callable[..., object]:
    """Open a page for some data: ``page = show(data, width=1280, height=800)``."""
    count = iter(range(100))

    def open_page(data: PageData, width: int = 1280, height: int = 800, lang: str = "zh", limit: int = 300) -> object:
        return visit(
            write_html(data, tmp_path / f"图谱 {next(count)}.html", PageOptions(lang=lang, limit=limit)), width, height
        )

    return open_page


@pytest.fixture(scope="session")
def town() -> PageData:
    """About 250 things."""
    return make_city(250)


@pytest.fixture(scope="session")
def metropolis() -> PageData:
    """1,500 things: so many are drawn by WebGL."""
    return make_city(1500)


@pytest.fixture(scope="session")
def example_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of the examples."""
    from kg.ingest.build import build

    store = tmp_path_factory.mktemp("examples") / "store"
    build([EXAMPLES], store)
    return store


@pytest.fixture(scope="session")
def example_page(example_store: Path) -> Path:
    """The page of the examples, as ``kg viz`` makes it."""
    from kg.export.page import render_page
    from kg.store.store import Store

    path = example_store.parent / "示例.html"
    with Store(example_store) as store:
        path.write_text(render_page(store), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def site_address(example_store: Path) -> Iterator[str]:
    with serve(make_settings(example_store, QueryLimits())) as address:
        yield address


@pytest.fixture
def go(browser: Any, site_address: str) -> Iterator[Callable[..., Any]]:
    """Open a page: ``page = go("/search", size=(390, 844), lang="en", dark=True)``."""
    opened: list[tuple[Any, list[str]]] = []

    def visit(path: str, size: tuple[int, int] = (1280, 800), lang: str = "zh-CN", dark: bool = False) -> Any:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, locale=lang, reduced_motion="reduce",
            color_scheme="dark" if dark else "light", accept_downloads=True,
        )  # fmt: skip
        page, faults = context.new_page(), []
        page.on("console", lambda m: faults.append(m.text) if m.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on(
            "request", lambda r: faults.append(r.url) if not r.url.startswith((site_address, "data:", "blob:")) else 0
        )
        page.goto(site_address + path)
        opened.append((page, faults))
        return page

    yield visit
    for page, faults in opened:
        width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        page.context.close()
        assert faults == []
        assert width[0] <= width[1], "the page is wider than its window"


@pytest.fixture(scope="session")
def axe() -> str:
    """The script of axe-core, from the package that brings it."""
    package = pytest.importorskip("axe_playwright_python", reason="not run: axe-playwright-python is not installed")
    return (Path(package.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
