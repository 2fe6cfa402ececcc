"""Suggestions that replies quote from proposals whose text is not on the page."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from extract.model import REPLY_KINDS, Kind, Letter, LetterId, Span
from extract.structure.cues import StructureCues
from extract.structure.items import OutlineItem
from extract.structure.references import find_quoted_suggestions, find_references, find_requests, find_told_list
from extract.text.normalize import title_key

_SENTENCE_END = re.compile(r"[。！？](?![”\"])|\n")


class QuotingNode(Protocol):
    """A node of the tree of items of a reply."""

    @property
    def letter(self) -> Letter: ...
    @property
    def item(self) -> OutlineItem: ...
    @property
    def heading(self) -> Span | None: ...
    @property
    def parent(self) -> QuotingNode | None: ...


@dataclass(frozen=True, slots=True, eq=False)
class QuotedSuggestion:
    """A suggestion that a reply quotes from a proposal without text on the page."""

    proposal: LetterId
    number: str
    span: Span


def find_quoted_parts(
    text: str, letters: Sequence[Letter], nodes: Sequence[QuotingNode], cues: StructureCues
) -> list[QuotedSuggestion]:
    """Return the suggestions that replies quote from proposals that are not on the page.

    Args:
        text: the page.
        letters: its letters.
        nodes: the nodes of all letters.
        cues: the compiled patterns.
    """
    absent = {letter.id: letter for letter in letters if letter.kind is Kind.PROPOSAL and letter.body is None}
    suggestions: list[QuotedSuggestion] = []
    seen: set[str] = set()
    titles = {_get_core(title.value, cues) for letter in letters for title in letter.get_fields("title")}
    for node in nodes:
        if node.letter.kind not in REPLY_KINDS:
            continue
        proposal = _find_proposal(text, node, absent, cues)
        if proposal is None:
            continue
        number = node.item.label if node.parent is None and node.heading is not None else ""
        quotes = [(number, span) for span in _find_quotes_in(text, node, cues)]
        for number, span in [*quotes, *find_told_list(text, node.item.own_span, cues)]:
            words = span.of(text)
            if cues.patterns["names_problem"].search(words):
                continue  # 代表提出停车难、充电难问题
            if cues.patterns["asks_about"].match(text, span.end) and cues.kinds["problem_words"].search(words):
                continue  # 关于道路不畅的问题: what is wrong, not what is asked for
            if words not in seen and _get_core(words, cues) not in titles:
                seen.add(words)
                suggestions.append(QuotedSuggestion(proposal, number, span))
    return suggestions


def _get_core(words: str, cues: StructureCues) -> str:
    """Return the key of a proposal's title, or of words that may be one, without 关于 and 的建议."""
    return title_key(cues.patterns["title_frame"].sub("", words.strip()))


def _find_proposal(
    text: str, node: QuotingNode, absent: Mapping[LetterId, Letter], cues: StructureCues
) -> LetterId | None:
    """Return the absent proposal that a node answers: the only one of its letter, or the one that a heading names."""
    targets = [LetterId(value.value) for value in node.letter.get_fields("repliesTo")]
    if len(targets) == 1:
        return targets[0] if targets[0] in absent else None
    at: QuotingNode | None = node
    while at is not None:
        span = at.heading or at.item.own_span
        named = {
            target
            for reference in find_references(text, span.begin, span.end, cues)
            for target in targets
            if target in absent and any(
                known.value == stated.value
                for stated in (reference.number, reference.title)
                if stated is not None
                for known in absent[target].get_fields(stated.name)
            )
        }  # fmt: skip
        if named:
            return named.pop() if len(named) == 1 else None
        at = at.parent
    return None


def _find_quotes_in(text: str, node: QuotingNode, cues: StructureCues) -> list[Span]:
    """Return the suggestions that a node takes up by a heading or its first sentence, and those it tells further on."""
    spans = _find_taken_up(text, node, cues)
    told = [request.span for request in find_requests(text, node.item.own_span, cues) if len(request.span) >= 4]
    known = set(spans)
    return [*spans, *(span for span in told if span not in known)]


def _find_taken_up(text: str, node: QuotingNode, cues: StructureCues) -> list[Span]:
    """Return the suggestions that a node quotes: in its heading, in its first sentence, or as its heading."""
    own = node.item.own_span
    heading = node.heading
    spans = find_quoted_suggestions(text, heading or own, cues)
    above = node.parent.heading.of(text) if node.parent is not None and node.parent.heading is not None else ""
    takes_up = cues.patterns["speaks_of_advice"].search(above) is not None
    if heading is None and not spans and takes_up and (lead := cues.patterns["quoted_lead"].match(own.of(text))):
        return [Span(own.begin + lead.start("q"), own.begin + lead.end("q"))]
    if heading is None or spans:
        return spans
    if heading.end < own.end:
        begin = own.end - len(text[heading.end + 1 : own.end].lstrip())
        stop = _SENTENCE_END.search(text, begin, own.end)
        spans = find_quoted_suggestions(text, Span(heading.end, stop.end() if stop else own.end), cues)
    return spans or _find_suggestion_as_heading(text, node, heading, above, cues)


def _find_suggestion_as_heading(
    text: str, node: QuotingNode, heading: Span, above: str, cues: StructureCues
) -> list[Span]:
    """Return the suggestion that is the heading of a node, because of its number or of the heading *above*."""
    if cues.patterns["advice_number"].match(text, node.item.begin, node.item.text):
        return [heading]
    quoted = cues.patterns["quoted_item"].match(text, heading.begin, heading.end)
    if quoted is not None and cues.patterns["advice_heading"].search(above):
        return [Span(*quoted.span("q"))]
    lead = cues.patterns["heading_about"].match(heading.of(text))
    if lead is not None and cues.patterns["speaks_of_advice"].search(above):
        return [Span(heading.begin + lead.end(), heading.end)]
    return []
