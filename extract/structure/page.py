"""A page while its letters are read: its lines, and where opening, body and title of a block are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from extract.model import Field, Span
from extract.structure.blocks import Block
from extract.structure.cues import StructureCues
from extract.structure.fields import read_header_fields
from extract.structure.lines.kinds import LineKind, PageLine, match_label

_MARK_BEFORE_TITLE = re.compile(r"[【\[][^】\]\n]{2,8}[】\]]\s*(?=\S{8})")
_OPENING_LENGTH = 900
"""Most characters of a letter's opening."""


@dataclass(frozen=True, slots=True)
class LetterPage:
    """A page, its lines and the patterns to read them with."""

    text: str
    lines: Sequence[PageLine]
    cues: StructureCues

    def list_lines(self, indexes: Sequence[int], kind: LineKind) -> list[PageLine]:
        """Return the lines of that kind among *indexes*."""
        return [self.lines[i] for i in indexes if self.lines[i].kind is kind]

    def read_header(self, block: Block) -> list[Field]:
        return read_header_fields(self.text, self.lines, block.head, self.cues)

    def get_extent(self, indexes: Sequence[int]) -> Span:
        """Return the span from the first to the last of these lines."""
        spans = [self.lines[i].span for i in indexes]
        return Span(min(span.begin for span in spans), max(span.end for span in spans))

    def find_opening(self, block: Block) -> Span | None:
        """Return the opening of a letter: up to 如下： or to the third paragraph; None if there is no text."""
        cues = self.cues
        begin = self._find_inline_begin(block)
        end = 0
        if block.salutation is not None and begin is not None:
            end = self.lines[block.salutation].span.end
            if cues.opening_end.search(self.text, begin, end):
                return Span(begin, end)
        for i in block.body[:3]:
            line = self.lines[i]
            if begin is None:
                begin = line.span.begin
            elif (number := cues.any_start.match(line.text)) and number.lastgroup != "adverb":
                break
            end = line.span.end
            if cues.opening_end.search(line.text):
                break
        if begin is None:
            return None
        return Span(begin, min(end, begin + _OPENING_LENGTH))

    def find_title(self, block: Block, kinds: tuple[str, ...]) -> Span | None:
        """Return the title of a letter: the one nearest to its salutation; without a salutation, the first one."""
        for i in reversed(block.head) if block.salutation is not None else block.head:
            line = self.lines[i]
            if line.kind is LineKind.TITLE and line.note in kinds:
                label = match_label(line.text, self.cues)
                span = Span(line.span.begin + (label.end() if label else 0), self.lines[line.until - 1].span.end)
                if line.text[0] in "【[" and line.text[-1] in "】]":
                    return Span(span.begin + 1, span.end - 1)
                mark = _MARK_BEFORE_TITLE.match(self.text, span.begin, span.end)
                return Span(mark.end(), span.end) if mark else span
        return None

    def find_body(self, block: Block) -> Span | None:
        """Return the text of a letter, None if it has none."""
        begin = self._find_inline_begin(block)
        body = list(block.body)
        if begin is not None and block.salutation is not None:
            body.insert(0, block.salutation)
        if not body:
            return None
        span = self.get_extent(body)
        return span if begin is None else Span(begin, span.end)

    def _find_inline_begin(self, block: Block) -> int | None:
        """Return where the text begins behind a salutation on the same line, None if there is no such salutation."""
        if block.salutation is None or self.lines[block.salutation].note != "inline":
            return None
        line = self.lines[block.salutation]
        m = self.cues.inline_call.match(line.text)
        assert m is not None
        return line.span.begin + m.end()


def join_lines(words: str) -> str:
    """Return *words* on one line, as one name or title."""
    return re.sub(r"\s*\n\s*", "", words)
