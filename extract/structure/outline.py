"""Letters → parts and sentences: problems, suggestions, measures, commitments, and headings that only give context."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field, replace
from itertools import pairwise

from extract.model import REPLIES, Kind, Letter, Outline, Part, Sentence, Span
from extract.structure.cues import Cues, cues
from extract.structure.items import Item, continues, items_of
from extract.structure.lines import lines_of
from extract.structure.paragraphs import paragraphs
from extract.structure.part_kinds import Judge
from extract.structure.references import suggestions_named
from extract.text.normalize import title_key
from extract.text.sentences import sentence_spans
from ontology.lexicons import Lexicon

_SENTENCE = re.compile(r"[。！？\n]")


@dataclass(slots=True)
class _Node:
    """A part in the making."""

    item: Item
    kind: Kind | None = None
    heading: Span | None = None
    children: list[_Node] = field(default_factory=list)
    parent: _Node | None = None
    rule: str = ""
    dropped: bool = False
    """Running text that is no part: openings, lead-ins, closings."""

    @property
    def end(self) -> int:
        return max([self.item.end, *(c.end for c in self.children)])

    @property
    def heading_only(self) -> bool:
        return self.heading is not None and self.heading.end >= self.item.end - 1


def outline(text: str, letters: tuple[Letter, ...], lex: Lexicon) -> Outline:
    """Parts and sentences of the letters of *text*.

    Args:
        text: the page that ``split`` was given.
        letters: what ``split`` returned.
        lex: the lexicon with the structure cues.
    """
    c = cues(lex)
    lines = lines_of(text, c)
    nodes: list[tuple[Letter, _Node]] = []
    running: list[tuple[Letter, list[Span]]] = []
    for letter in letters:
        if letter.body is None:
            continue
        paras = paragraphs(lines, letter.body, c, frozenset(title_key(f.value) for f in letter.all("title")))
        running.append((letter, paras))
        for root in _tree(text, letter, paras, c):
            nodes += [(letter, n) for n in _walk(root)]
    quoted = _quoted(text, letters, nodes, c)
    parts, of_node = _number(text, nodes, quoted)
    parts = _answering(text, parts, letters, c)
    return Outline(letters, parts, _sentences(text, running, nodes, of_node))


def _answering(text: str, parts: tuple[Part, ...], letters: tuple[Letter, ...], c: Cues) -> tuple[Part, ...]:
    """Headings of replies that repeat a suggestion's own heading (关于完善配套设施) are measures: they answer it."""
    asked = {title_key(p.heading.of(text)) for p in parts if p.kind is Kind.SUGGESTION and p.heading}
    replies = {x.id for x in letters if x.kind in REPLIES}
    out = []
    for p in parts:
        if p.kind is None and p.heading and p.letter in replies:
            words = title_key(p.heading.of(text))
            same = c.patterns["heading_frame"].sub("", words)
            if same != words and len(same) >= 6 and same in asked:
                p = replace(p, kind=Kind.MEASURE, rule="outline:section")
        out.append(p)
    return tuple(out)


def _walk(node: _Node) -> list[_Node]:
    out = [node]
    for child in node.children:
        out += _walk(child)
    return out


def _tree(text: str, letter: Letter, paras: list[Span], c: Cues) -> list[_Node]:
    """The top nodes of a letter, with kinds."""
    judge = Judge(text, letter, c)
    items = judge.divide(items_of(text, paras, c))
    roots: list[_Node] = []
    stack: list[_Node] = []
    for k, item in enumerate(items):
        node = _Node(item)
        if item.style is None:
            node.dropped = judge.is_running(items, k)
            _close(stack, items, k, judge)
            top = stack[-1] if stack else None
            if top is not None:
                top.children.append(node)
                node.parent = top
            else:
                roots.append(node)
            continue
        while stack and _pops(stack, item):
            stack.pop()
        node.heading = judge.heading(item)
        if stack:
            stack[-1].children.append(node)
            node.parent = stack[-1]
        else:
            roots.append(node)
        stack.append(node)
    for root in roots:
        _absorb(root, judge)
    judge.kinds(roots)
    return roots


def _close(stack: list[_Node], items: list[Item], k: int, judge: Judge) -> None:
    """Take off the stack what the paragraph at *k*, which has no number, does not belong to."""
    item = items[k]
    if not stack or not judge.closes(item):
        return
    bare = stack[-1].heading_only and not judge.full_stop(stack[-1].item) and not item.inline
    if bare and (
        not stack[-1].children or (judge.leads(item) and all(c.item.style is None for c in stack[-1].children))
    ):
        return
    if judge.opens_section(item):
        stack.clear()
    elif item.inline:
        stack.pop()
    elif continues(items, k, stack[0].item):
        del stack[1:]
    else:
        stack.clear()


def _pops(stack: list[_Node], item: Item) -> bool:
    """Whether *item* stands beside or above the innermost open item."""
    top = stack[-1].item
    assert top.style is not None and item.style is not None
    if top.style.name == item.style.name:
        return True
    return item.style.rank <= top.style.rank


