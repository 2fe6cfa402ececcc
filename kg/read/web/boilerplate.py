"""Removal of page furniture: navigation, votes, share bars, related links, feet; what is removed is counted."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

from kg.read.formats import compile_pattern, load_settings
from kg.read.tables import match_label
from kg.read.web.dom import Element, HtmlPage

_MOST_PROSE = 0.3
"""Share of a page's prose above which a block is the article, whatever its class says."""
_LINK_SHARE = 0.6
_LEAST_LINKS = 3
_LONG_LINK = 60
_FOOT_CHARS = 900
_FOOT_PROSE = 0.1
_SHORT = 80
_LONG_BLOCK = 560
"""Number of characters above which a block is not compared with the title."""
_LETTER = 100
"""Number of characters of prose from which a block can be a letter, such as one of several opinions on a page."""
_LETTER_LINKS = 0.2
_HEADING = 8
"""Number of characters from which a heading is more than the name of a section (首页)."""
_LABELS = 2
_SENTENCE = re.compile("[。！？；]")
_SENTENCE_CHARS = 8
_COPY = 0.25
"""Share of a page's prose from which a block that repeats another is a copy of the article."""
_MOST_HIDDEN = 20
"""Largest number of hidden blocks that are compared with the visible ones."""
_COPIED = 0.8
"""Share of the sentences of a hidden block from which it is a copy of what is visible."""


def strip_boilerplate(page: HtmlPage) -> Counter[str]:
    """Remove the page furniture from *page*; return the number of removed blocks by kind."""
    removed: Counter[str] = Counter()
    total = max(page.body.prose, 1)
    _remove_copies(page, removed)
    _remove_feet(page.body, total, removed)
    _remove_named_blocks(page, total, removed)
    _remove_link_lists(page.body, removed)
    return removed


def has_labels(element: Element) -> bool:
    """Return whether *element* contains a header table: two or more labels, each in an element of its own."""
    labels: set[str] = set()
    for inner in element.walk():
        for child in inner.children:
            if isinstance(child, str) and len(child) < _SHORT:
                words = re.split("[:：]", child.strip(), maxsplit=1)[0]
                if label := match_label(words):
                    labels.add(label)
        if len(labels) >= _LABELS:
            return True
    return False


def _remove_named_blocks(page: HtmlPage, total: int, removed: Counter[str]) -> None:
    """Remove blocks whose class, id or role names page furniture, and hidden blocks without prose."""
    names = frozenset(load_settings()["html"]["drop_words"])
    roles = frozenset(load_settings()["html"]["drop_roles"])
    todo = [page.body]
    while todo:
        element = todo.pop()
        for child in list(element.children):
            if not isinstance(child, Element):
                continue
            named = bool(child.words & names) or child.attrs.get("role", "").lower() in roles or child.tag == "header"
            if named and not _has_article_content(child, page, total):
                removed["block"] += 1
                child.remove()
            elif _is_hidden(child) and child.prose <= 0:
                removed["hidden"] += 1
                child.remove()
            else:
                todo.append(child)


def _has_article_content(element: Element, page: HtmlPage, total: int) -> bool:
    """Return whether a block named as page furniture contains a part of the article."""
    if element.prose > _MOST_PROSE * total:
        return True
    prose = element.prose >= _LETTER and element.linked <= _LETTER_LINKS * element.chars
    if prose and compile_pattern("html", "letter").search(element.join_text()):
        return True
    if element.links < _LEAST_LINKS and any(
        inner.tag in ("h1", "h2") and inner.chars - inner.linked >= _HEADING for inner in element.walk()
    ):
        return True
    if element.chars - element.linked > 0 and has_labels(element):
        return True
    if element.chars > _LONG_BLOCK:
        return False
    words = element.join_text()
    # A window's title is 〈article〉-〈site〉: its beginning is the title of the article, the rest is the site's name.
    return any(len(words) >= 6 and (words in title[: len(words) + 2] or title in words) for title in page.titles)


