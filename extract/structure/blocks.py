"""Blocks: the stretches of a page that hold one letter each, before the kind of the letter is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from extract.structure.cues import StructureCues
from extract.structure.lines.kinds import HEAD_KINDS, TAIL_KINDS, LineKind, PageLine, date_follows, get_label
from extract.structure.lines.titles import COLLECTION_NUMBER, is_notice_title

_BETWEEN = frozenset({LineKind.BLANK, LineKind.FURNITURE})
_LONGEST_MENU = 20
"""Most characters of a line above a title that may be a menu or a year of the page."""
_PROPOSAL_HEAD = frozenset(
    {"title", "proposalNumber", "session", "submittedBy", "leadAgency", "coAgency", "handling", "other", "value"}
)
_PROPOSAL_FIELDS = frozenset({"title", "proposalNumber", "session", "submittedBy"})


@dataclass(slots=True)
class Block:
    """The lines of one letter, as indexes of the page's lines."""

    head: list[int] = field(default_factory=list)
    salutation: int | None = None
    body: list[int] = field(default_factory=list)
    tail: list[int] = field(default_factory=list)
    section: str = ""
    """What a section heading says that the letter is: ``proposal``, ``lead`` or ``co``; empty if there is none."""
    closed: bool = False
    """Whether the letter is complete."""

    @property
    def is_empty(self) -> bool:
        """Whether it has neither head nor text."""
        return not (self.head or self.body or self.salutation is not None)

    @property
    def has_text(self) -> bool:
        """Whether its text has begun."""
        return bool(self.body) or self.salutation is not None

    def list_indexes(self) -> list[int]:
        """Return the indexes of all its lines, in order."""
        salutation = [] if self.salutation is None else [self.salutation]
        return sorted([*self.head, *salutation, *self.body, *self.tail])


def group_blocks(lines: Sequence[PageLine], cues: StructureCues) -> tuple[list[Block], list[int]]:
    """Return the blocks of a page in order, and the indexes of field lines that belong to no block."""
    grouping = _Grouping(lines, cues)
    for i in range(len(lines)):
        grouping.add_line(i)
    return [block for block in grouping.blocks if not block.is_empty], grouping.loose


