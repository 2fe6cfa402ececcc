"""Outline of letters: problems, suggestions, measures, commitments, headings that only give context, and sentences."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from extract.model import REPLY_KINDS, Kind, Letter, Outline, Part, PartId, Sentence, Span
from extract.records import copy_with
from extract.structure.cues import StructureCues, compile_cues
from extract.structure.item_reader import ItemReader
from extract.structure.items import Numbering, OutlineItem, find_items
from extract.structure.lines.lines import classify_lines
from extract.structure.outcomes import add_promise_times, mark_refusals
from extract.structure.paragraphs import join_paragraphs
from extract.structure.part_kinds import classify_nodes
from extract.structure.quoted import QuotedSuggestion, find_quoted_parts
from extract.text.normalize import title_key, unwrap
from extract.text.sentences import split_sentences
from ontology.lexicons import Lexicon

_LONGEST_BARE_HEADING = 30
"""Longest item of one sentence that may be the heading of the paragraph below it."""


@dataclass(slots=True, eq=False)
class _Node:
    """A part before it has an id."""

    letter: Letter
    item: OutlineItem
    parent: _Node | None = None
    kind: Kind | None = None
    heading: Span | None = None
    children: list[_Node] = field(default_factory=list)
    rule: str = ""
    dropped: bool = False
    """Whether it is running text and no part: an opening, lead-in or closing."""

    @property
    def end(self) -> int:
        """Where its last descendant ends."""
        end = self.item.end
        for child in self.children:
            end = max(end, child.end)
        return end

    @property
    def span(self) -> Span:
        return Span(self.item.text, self.end)

    @property
    def heading_only(self) -> bool:
        """Whether all its own words are heading."""
        return self.heading is not None and self.heading.end >= self.item.end - 1

    @property
    def number(self) -> str:
        """The path of its printed numbers: ``三.(一)``."""
        above = self.parent.number if self.parent is not None else ""
        return ".".join(number for number in (above, self.item.label) if number)

    def walk(self) -> Iterator[_Node]:
        """Yield it and its descendants, in the order of the text."""
        yield self
        for child in self.children:
            yield from child.walk()


def build_outline(text: str, letters: tuple[Letter, ...], lex: Lexicon) -> Outline:
    """Return the parts and sentences of the letters of a page.

    Args:
        text: the page that ``split_letters`` received.
        letters: what ``split_letters`` returned.
        lex: the lexicon with the structure cues.
    """
    cues = compile_cues(lex)
    lines = classify_lines(text, cues)
    nodes: list[_Node] = []
    paragraphs: list[tuple[Letter, list[Span]]] = []
    for letter in letters:
        if letter.body is None:
            continue
        titles = frozenset(title_key(title.value) for title in letter.get_fields("title"))
        paragraphs.append((letter, join_paragraphs(lines, letter.body, cues, titles)))
        for root in _build_tree(text, letter, paragraphs[-1][1], cues):
            nodes += root.walk()
    unwrapped = unwrap(text, (paragraph for _, spans in paragraphs for paragraph in spans))
    parts, ids = _number_parts(nodes, find_quoted_parts(unwrapped, letters, nodes, cues))
    parts = mark_repeated_headings(text, parts, letters, cues)
    parts = mark_refusals(unwrapped, parts, letters, cues)
    parts = add_promise_times(unwrapped, parts, letters, lex)
    return Outline(letters, parts, _list_sentences(text, paragraphs, nodes, ids))


def _build_tree(text: str, letter: Letter, paragraphs: list[Span], cues: StructureCues) -> list[_Node]:
    """Return the top nodes of a letter, with kinds."""
    reader = ItemReader(text, letter, cues)
    items = reader.divide_items(find_items(text, paragraphs, cues))
    numbering = Numbering(items)
    roots: list[_Node] = []
    open_nodes: list[_Node] = []
    for i, item in enumerate(items):
        if item.style is None:
            dropped = reader.is_running_text(items, i)
            _close_before_paragraph(open_nodes, numbering, i, reader)
        else:
            dropped = reader.is_reply and reader.only_comments(item)
            while open_nodes and _ends_item(open_nodes[-1].item, item):
                open_nodes.pop()
        # who was at a meeting belongs to no item
        inside = bool(open_nodes) and not (dropped and reader.lists_attendants(items, i))
        parent = open_nodes[-1] if inside else None
        node = _Node(letter, item, parent, dropped=dropped)
        (parent.children if parent is not None else roots).append(node)
        if item.style is not None:
            node.heading = reader.find_heading(item)
            open_nodes.append(node)
    for root in roots:
        _absorb_paragraphs(root, reader)
    classify_nodes(roots, reader)
    for node in (node for root in roots for node in root.walk()):
        node.dropped = node.dropped or node.end <= node.item.text  # a number without words, at a letter's end
    return roots


def _close_before_paragraph(open_nodes: list[_Node], numbering: Numbering, i: int, reader: ItemReader) -> None:
    """Remove from *open_nodes* those to which paragraph *i*, which has no number, does not belong."""
    items = numbering.items
    item = items[i]
    if open_nodes and not item.inline and not numbering.goes_on(i, open_nodes[-1].item):
        while open_nodes and open_nodes[-1].item.inline:
            open_nodes.pop()  # what is numbered inside a paragraph ends with it
    if not open_nodes or not (reader.ends_numbering(item) or _promises_at_end(open_nodes[-1], items, i, reader)):
        return
    top = open_nodes[-1]
    if top.heading_only and not reader.has_sentence_end(top.item) and not item.inline:
        only_paragraphs = all(child.item.style is None for child in top.children)
        promises = top.heading is not None and reader.heads_promises(top.heading)
        if not top.children or (reader.announces_list(item) and only_paragraphs and promises):
            return
    if reader.opens_section(item):
        open_nodes.clear()
    elif item.inline:
        open_nodes.pop()
    elif numbering.goes_on(i, open_nodes[0].item):
        del open_nodes[1:]
    else:
        open_nodes.clear()


def _promises_at_end(top: _Node, items: Sequence[OutlineItem], i: int, reader: ItemReader) -> bool:
    """Whether paragraph *i* below an item that is text is the last one of a reply, and mostly promises."""
    is_heading = top.heading_only and len(reader.get_words(top.item)) <= _LONGEST_BARE_HEADING
    if not reader.is_reply or items[i].inline or is_heading or not reader.promises_most(items[i]):
        return False
    return all(reader.is_closing(item) for item in items[i + 1 :])


def _ends_item(top: OutlineItem, item: OutlineItem) -> bool:
    """Whether *item* stands beside or above *top*, the innermost open item."""
    assert top.style is not None and item.style is not None
    return top.style.name == item.style.name or item.style.rank <= top.style.rank


def _absorb_paragraphs(node: _Node, reader: ItemReader) -> None:
    """Add paragraphs without number to the item above them: the only one after a bare heading, or those after text."""
    for child in node.children:
        _absorb_paragraphs(child, reader)
    if node.item.style is None:
        return
    plain: list[_Node] = []
    others: list[_Node] = []
    for child in node.children:
        is_plain = child.item.style is None and not reader.turns_to_commitments(child.item)
        (plain if is_plain else others).append(child)
    if not plain:
        return
    if not node.heading_only:
        first_other = min((child.item.begin for child in others), default=None)
        absorbed = [child for child in plain if first_other is None or child.item.begin < first_other]
    elif sum(not child.dropped for child in plain) == 1 and all(child.item.style is None for child in others):
        absorbed = plain
    else:
        return
    node.item.end = max([node.item.end, *(child.item.end for child in absorbed)])
    gone = set(absorbed)
    node.children = [child for child in node.children if child not in gone]


def _number_parts(nodes: list[_Node], quoted: list[QuotedSuggestion]) -> tuple[tuple[Part, ...], dict[_Node, PartId]]:
    """Return the parts in the order of the text, and the id of each node that is a part."""
    kept = [node for node in nodes if not node.dropped]
    ordered: list[_Node | QuotedSuggestion] = sorted([*kept, *quoted], key=_get_order)
    ids = {source: PartId(f"p{n}") for n, source in enumerate(ordered, 1)}
    parts = [
        _make_part(source, ids)
        if isinstance(source, _Node)
        else Part(
            ids[source], source.proposal, Kind.SUGGESTION, source.number, source.span, None, None, "outline:quoted", 0.8
        )
        for source in ordered
    ]
    return tuple(parts), {node: ids[node] for node in kept}


def _get_order(source: _Node | QuotedSuggestion) -> tuple[int, int, bool]:
    """Return what sorts parts: the outer ones first, and what is quoted before the node that quotes it."""
    begin, end = source.span
    return begin, -end, isinstance(source, _Node)


def _make_part(node: _Node, ids: dict[_Node | QuotedSuggestion, PartId]) -> Part:
    parent = node.parent
    while parent is not None and parent.dropped:
        parent = parent.parent
    span = node.span
    heading = node.heading if node.heading and node.heading.end < span.end - 1 else None
    return Part(
        ids[node], node.letter.id, node.kind, node.number, span, heading,
        ids[parent] if parent is not None else None, node.rule or "outline",
    )  # fmt: skip


def mark_repeated_headings(
    text: str, parts: tuple[Part, ...], letters: tuple[Letter, ...], cues: StructureCues
) -> tuple[Part, ...]:
    """Make a reply's heading a measure if it repeats the heading of a suggestion (关于完善配套设施): it answers it."""
    suggested = {title_key(part.heading.of(text)) for part in parts if part.kind is Kind.SUGGESTION and part.heading}
    replies = {letter.id for letter in letters if letter.kind in REPLY_KINDS}
    marked = []
    for part in parts:
        if part.kind is None and part.heading and part.letter in replies:
            words = title_key(part.heading.of(text))
            inner = cues.patterns["heading_frame"].sub("", words)
            if inner != words and len(inner) >= 6 and inner in suggested:
                part = copy_with(part, kind=Kind.MEASURE, rule="outline:section")
        marked.append(part)
    return tuple(marked)


