"""What items are: problems or suggestions of a proposal, measures or commitments of a reply, or context only."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from typing import Protocol

from extract.model import REPLIES, Kind, Letter, Span
from extract.structure.cues import Cues, Style
from extract.structure.items import Item
from extract.structure.references import taken_up

_END = re.compile(r"[。！？!?]")
_NOTHING = re.compile("(?!)")
_OUTER = 4
"""Rank of styles that number a letter's sections (一、)."""
_HEADING = 60


class Node(Protocol):
    """What the tree builder hands over."""

    item: Item
    kind: Kind | None
    heading: Span | None
    rule: str
    dropped: bool

    @property
    def children(self) -> Sequence[Node]: ...
    @property
    def parent(self) -> Node | None: ...
    @property
    def heading_only(self) -> bool: ...


def _all(nodes: Sequence[Node]) -> list[Node]:
    return [n for top in nodes for n in (top, *_all(top.children))]


class Judge:
    """Judges the items of one letter.

    Args:
        text: the page.
        letter: the letter.
        cues: the compiled patterns.
    """

    def __init__(self, text: str, letter: Letter, cues: Cues) -> None:
        self.text, self.letter, self.cues = text, letter, cues
        self.reply = letter.kind in REPLIES
        self.proposal = letter.kind is Kind.PROPOSAL
        self.answering = False
        self.turning = 0
        """Where a proposal comes to what it suggests; 0 if it does not say."""

    def words(self, item: Item) -> str:
        return self.text[item.text : item.end]

    # -- items --------------------------------------------------------------------------------------------------------
    def divide(self, items: list[Item]) -> list[Item]:
        """Items with those sentences split off in which a letter turns: to what will be done, to what it suggests."""
        turn = (
            self.cues.kinds["commit_start"]
            if self.reply
            else self.cues.kinds["suggest_turn"]
            if self.proposal
            else None
        )
        if turn is None:
            return items
        out: list[Item] = []
        for item in items:
            out.append(item)
            for m in _END.finditer(self.text, item.text, item.end - 1):
                at = m.end()
                while at < item.end and self.text[at] in ' \u3000”"':
                    at += 1
                if not item.text < at < item.end:
                    continue
                if turn.match(self.text, at, item.end):
                    leaf = self.reply and (item.style is not None or item.inline)
                    out.append(Item(at, at, item.end, inline=leaf))
                    item.end = m.end()
                    break
            last = out[-1]
            thanks = self._thanks_at(last) if self.reply else 0
            if thanks:
                out.append(Item(thanks, thanks, last.end))
                last.end = thanks
        return self._headings(out)

    def _thanks_at(self, item: Item) -> int:
        """Where thanks or another closing formula begin at the end of an item's words; 0 if there is none."""
        ends = [m.end() for m in _END.finditer(self.text, item.text, item.end - 1)]
        for at in reversed(ends[-2:]):
            if (
                at > item.text + 1
                and item.end - at <= 120
                and self.cues.closing.search(self.text[at : item.end].lstrip())
            ):
                return at
        return 0

    def _headings(self, items: list[Item]) -> list[Item]:
        """Plain lines that head what follows get a style: outermost where there is no 一、, else inside."""
        outer = any(i.style is not None and i.style.name == "cjk" for i in items)
        bare = Style("bare", 8 if outer else 4, _NOTHING, "", "start")
        for k, item in enumerate(items[1:-1], 1):
            if item.style is not None or item.inline or items[k + 1].inline or items[k + 1].begin <= item.end:
                continue
            words = self.words(item)
            if (
                len(words) <= 60
                and self.cues.kinds["bare_heading"].match(words)
                and self._cue(item) is None
                and not self._closing(item)
                and not (self.proposal and words[-1] in "：:")
            ):
                item.style = bare
        return items

    def commits(self, item: Item) -> bool:
        """Whether the item's words turn to what will be done."""
        return self.reply and bool(self.cues.kinds["commit_start"].match(self.text, item.text, item.end))

    def closes(self, item: Item) -> bool:
        """Whether a paragraph without number stands outside of the numbered items before it."""
        return self.commits(item) or self._closing(item) or self._cue(item) is not None or self._thanks(item)

    def leads(self, item: Item) -> bool:
        """Whether the item's words announce a list (…以下工作：)."""
        return bool(self.cues.kinds["lead_in"].search(self.words(item).rstrip()))

    def full_stop(self, item: Item) -> bool:
        """Whether the item's own words end a sentence, so that they are text and not a bare heading."""
        return bool(_END.search(self.words(item)))

    def opens_section(self, item: Item) -> bool:
        """Whether a line without number opens a section of a proposal."""
        return self._cue(item) is not None

    def _thanks(self, item: Item) -> bool:
        """Whether a reply only thanks for advice here: 您提出的…建议，对我们很有启发。"""
        words = self.words(item)
        return self.reply and len(_END.findall(words)) <= 1 and bool(self.cues.kinds["thanks_for_advice"].search(words))

    def _closing(self, item: Item) -> bool:
        words = self.words(item)
        stop = _END.search(words)
        first = words[: stop.end()] if stop else words
        return len(words) <= 200 and bool(self.cues.closing.search(first))

    def _cue(self, item: Item) -> Kind | None:
        """The kind of section that a line of a proposal opens (建议：, 存在问题：)."""
        if not self.proposal or item.style is not None:
            return None
        words = self.words(item).strip(" \u3000【】[]：:")
        if len(words) <= 40 and not _END.search(words):
            if self.cues.kinds["suggest_heading"].match(words):
                return Kind.SUGGESTION
            if self.cues.kinds["problem_heading"].search(words) and len(words) <= 24:
                return Kind.PROBLEM
        return None

    def is_running(self, items: Sequence[Item], at: int) -> bool:
        """Whether a paragraph without number is no part: opening, lead-in, closing, background."""
        item = items[at]
        words = self.words(item)
        if not (self.reply or self.proposal):
            return True
        if self._closing(item) or self._cue(item) is not None or len(words) < 6:
            return True
        if self.lead_in(items, at):
            return True
        if self.reply:
            if self._thanks(item):
                return True
            begins = at == 0 or all(self.cues.opening_end.search(self.words(i)) is None for i in items[:at])
            numbered = any(i.style is not None for i in items[:at])
            if (
                begins
                and not numbered
                and (
                    at == 0
                    or any(self.cues.opening_end.search(self.words(i)) for i in items[at : at + 3] if i.style is None)
                )
            ):
                return True
        return False

    def lead_in(self, items: Sequence[Item], at: int) -> bool:
        """Whether a paragraph only leads to the items after it."""
        item = items[at]
        following = items[at + 1] if at + 1 < len(items) else None
        if following is None:
            return False
        words = self.words(item).rstrip()
        if following.inline and following.style is not None and not item.inline:
            return True
        return bool(self.cues.kinds["lead_in"].search(words))

    def heading(self, item: Item) -> Span | None:
        """The heading of an item: all of a short line, or the first sentence of a longer text."""
        words = self.words(item)
        m = _END.search(words)
        if m is None:
            stop = words.rstrip(" ：:")
            short = len(stop) <= _HEADING and not re.search(r"[；;]", stop)
            return Span(item.text, item.text + len(stop)) if short and stop else None
        if m.start() <= 45:
            return Span(item.text, item.text + m.start())
        return None

    # -- kinds --------------------------------------------------------------------------------------------------------
    def kinds(self, roots: Sequence[Node]) -> None:
        """Set the kind of all nodes of a letter."""
        if self.reply:
            self._answers_all(roots)
            state = False
            for root in roots:
                state = self._reply(root, state)
        elif self.proposal:
            self._proposal(roots)
        else:
            for root in roots:
                self._context(root)

    def _context(self, node: Node) -> None:
        node.rule = "outline:context"
        for child in node.children:
            self._context(child)

    def _answers_all(self, roots: Sequence[Node]) -> None:
        opening = next((r.item for r in roots if r.item.style is None), None)
        if opening is not None:
            tail = self.words(opening)[-120:]
            self.answering = bool(self.cues.patterns["answering"].search(tail))

    def _announces(self, node: Node) -> bool:
        words = node.heading.of(self.text) if node.heading else ""
        return (
            bool(words)
            and bool(self.cues.kinds["announce"].search(words))
            and not taken_up(self.text, node.heading or node.item.own, self.cues)
        )

    def _reply(self, node: Node, commit: bool) -> bool:
        """Kinds of a reply's node; returns whether what follows beside it is promised."""
        item = node.item
        if node.dropped:
            return commit or self.commits(item)
        named = node.heading.of(self.text) if node.heading is not None else ""
        promised = bool(named and self.cues.kinds["commit_heading"].search(named))
        mine = commit or promised or self.commits(item)
        live = [c for c in node.children if not c.dropped]
        if live and not promised and self.cues.kinds["problem_heading"].search(named):
            # Difficulties that a reply owns up to are neither done nor promised.
            self._context(node)
            return commit
        state = mine
        numbered = any(c.item.style is not None for c in live)
        for child in node.children:
            if promised and numbered and child.item.style is None and not self.commits(child.item):
                child.dropped = True  # says why, before it says what
            state = self._reply(child, state)
        leaf = Kind.COMMITMENT if mine else Kind.MEASURE
        if item.style is None or not live:
            node.kind, node.rule = leaf, "outline:leaf"
        elif self._announces(node):
            node.kind, node.rule = None, "outline:announces"
        elif all(c.item.style is None and self.commits(c.item) for c in live):
            node.kind, node.rule = leaf, "outline:leaf"
        elif self._takes_up(node) or self.answering or all(c.item.style is None for c in live):
            node.kind, node.rule = leaf, "outline:section"
        else:
            node.kind, node.rule = None, "outline:heading"
        return commit

    def _takes_up(self, node: Node) -> bool:
        lead = [c.item.own for c in node.children if c.dropped][:1]
        where = [node.heading or node.item.own, node.item.own, *lead]
        return any(taken_up(self.text, w, self.cues) for w in where)

    def _turns(self, node: Node) -> bool:
        words = (node.heading or node.item.own).of(self.text).strip("：: ")
        return self._cue(node.item) is Kind.SUGGESTION or bool(
            self.cues.kinds["suggest_start"].match(words)
            or (len(words) <= 30 and self.cues.kinds["suggest_heading"].match(words))
        )

    def _proposal(self, roots: Sequence[Node]) -> None:
        state: Kind | None = None
        self.turning = max(
            (n.item.begin for n in _all(roots) if self._turns(n)),
            default=0,
        )
        for root in roots:
            cue = self._cue(root.item)
            words = self.words(root.item)
            if cue is not None:
                state = cue
                continue
            if root.item.style is None:
                state = self._paragraph(root, words, state)
                continue
            state = self._section(root, state)
        self._alike(roots)

    def _alike(self, roots: Sequence[Node]) -> None:
        """Items of one list of shortcomings are of one kind, also those whose words alone would not show it."""
        numbered = (r for r in roots if r.item.style is not None)
        for style, run in groupby(numbered, key=lambda r: r.item.style):
            items = list(run)
            bare = [n for n in items if n.kind is None and n.rule == "outline:background" and not n.children]
            named = sum(n.kind is Kind.PROBLEM and n.rule == "outline:item" for n in items)
            least = 2 if style is not None and style.rank <= _OUTER else 1
            if named >= least and named + len(bare) == len(items):
                for node in bare:
                    node.kind, node.rule = Kind.PROBLEM, "outline:item"

    def _paragraph(self, node: Node, words: str, state: Kind | None) -> Kind | None:
        if node.dropped:
            last = re.split(r"[。！？]", words.rstrip("：:。 "))[-1]
            if self.cues.patterns["suggests"].search(last):
                return Kind.SUGGESTION
            if self.cues.kinds["problem"].search(last):
                return Kind.PROBLEM
            return state
        if self.cues.kinds["suggest_start"].match(words):
            node.kind = Kind.SUGGESTION
            return Kind.SUGGESTION
        first = _END.split(words, maxsplit=1)[0]
        if state is None and len(first) <= 25 and self.cues.kinds["problem_words"].search(first):
            node.kind, node.rule = Kind.PROBLEM, "outline:wording"
            return state
        if state is None:
            node.dropped = True
            return state
        node.kind = state
        return state

    def _section(self, node: Node, state: Kind | None) -> Kind | None:
        """Kinds of a numbered node of a proposal; returns the state for the nodes beside it."""
        words = (node.heading or node.item.own).of(self.text)
        bare = words.strip("：: ")
        cues = self.cues.kinds
        live = [c for c in node.children if not c.dropped]
        announces: Kind | None = None
        if len(bare) <= 30:
            if cues["suggest_heading"].match(bare):
                announces = Kind.SUGGESTION
            elif cues["problem_heading"].search(bare):
                announces = Kind.PROBLEM
            elif cues["background_heading"].match(bare):
                node.kind, node.rule = None, "outline:background"
                self._inside(node, None)
                return None
        if announces is not None and (live or node.heading_only or node.heading is not None):
            node.kind, node.rule = (None if live else announces), "outline:announces"
            self._inside(node, announces)
            return announces if not live else None if node.item.style and node.item.style.rank <= _OUTER else announces
        kind = state
        if kind is None and node.item.begin < self.turning and not cues["problem_words"].search(bare):
            node.kind, node.rule = None, "outline:background"
            self._inside(node, None)
            return state
        if kind is None:
            kind = (
                Kind.PROBLEM
                if cues["problem_words"].search(bare) and not cues["suggest_start"].match(bare)
                else Kind.SUGGESTION
            )
        node.kind, node.rule = kind, "outline:item"
        self._inside(node, kind)
        return state

    def _inside(self, node: Node, kind: Kind | None) -> None:
        now = kind
        for child in node.children:
            if self._cue(child.item) is not None:
                now = self._cue(child.item)
                continue
            if child.item.style is None:
                now = self._paragraph(child, self.words(child.item), now)
                continue
            if now is None:
                now = self._section(child, None)
                continue
            child.kind, child.rule = now, "outline:item"
            self._inside(child, now)
