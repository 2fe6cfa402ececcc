"""A published site: every link leads to a file, nothing is asked of other servers, and names stay inside the folder."""

from __future__ import annotations

from html import unescape
from pathlib import Path
from posixpath import normpath
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser as HTMLParser

import kg
from kg.errors import UsageError
from kg.serve.publish.paths import find_file, make_link, make_safe_path, rewrite_links
from kg.serve.publish.publish import publish_store
from tests.kg.serve.conftest import HOSTILE, fill_pages
from tests.support.paths import EXAMPLES


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill_pages(tmp_path_factory.mktemp("store") / "store")


@pytest.fixture(scope="module")
def published(store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("published") / "网站"
    assert publish_store(store, folder, "zh") == sum(path.is_file() for path in folder.rglob("*"))
    return folder


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the example documents, which have what a small invented page has not."""
    folder = tmp_path_factory.mktemp("examples")
    kg.build([EXAMPLES], store=folder / "store")
    publish_store(folder / "store", folder / "site", "zh")
    return folder / "site"


@pytest.mark.parametrize("name", ["published", "examples"])
def test_every_link_leads_to_a_file_and_a_place(name: str, request: pytest.FixtureRequest) -> None:
    published: Path = request.getfixturevalue(name)
    links = 0
    places = {
        page.relative_to(published).as_posix(): {
            node.attributes["id"] for node in HTMLParser(page.read_text(encoding="utf-8")).css("[id]")
        }
        for page in published.rglob("*.html")
    }
    for page in published.rglob("*.html"):
        if page.name == "graph.html":
            continue
        own = page.relative_to(published).as_posix()
        parsed = HTMLParser(page.read_text(encoding="utf-8"))
        for node in parsed.css("[href], [src], [action]"):
            for name in ("href", "src", "action"):
                target = unescape(node.attributes.get(name) or "")
                if not target or target.startswith("data:"):
                    continue
                parts = urlsplit(target)
                assert not parts.scheme and not target.startswith("/"), (own, target)
                file = normpath(f"{own}/../{unquote(parts.path)}") if parts.path else own
                assert not file.startswith(".."), (own, target)
                assert (published / file).is_file(), (own, target)
                if parts.fragment and file.endswith(".html") and file != "graph.html":
                    assert unquote(parts.fragment) in places[file], (own, target)
                links += 1
    assert links > 500


def test_what_needs_a_server_is_left_out(published: Path) -> None:
    for page in published.rglob("*.html"):
        if page.name != "graph.html":
            text = page.read_text(encoding="utf-8")
            for address in ("/sparql", "/editor", "/ask", "/desk", "/feed.atom", "/suggest"):
                assert f'="{address}' not in text, page
    assert "澄溪市" in (published / "data.ttl").read_text(encoding="utf-8")
    assert (published / "reports" / "money.xlsx").read_bytes()[:2] == b"PK"


def test_a_script_in_a_name_stays_a_name(published: Path) -> None:
    for file in (*published.rglob("*.html"), published / "search-index.js"):
        text = file.read_text(encoding="utf-8")
        assert "<script>alert" not in text and "<img src=x" not in text, file
    assert HOSTILE[:20] in unescape((published / "id" / "agency" / "hostile.html").read_text(encoding="utf-8"))


def test_words_of_a_text_say_what_was_read(published: Path) -> None:
    page = HTMLParser((published / "documents" / "2024" / "20240015.txt.html").read_text(encoding="utf-8"))
    places = {node.attributes["data-at"] for node in page.css("template[data-at]")}
    marked = {node.attributes["data-at"] for node in page.css(".reading a[data-at]")}
    assert marked and marked <= places


def test_the_same_store_gives_the_same_files(store: Path, published: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    publish_store(store, again, "zh")
    for path in published.rglob("*"):
        if path.is_file():
            assert (again / path.relative_to(published)).read_bytes() == path.read_bytes(), path


def test_a_published_folder_is_replaced_and_another_one_is_not(store: Path, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    publish_store(store, folder, "en")
    assert 'lang="en"' in (folder / "index.html").read_text(encoding="utf-8")
    (folder / "old.html").write_text("x", encoding="utf-8")
    publish_store(store, folder, "zh")
    assert not (folder / "old.html").exists()
    other = tmp_path / "other"
    other.mkdir()
    (other / "mine.txt").write_text("x", encoding="utf-8")
    with pytest.raises(UsageError):
        publish_store(store, other, "zh")
    assert (other / "mine.txt").exists()


@pytest.mark.parametrize(
    ("address", "file"),
    [
        ("/", "index.html"),
        ("/search?class=Agency", "search.html"),
        ("/id/agency/%E6%BE%84", "id/agency/澄.html"),
        ("/id/a/b?part=suggestion-1", "id/a/b/suggestion-1.html"),
        ("/id/a?format=ttl", "id/a.ttl"),
        ("/id/a?format=nt", None),
        ("/document?source=2024%2Fa.txt&at=1%2C2", "documents/2024/a.txt.html"),
        ("/reports/money?format=xlsx", "reports/money.xlsx"),
        ("/reports/money?format=csv", None),
        ("/editor", None),
        ("/sparql", None),
    ],
)
def test_an_address_becomes_a_file(address: str, file: str | None) -> None:
    assert find_file(address) == file


def test_links_are_relative() -> None:
    assert make_link("/id/a/b", "documents/x/y.html") == "../../id/a/b.html"
    assert make_link("/document?source=x&at=1%2C2#c1", "documents/x.html") == "#c1"
    assert make_link("/search?class=Agency", "index.html") == "search.html?class=Agency"
    html = '<a href="/editor#query=x">a</a><a class="b" href="/documents">c</a>'
    assert rewrite_links(html, "reports/money.html") == '<a >a</a><a class="b" href="../documents.html">c</a>'


@given(st.text(max_size=200))
def test_no_path_leads_out(path: str) -> None:
    safe = make_safe_path(path)
    parts = safe.split("/")
    assert ".." not in parts and "." not in parts and "" not in parts
    assert all(len(part.encode("utf-8", "replace")) <= 150 for part in parts)
    assert "\x00" not in safe and not safe.startswith("/")


@given(st.text(max_size=20), st.text(max_size=20))
def test_different_paths_stay_different(first: str, second: str) -> None:
    assert (make_safe_path(first) == make_safe_path(second)) == (first == second)