class _Grouping:
    """The blocks of a page while its lines are added one by one; ``current`` is the block of the last line."""

    def __init__(self, lines: Sequence[PageLine], cues: StructureCues) -> None:
        self.lines, self.cues = lines, cues
        self.blocks = [Block()]
        self.loose: list[int] = []

    @property
    def current(self) -> Block:
        return self.blocks[-1]

    def add_line(self, i: int) -> None:
        current, line = self.current, self.lines[i]
        kind = line.kind
        if kind in _BETWEEN:
            return
        if kind is LineKind.FOOTER:
            current.closed = current.closed or current.has_text
        elif kind is LineKind.SECTION:
            self._add_section(i)
        elif kind is LineKind.FIELD:
            self._add_field(i)
        elif kind is LineKind.SALUTATION:
            self._add_salutation(i)
        elif kind is LineKind.TITLE:
            self._add_title(i)
        elif kind in TAIL_KINDS or kind in (LineKind.ORGAN, LineKind.NUMBER):
            self._add_organ_or_date(i)
        elif kind is LineKind.CONTACT or (kind is LineKind.ATTACHMENT and current.closed):
            (current.tail if current.has_text else current.head).append(i)
        elif current.closed:
            self.blocks.append(Block(body=[i]))
        else:
            current.body.append(i)

    def _add_section(self, i: int) -> None:
        line = self.lines[i]
        fields_only = not self.current.has_text and line.note == "proposal"
        if not fields_only and not self.current.is_empty:
            self.blocks.append(Block())
        self.current.section = self.current.section or line.note
        self.current.head.append(i)

    def _add_field(self, i: int) -> None:
        current, line = self.current, self.lines[i]
        if current.body and current.salutation is None and not current.closed and not self._has_running_text(current):
            current.body.clear()  # a portal's name and menus above the fields
        if self._opens_proposal(line) and (current.has_text or current.closed):
            repeated = any(self.lines[k].note == line.note for k in current.head)
            begins_letter = current.closed or repeated or current.salutation is not None
        elif current.has_text or current.closed:
            # Fields of a reply may stand above its salutation.
            begins_letter = self._salutation_follows(i) and line.note not in _PROPOSAL_FIELDS
        else:
            current.head.append(i)
            return
        if begins_letter:
            self.blocks.append(Block(head=[i]))
            current.closed = True
        else:
            self.loose.append(i)

    def _add_salutation(self, i: int) -> None:
        current = self.current
        has_proposal_fields = any(self._states_proposal(k) for k in current.head)
        if current.salutation is None and not current.closed and self._has_only_metadata(current):
            current.head += current.body
            current.body.clear()
        if current.has_text or current.closed or has_proposal_fields:
            self.blocks.append(self._begin_block(i))
        self.current.salutation = i

    def _add_title(self, i: int) -> None:
        current = self.current
        if current.salutation is None and not current.closed and self._has_only_metadata(current):
            current.head += current.body  # the title of the page, above the letter with its own title
            current.body.clear()
        if self._has_only_menus(current):
            current.head += current.body  # a year or a menu of the page
            current.body.clear()
        heads_answer = self.cues.patterns["answer_of_organ"].fullmatch(self.lines[i].text) is not None
        below_fields = heads_answer and any(self._states_proposal(k) for k in current.head)
        if current.closed or below_fields or (current.has_text and self._title_begins_letter(i)):
            self.blocks.append(self._begin_block(i))
            self.current.head.append(i)
        elif current.has_text:
            current.body.append(i)
        else:
            current.head.append(i)

    def _add_organ_or_date(self, i: int) -> None:
        current, line = self.current, self.lines[i]
        if not current.has_text or current.closed:
            if current.closed and self._belongs_to_tail(i):
                current.tail.append(i)
            else:
                if current.closed:
                    self.blocks.append(Block())
                self.current.head.append(i)
        elif line.kind is LineKind.ORGAN:
            # An organ by itself may be a heading or a cell: it signs if a date or another signing organ follows.
            signs = date_follows(self.lines, i) or self._ends_letter(i)
            (current.tail if signs else current.body).append(i)
        elif line.kind is LineKind.NUMBER:
            current.body.append(i)
        else:
            current.tail.append(i)
            current.closed = True

    def _begin_block(self, at: int) -> Block:
        """Return a new block for the letter at line *at*, with the head lines that the last block took before it."""
        lines, last = self.lines, self.current
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
        # An organ right above a salutation, without a number or title between them, signs the letter before.
        while (
            taken
            and lines[taken[-1]].kind is LineKind.ORGAN
            and (above is LineKind.CLOSING or all(lines[k].kind is LineKind.ORGAN for k in taken))
            and last.has_text
            and not last.closed
        ):
            last.tail.append(taken.pop())
            above = None
        for index in taken:
            for indexes in (last.body, last.tail, last.head):
                if index in indexes:
                    indexes.remove(index)
                    new.head.append(index)
                    if lines[index].kind is LineKind.SECTION:
                        new.section = lines[index].note
        new.head.sort()
        last.closed = True
        return new

    def _states_proposal(self, i: int) -> bool:
        """Whether line *i* is a field of a proposal; the title of a reply (标题：对…提案的答复) is none."""
        line = self.lines[i]
        if line.kind is not LineKind.FIELD or line.note not in _PROPOSAL_FIELDS:
            return False
        is_value_below = i + 1 < len(self.lines) and self.lines[i + 1].note == "value"
        value = self.lines[i + 1].text if is_value_below else line.text
        further = list(self.cues.label.finditer(value))[1:]  # labels of other fields on the line
        if further:
            value = value[: further[0].start()].rstrip()
        return line.note != "title" or not self.cues.title["reply"].search(value)

    def _opens_proposal(self, line: PageLine) -> bool:
        """Whether the label of a field line begins a proposal."""
        if line.note == "value":
            return False
        m = self.cues.label.match(line.text) or self.cues.strong_label.match(line.text)
        return m is not None and self.cues.labels[get_label(m)].opening

    def _title_begins_letter(self, i: int) -> bool:
        """Whether a title inside a letter that is not complete begins the next letter."""
        current, lines, line = self.current, self.lines, self.lines[i]
        if line.note == "more":
            return False
        if line.note == "policy":
            return self._begins_instrument(i)
        if line.note == "reply":
            return current.salutation is None or self._salutation_follows(line.until)
        if line.note != "proposal" or current.salutation is None or not current.body:
            return False
        ended = lines[max(current.body)].kind is LineKind.CLOSING and lines[i - 1].kind in (*_BETWEEN, LineKind.CLOSING)
        return ended and not self._salutation_follows(line.until)

    def _begins_instrument(self, i: int) -> bool:
        """Whether the title on line *i* is that of a further notice: it has a number, or a 文号 below."""
        line = self.lines[i]
        words = "".join(more.text for more in self.lines[i : line.until])
        below = next((more for more in self.lines[line.until :] if more.kind is not LineKind.BLANK), None)
        is_numbered = COLLECTION_NUMBER.match(line.text) is not None
        is_marked = is_numbered or (below is not None and below.kind is LineKind.NUMBER and below.note != "session")
        return is_marked and is_notice_title(words, self.cues)

    def _salutation_follows(self, i: int) -> bool:
        """Whether a salutation stands at line *i* or below it, after head and tail lines only."""
        for line in self.lines[i : i + 8]:
            if line.kind is LineKind.SALUTATION:
                return True
            if line.kind not in HEAD_KINDS and line.kind not in _BETWEEN and line.kind not in TAIL_KINDS:
                return False
        return False

    def _belongs_to_tail(self, i: int) -> bool:
        """Whether a line below a complete letter still signs or dates it."""
        current, line = self.current, self.lines[i]
        if line.kind in TAIL_KINDS:
            return not current.tail or self.lines[current.tail[-1]].kind is LineKind.ORGAN
        return line.kind is LineKind.ORGAN and self._signs_below_date(i)

    def _signs_below_date(self, i: int) -> bool:
        """Whether the organ on line *i* is printed below the date of its letter, which no other organ signs."""
        if any(self.lines[k].kind in (LineKind.ORGAN, LineKind.SIGNATURE) for k in self.current.tail):
            return False
        return self.lines[i - 1].kind is LineKind.DATE and not self._salutation_follows(i + 1)

    def _ends_letter(self, i: int) -> bool:
        """Whether the organ on line *i* stands below thanks or contacts, with nothing but contacts behind it."""
        above = next((kind for k in range(i - 1, -1, -1) if (kind := self.lines[k].kind) not in _BETWEEN), None)
        below = (kind for k in range(i + 1, len(self.lines)) if (kind := self.lines[k].kind) not in _BETWEEN)
        is_last = next(below, LineKind.FOOTER) in (LineKind.FOOTER, LineKind.CONTACT)
        return above in (LineKind.CLOSING, LineKind.CONTACT) and is_last

    def _has_only_menus(self, block: Block) -> bool:
        """Whether nothing but a few short lines without punctuation stands in *block*."""
        if not 0 < len(block.body) <= 3 or block.salutation is not None or block.closed:
            return False
        fields = (LineKind.FIELD, LineKind.NUMBER, LineKind.ORGAN)
        only_fields = all(self.lines[k].kind in fields for k in block.head)
        short = all(len(self.lines[k].text) <= _LONGEST_MENU for k in block.body)
        return only_fields and short and not self._has_running_text(block)

    def _has_only_metadata(self, block: Block) -> bool:
        """Whether the body of *block* is a few short lines below the title of a reply."""
        if not 0 < len(block.body) <= 3:
            return False
        titles = [k for k in block.head if self.lines[k].kind is LineKind.TITLE]
        return (
            bool(titles)
            and self.lines[titles[0]].note == "reply"
            and all(k > titles[-1] and len(self.lines[k].text) <= 80 for k in block.body)
            and not self._has_running_text(block)
        )

    def _has_running_text(self, block: Block) -> bool:
        """Whether the body of *block* has a line of running text, not only names and menus."""
        texts = (self.lines[k].text for k in block.body)
        return any(len(text) > 60 or any(mark in text for mark in "。；，！？：") for text in texts)
