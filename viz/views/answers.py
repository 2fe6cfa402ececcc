"""A proposal with its suggestions beside the measures that answer them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final, Literal

from viz.views.index import Index

State = Literal["answered", "may", "part", "none", "unheard"]
"""``answered``: the text says so. ``may``: only the wording suggests it. ``part``: answered through a heading above it
or an item below it. ``none``: not found in the published text. ``unheard``: there is no reply in these sources."""
_PARTS: Final = {"Measure", "Commitment"}


@dataclass(frozen=True, slots=True)
class Row:
    """One suggestion and its answers."""

    suggestion: int
    depth: int
    state: State
    answers: tuple[int, ...]
    """Edges ``respondsTo`` first, then ``mayRespondTo``."""

    def plain(self) -> list[Any]:
        return [self.suggestion, self.depth, self.state, list(self.answers)]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One proposal."""

    proposal: int
    replies: tuple[int, ...]
    rows: tuple[Row, ...]
    loose: tuple[int, ...]
    """Measures and commitments of its replies that are not said to answer any one suggestion."""

    def plain(self) -> dict[str, Any]:
        rows = [row.plain() for row in self.rows]
        return {"proposal": self.proposal, "replies": list(self.replies), "rows": rows, "loose": list(self.loose)}


def answers(index: Index) -> list[Sheet]:
    """A sheet for each proposal that has suggestions or replies on the page, the richest first."""
    sheets = [_sheet(index, node) for node in index.of_kind("Proposal")]
    kept = [s for s in sheets if s.rows or s.replies]
    return sorted(kept, key=lambda s: (-bool(s.rows and s.replies), -len(s.rows), -len(s.loose), s.proposal))


def _sheet(index: Index, proposal: int) -> Sheet:
    replies = sorted(dict.fromkeys(index.subjects(proposal, "repliesTo")))
    parts = [part for reply in replies for part in _within(index, reply) if index.kinds[part] in _PARTS]
    tree = _tree(index, proposal)
    states = _states(index, tree, bool(parts))
    rows = []
    for suggestion, depth in tree:
        says = [n for p in ("respondsTo", "mayRespondTo") for n in index.edges_to(suggestion, p)]
        rows.append(Row(suggestion, depth, states[suggestion], tuple(says)))
    bound = {index.ends[n][0] for row in rows for n in row.answers}
    loose = tuple(dict.fromkeys(p for p in parts if p not in bound))
    return Sheet(proposal, tuple(replies), tuple(rows), loose)


def _within(index: Index, whole: int) -> list[int]:
    """Parts of a document or of a part, all the way down, in their order."""
    found: dict[int, None] = {}

    def go(node: int) -> None:
        for part in sorted(index.subjects(node, "partOf"), key=lambda p: _order(index, p)):
            if part not in found and part != whole:
                found[part] = None
                go(part)

    go(whole)
    return list(found)


def _tree(index: Index, proposal: int) -> list[tuple[int, int]]:
    """Suggestions with their depth, each after the one that it belongs to."""
    found: dict[int, int] = {}

    def go(node: int, depth: int) -> None:
        for part in sorted(index.subjects(node, "partOf"), key=lambda p: _order(index, p)):
            if index.kinds[part] == "Suggestion" and part not in found:
                found[part] = depth
                go(part, depth + 1)

    go(proposal, 0)
    return list(found.items())


def _states(index: Index, tree: list[tuple[int, int]], heard: bool) -> dict[int, State]:
    said = {s for s, _ in tree if index.edges_to(s, "respondsTo")}
    maybe = {s for s, _ in tree if index.edges_to(s, "mayRespondTo")}
    above: dict[int, list[int]] = {}
    path: list[int] = []
    for node, depth in tree:
        path = path[:depth]
        above[node] = list(path)
        path.append(node)
    under: dict[int, set[int]] = {node: set() for node, _ in tree}
    for node, parents in above.items():
        for parent in parents:
            under[parent].add(node)

    def state(node: int) -> State:
        if node in said:
            return "answered"
        if said & set(above[node]) or said & under[node]:
            return "part"
        if node in maybe:
            return "may"
        return "none" if heard else "unheard"

    return {node: state(node) for node, _ in tree}


_NUMERALS: Final = "零一二三四五六七八九十"


def _order(index: Index, node: int) -> tuple[int, list[int], int, str, int]:
    """Order of the text, as far as the page knows it: by printed number (二.三), then by what its quotes say."""
    printed = index.fact(node, "number")
    digits = [_value(word) for word in re.findall(r"[零一二三四五六七八九十百]+|\d+", printed)]
    quotes = index.data.nodes[node].quotes
    return (not digits, digits, quotes[0].begin if quotes else 0, index.data.nodes[node].label, node)


def _value(word: str) -> int:
    if word.isdigit():
        return int(word)
    tens, ten, ones = word.rpartition("十")
    if ten:
        return (_NUMERALS.find(tens) if tens else 1) * 10 + (_NUMERALS.find(ones) if ones else 0)
    return max(_NUMERALS.find(word[-1]), 0)
