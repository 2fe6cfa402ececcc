"""Lines → blocks: the stretches of a page that hold one letter each, before anybody knows which kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from extract.structure.cues import Cues
from extract.structure.lines import HEAD, TAIL, Line, LineKind, label_of

_BETWEEN = frozenset({LineKind.BLANK, LineKind.FURNITURE})
_PROPOSAL_HEAD = frozenset(
    {"title", "proposalNumber", "session", "submittedBy", "leadAgency", "coAgency", "handling", "other", "value"}
)
_PROPOSAL_FIELDS = frozenset({"title", "proposalNumber", "session", "submittedBy"})


@dataclass(slots=True)
class Block:
    """One letter's lines: its head, its text, its tail; the indexes point into the page's lines."""

    head: list[int] = field(default_factory=list)
    call: int | None = None
    body: list[int] = field(default_factory=list)
    tail: list[int] = field(default_factory=list)
    section: str = ""
    closed: bool = False

    @property
    def empty(self) -> bool:
        return not (self.head or self.body or self.call is not None)

    @property
    def started(self) -> bool:
        return bool(self.body) or self.call is not None

    def all(self) -> list[int]:
        call = [] if self.call is None else [self.call]
        return sorted([*self.head, *call, *self.body, *self.tail])


def blocks_of(lines: Sequence[Line], cues: Cues) -> tuple[list[Block], list[int]]:
    """The blocks of a page in order, and the field lines that stand below or outside of all letters."""
    blocks = [Block()]
    loose: list[int] = []
    for i, line in enumerate(lines):
        now, kind = blocks[-1], line.kind
        if kind in _BETWEEN:
            continue
        if kind is LineKind.FOOTER:
            now.closed = now.closed or now.started
        elif kind is LineKind.SECTION:
            fields_only = not now.started and line.note == "proposal"
            if not fields_only and not now.empty:
                blocks.append(Block())
            blocks[-1].section = blocks[-1].section or line.note
            blocks[-1].head.append(i)
        elif kind is LineKind.FIELD:
            _field(i, line, lines, blocks, loose, cues)
        elif kind is LineKind.SALUTATION:
            _call(i, lines, blocks, cues)
        elif kind is LineKind.TITLE:
            if now.closed or (now.started and _title_opens(i, line, lines, now)):
                blocks.append(_begin(i, lines, now))
                blocks[-1].head.append(i)
            elif now.started:
                now.body.append(i)
            else:
                now.head.append(i)
        elif kind in TAIL or kind in (LineKind.ORGAN, LineKind.NUMBER):
            _organ_or_date(i, line, lines, blocks)
        elif kind is LineKind.CONTACT or (kind is LineKind.ATTACHMENT and now.closed):
            (now.tail if now.started else now.head).append(i)
        elif now.closed:
            blocks.append(Block(body=[i]))
        else:
            now.body.append(i)
    return [b for b in blocks if not b.empty], loose


def _begin(at: int, lines: Sequence[Line], last: Block) -> Block:
    """A new block for the letter at line *at*; takes back head lines that the last block swallowed just before it."""
    new = Block()
    back = at - 1
    taken: list[int] = []
    while back >= 0:
        line = lines[back]
        if line.kind in (LineKind.ORGAN, LineKind.NUMBER, LineKind.TITLE, LineKind.SECTION) or (
            line.kind is LineKind.FIELD and back in last.head and line.note not in _PROPOSAL_HEAD
        ):
            taken.append(back)
        elif line.kind not in _BETWEEN:
            break
        back -= 1
    above = lines[back].kind if back >= 0 else None
    # An organ right above a salutation, with no number or title between, signs the letter before.
    while taken and lines[taken[-1]].kind is LineKind.ORGAN and (
        above is LineKind.CLOSING or all(lines[k].kind is LineKind.ORGAN for k in taken)
    ) and last.started and not last.closed:  # fmt: skip
        last.tail.append(taken.pop())
        above = None
    for k in taken:
        for pool in (last.body, last.tail, last.head):
            if k in pool:
                pool.remove(k)
                new.head.append(k)
                if lines[k].kind is LineKind.SECTION:
                    new.section = lines[k].note
    new.head.sort()
    last.closed = True
    return new


def _call(i: int, lines: Sequence[Line], blocks: list[Block], cues: Cues) -> None:
    now = blocks[-1]
    has_proposal_fields = any(lines[k].kind is LineKind.FIELD and lines[k].note in _PROPOSAL_FIELDS for k in now.head)
    if now.started or now.closed or has_proposal_fields:
        blocks.append(_begin(i, lines, now))
    blocks[-1].call = i


def _title_opens(i: int, line: Line, lines: Sequence[Line], now: Block) -> bool:
    """Whether a title inside an open letter begins the next one."""
    if line.note == "more":
        return False
    if line.note == "reply":
        return now.call is None or _call_follows(line.until, lines)
    if line.note != "proposal" or now.call is None or not now.body:
        return False
    ended = lines[max(now.body)].kind is LineKind.CLOSING and lines[i - 1].kind in (*_BETWEEN, LineKind.CLOSING)
    return ended and not _call_follows(line.until, lines)


def _call_follows(i: int, lines: Sequence[Line]) -> bool:
    for line in lines[i : i + 8]:
        if line.kind is LineKind.SALUTATION:
            return True
        if line.kind not in HEAD and line.kind not in _BETWEEN and line.kind not in TAIL:
            return False
    return False


def _organ_or_date(i: int, line: Line, lines: Sequence[Line], blocks: list[Block]) -> None:
    now = blocks[-1]
    if not now.started or now.closed:
        if (
            (now.closed and line.kind in TAIL and not now.tail)
            or (now.closed and line.kind in TAIL and lines[now.tail[-1]].kind is LineKind.ORGAN)
            or (now.closed and line.kind is LineKind.ORGAN and _signs(i, lines, now))
        ):
            now.tail.append(i)
        else:
            if now.closed:
                blocks.append(Block())
            blocks[-1].head.append(i)
        return
    if line.kind is LineKind.ORGAN:
        # An organ by itself may be a heading or a cell: it signs if a date or another signing organ follows.
        (now.tail if _date_follows(i, lines) else now.body).append(i)
    elif line.kind is LineKind.NUMBER:
        now.body.append(i)
    else:
        now.tail.append(i)
        now.closed = True


def _signs(i: int, lines: Sequence[Line], now: Block) -> bool:
    """An organ printed below the date of its letter."""
    if any(lines[k].kind in (LineKind.ORGAN, LineKind.SIGNATURE) for k in now.tail):
        return False
    return lines[i - 1].kind is LineKind.DATE and not _call_follows(i + 1, lines)


def _date_follows(i: int, lines: Sequence[Line]) -> bool:
    for line in lines[i + 1 : i + 24]:
        if line.kind in TAIL:
            return True
        if line.kind not in (LineKind.BLANK, LineKind.ORGAN, LineKind.FURNITURE):
            return False
    return False


def _runs(words: str) -> bool:
    """Whether a line is running text, not a name or a menu."""
    return len(words) > 60 or any(c in words for c in "。；，！？：")


def _field(i: int, line: Line, lines: Sequence[Line], blocks: list[Block], loose: list[int], cues: Cues) -> None:
    now = blocks[-1]
    if now.body and now.call is None and not now.closed and not any(_runs(lines[k].text) for k in now.body):
        now.body.clear()  # a portal's name and menus above the fields
    opening = (
        line.note != "value"
        and (m := (cues.label.match(line.text) or cues.strong_label.match(line.text)))
        and (cues.labels[label_of(m)].opening)
    )
    if opening and (now.started or now.closed):
        fresh = now.closed or any(lines[k].note == line.note for k in now.head) or now.call is not None
        if fresh:
            blocks.append(Block(head=[i]))
            now.closed = True
        else:
            loose.append(i)
    elif now.started or now.closed:
        # Fields of a reply that stand above its salutation.
        if _call_follows(i, lines) and line.note not in _PROPOSAL_FIELDS:
            blocks.append(Block(head=[i]))
            now.closed = True
        else:
            loose.append(i)
    else:
        now.head.append(i)
