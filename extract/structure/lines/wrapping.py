"""Lines that the width of a page has broken (text from PDF files), joined again to the lines that were written.

A PDF file keeps what stands on one line of paper, often in several pieces (全面贯彻， | 立足新阶段， | 加快建). A page
is broken at a width if many of its lines are about as long as its longest ones and end inside a sentence. There, pieces
are added up: pieces that fill the width together stood on one line of paper, and a full line that ends inside a
sentence goes on in the next one. A line goes on as well where a word does (示范企 | 业), on any page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from extract.structure.cues import StructureCues
from extract.text.rows import is_row

_SENTENCE_END = re.compile(r"[。！？!?；;：:][”\"’』」）)〕】]*$")
_OPEN = re.compile(r"[，,、（(〔《“]$")
_PIECE_END = re.compile(r"[，,、。；;：:！？》）)”〕]$")
_GOES_ON = re.compile(r"[，,、。；;：:！？》）)”〕’]")
_OPENS = re.compile(r"[《（(〔“‘]")
_MARK_INSIDE = re.compile(r"[，,。；;：:]")
_NEW_ITEM = re.compile(r"——|[●■◆▲★•]")
_BRACKETS = re.compile(r"[《》〈〉（）()〔〕]")
_OPENING = "《〈（(〔"
_HAN = re.compile(r"[\u3400-\u9fff]")
_CONTEXT = 8
"""Characters on either side of a line break that are split into words."""
_FULL = 6
"""Half columns by which a full line may fall short of the width: a mark may not stand at the start of a line."""
_INDENT = 4
"""Half columns of the indentation of a paragraph, which the text of a PDF file does not keep."""
_NARROWEST, _WIDEST = 40, 120
"""Half columns of a page of text; what is narrower is a table."""
_MOST_PIECES = 10
_FEWEST_LINES = 8
_NAME_TAGS = frozenset({"n", "nr", "ns", "nz", "x", "a", "b", "j", "g"})
"""Tags of single characters that may be a piece of a name."""
_OPENING_TAGS = frozenset({"p", "c", "v", "w", "m"})
"""Tags of words and signs behind which a name can begin."""
_LONGEST_PLACE = 6
_MANY_SPLITS = 8
"""Words that are split at line breaks: more of them are no chance."""


@dataclass(frozen=True, slots=True)
class RawLine:
    """A line as it stands in the text."""

    begin: int
    """Offset of its first character that is no white space."""
    words: str
    indent: int

    @property
    def width(self) -> int:
        """Its width in half columns: 2 for a Chinese character, 1 for a Latin letter, digit or space."""
        return 2 * len(self.words) - len(self.words.encode("ascii", "ignore"))


def group_wrapped_lines(lines: Sequence[RawLine], cues: StructureCues) -> list[list[RawLine]]:
    """Return the lines of a page, those that one written line was broken into together, in order."""
    widths = [line.width for line in lines]
    splits = [
        i > 0 and (_splits_word(lines[i - 1], line, cues) or _splits_joint_place(lines, i, cues))
        for i, line in enumerate(lines)
    ]
    page_width = _find_page_width(lines, widths, sum(splits))
    grouping = _Grouping(lines, widths, page_width, cues) if page_width is not None else None
    groups: list[list[RawLine]] = []
    for i, line in enumerate(lines):
        if grouping.joins(i, split=splits[i]) if grouping is not None else splits[i]:
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _splits_word(last: RawLine, line: RawLine, cues: StructureCues) -> bool:
    """Whether a word begins in *last* and ends in *line*: 技术创新示范企 | 业认定工作.

    A line that is indented, begins an item or has a place of its own on a page (a date, a signature) continues nothing.
    """
    left, right = last.words[-_CONTEXT:], line.words[:_CONTEXT]
    if is_row(last.words) or is_row(line.words):
        return False
    if line.indent or not (left and right and _HAN.match(left[-1]) and _HAN.match(right)):
        return False
    if cues.any_start.match(line.words) or any(cues.patterns["alone"].match(each.words) for each in (last, line)):
        return False
    if any(word.begin < len(left) < word.end for word in cues.segmenter.segment(left + right)):
        return True
    return _splits_place(left, right, cues)


def _splits_joint_place(lines: Sequence[RawLine], i: int, cues: StructureCues) -> bool:
    """Whether a name with its place in brackets goes over into line *i*: 中国 | （澄溪） | 自由贸易试验区."""
    line = lines[i]
    if line.indent or not (line.words and lines[i - 1].words):
        return False
    left = "".join(each.words for each in lines[max(0, i - 2) : i])[-_CONTEXT:]
    following = lines[i + 1].words[:1] if i + 1 < len(lines) else ""
    words = left + line.words[:_CONTEXT] + following
    return any(m.start() < len(left) <= m.end() for m in cues.patterns["joint_place"].finditer(words))


def _splits_place(left: str, right: str, cues: StructureCues) -> bool:
    """Whether the name of a division goes over a line end: 由乌 | 兰木市商务局.

    Its first one or two characters stand alone behind a preposition, a verb or a comma, and are no word that could.
    """
    ends = [found.end() for begin in range(4) if (found := cues.patterns["division_end"].match(right, begin))]
    if ends and ends[0] == 1 and cues.segmenter.segment(right)[0].end > 1:
        del ends[0]  # 市|场
    words = cues.segmenter.segment(left) if ends and not cues.organ_tail.search(left) else []
    for count in (1, 2):
        tail, before = words[-count:], words[-count - 1] if len(words) > count else None
        if len(tail) < count or any(word.end - word.begin > 1 or word.tag not in _NAME_TAGS for word in tail):
            return False
        if (before is None or before.tag in _OPENING_TAGS) and any(3 <= count + end <= _LONGEST_PLACE for end in ends):
            return count > 1 or tail[0].tag != "n"
    return False


def _find_page_width(lines: Sequence[RawLine], widths: Sequence[int], splits: int) -> int | None:
    """Return the width at which the lines of a page are broken, None if they are not broken.

    A page with many *splits*, words that go over a line break, is broken though few of its lines are full.
    """
    ordered = sorted(width for width in widths if width)
    if len(ordered) < _FEWEST_LINES:
        return None
    longest = ordered[-1 - len(ordered) // 50]
    if not _NARROWEST <= longest <= _WIDEST:
        return None
    full = [line for line, width in zip(lines, widths, strict=True) if longest - _FULL <= width <= longest]
    broken = sum(not _SENTENCE_END.search(line.words) for line in full)
    many = broken * 7 >= len(ordered) or splits >= _MANY_SPLITS
    return longest if broken >= 4 and many and broken * 2 >= len(full) else None


class _Grouping:
    """Decides line by line whether it continues the one before it.

    Args:
        lines: the lines of a page.
        widths: their widths.
        page_width: the width of the page.
        cues: the compiled patterns.
    """

    def __init__(self, lines: Sequence[RawLine], widths: Sequence[int], page_width: int, cues: StructureCues) -> None:
        self.lines, self.widths, self.page_width, self.cues = lines, widths, page_width, cues
        self.filled = 0
        """Half columns of the current line of paper that are filled."""
        self.indent = 0
        """Half columns at the start of that line that may be empty."""
        self.in_sentence = False
        """Whether the words so far are more than a heading."""
        self.depth = 0
        """Number of open brackets."""
        self.is_note = False
        """Whether the last bracket is a note after a sentence: …。（责任单位：市财政局）"""

    def joins(self, i: int, *, split: bool) -> bool:
        """Whether line *i* continues the written line before it; it becomes the current line.

        *split* says that a word goes over from the line before, which proves it.
        """
        joined = split or (i > 0 and bool(self.lines[i].words and self.lines[i - 1].words) and self._continues(i))
        words = self.lines[i].words
        if not joined:
            self.filled, self.indent, self.in_sentence, self.depth = 0, _INDENT, False, 0
        elif self.filled + self.widths[i] > self.page_width + 2:
            self.filled, self.indent = 0, 0
        self.filled += self.widths[i]
        self.in_sentence = self.in_sentence or bool(_MARK_INSIDE.search(words))
        for m in _BRACKETS.finditer(words):
            if m[0] in _OPENING and not self.depth:
                before = words[m.start() - 1] if m.start() else self.lines[i - 1].words[-1:] if joined else "。"
                self.is_note = before in "。；！？"
            self.depth = max(0, self.depth + (1 if m[0] in _OPENING else -1))
        return joined

    def _continues(self, i: int) -> bool:
        last, line = self.lines[i - 1], self.lines[i]
        if is_row(last.words) or is_row(line.words):
            return False
        is_full = self.filled + self.indent >= self.page_width - _FULL
        if line.indent > last.indent + 1:
            return False
        if (number := self.cues.any_start.match(last.words)) and number.end() == len(last.words):
            return True  # a number by itself: （二）
        ends_open = bool(_OPEN.search(last.words)) or self.depth > 0
        if self._begins_item(line) and not (is_full and ends_open):
            return False
        if not self.depth and self.cues.patterns["duty_label"].match(line.words):
            return False
        if ends_open or _GOES_ON.match(line.words) or self.cues.patterns["duty_start"].match(line.words):
            return True
        if last.words[-1] in "：:" or (self._stands_alone(last) and not is_full):
            return False
        if last.words.endswith(("印发", "发布", "公布")) and line.words[0] == "《":
            return True
        ends_sentence = _SENTENCE_END.search(last.words) or (last.words[-1] in "）)〕" and self.is_note)
        if not ends_sentence and (self.in_sentence or is_full):
            return not self._stands_alone(line)
        if not self.in_sentence and last.words[-1] not in "》”’。！？" and not _OPENS.match(line.words):
            return False  # a heading
        if self._fill_line(i, self.filled, self.page_width - self.indent - 2):
            return True
        # The first line of a paragraph is indented, and so it is shorter than the width.
        return is_full and self._fill_line(i, 0, self.page_width - 1)

    def _begins_item(self, line: RawLine) -> bool:
        return bool(self.cues.any_start.match(line.words) or _NEW_ITEM.match(line.words))

    def _stands_alone(self, line: RawLine) -> bool:
        return self.cues.patterns["alone"].match(line.words) is not None

    def _fill_line(self, first: int, filled: int, least: int) -> bool:
        """Whether the lines from *first* on fill a line of paper exactly: they stood on it together.

        Args:
            first: index of the first line.
            filled: half columns that are filled before it.
            least: half columns of a line that is filled.
        """
        for k in range(first, min(first + _MOST_PIECES, len(self.lines))):
            line = self.lines[k]
            if not line.words or line.indent or self._begins_item(line) or is_row(line.words):
                return False
            filled += self.widths[k]
            if filled > self.page_width + 2:
                return False
            if filled >= least:
                return not self._stands_alone(line)
            following = self.lines[k + 1].words if k + 1 < len(self.lines) else ""
            if not _PIECE_END.search(line.words) and not _OPENS.match(following):
                return False
        return False