def _list_sentences(
    text: str, paragraphs: list[tuple[Letter, list[Span]]], nodes: list[_Node], ids: dict[_Node, PartId]
) -> tuple[Sentence, ...]:
    """Return the sentences of all paragraphs, each with the innermost part around it."""
    item_begins = sorted({node.item.begin for node in nodes})
    words_begin = {node.item.begin: node.item.text for node in nodes}
    part_spans = sorted((node.item.begin, -node.end, ids[node]) for node in nodes if node in ids)
    sentences: list[Sentence] = []
    # Parts nest and sentences are sorted, so one pass with a stack of the open parts (end, id) suffices.
    next_part, open_parts = 0, list[tuple[int, PartId]]()
    for letter, letter_paragraphs in paragraphs:
        for paragraph in letter_paragraphs:
            inside = item_begins[bisect_right(item_begins, paragraph.begin) : bisect_left(item_begins, paragraph.end)]
            for begin, end in pairwise([paragraph.begin, *inside, paragraph.end]):
                for span, clauses in split_sentences(text, Span(words_begin.get(begin, begin), end)):
                    while next_part < len(part_spans) and part_spans[next_part][0] <= span.begin:
                        _, negative_end, ident = part_spans[next_part]
                        open_parts.append((-negative_end, ident))
                        next_part += 1
                    while open_parts and open_parts[-1][0] <= span.begin:
                        open_parts.pop()
                    sentences.append(Sentence(span, letter.id, open_parts[-1][1] if open_parts else None, clauses))
    return tuple(sentences)
