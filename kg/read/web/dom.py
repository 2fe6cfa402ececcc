"""Markup as a light tree of bounded depth and size, with sums that distinguish an article from page furniture."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from kg.read.formats import compile_pattern, load_settings
from kg.read.values import ReadError

_DEPTH = 200
"""Largest depth of the tree. Deeper elements are added at this depth, so that no text is lost."""
_OPEN = 3_000
"""Largest number of open elements: the time of the parser grows with its square."""
_TAG = re.compile(
    r"<(/?)(?:div|span|section|article|table|ul|ol|dl|blockquote|center|font|a|b|i|u|em|strong|small|big|s|code|tt|nobr)\b",
    re.IGNORECASE,
)
_STYLE = re.compile(r"<style\b[^>]*>(.*?)</style", re.IGNORECASE | re.DOTALL)
_STYLE_CHARS = 100_000
_CONDITIONAL = re.compile(r"@[a-z-]+[^{};]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", re.IGNORECASE)
_RULE = re.compile(r"([^{}]{1,400})\{([^{}]*)\}")
_SIMPLE = re.compile(r"[.#][\w-]+")
_MOST_NODES = 400_000
_PROSE = 30
"""Number of characters from which a stretch of text can be prose."""
_KEPT_ATTRIBUTES = ("class", "id", "role", "style", "type", "start", "value", "name", "colspan", "rowspan", "hidden")


@dataclass(slots=True, eq=False)
class Element:
    """An element, with sums over all that is below it."""

    tag: str
    attrs: dict[str, str]
    parent: Element | None = None
    children: list[Element | str] = field(default_factory=list)
    chars: int = 0
    """Number of characters of text, without white space."""
    linked: int = 0
    """Number of these characters in links."""
    links: int = 0
    prose: int = 0
    """Number of these characters in stretches, outside of links, with the length and punctuation of prose."""

    def walk(self) -> Iterator[Element]:
        """Yield the element and all elements below it, in the order of the page."""
        todo = [self]
        while todo:
            element = todo.pop()
            yield element
            todo.extend(c for c in reversed(element.children) if isinstance(c, Element))

    def walk_up(self) -> Iterator[Element]:
        """Yield the parent, its parent, and so on to the root."""
        element = self.parent
        while element is not None:
            yield element
            element = element.parent

    def join_text(self) -> str:
        """Return all text below the element, without white space."""
        texts: list[str] = []
        todo: list[Element | str] = [self]
        while todo:
            node = todo.pop()
            if isinstance(node, str):
                texts.append(node)
            else:
                todo.extend(reversed(node.children))
        return "".join("".join(texts).split())

    def remove(self) -> None:
        """Remove the element from the tree, and subtract it from the sums above it."""
        if self.parent is None:
            return
        self.parent.children = [c for c in self.parent.children if c is not self]
        for upper in self.walk_up():
            upper.chars -= self.chars
            upper.linked -= self.linked
            upper.links -= self.links
            upper.prose -= self.prose
        self.parent = None

    @property
    def words(self) -> frozenset[str]:
        """Words of its class and id, in lower case."""
        return _split_names(self.attrs.get("class", "") + " " + self.attrs.get("id", ""))


@cache
def _split_names(names: str) -> frozenset[str]:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", names)
    return frozenset(word.lower() for word in re.split(r"[^A-Za-z]+", spaced) if word)


@dataclass(frozen=True, slots=True)
class HtmlPage:
    """A page as a tree, with the titles in its head."""

    body: Element
    titles: tuple[str, ...]
    """The article's title if the portal follows the national standard, and the window's title."""
    links: int = 0
    """Number of links before anything is removed."""
    hidden: frozenset[str] = frozenset()
    """The classes (``.name``) and ids (``#name``) that the page's own style sheet hides."""


def parse_html(html: str) -> HtmlPage:
    """Return the tree of a page, without scripts, forms and the like.

    Raises:
        ReadError: too many elements, or the library is not installed.
    """
    try:
        from selectolax.lexbor import LexborHTMLParser
    except ImportError as error:
        raise ReadError(
            "读网页需要 selectolax（pip install proposal-kg）", "web pages need selectolax (pip install proposal-kg)"
        ) from error
    opened = 0
    for tag in _TAG.finditer(html):
        opened = max(opened - 1, 0) if tag[1] else opened + 1
        if opened > _OPEN:
            raise ReadError(f"嵌套过深（超过 {_OPEN} 层）", f"nested too deeply (more than {_OPEN} levels)")
    tree = LexborHTMLParser(html)
    titles = _find_titles(tree)
    body = Element("body", {})
    if tree.body is not None:
        _convert_tree(tree.body, body)
    _add_sums(body)
    return HtmlPage(body, titles, body.links, _find_hidden_names(html))


def _find_hidden_names(html: str) -> frozenset[str]:
    """Return the classes and ids with ``display: none`` in the style sheets of a page, outside of conditions."""
    names: set[str] = set()
    for sheet in _STYLE.finditer(html):
        plain = re.sub(r"/\*.*?\*/", "", sheet[1][:_STYLE_CHARS], flags=re.DOTALL)
        for rule in _RULE.finditer(_CONDITIONAL.sub("", plain)):
            if re.search(r"display\s*:\s*none|visibility\s*:\s*hidden", rule[2], re.IGNORECASE):
                names.update(name.strip() for name in rule[1].split(",") if _SIMPLE.fullmatch(name.strip()))
    return frozenset(names)


def _find_titles(tree: Any) -> tuple[str, ...]:
    titles: dict[str, str] = {}
    for node in tree.css("meta, title"):
        if node.tag == "title":
            titles.setdefault("title", node.text() or "")
        else:
            name = node.attributes.get("name") or node.attributes.get("property") or ""
            titles.setdefault(name.lower(), node.attributes.get("content") or "")
    names = [name.lower() for name in load_settings()["html"]["title_meta"]]
    return tuple("".join(titles[name].split()) for name in names if titles.get(name, "").strip())


def _convert_tree(root: Any, body: Element) -> None:
    """Copy what is below the parser's node *root* into *body*."""
    drop = frozenset(load_settings()["html"]["drop_tags"])
    todo: list[tuple[Any, Element, int]] = [(root, body, 0)]
    nodes = 0
    while todo:
        node, target, depth = todo.pop()
        child = node.child
        below: list[tuple[Any, Element, int]] = []
        while child is not None:
            nodes += 1
            if nodes > _MOST_NODES:
                raise ReadError(
                    f"网页过于复杂（超过 {_MOST_NODES} 个元素）", f"page too complex (more than {_MOST_NODES} elements)"
                )
            tag = child.tag
            if tag == "-text":
                target.children.append(child.text_content or "")
            elif tag and tag[0] not in "-!_" and tag not in drop:
                attributes = child.attributes
                kept = {name: attributes[name] or "" for name in _KEPT_ATTRIBUTES if name in attributes}
                if depth < _DEPTH:
                    element = Element(tag, kept, target)
                    target.children.append(element)
                    below.append((child, element, depth + 1))
                else:
                    below.append((child, target, depth))
            child = child.next
        todo.extend(reversed(below))


def _add_sums(body: Element) -> None:
    prose = compile_pattern("html", "prose")
    for element in reversed(list(body.walk())):
        inner = [c for c in element.children if isinstance(c, Element)]
        own = ["".join(c.split()) for c in element.children if isinstance(c, str)]
        element.chars = sum(map(len, own)) + sum(c.chars for c in inner)
        is_link = element.tag == "a"
        element.links = sum(c.links for c in inner) + is_link
        element.linked = element.chars if is_link else sum(c.linked for c in inner)
        element.prose = 0 if is_link else sum(c.prose for c in inner)
        if not is_link:
            element.prose += sum(len(text) for text in own if len(text) >= _PROSE and prose.search(text))
