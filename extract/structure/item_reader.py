"""What the words of an item say: whether they are a heading, a lead-in, a closing, or open a section."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from extract.model import REPLY_KINDS, Kind, Letter, Span
from extract.structure.cues import NumberingStyle, StructureCues
from extract.structure.items import OutlineItem
from extract.structure.lines.kinds import names_organs
from extract.text.rows import is_row

SENTENCE_END = re.compile(r"[。！？!?]")
_NOTHING = re.compile("(?!)")
_LONGEST_HEADING = 60
_LONGEST_SENTENCE_HEADING = 45
_AFTER_SENTENCE = re.compile(r"(?<=[。！？])")
_AFTER_SEMICOLON = re.compile(r"(?<=；)")
_DIGIT = re.compile(r"\d")
_LONGEST_FORMULA = 60
"""Longest closing sentence that may have a figure."""
_LONGEST_CLOSING = 200
"""Characters of a closing at most."""
_LATEST_FORMULA = 16
"""Where a closing formula begins at the latest in its sentence; behind other words it closes nothing."""
_SHORTEST_TEXT = 20
"""Fewest characters of text behind an opening or thanks in the same paragraph."""
_LONGEST_REMARK = 40
"""Longest sentence before a closing formula that may belong to it."""
_NAME_SIGNS = re.compile(r"[\s、,，;；]+")
_PARAGRAPH_END = re.compile(r"[。；！!？?:：][”\"）)]*$|[）)]$")
_BRACKETED = re.compile(r"\s*[【\[](?P<words>[^】\]\n]{2,24})[】\]]")


class ItemReader:
    """Reads the items of one letter.

    Args:
        text: the page.
        letter: the letter.
        cues: the compiled patterns.
    """

    def __init__(self, text: str, letter: Letter, cues: StructureCues) -> None:
        self.text, self.letter, self.cues = text, letter, cues
        self.is_reply = letter.kind in REPLY_KINDS
        self.is_proposal = letter.kind is Kind.PROPOSAL

    def get_words(self, item: OutlineItem) -> str:
        """Return the own words of an item."""
        return item.own_span.of(self.text)

    def divide_items(self, items: list[OutlineItem]) -> list[OutlineItem]:
        """Split items where a letter turns to what will be done, to what it suggests, or to thanks.

        Headings without number receive a style of their own.
        """
        if self.is_reply:
            turn = self.cues.kinds["commit_start"]
        elif self.is_proposal:
            turn = self.cues.kinds["suggest_turn"]
        else:
            self._set_heading_styles(items, self._is_policy_heading)
            return items
        divided: list[OutlineItem] = []
        if self.is_reply:
            items = self._divide_openings(items)
        for item in items:
            divided.append(item)
            if (found := self._find_turn(item, turn)) is not None:
                end, begin = found
                inline = self.is_reply and (item.style is not None or item.inline)
                divided.append(OutlineItem(begin, begin, item.end, inline=inline))
                item.end = end
            last = divided[-1]
            closing = self._find_closing(last) if self.is_reply else None
            if closing is not None:
                divided.append(OutlineItem(closing, closing, last.end))
                last.end = closing
        self._set_heading_styles(divided, self._is_letter_heading)
        return divided

    def _divide_openings(self, items: list[OutlineItem]) -> list[OutlineItem]:
        """Split the text from an opening in the same paragraph, and leave out a first sentence that only thanks."""
        divided: list[OutlineItem] = []
        run = next((i for i, item in enumerate(items[1:], 1) if not item.inline), len(items))
        if 1 < run <= len(items) and self.announces_list(items[run - 1]):
            items[0].end = items[run - 1].end  # what the proposers said, told in the opening
            items = [items[0], *items[run:]]
        opened = False
        for item in items:
            divided.append(item)
            if item.style is not None or item.inline:
                opened = True
                continue
            kinds = self.cues.kinds
            formula = None if opened else kinds["opening_formula"].search(self.text, item.text, item.end)
            if formula is not None:
                opened = True
                if item.end - formula.end() >= _SHORTEST_TEXT:
                    divided.append(OutlineItem(formula.end(), formula.end(), item.end))
                    item.end = formula.end()
            thanks = kinds["thanks_first"].match(self.get_words(divided[-1]))
            if thanks is not None and divided[-1].end - divided[-1].text - thanks.end() >= _SHORTEST_TEXT:
                divided[-1].begin = divided[-1].text = divided[-1].text + thanks.end()
        return divided

    def _find_turn(self, item: OutlineItem, turn: re.Pattern[str]) -> tuple[int, int] | None:
        """Return the end of the last sentence before a turn, and the begin of the turn; None if there is none."""
        for m in SENTENCE_END.finditer(self.text, item.text, item.end - 1):
            begin = m.end()
            while begin < item.end and self.text[begin] in ' \u3000”"':
                begin += 1
            if self.is_reply and begin == self._find_text_after_heading(item):
                continue
            if begin < item.end and turn.match(self.text, begin, item.end):
                return m.end(), begin
        return None

    def _find_closing(self, item: OutlineItem) -> int | None:
        """Return where a closing formula (thanks) begins in the last sentences of an item, None if there is none."""
        ends = [m.end() for m in SENTENCE_END.finditer(self.text, item.text, item.end - 1)]
        closing, end = None, item.end
        for begin in reversed(ends[-4:]):
            words = self.text[begin:end].lstrip()
            if begin > item.text + 1 and end - begin <= 120 and self.cues.closing.search(words):
                closing = end = begin
            elif closing is not None or begin != ends[-1]:
                break
        if closing is not None and item.style is None and self._is_remark(item.text, closing):
            return None  # the paragraph is a closing as a whole
        return closing

    def _is_remark(self, begin: int, end: int) -> bool:
        """Whether the words before a closing formula only lead to it (养犬是小事，也是邻里间的大事。)."""
        words = self.text[begin:end].strip()
        return (
            0 < len(words) <= _LONGEST_REMARK
            and len(SENTENCE_END.findall(words)) == 1
            and not _DIGIT.search(words)
            and not self.cues.kinds["says_who_acts"].search(words)
        )

    def _set_heading_styles(
        self, items: list[OutlineItem], is_heading: Callable[[OutlineItem, OutlineItem, OutlineItem], bool]
    ) -> None:
        """Give a style to plain lines that head what follows: an outer style if no item has 一、, else an inner one.

        Args:
            items: the items of the letter.
            is_heading: whether an item is such a line, given the items before and after it.
        """
        has_outer = any(item.style is not None and item.style.name == "cjk" for item in items)
        bare = NumberingStyle("bare", 8 if has_outer else 4, _NOTHING, "", "start")
        for i, (before, item, following) in enumerate(zip(items, items[1:], [*items[2:], None], strict=False), 1):
            if item.style is not None or item.inline or self.lists_attendants(items, i):
                continue
            if before.style is not None and before.style.name == "advice" and self._is_labelled_answer(item):
                continue
            if following is None or self.cues.patterns["duty_label"].match(self.get_words(item)):
                continue
            label = _BRACKETED.match(self.get_words(item)) if self.is_reply else None
            if label is not None and (label.end() < len(item.own_span) or following.inline):
                item.style = bare
                continue
            if following.inline or following.begin <= item.end:
                continue
            if self.cues.kinds["bare_heading"].match(self.get_words(item)) and is_heading(before, item, following):
                item.style = bare

    def _is_labelled_answer(self, item: OutlineItem) -> bool:
        """Whether a paragraph below a suggestion is labelled as the answer to it: 【办理情况】…"""
        return self.cues.patterns["answer_label"].match(self.get_words(item)) is not None

    def _is_letter_heading(self, before: OutlineItem, item: OutlineItem, following: OutlineItem) -> bool:
        words = self.get_words(item)
        return (
            len(words) <= 60
            and self.get_section_kind(item) is None
            and not self.is_closing(item)
            and not (self.is_proposal and words[-1] in "：:")
        )

    def _is_policy_heading(self, before: OutlineItem, item: OutlineItem, following: OutlineItem) -> bool:
        """Whether a short line between the paragraphs of an instrument is their heading."""
        words, above, below = (self.get_words(other) for other in (item, before, following))
        is_after_paragraph = bool(_PARAGRAPH_END.search(above)) or before.style is not None
        heads_text = following.style is not None or (len(below) >= 2 * len(words) and bool(SENTENCE_END.search(below)))
        return len(words) <= 30 and is_after_paragraph and heads_text and not self.is_closing(item)

    def turns_to_commitments(self, item: OutlineItem) -> bool:
        """Whether the item's words turn to what will be done, at their start or right behind the item's heading."""
        if not self.is_reply:
            return False
        begins = [item.text]
        if (after := self._find_text_after_heading(item)) is not None:
            begins.append(after)
        return any(self.cues.kinds["commit_start"].match(self.text, begin, item.end) for begin in begins)

    def _find_text_after_heading(self, item: OutlineItem) -> int | None:
        """Return where the text begins behind the heading of a numbered item; None if it has no heading."""
        if item.style is None or item.inline:
            return None
        stop = SENTENCE_END.search(self.text, item.text, item.end - 1)
        if stop is None or stop.start() - item.text > _LONGEST_SENTENCE_HEADING:
            return None
        if not self.cues.patterns["heading_about"].match(self.text[item.text : stop.start()]):
            return None
        begin = stop.end()
        while begin < item.end and self.text[begin].isspace():
            begin += 1
        return begin

    def promises_most(self, item: OutlineItem) -> bool:
        """Whether most of a paragraph's words say what somebody will do (我们也将…)."""
        kinds = self.cues.kinds
        total = promised = 0
        goes_on = False  # whether the clause before is a promise
        for sentence in _AFTER_SENTENCE.split(self.get_words(item)):
            lead = sentence.find("：")
            promises_list = lead > 0 and kinds["promise"].search(sentence, 0, lead)
            for clause in _AFTER_SEMICOLON.split(sentence):
                total += len(clause)
                promise = kinds["promise"].search(clause)
                if promises_list or promise is not None:
                    promised += len(clause) - (0 if promise is None else self._count_done(clause[: promise.start()]))
                    goes_on = True
                elif goes_on and not kinds["done"].search(clause):
                    promised += len(clause)
                else:
                    goes_on = False
        return promised * 2 > total

    def _count_done(self, words: str) -> int:
        """Return how many characters of the words before a promise, in its sentence, say what has been done."""
        comma = max(words.rfind("，"), words.rfind(",")) + 1
        return comma if self.cues.kinds["done"].search(words[:comma]) else 0

    def ends_numbering(self, item: OutlineItem) -> bool:
        """Whether a paragraph without number stands outside of the numbered items before it."""
        return (
            self.turns_to_commitments(item)
            or self.is_closing(item)
            or self.opens_section(item)
            or self._thanks_for_advice(item)
            or (self.is_reply and (self.announces_promises(item) or self.begins_with_request(item)))
        )

    def begins_with_request(self, item: OutlineItem) -> bool:
        """Whether a paragraph without number begins with what the proposers asked for: 您提出的“…”的建议，…"""
        return item.style is None and bool(self.cues.patterns["begins_with_request"].match(self.get_words(item)))

    def announces_list(self, item: OutlineItem) -> bool:
        """Whether the item's words announce a list (…以下工作：)."""
        return bool(self.cues.kinds["lead_in"].search(self.get_words(item).rstrip()))

    def has_sentence_end(self, item: OutlineItem) -> bool:
        """Whether the item's own words end a sentence, so that they are text and not a bare heading."""
        return bool(SENTENCE_END.search(self.get_words(item)))

    def opens_section(self, item: OutlineItem) -> bool:
        """Whether a line without number opens a section of a proposal."""
        return self.get_section_kind(item) is not None

    def get_section_kind(self, item: OutlineItem) -> Kind | None:
        """Return the kind of the section that a line of a proposal opens (建议：, 存在问题：), None if none."""
        if not self.is_proposal or item.style is not None:
            return None
        words = self.get_words(item).strip(" \u3000【】[]：:")
        if len(words) <= 40 and not SENTENCE_END.search(words):
            if self.cues.kinds["suggest_heading"].match(words):
                return Kind.SUGGESTION
            if self.cues.kinds["problem_heading"].search(words) and len(words) <= 24:
                return Kind.PROBLEM
        return None

    def is_running_text(self, items: Sequence[OutlineItem], i: int) -> bool:
        """Whether paragraph *i*, which has no number, is no part: an opening, lead-in, closing or background."""
        item = items[i]
        if not (self.is_reply or self.is_proposal):
            return True
        words = self.get_words(item)
        if self.is_closing(item) or self.opens_section(item) or len(words) < 6 or is_row(words.split("\n", 1)[0]):
            return True
        if self._is_lead_in(items, i) or self.lists_attendants(items, i):
            return True
        return self.is_reply and (
            self._thanks_for_advice(item) or self.only_comments(item) or self._is_in_opening(items, i)
        )

    def lists_attendants(self, items: Sequence[OutlineItem], i: int) -> bool:
        """Whether paragraph *i* says who was at a meeting, or stands in the list of names below such words."""
        pattern, name = self.cues.patterns["attendance"], self.cues.patterns["attendant"]
        while i >= 0 and items[i].style is None:
            lines = self.get_words(items[i]).strip().split("\n")
            if pattern.match(lines[0].strip()):
                return True
            parts = [part for line in lines for part in _NAME_SIGNS.split(line) if part]
            if not all(name.match(part) or names_organs(part, self.cues) for part in parts):
                return False
            i -= 1
        return False

    def _is_in_opening(self, items: Sequence[OutlineItem], i: int) -> bool:
        """Whether paragraph *i* of a reply belongs to its opening, which ends with 如下： or the like."""
        if i == 0:
            return True
        if not any(self._ends_opening(item) for item in items[i : i + 3] if item.style is None):
            return False
        return not any(item.style is not None or self._ends_opening(item) for item in items[:i])

    def _ends_opening(self, item: OutlineItem) -> bool:
        return self.cues.opening_end.search(self.get_words(item)) is not None

    def _is_lead_in(self, items: Sequence[OutlineItem], i: int) -> bool:
        """Whether paragraph *i* only leads to the items after it."""
        if i + 1 >= len(items):
            return False
        item, following = items[i], items[i + 1]
        if following.style is not None and not item.inline:
            leads = len(SENTENCE_END.findall(self.get_words(item))) <= 1 and len(self.get_words(item)) <= 40
            begins_list = following.style.where == "inline" and following.value == 1 and leads
            if following.inline or (begins_list and self.turns_to_commitments(item)):
                return True
        return self.announces_list(item)

    def _thanks_for_advice(self, item: OutlineItem) -> bool:
        """Whether a reply only thanks for advice here: 您提出的…建议，对我们很有启发。"""
        words = self.get_words(item)
        short = len(SENTENCE_END.findall(words)) <= 1
        return self.is_reply and short and bool(self.cues.kinds["thanks_for_advice"].search(words))

    def only_comments(self, item: OutlineItem) -> bool:
        """Whether every sentence of a reply's item praises the advice or owns up to what is lacking."""
        sentences = [sentence.strip() for sentence in SENTENCE_END.split(self.get_words(item))]
        kinds = self.cues.kinds
        return self.has_sentence_end(item) and all(
            kinds["praise"].search(sentence) or kinds["admits"].search(sentence) for sentence in sentences if sentence
        )

    def heads_promises(self, heading: Span) -> bool:
        """Whether a heading says that what follows will be done (下一步工作打算)."""
        return self.cues.kinds["commit_heading"].search(heading.of(self.text)) is not None

    def announces_promises(self, item: OutlineItem) -> bool:
        """Whether the item's words lead to a list of what will be done (我们还将采取以下措施：)."""
        return self.announces_list(item) and bool(self.cues.kinds["promise_lead"].search(self.get_words(item).rstrip()))

    def is_closing(self, item: OutlineItem) -> bool:
        """Whether an item is a closing formula (特此函复)."""
        words = self.get_words(item).lstrip()
        stop = SENTENCE_END.search(words)
        first_sentence = words[: stop.end()] if stop else words
        if stop and item.style is None and not item.inline and self.is_reply:
            begin = item.end - len(words)
            second = words[stop.end() :].lstrip()
            if self._is_remark(begin, begin + stop.end()) and self.cues.closing.search(second):
                return True
        if len(words) > _LONGEST_CLOSING:
            return False
        formula = self.cues.closing.search(first_sentence)
        if formula is not None and formula.start() > 0 and self.turns_to_commitments(item):
            return False  # 今后我们将加强巡查，欢迎监督
        tells_figures = len(first_sentence) > _LONGEST_FORMULA and bool(_DIGIT.search(first_sentence))
        return formula is not None and formula.start() <= _LATEST_FORMULA and not tells_figures

    def find_heading(self, item: OutlineItem) -> Span | None:
        """Return the heading of an item: all of a short line, or the short first sentence of a text; None if none."""
        words = self.get_words(item)
        if item.style is not None and (bracketed := _BRACKETED.match(words)):
            return Span(item.text + bracketed.start("words"), item.text + bracketed.end("words"))
        stop = SENTENCE_END.search(words)
        if stop is None:
            line = words.rstrip(" ：:")
            is_short = 0 < len(line) <= _LONGEST_HEADING and not ("；" in line or ";" in line)
            return Span(item.text, item.text + len(line)) if is_short else None
        return Span(item.text, item.text + stop.start()) if stop.start() <= _LONGEST_SENTENCE_HEADING else None
