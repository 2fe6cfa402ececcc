"""Kinds of parts: problem or suggestion in a proposal, measure or commitment in a reply, or context only."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Protocol

from extract.model import Kind, Span
from extract.structure.cues import NumberingStyle
from extract.structure.item_reader import SENTENCE_END, ItemReader
from extract.structure.items import OutlineItem
from extract.structure.references import find_suggestion_references

_LONGEST_NAME_OF_DIFFICULTIES = 16
_SECTION_RANK = 4
"""Rank of the styles that number the sections of a letter (一、)."""


class OutlineNode(Protocol):
    """A node of the tree of items; ``kind``, ``rule`` and ``dropped`` are set here."""

    item: OutlineItem
    kind: Kind | None
    heading: Span | None
    rule: str
    dropped: bool

    @property
    def children(self) -> Sequence[OutlineNode]: ...
    @property
    def heading_only(self) -> bool: ...


def classify_nodes(roots: Sequence[OutlineNode], reader: ItemReader) -> None:
    """Set the kinds of all nodes of a letter, and the rules that decided them."""
    if reader.is_reply:
        _ReplyClassifier(roots, reader).classify()
    elif reader.is_proposal:
        _ProposalClassifier(roots, reader).classify()
    else:
        for root in roots:
            _mark_as_context(root)


def _mark_as_context(node: OutlineNode) -> None:
    node.rule = "outline:context"
    for child in node.children:
        _mark_as_context(child)


def _walk(nodes: Sequence[OutlineNode]) -> Iterator[OutlineNode]:
    for node in nodes:
        yield node
        yield from _walk(node.children)


def _get_label(node: OutlineNode, reader: ItemReader) -> str:
    """Return the heading of a node, or its words if it has none."""
    return (node.heading or node.item.own_span).of(reader.text)


class _ReplyClassifier:
    """Sets measures and commitments."""

    def __init__(self, roots: Sequence[OutlineNode], reader: ItemReader) -> None:
        self.roots, self.reader, self.cues = roots, reader, reader.cues
        opening = next((root.item for root in roots if root.item.style is None), None)
        opening_end = reader.get_words(opening)[-120:] if opening is not None else ""
        self.answers_all = bool(self.cues.patterns["answering"].search(opening_end))
        """Whether the opening says that the whole reply answers the suggestions."""

    def classify(self) -> None:
        promised = admits = False
        for root in self.roots:
            admits = self._goes_on_admitting(root, admits)
            if admits and not root.dropped:
                _mark_as_context(root)
                promised = promised or self.reader.announces_promises(root.item)
            else:
                promised = self._classify(root, promised)

    def _goes_on_admitting(self, root: OutlineNode, admits: bool) -> bool:
        """Whether a root is an item in the line of a lead-in that names difficulties: 不足的地方，一是…，二是…."""
        if root.item.style is None:
            return root.dropped and bool(self.cues.kinds["admits_lead"].match(self.reader.get_words(root.item)))
        return admits and root.item.style.where == "inline"

    def _classify(self, node: OutlineNode, promised: bool) -> bool:
        """Set the kinds of a node and its descendants.

        Args:
            node: the node.
            promised: whether the text before it has turned to what will be done.

        Returns:
            Whether the nodes after it, beside it, are promised too.
        """
        reader, item = self.reader, node.item
        if node.dropped:
            return promised or reader.turns_to_commitments(item) or reader.announces_promises(item)
        heading = node.heading.of(reader.text) if node.heading is not None else ""
        heading_promises = node.heading is not None and reader.heads_promises(node.heading)
        is_promise = promised or heading_promises or reader.turns_to_commitments(item)
        kept = [child for child in node.children if not child.dropped]
        if kept and not heading_promises and self.cues.kinds["problem_heading"].search(heading):
            # Difficulties that a reply admits are neither done nor promised.
            _mark_as_context(node)
            return promised
        asks = item.style is None and self.cues.kinds["asks_lead_agency"].match(reader.get_words(item))
        if not kept and not is_promise and (asks or self._owns_up(node, heading)):
            node.rule = "outline:context"
            return promised
        child_promised = is_promise
        any_numbered = any(child.item.style is not None for child in kept)
        for child in node.children:
            plain = child.item.style is None
            if heading_promises and any_numbered and plain and not reader.turns_to_commitments(child.item):
                child.dropped = True  # reasons before the list of commitments
            child_promised = self._classify(child, child_promised)
        is_promise = is_promise or (not kept and reader.promises_most(item))
        node.kind, node.rule = self._decide(node, kept, Kind.COMMITMENT if is_promise else Kind.MEASURE)
        return promised or (not kept and reader.announces_promises(item))

    def _owns_up(self, node: OutlineNode, heading: str) -> bool:
        """Whether a section without items is about what is lacking (存在的不足)."""
        return (
            node.item.style is not None
            and len(heading) <= _LONGEST_NAME_OF_DIFFICULTIES
            and bool(self.cues.kinds["problem_heading"].search(heading))
            and bool(self.cues.kinds["names_difficulties"].search(heading))
        )

    def _decide(self, node: OutlineNode, kept: list[OutlineNode], kind: Kind) -> tuple[Kind | None, str]:
        """Return the kind and rule of a node whose descendants have theirs.

        Args:
            node: the node.
            kept: its children that are parts.
            kind: the kind if it is a part and not only a heading.
        """
        if node.heading_only and node.children and all(self.reader.is_closing(child.item) for child in node.children):
            return None, "outline:heading"  # nothing but thanks below it
        if node.item.style is None or not kept:
            return kind, "outline:leaf"
        if self._announces(node):
            return None, "outline:announces"
        only_paragraphs = all(child.item.style is None for child in kept)
        if only_paragraphs and all(self.reader.turns_to_commitments(child.item) for child in kept):
            return kind, "outline:leaf"
        if self._takes_up_suggestion(node) or self.answers_all or only_paragraphs:
            return kind, "outline:section"
        return None, "outline:heading"

    def _announces(self, node: OutlineNode) -> bool:
        """Whether a heading only announces what follows (工作情况), without taking up a suggestion."""
        if not node.heading or not self.cues.kinds["announce"].search(node.heading.of(self.reader.text)):
            return False
        return not find_suggestion_references(self.reader.text, node.heading, self.cues)

    def _takes_up_suggestion(self, node: OutlineNode) -> bool:
        own = node.item.own_span
        lead_in = [child.item.own_span for child in node.children if child.dropped][:1]
        spans = [node.heading or own, own, *lead_in]
        return any(find_suggestion_references(self.reader.text, span, self.cues) for span in spans)


class _ProposalClassifier:
    """Sets problems and suggestions. ``state`` is always the kind of the section that the text has reached."""

    def __init__(self, roots: Sequence[OutlineNode], reader: ItemReader) -> None:
        self.roots, self.reader, self.cues = roots, reader, reader.cues
        turns = (node.item.begin for node in _walk(roots) if self._turns_to_suggestions(node))
        self.last_turn = max(turns, default=0)
        """Where the proposal last turns to its suggestions; 0 if it does not say."""

    def classify(self) -> None:
        state: Kind | None = None
        for root in self.roots:
            section = self.reader.get_section_kind(root.item)
            if section is not None:
                state = section
            elif root.item.style is None:
                state = self._classify_paragraph(root, state)
            else:
                state = self._classify_section(root, state)
        self._complete_problem_lists()

    def _turns_to_suggestions(self, node: OutlineNode) -> bool:
        words = _get_label(node, self.reader).strip("：: ")
        return self.reader.get_section_kind(node.item) is Kind.SUGGESTION or bool(
            self.cues.kinds["suggest_start"].match(words)
            or (len(words) <= 30 and self.cues.kinds["suggest_heading"].match(words))
        )

    def _classify_paragraph(self, node: OutlineNode, state: Kind | None) -> Kind | None:
        """Set the kind of a paragraph without number; return the state after it."""
        words = self.reader.get_words(node.item)
        if node.dropped:
            last_sentence = re.split(r"[。！？]", words.rstrip("：:。 "))[-1]
            if self.cues.patterns["suggests"].search(last_sentence):
                return Kind.SUGGESTION
            if self.cues.kinds["problem"].search(last_sentence):
                return Kind.PROBLEM
            return state
        if self.cues.kinds["suggest_start"].match(words):
            node.kind = Kind.SUGGESTION
            return Kind.SUGGESTION
        first_sentence = SENTENCE_END.split(words, maxsplit=1)[0]
        if state is not None:
            node.kind = state
        elif len(first_sentence) <= 25 and self.cues.kinds["problem_words"].search(first_sentence):
            node.kind, node.rule = Kind.PROBLEM, "outline:wording"
        else:
            node.dropped = True
        return state

    def _classify_section(self, node: OutlineNode, state: Kind | None) -> Kind | None:
        """Set the kinds of a numbered node and its descendants; return the state for the nodes beside it."""
        kinds = self.cues.kinds
        label = _get_label(node, self.reader).strip("：: ")
        has_parts = any(not child.dropped for child in node.children)
        announced: Kind | None = None
        if len(label) <= 30:
            if kinds["suggest_heading"].match(label):
                announced = Kind.SUGGESTION
            elif kinds["problem_heading"].search(label):
                announced = Kind.PROBLEM
            elif kinds["background_heading"].match(label):
                self._mark_as_background(node)
                return None
        if announced is not None and (has_parts or node.heading_only or node.heading is not None):
            node.kind, node.rule = (None if has_parts else announced), "outline:announces"
            self._classify_children(node, announced)
            is_section = node.item.style is not None and node.item.style.rank <= _SECTION_RANK
            return None if has_parts and is_section else announced
        names_problem = kinds["problem_words"].search(label)
        if state is None and node.item.begin < self.last_turn and not names_problem:
            self._mark_as_background(node)
            return state
        kind = state
        if kind is None:
            kind = Kind.PROBLEM if names_problem and not kinds["suggest_start"].match(label) else Kind.SUGGESTION
        node.kind, node.rule = kind, "outline:item"
        self._classify_children(node, kind)
        return state

    def _mark_as_background(self, node: OutlineNode) -> None:
        node.kind, node.rule = None, "outline:background"
        self._classify_children(node, None)

    def _classify_children(self, node: OutlineNode, state: Kind | None) -> None:
        for child in node.children:
            section = self.reader.get_section_kind(child.item)
            if section is not None:
                state = section
            elif child.item.style is None:
                state = self._classify_paragraph(child, state)
            elif state is None:
                state = self._classify_section(child, None)
            else:
                child.kind, child.rule = state, "outline:item"
                self._classify_children(child, state)

    def _list_runs(self) -> Iterator[tuple[NumberingStyle, list[OutlineNode]]]:
        """Yield the numbered lists among the roots: runs of one style whose numbers do not begin anew."""
        numbered = [root for root in self.roots if root.item.style is not None]
        starts = [
            i
            for i, (last, root) in enumerate(zip([None, *numbered], numbered, strict=False))
            if last is None or last.item.style != root.item.style or root.item.value == 1
        ]
        for begin, end in pairwise([*starts, len(numbered)]):
            style = numbered[begin].item.style
            assert style is not None
            yield style, numbered[begin:end]

    def _complete_problem_lists(self) -> None:
        """Make background items problems if all others of their list are: their words alone do not show it."""
        for style, nodes in self._list_runs():
            background = [
                node for node in nodes if node.kind is None and node.rule == "outline:background" and not node.children
            ]
            problems = sum(node.kind is Kind.PROBLEM and node.rule == "outline:item" for node in nodes)
            least = 2 if style.rank <= _SECTION_RANK else 1
            if problems >= least and problems + len(background) == len(nodes):
                for node in background:
                    node.kind, node.rule = Kind.PROBLEM, "outline:item"
