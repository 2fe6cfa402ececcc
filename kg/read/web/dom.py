"""Markup → a light tree of our own, of bounded depth and size, with sums that tell an article from furniture."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from kg.read.settings import pattern, settings
from kg.read.values import Unreadable

_DEPTH = 200
"""What is nested deeper is treated as if it stood at this depth: nothing is lost."""
_OPEN = 3_000
"""Elements that may be open at a time: parsers take time with the square of it."""
_TAG = re.compile(
    r"<(/?)(?:div|span|section|article|table|ul|ol|dl|blockquote|center|font|a|b|i|u|em|strong|small|big|s|code|tt|nobr)\b",
    re.IGNORECASE,
)
_MOST_NODES = 400_000
_PROSE = 30
"""Characters of a stretch of text that can be prose."""
_KEPT_ATTRIBUTES = ("class", "id", "role", "style", "type", "start", "value", "name", "colspan", "rowspan", "hidden")


@dataclass(slots=True, eq=False)
class Element:
    """An element with what its subtree holds."""

    tag: str
    attrs: dict[str, str]
    parent: Element | None = None
    children: list[Element | str] = field(default_factory=list)
    chars: int = 0
    """Characters of text, white space left out."""
    linked: int = 0
    """Of these, in links."""
    links: int = 0
    prose: int = 0
    """Of these, in stretches outside of links that have the length and the punctuation of prose."""

    def elements(self) -> Iterator[Element]:
        """All below, in the order of the page, itself first."""
        todo = [self]
        while todo:
            now = todo.pop()
            yield now
            todo.extend(c for c in reversed(now.children) if isinstance(c, Element))

    def above(self) -> Iterator[Element]:
        """Its parent, and so on to the root."""
        now = self.parent
        while now is not None:
            yield now
            now = now.parent

    def text(self) -> str:
        """Its words without any white space."""
        out: list[str] = []
        todo: list[Element | str] = [self]
        while todo:
            now = todo.pop()
            if isinstance(now, str):
                out.append(now)
            else:
                todo.extend(reversed(now.children))
        return "".join("".join(out).split())

    def remove(self) -> None:
        """Take it out of the tree; the sums above follow."""
        if self.parent is None:
            return
        self.parent.children = [c for c in self.parent.children if c is not self]
        for upper in self.above():
            upper.chars -= self.chars
            upper.linked -= self.linked
            upper.links -= self.links
            upper.prose -= self.prose
        self.parent = None

    @property
    def words(self) -> frozenset[str]:
        """Words of its class and id, in small letters."""
        return _words(self.attrs.get("class", "") + " " + self.attrs.get("id", ""))


@cache
def _words(names: str) -> frozenset[str]:
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", names)
    return frozenset(w.lower() for w in re.split(r"[^A-Za-z]+", apart) if w)


@dataclass(frozen=True, slots=True)
class Page:
    """A page as a tree, and what it calls itself."""

    body: Element
    titles: tuple[str, ...]
    """From its head: the article's title if the portal follows the national standard, else the window's."""


def parse(html: str) -> Page:
    """The tree of a page; scripts, forms and the like are left out.

    Raises:
        Unreadable: more elements than any page has, or the library is not installed.
    """
    try:
        from selectolax.lexbor import LexborHTMLParser
    except ImportError as error:
        raise Unreadable(
            "读网页需要 selectolax（pip install proposal-kg）", "web pages need selectolax (pip install proposal-kg)"
        ) from error
    opened = 0
    for tag in _TAG.finditer(html):
        opened = max(opened - 1, 0) if tag[1] else opened + 1
        if opened > _OPEN:
            raise Unreadable(f"嵌套过深（超过 {_OPEN} 层）", f"nested too deeply (more than {_OPEN} levels)")
    tree = LexborHTMLParser(html)
    titles = _titles(tree)
    body = Element("body", {})
    if tree.body is not None:
        _convert(tree.body, body)
    _sum(body)
    return Page(body, titles)


def _titles(tree: object) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for node in tree.css("meta, title"):  # type: ignore[attr-defined]
        if node.tag == "title":
            found.setdefault("title", node.text() or "")
        else:
            name = node.attributes.get("name") or node.attributes.get("property") or ""
            found.setdefault(name.lower(), node.attributes.get("content") or "")
    names = [n.lower() for n in settings()["html"]["title_meta"]]
    return tuple("".join(found[n].split()) for n in names if found.get(n, "").strip())


def _convert(top: object, body: Element) -> None:
    drop = frozenset(settings()["html"]["drop_tags"])
    todo: list[tuple[object, Element, int]] = [(top, body, 0)]
    nodes = 0
    while todo:
        node, into, depth = todo.pop()
        child = node.child  # type: ignore[attr-defined]
        below: list[tuple[object, Element, int]] = []
        while child is not None:
            nodes += 1
            if nodes > _MOST_NODES:
                raise Unreadable(
                    f"网页过于复杂（超过 {_MOST_NODES} 个元素）", f"page too complex (more than {_MOST_NODES} elements)"
                )
            tag = child.tag
            if tag == "-text":
                into.children.append(child.text_content or "")
            elif tag and tag[0] not in "-!_" and tag not in drop:
                got = child.attributes
                attrs = {k: got[k] or "" for k in _KEPT_ATTRIBUTES if k in got}
                if depth < _DEPTH:
                    element = Element(tag, attrs, into)
                    into.children.append(element)
                    below.append((child, element, depth + 1))
                else:
                    below.append((child, into, depth))
            child = child.next
        todo.extend(reversed(below))


def _sum(body: Element) -> None:
    prose = pattern("html", "prose")
    for element in reversed(list(body.elements())):
        inner = [c for c in element.children if isinstance(c, Element)]
        own = ["".join(c.split()) for c in element.children if isinstance(c, str)]
        element.chars = sum(map(len, own)) + sum(c.chars for c in inner)
        inside = element.tag == "a"
        element.links = sum(c.links for c in inner) + inside
        element.linked = element.chars if inside else sum(c.linked for c in inner)
        element.prose = 0 if inside else sum(c.prose for c in inner)
        if not inside:
            element.prose += sum(len(t) for t in own if len(t) >= _PROSE and prose.search(t))
