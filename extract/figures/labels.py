"""What a fact or a promise measures, as its reader would name it: 培训农村实用人才, 研发投入强度, 新建充电桩.

The words before the number name it (研发投入强度达到2.5%), or a verb does with the noun behind the number (培训100名
人才). Members of a list are named one by one; a number that only goes on about the one before takes over its name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple

from extract.figures.about.turn import find_after_places
from extract.figures.around import find_list
from extract.figures.context import FigureContext, Number, Scene
from extract.figures.shares import find_members
from extract.figures.wording import LabelWords, load_label_words
from extract.model import Kind
from extract.text.segment import Word, segmenter

_LONGEST = 40
"""Characters that a name may have."""
_LONGEST_OBJECT = 30
"""Characters of the noun behind a number."""
_LONGEST_ACT = 14
"""Characters of what is to be done within a time."""
_LONGEST_DEED = 6
"""Characters of what is done to a share: 停车位100%+预配置."""
_LONGEST_LENT = 20
"""Characters of a name that a number behind it takes over with a verb of its own."""
_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
_SHORT_BRACKETS = re.compile(r"[(（]([^()（）]{1,2})[)）]")
_OPEN_BRACKET = re.compile(r"[(（][^()（）]*\Z")
_OBJECT_ENDS = re.compile(r"[，,。;；:：\n()（）《》/]")
_BEFORE_TIME = "于自在至到和与及,，、("
_LIST_SIGNS = "、和及与,，;；或并"
_NOMINAL = ("n", "vn", "j", "l", "i", "eng", "s", "an", "q", "x", "t", "m", "k", "g", "z")
_SHARES = frozenset({"percent", "share"})
_COUNTS = _SHARES | {"count", "place", "part"}
_FUNCTION = frozenset({"uj", "c", "d", "p", "w", "r", "f", "y", "ul"})


class Label(NamedTuple):
    """The name of a figure, and the stretch of the folded text that it takes up with the number."""

    words: str
    begin: int
    end: int


class LabelReader:
    """Names the figures of one sentence, in their order."""

    def __init__(self, page: FigureContext, scene: Scene) -> None:
        self.page, self.scene = page, scene
        self.words: LabelWords = load_label_words(page.lex)
        self._given: list[tuple[Number, str]] = []

    def read(self, number: Number) -> Label:
        """Return the name of *number*; the numbers before it have been read."""
        label = self._read(number)
        self.add(number, label.words)
        return label

    def add(self, number: Number, name: str) -> None:
        """Take note of a number that is named otherwise."""
        self._given.append((number, name))

    def _read(self, number: Number) -> Label:
        members = self._list_group(number)
        begin = self._left_begin(members[0])
        left, first = self._read_left(begin, members[0].outer_begin)
        if len(members) > 1 and (name := self._name_member(number, members, left)):
            return Label(name, first if members[0] is number else number.outer_begin, number.outer_end)
        if members[0] is not number and self._given and self._given[-1][0] in members and self._given[-1][1]:
            return Label(self._given[-1][1], number.outer_begin, number.outer_end)
        reading = _Reading(left, self.words, members[0], self._cut)
        found, end = self._read_object(members[-1])
        name, uses_object = reading.join_object(found)
        if not name or reading.needs_head(name):
            name = self._borrow(number, name, reading, begin) or name
        if reading.goes_on or not left:
            first = members[0].outer_begin
        if members[0] is not number:
            first = number.outer_begin
        return Label(_finish(name, self.words), first, max(number.outer_end, end) if uses_object else number.outer_end)

    # lists

    def _list_group(self, number: Number) -> Sequence[Number]:
        """Return the members of the list or range of *number*; only itself if it stands alone."""
        return find_list(self.scene, number)

    def _name_member(self, number: Number, members: Sequence[Number], left: str) -> str:
        """Return the name of one of several numbers that are told of several things in the same order."""
        if number.quantity.ranged:
            return ""
        rank = members.index(number)
        if names := find_members(left, len(members), self.words, self._cut):
            return _finish(names[rank], self.words)
        left = self.page.text[self._left_begin(members[0]) : members[0].outer_begin]
        what = self.words.respectively.match(left)
        earlier = [(n, name) for n, name in self._given if n not in members]
        if what and len(earlier) >= len(members):
            change = self.words.strip_end(left[what.end() :], ())
            return _finish(earlier[len(earlier) - len(members) + rank][1] + change, self.words)
        return ""

    # what stands before

    def _left_begin(self, number: Number) -> int:
        """Return where the words before *number* begin: behind the number before, or with the clause."""
        clause = self.scene.clause(number.begin)
        before = [n.outer_end for n, _ in self._given if clause.begin < n.outer_end <= number.outer_begin]
        return max([clause.begin, *before])

    def _read_left(self, begin: int, end: int) -> tuple[str, int]:
        """Return the words from *begin* to *end* that may name the number, and where they begin."""
        begin = self.page.text.rfind("\n", begin, max(begin, end - 1)) + 1 or begin
        text = self.page.text[begin:end]
        if text.count(")") > text.count("(") and not text.endswith(")"):
            begin += text.index(")") + 1  # a note ends here: (牵头单位：…)建成
            text = self.page.text[begin:end]
        if (opened := _OPEN_BRACKET.search(text)) and opened.end() > opened.start() + 1:
            begin += opened.start() + 1
        elif opened:  # what stands before the bracket: 技术先进性（25%）
            end = begin + opened.start()
        begin += self._find_after_time(begin, end)
        text = self.page.text[begin:end]
        rest = self.words.strip_begin(text, [word.begin for word in self._cut(text)])
        if text.endswith(rest):
            begin = end - len(rest)
        plain = _BRACKETS.sub("", _SHORT_BRACKETS.sub(r"\1", rest))
        return _pair(plain.replace("\n", "")), begin

    def _find_after_time(self, begin: int, end: int) -> int:
        """Return how many characters from *begin* on say when, or for which places in turn."""
        start = find_after_places(self.page, self.scene, begin, end)
        for time in self.scene.times:
            at = time.span.begin
            named = any(s.kind is Kind.PLACE and start <= s.begin and s.end == at for s in self.scene.seen)
            opens = at == start or named or self.page.text[at - 1] in _BEFORE_TIME
            if start <= at and opens and time.span.end < end:
                start = time.span.end
                if after := self.words.after_time.match(self.page.text, start, end):
                    start = after.end()
        for name in self.scene.seen:
            if name.kind is Kind.PLACE and start <= name.end < end and self.page.text.startswith("分别", name.end):
                start = name.end + 2
        return start - begin

    # what stands behind

    def _read_object(self, number: Number) -> tuple[str, int]:
        """Return the noun phrase behind *number*, and where it ends; empty if none stands there."""
        text, start = self.page.text, number.outer_end
        clause = self.scene.clause(number.begin)
        later = [n.outer_begin for n in self.scene.numbers if n.outer_begin >= number.outer_end]
        stop = min([clause.end, *later[:1]])
        if note := _BRACKETS.match(text, start, clause.end):
            start, stop = note.end(), clause.end
            stop = min([stop, *(n for n in later if n >= start)][:2])
        stop = self._find_object_end(start, stop)
        sized = next((n.outer_end for n in self.scene.numbers if start < n.outer_begin == stop < clause.end), None)
        if sized is not None and text.startswith("的", sized):  # 1个建筑面积不少于1000平方米的+服务中心
            start, stop = sized + 1, self._find_object_end(sized + 1, clause.end)
        if joined := self.words.of.match(text, start, stop):
            start = joined.end()
        phrase = text[start:stop]
        if number.quantity.kind in _SHARES:
            whole = phrase if 2 <= len(phrase) <= _LONGEST_OBJECT and phrase[0] not in _LIST_SIGNS else ""
            if whole and stop < len(text) and text[stop] in ",，。;；\n:" and self._opens_with_noun(whole):
                return _pair(whole), stop
        if number.quantity.kind == "time":
            act = self.words.act.match(phrase)
            length = 0 if act is None else len(phrase) if len(phrase) <= _LONGEST_ACT else act.end()
            return (phrase[:length] + self.words.limit, start + length) if length else ("", start)
        length = self._measure_noun(phrase)
        for name in self.scene.seen:
            if start <= name.begin < start + max(length, 1) and start + length < name.end <= stop:
                length = name.end - start
        return (_pair(_SHORT_BRACKETS.sub(r"\1", phrase[:length])), start + length) if length else ("", start)

    def _find_object_end(self, start: int, stop: int) -> int:
        """Return where the words behind a number end: at a sign, but not at brackets inside a word (退（免）税)."""
        text = self.page.text
        while ends := _OBJECT_ENDS.search(text, start, stop):
            within = _SHORT_BRACKETS.match(text, ends.start(), stop)
            if within is None or not "\u4e00" <= text[within.end() : within.end() + 1] <= "\u9fff":
                return ends.start()
            start = within.end()
        return stop

    def _opens_with_noun(self, phrase: str) -> bool:
        words = self._cut(phrase)
        first = words[0]
        return first.tag[:1] in "nbjaxe" or first.tag == "vn"

    def _measure_noun(self, phrase: str) -> int:
        """Return the length of the noun phrase at the beginning of *phrase*; 0 if there is none."""
        words = self._cut(phrase)
        if not words or phrase[0] in _LIST_SIGNS or (self.words.is_stop(words[0].text) and words[0].text != "可"):
            return 0
        if self.words.is_verb(words[0].text) or (words[0].tag in ("v", "p", "c", "d", "r") and len(words) < 3):
            return 0
        end, joined = len(words), 0
        for i, word in enumerate(words[1:], 1):
            if word.text == "可" and "的" in phrase[word.end :]:  # 可复制可推广的案例
                continue
            following = words[i + 1].text if i + 1 < len(words) else ""
            if self.words.is_stop(word.text, following) or (word.tag in ("p", "t") and len(word.text) < 3):
                end = i
                break
            if word.text == "、" and i + 1 < len(words) and self.words.is_verb(words[i + 1].text):
                return self._nominal_end(words[:i], whole=True)
            if not joined and word.text in ("和", "与", "及", "以及", "或"):
                joined = i
        if end < len(words) and joined:
            end = min(end, joined)
        return self._nominal_end(words[:end], whole=True)

    def _nominal_end(self, words: Sequence[Word], *, whole: bool = False) -> int:
        """Return where the last noun of *words* ends; a verb at the end of a *whole* phrase stands for a noun."""
        kept = list(words)
        while kept and kept[-1].end > _LONGEST_OBJECT:
            kept.pop()
        whole = whole and len(kept) == len(words) > 1
        while kept and not (kept[-1].tag.startswith(_NOMINAL) or kept[-1].text in ("”", '"')):
            if whole and kept[-1].tag not in _FUNCTION:
                break
            kept.pop()
        return kept[-1].end if kept else 0

    def _cut(self, phrase: str) -> list[Word]:
        return segmenter(self.page.lex).segment(phrase)

    # what other numbers lend

    def _borrow(self, number: Number, name: str, reading: _Reading, begin: int) -> str:
        """Return the name with the words that it leaves to the number or clause before it; empty if there are none."""
        clause = self.scene.clause(number.begin)
        if self.page.text.startswith("|", max(0, clause.begin - 1)):
            return ""  # a cell says nothing of the next one
        segment = [
            (n, words) for n, words in self._given
            if words and self.scene.clause(n.begin).segment == clause.segment
        ]  # fmt: skip
        near = bool(segment) and segment[-1][0].outer_end >= clause.begin - 30
        if reading.goes_on and segment:
            return segment[-1][1] + reading.change
        if reading.needs_head(name):
            before = self._topic_before(clause.begin, begin)
            if before:
                return before + name
            return segment[-1][1] + name if near and len(segment[-1][1]) < 20 else ""
        same = [words for n, words in segment if n.quantity.unit == number.quantity.unit]
        if reading.verb and same and number.quantity.kind != "money" and len(same[-1]) <= _LONGEST_LENT:
            return reading.verb + self.words.strip_verb(same[-1])
        if segment and segment[-1][0].outer_end > clause.begin and not reading.verb:
            return segment[-1][1]
        return self.words.name_unit(number.quantity, reading.verb)

    def _topic_before(self, clause_begin: int, begin: int) -> str:
        """Return what the clause before is about, if no number stands in it: 推进查验作业改革，比例达到…."""
        if begin != clause_begin or clause_begin <= self.scene.begin:
            return ""
        before = self.scene.clause(clause_begin - 1)
        if any(before.begin <= n.begin < before.end for n in self.scene.numbers):
            return ""
        text, _ = self._read_left(before.begin, before.end - 1)
        text = self.words.openers.sub("", text)
        return text if 2 <= len(text) <= 16 and "、" not in text else ""


class _Reading:
    """The words before a number, read as a subject, as a verb with its object, or as a bare verb."""

    def __init__(self, left: str, words: LabelWords, number: Number, cut: Callable[[str], list[Word]]) -> None:
        self.words = words
        self.borders = {word.begin for word in cut(left)}
        self.subject = words.strip_end(left, self.borders)
        self.modifies = left.endswith("的")
        states = len(self.subject) < len(left) and words.states_value.search(left) is not None
        self.states_value = states or words.states.search(self.subject) is not None
        change = words.goes_on.fullmatch(left) or words.goes_on.fullmatch(self.subject)
        self.goes_on = change is not None or words.compared_with.fullmatch(left) is not None
        self.change = words.changed_to.sub("", self.subject) if change else ""
        self.kind = number.quantity.kind
        self.verb = ""

    def join_object(self, found: str) -> tuple[str, bool]:
        """Return the name, and whether the noun behind the number is in it; empty if nothing names the number."""
        words, left = self.words, self.subject
        if self.goes_on:
            return "", False
        if found and self.kind not in _COUNTS | {"time"}:
            return self._join_sized(found)
        if found and self.kind in _SHARES and self.subject and not self.states_value and len(found) <= _LONGEST_DEED:
            return self._cut_left(left) + found, True
        governed = words.governed.match(left)
        verbs = words.bare_end.search(left)
        bare = verbs is not None and (verbs.start() == 0 or verbs.start() in self.borders)
        if found and self.kind == "time":
            return (left + found if left and not bare and not governed and len(left) < 16 else found), True
        if self.kind == "time" and not found and not words.measures.search(left) and words.person.search(left):
            return "", False  # 办公室在3个工作日内将…
        if found and len(left) < 2 and not bare:
            return found, True
        if found and self.modifies and left:
            return words.governing.sub("", left) + "的" + found, True
        if bare and verbs is not None:
            self.verb = words.strip_adverbs(verbs[0])
            self.verb = words.openers.sub("", self.verb) or self.verb  # 鼓励引进: what is counted is 引进
            if found:
                return self.verb + found, True
            if not left[: verbs.start()].strip("、"):
                return "", False
        elif found and self.kind not in _SHARES and (governed or not self.states_value):
            return found, True
        return (self._cut_left(left) if left else ""), False

    def _join_sized(self, found: str) -> tuple[str, bool]:
        """The same for sums and sizes: 发放1000万元+消费券, 设立总规模30亿元的+母基金."""
        words, left = self.words, self.subject
        verbs = words.bare_end.search(left)
        if verbs is not None and verbs.start() == 0:
            self.verb = words.strip_adverbs(verbs[0])
            return self.verb + found, True
        measure = words.strip_verb(left)
        if words.headless.fullmatch(measure):
            return found + measure, True
        return (self._cut_left(left) if left else found), not left

    def _cut_left(self, left: str) -> str:
        """Return a subject without what introduces it, a verb with its object without who does it."""
        words = self.words
        if (listed := words.listed_act.match(left)) and not words.only_acts.fullmatch(left, 0, listed.end() - 1):
            left = left[listed.end() :]
        rest = words.openers.sub("", left)
        if self.states_value:
            rest = words.urged.sub("", rest) or rest or left
            return words.empty_verbs.sub("", rest) or rest
        if (act := words.acts.search(rest)) and act.start() > 0 and words.before_act.search(rest, 0, act.start()):
            return rest[act.start() :]
        if act is None or act.start() > 0:
            rest = left
        return words.empty_verbs.sub("", rest) or rest

    def needs_head(self, name: str) -> bool:
        """Whether *name* is a measure of something that it does not name: 比例, 金额."""
        return self.words.headless.fullmatch(name) is not None


def _finish(name: str, words: LabelWords) -> str:
    """Return *name* without signs at its ends, and not longer than a name may be."""
    name = words.trim.sub("", words.other_value.sub("", name))
    if len(name) > _LONGEST:
        tail = name[-_LONGEST:]
        borders = [tail.find(sign) for sign in "、的，" if 0 <= tail.find(sign) < _LONGEST - 6]
        name = tail[min(borders) + 1 :] if borders else ""
    return _pair(name)


@cache
def _pair(words: str) -> str:
    """Return *words* without quotation marks that have no fellow."""
    if words.count("“") != words.count("”"):
        words = words.replace("“", "").replace("”", "")
    return words.replace('"', "") if words.count('"') % 2 else words
