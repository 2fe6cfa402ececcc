"""Whether a page has an article at all, the title that stands only in its head, and whether it may list proposals."""

from __future__ import annotations

import re
from functools import cache

from kg.read.formats import compile_pattern, load_settings
from kg.read.values import DocumentText, ReadError
from kg.read.web.boilerplate import has_labels
from kg.read.web.dom import HtmlPage

_BARE = 20
"""Number of characters besides headings below which a page has no article."""
_LEAST_LINKS = 5
_LINK_SHARE = 0.6
_SUBJECT = "关于"
_HEADING = 8
"""Number of characters from which a heading can be the title of an article."""
_SITE = re.compile(r"\s*(?:[-_|–—－＿｜]|--|>>)\s*[^-_|–—－＿｜]{2,40}$")
"""The name of the site behind the title of an article."""
_SIGNS = re.compile(r"[^\w]+")
_ROWS = re.compile(rb"<(?:w:)?tr\b", re.IGNORECASE)
_LEAST_ROWS = 2
_ENCODINGS = ("utf-8", "gb18030")
_SCRIPT = re.compile(r"<script\b", re.IGNORECASE)
_FRAME = re.compile(r"<i?frame\b[^>]*?\bsrc\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)


def check_page(html: str, page: HtmlPage, document: DocumentText) -> None:
    """Raise an error that says why a page has no article.

    Args:
        html: the source of the page.
        page: its tree, without page furniture.
        document: the text that was read from it.

    Raises:
        ReadError: the page is made of frames, filled by scripts, or a list of links.
    """
    body = page.body
    if compile_pattern("html", "prose_end").search(document.text) or has_labels(body):
        return
    headings = sum(element.chars for element in body.walk() if element.tag in ("h1", "h2"))
    is_bare = body.chars - headings < _BARE
    if is_bare and (frame := _FRAME.search(html)):
        raise ReadError(
            f"网页由框架组成，正文在另一个页面（{frame[1][:120]}）；请读取那个页面",
            f"made of frames; the text is on another page ({frame[1][:120]}): read that page",
        )
    if page.links >= _LEAST_LINKS and (is_bare or body.linked > _LINK_SHARE * body.chars):
        raise ReadError(
            "是链接列表（目录页），没有正文；请读取各篇文章的页面",
            "a list of links without an article; read the pages of the articles",
        )
    if is_bare and _SCRIPT.search(html):
        raise ReadError(
            "网页的正文由脚本填充，文件里没有；请在浏览器中打开，另存为 PDF 或完整网页（.mht）后再读",
            "filled by scripts, the file has no text; open it in a browser and save it as PDF or a whole page (.mht)",
        )


def find_missing_title(page: HtmlPage) -> str:
    """Return the title of the article if only the head of the page has it, else an empty string."""
    words = _SIGNS.sub("", page.body.join_text())
    headings = (element for element in page.body.walk() if element.tag in ("h1", "h2"))
    if any(heading.chars - heading.linked >= _HEADING for heading in headings):
        return ""
    ends, begins = compile_pattern("html", "title_ends"), compile_pattern("html", "title_begins")
    for title in page.titles:
        candidates = [title]
        while (cut := _SITE.sub("", candidates[-1])) != candidates[-1]:
            candidates.append(cut)
        found = next(filter(ends.search, candidates), None) or next(filter(begins.search, reversed(candidates)), None)
        if found:
            name = _SIGNS.sub("", found)
            core = name[max(name.find(_SUBJECT), 0) :]  # the page may leave out who wrote it
            return "" if core in words else found
    return ""


def may_list_proposals(data: bytes) -> bool:
    """Return whether the bytes of a page have a table with rows, and the words of the head of a list of proposals.

    Pages without them need not be parsed when files are found. The text of a Word document is searched in the same way.
    """
    return len(_ROWS.findall(data)) >= _LEAST_ROWS and any(
        all(any(word in data for word in words) for words in groups) for groups in _encode_words()
    )


@cache
def _encode_words() -> tuple[tuple[tuple[bytes, ...], ...], ...]:
    """Return, for each encoding, the groups of words of which a list has one each."""
    groups = load_settings()["html"]["list_words"]
    return tuple(tuple(tuple(word.encode(name) for word in group) for group in groups) for name in _ENCODINGS)