def _absorb(node: _Node, judge: Judge) -> None:
    """Plain paragraphs below an item: one after a bare heading, or any after text, belong to the item itself."""
    for child in node.children:
        _absorb(child, judge)
    plain = [n for n in node.children if n.item.style is None and not judge.commits(n.item)]
    if not plain or node.item.style is None:
        return
    kept = [n for n in plain if not n.dropped]
    numbered = [n for n in node.children if n not in plain]
    if not node.heading_only:
        gone = [n for n in plain if n.item.begin < min((x.item.begin for x in numbered), default=1 << 60)]
    elif len(kept) == 1 and not [n for n in numbered if n.item.style is not None]:
        gone = plain
    else:
        return
    for n in gone:
        node.item.end = max(node.item.end, n.item.end)
        node.children.remove(n)


def _quoted(
    text: str, letters: tuple[Letter, ...], nodes: list[tuple[Letter, _Node]], c: Cues
) -> list[tuple[str, str, Span]]:
    """Suggestions that a reply quotes from a proposal that is not on the page: (letter, number, words)."""
    absent = {x.id for x in letters if x.kind is Kind.PROPOSAL and x.body is None}
    out: list[tuple[str, str, Span]] = []
    seen: set[str] = set()
    for letter, node in nodes:
        targets = [f.value for f in letter.all("repliesTo")]
        if letter.kind not in REPLIES or len(targets) != 1 or targets[0] not in absent:
            continue
        where = node.heading or node.item.own
        spans = suggestions_named(text, where, c)
        if not spans and node.heading and node.heading.end < node.item.own.end:
            stop = _SENTENCE.search(text, node.heading.end + 1, node.item.own.end)
            spans = suggestions_named(text, Span(node.heading.end, stop.end() if stop else node.item.own.end), c)
        above = node.parent.heading if node.parent is not None else None
        if not spans and node.heading and above and c.patterns["speaks_of_advice"].search(above.of(text)):
            lead = c.patterns["heading_about"].match(node.heading.of(text))
            spans = [Span(node.heading.begin + lead.end(), node.heading.end)] if lead else []
        for span in spans:
            if span.of(text) not in seen:
                seen.add(span.of(text))
                number = node.item.label if node.parent is None and node.heading is not None else ""
                out.append((targets[0], number, span))
    return out


def _number(
    text: str, nodes: list[tuple[Letter, _Node]], quoted: list[tuple[str, str, Span]]
) -> tuple[tuple[Part, ...], dict[int, str]]:
    """Parts with ids in the order of the text."""
    rows: list[tuple[Span, int, _Node | tuple[str, str, Span], str]] = []
    for letter, node in nodes:
        if not node.dropped:
            rows.append((Span(node.item.text, node.end), 1, node, letter.id))
    rows += [(q[2], 0, q, q[0]) for q in quoted]
    rows.sort(key=lambda r: (r[0].begin, -r[0].end, r[1]))
    ids = {id(row[2]): f"p{i}" for i, row in enumerate(rows, 1)}
    parts = []
    for span, _, what, letter_id in rows:
        if isinstance(what, tuple):
            parts.append(
                Part(ids[id(what)], letter_id, Kind.SUGGESTION, what[1], span, None, None, "outline:quoted", 0.8)
            )
            continue
        up = what.parent
        while up is not None and up.dropped:
            up = up.parent
        parent = ids[id(up)] if up is not None else None
        heading = what.heading if what.heading and what.heading.end < span.end - 1 else None
        parts.append(
            Part(ids[id(what)], letter_id, what.kind, _path(what), span, heading, parent, what.rule or "outline")
        )
    return tuple(parts), {id(n): ids[id(n)] for _, n in nodes if not n.dropped}


def _path(node: _Node) -> str:
    labels: list[str] = []
    at: _Node | None = node
    while at is not None:
        if at.item.label:
            labels.insert(0, at.item.label)
        at = at.parent
    return ".".join(labels)


def _sentences(
    text: str, running: list[tuple[Letter, list[Span]]], nodes: list[tuple[Letter, _Node]], ids: dict[int, str]
) -> tuple[Sentence, ...]:
    starts = sorted({n.item.begin for _, n in nodes})
    words = {n.item.begin: n.item.text for _, n in nodes}
    spans = sorted((n.item.begin, -n.end, ids[id(n)]) for _, n in nodes if id(n) in ids)
    out: list[Sentence] = []
    # Parts nest, and sentences come in order: one sweep with the open parts on a stack.
    following, open_parts = 0, list[tuple[int, str]]()
    for letter, paras in running:
        for para in paras:
            pieces = [para.begin, *starts[bisect_right(starts, para.begin) : bisect_left(starts, para.end)]]
            for begin, end in pairwise([*pieces, para.end]):
                for span, clauses in sentence_spans(text, Span(words.get(begin, begin), end)):
                    while following < len(spans) and spans[following][0] <= span.begin:
                        open_parts.append((-spans[following][1], spans[following][2]))
                        following += 1
                    while open_parts and open_parts[-1][0] <= span.begin:
                        open_parts.pop()
                    out.append(Sentence(span, letter.id, open_parts[-1][1] if open_parts else None, clauses))
    return tuple(out)