def _is_hidden(element: Element) -> bool:
    style = "".join(element.attrs.get("style", "").lower().split())
    return "hidden" in element.attrs or "display:none" in style or "visibility:hidden" in style


def _may_be_hidden(element: Element, page: HtmlPage) -> bool:
    """Return whether an element, its class or its id hides it; scripts may show it again."""
    classes = element.attrs.get("class", "").split()
    names = {f".{name}" for name in classes} | {"#" + element.attrs.get("id", "")}
    known = frozenset(load_settings()["html"]["hidden_classes"])
    return _is_hidden(element) or bool(names & page.hidden) or bool(known & {name.lower() for name in classes})


def _remove_copies(page: HtmlPage, removed: Counter[str]) -> None:
    """Remove hidden blocks whose sentences are visible elsewhere, and blocks that repeat the words of one before."""
    hidden = [e for e in page.body.walk() if e.prose > 0 and e is not page.body and _may_be_hidden(e, page)]
    for element in sorted(hidden, key=lambda e: -e.chars)[:_MOST_HIDDEN]:
        if not _is_inside(element, page.body):
            continue
        words = element.join_text()
        rest = page.body.join_text().replace(words, "", 1)
        sentences = [one for one in _SENTENCE.split(words) if len(one) >= _SENTENCE_CHARS]
        copied = sum(len(one) for one in sentences if one in rest)
        if copied > _COPIED * sum(map(len, sentences)):
            removed["copy"] += 1
            element.remove()
    alike: defaultdict[tuple[int, int], list[Element]] = defaultdict(list)
    for element in page.body.walk():
        if element.prose >= max(_LETTER, _COPY * page.body.prose):
            alike[element.chars, element.prose].append(element)
    for elements in alike.values():
        _remove_repeated(elements, removed)


def _remove_repeated(elements: list[Element], removed: Counter[str]) -> None:
    """Remove those of *elements*, all of one length, that repeat one before; an element in another repeats nothing."""
    first: dict[str, Element] = {}
    above: Element | None = None
    for element in elements:
        if above is not None and any(upper is above for upper in element.walk_up()):
            continue  # the only child of one that was looked at
        above = element
        if len(elements) > 1 and first.setdefault(element.join_text(), element) is not element:
            removed["copy"] += 1
            element.remove()


def _remove_feet(body: Element, total: int, removed: Counter[str]) -> None:
    """Remove the largest blocks without prose around the words of a page's foot."""
    words = compile_pattern("html", "foot_words")
    for element in list(body.walk()):
        if element is not body and not _is_inside(element, body):
            continue
        if not any(isinstance(c, str) and words.search(c) for c in element.children):
            continue
        if element.prose > _FOOT_PROSE * total and element.chars > _FOOT_CHARS:
            continue
        top = element
        for upper in element.walk_up():
            if upper is body or upper.chars > _FOOT_CHARS or upper.prose > max(_FOOT_PROSE * total, element.prose):
                break
            top = upper
        if top is not body and not has_labels(top):
            removed["foot"] += 1
            top.remove()


def _is_inside(element: Element, body: Element) -> bool:
    return any(upper is body for upper in element.walk_up())


def _remove_link_lists(body: Element, removed: Counter[str]) -> None:
    todo = [body]
    while todo:
        element = todo.pop()
        for child in list(element.children):
            if not isinstance(child, Element):
                continue
            many = child.links >= _LEAST_LINKS and child.linked > _LINK_SHARE * child.chars
            short = child.links and child.linked / child.links < _LONG_LINK
            is_block = child.tag not in ("p", "a", "span")
            if is_block and many and short and child.prose <= 0 and not _has_attachments(child):
                removed["links"] += 1
                child.remove()
            else:
                todo.append(child)


def _has_attachments(element: Element) -> bool:
    return element.chars < 2000 and "附件" in element.join_text()
