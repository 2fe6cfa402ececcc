"""What of a portal's page is no article: navigation, votes, share bars, related links, feet; taken out and counted."""

from __future__ import annotations

import re
from collections import Counter

from kg.read.settings import pattern, settings
from kg.read.tables import match_label
from kg.read.web.dom import Element, Page

_MOST_PROSE = 0.3
"""Share of a page's prose above which a block is its article, whatever its class says."""
_LINK_SHARE = 0.6
_LEAST_LINKS = 3
_LONG_LINK = 60
_FOOT_CHARS = 900
_FOOT_PROSE = 0.1
_SHORT = 80
_LETTER = 100
"""Characters of prose from which on a block can be a letter, such as one of several opinions on a page."""
_LETTER_LINKS = 0.2
_HEADING = 8
"""Characters of a heading that says more than 首页."""
_LABELS = 2


def strip(page: Page) -> Counter[str]:
    """Take the furniture out of *page*; what was taken, by kind."""
    taken: Counter[str] = Counter()
    total = max(page.body.prose, 1)
    _feet(page.body, total, taken)
    _by_name(page, total, taken)
    _link_lists(page.body, total, taken)
    return taken


def holds_labels(element: Element) -> bool:
    """Whether it holds a header table: two labels or more in leaves of their own."""
    found: set[str] = set()
    for one in element.elements():
        for child in one.children:
            if isinstance(child, str) and len(child) < _SHORT:
                words = re.split("[:：]", child.strip(), maxsplit=1)[0]
                if known := match_label(words):
                    found.add(known)
        if len(found) >= _LABELS:
            return True
    return False


def _by_name(page: Page, total: int, taken: Counter[str]) -> None:
    names = frozenset(settings()["html"]["drop_words"])
    roles = frozenset(settings()["html"]["drop_roles"])
    todo = [page.body]
    while todo:
        now = todo.pop()
        for child in list(now.children):
            if not isinstance(child, Element):
                continue
            named = bool(child.words & names) or child.attrs.get("role", "").lower() in roles or child.tag == "header"
            if named and not _keeps(child, page, total):
                taken["block"] += 1
                child.remove()
            elif _hidden(child) and child.prose <= 0:
                taken["hidden"] += 1
                child.remove()
            else:
                todo.append(child)


def _keeps(element: Element, page: Page, total: int) -> bool:
    """Whether a block with a name of furniture holds what belongs to the article."""
    if element.prose > _MOST_PROSE * total:
        return True
    prose = element.prose >= _LETTER and element.linked <= _LETTER_LINKS * element.chars
    if prose and pattern("html", "letter").search(element.text()):
        return True
    if element.links < _LEAST_LINKS and any(
        e.tag in ("h1", "h2") and e.chars - e.linked >= _HEADING for e in element.elements()
    ):
        return True
    if element.chars - element.linked > 0 and holds_labels(element):
        return True
    if element.chars > 2 * _SHORT + 400:
        return False
    words = element.text()
    # A window's title is 〈article〉-〈site〉: its beginning is the article's, the rest is the site's.
    return any(len(words) >= 6 and (words in t[: len(words) + 2] or t in words) for t in page.titles)


def _hidden(element: Element) -> bool:
    style = "".join(element.attrs.get("style", "").lower().split())
    return "hidden" in element.attrs or "display:none" in style or "visibility:hidden" in style


def _feet(body: Element, total: int, taken: Counter[str]) -> None:
    """Blocks around the words of a page's foot, as large as they go without prose."""
    words = pattern("html", "foot_words")
    for element in list(body.elements()):
        if element is not body and not _inside(element, body):
            continue
        if not any(isinstance(c, str) and words.search(c) for c in element.children):
            continue
        if element.prose > _FOOT_PROSE * total and element.chars > _FOOT_CHARS:
            continue
        top = element
        for upper in element.above():
            if upper is body or upper.chars > _FOOT_CHARS or upper.prose > max(_FOOT_PROSE * total, element.prose):
                break
            top = upper
        if top is not body and not holds_labels(top):
            taken["foot"] += 1
            top.remove()


def _inside(element: Element, body: Element) -> bool:
    return any(upper is body for upper in element.above())


def _link_lists(body: Element, total: int, taken: Counter[str]) -> None:
    todo = [body]
    while todo:
        now = todo.pop()
        for child in list(now.children):
            if not isinstance(child, Element):
                continue
            many = child.links >= _LEAST_LINKS and child.linked > _LINK_SHARE * child.chars
            short = child.links and child.linked / child.links < _LONG_LINK
            if child.tag not in ("p", "a", "span") and many and short and child.prose <= 0 and not _attachments(child):
                taken["links"] += 1
                child.remove()
            else:
                todo.append(child)


def _attachments(element: Element) -> bool:
    return element.chars < 2000 and "附件" in element.text()
