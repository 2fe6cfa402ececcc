"""Classes of a list whose members each get an amount of their own: 国家级、省级旅游度假区，*分别*给予300万元、80万元.

As many members as amounts are a proof by form: such a list names classes whatever their heads are. Other finders know
a class by its head, so a list with a head that no lexicon has is found only here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from extract.mentions.classes.classes import make_class
from extract.mentions.classes.expansion import expand_levels, expand_phrase
from extract.mentions.classes.receivers import find_receivers
from extract.mentions.context import MentionContext
from extract.mentions.geography import Geography
from extract.mentions.overlaps import ALLOTTED
from extract.mentions.phrases import LEVEL, Phrase, read_grammar
from extract.mentions.words import BREAK, PageWords
from extract.model import Kind, Mention
from ontology.lexicons import Lexicon, join_alternatives

_AMOUNT = (
    r"(?:最高|不超过|不低于|不少于|每[人家户个年月])*\d[\d,.]*[百千万亿]*(?:元|%|个百分点)"
    r"(?:/[^、，。；和]{1,4})?(?:[(（][^()（）]{1,20}[)）])?"
)
_AMOUNTS = re.compile(
    rf"{_AMOUNT}(?:(?:(?:[、，,和与及]|以及)|(?:的?[\u4e00-\u9fff]{{0,6}}?)(?:、|和|与|及|以及)[\u4e00-\u9fff]{{1,12}}?){_AMOUNT})+"
)
"""Amounts in a list; words of its own may stand before each: 20万元、每人3000元、不超过房租30%."""
_AMOUNT_ONCE = re.compile(_AMOUNT)
_SEPARATOR = re.compile("、|以及|或者|和|及(?!以[上下内外])|与|或")
_STOPS = "。；;：:！？" + BREAK
_STOP = re.compile(f"[{_STOPS}]")
_LONGEST_AMOUNT, _LONGEST_RUN = 40, 200
"""Characters of an amount with its note, and of a run of amounts, at most: a bound keeps a page's cost linear."""
_NOUNS = frozenset({"n", "nz", "nt", "ng", "j", "vn", "x", "an", "nr", "ns", "l", "i", "v", "k", "q"})
"""Parts of speech of the last word of a member. Names of classes are often unknown to the segmenter."""
_GOES_ON = frozenset({"v", "d", "p", "m", "vd", "ad"})
"""Parts of speech of the word after a class that does something: 毕业生*首次*购房."""
_GRADED = re.compile(r"(?:级|类|等|档|星级)\Z")
_GRADE_OF = re.compile(r"^(.{1,5}(?:级|类|等|档))的")
_NATIONAL = "国家"
_RANK = re.compile("[^、和与及]+")
_SHORTEST, _LONGEST = 2, 20
"""Characters of a member."""


@dataclass(frozen=True, slots=True)
class _Settings:
    """Values of ``allotments.toml``."""

    respectively: re.Pattern[str]
    clauses: int
    reach: int
    lead: int
    trims: re.Pattern[str]
    refused: re.Pattern[str]
    openers: frozenset[str]
    divides: re.Pattern[str]
    acts: re.Pattern[str]
    """A place with what is done there, which is no class: 甲县新建+泵站."""


@cache
def _read_settings(lex: Lexicon) -> _Settings:
    config = lex.read_config("allotments")
    verbs: list[str] = lex.read_config("figures")["labels"]["verbs"]
    return _Settings(
        respectively=re.compile(join_alternatives(config["respectively"].split())),
        clauses=int(config["clauses"]),
        reach=int(config["reach"]),
        lead=int(config["lead"]),
        trims=re.compile(rf"(?:{join_alternatives(config['trims'].split())})+\Z"),
        refused=re.compile(rf"(?:{join_alternatives(config['refused'].split())})\Z"),
        openers=frozenset(config["openers"].split()),
        divides=re.compile(config["divides"]),
        acts=re.compile(rf"[\u4e00-\u9fff]{{1,6}}[省市区县州镇乡](?:{join_alternatives(verbs)})"),
    )


def find_allotments(context: MentionContext, geography: Geography) -> list[Mention]:
    """Return the mentions of the classes of each list whose members get amounts one by one."""
    settings = _read_settings(context.lex)
    page = context.words
    same: dict[str, str] = context.lex.read_config("groups").get("same", {})
    reader = _ListReader(page, settings, context.lex)
    out: list[Mention] = []
    for mark in settings.respectively.finditer(page.text):
        begin = mark.end()
        first = _AMOUNT_ONCE.search(page.text, begin, min(len(page.text), begin + settings.lead + _LONGEST_AMOUNT))
        if first is None or first.start() - begin > settings.lead or _STOP.search(page.text, begin, first.start()):
            continue
        amounts = _AMOUNTS.match(page.text, first.start(), min(len(page.text), first.start() + _LONGEST_RUN))
        if amounts is None:
            continue
        count = len(_AMOUNT_ONCE.findall(amounts.group()))
        out += (make_class(phrase, ALLOTTED, page, same) for phrase in reader.read(mark.start(), count))
    return [*out, *find_receivers(context)]


def _join_grade(phrase: Phrase) -> Phrase:
    """Return a phrase without the 的 behind its grade: 三星级*的*服务站."""
    return phrase._replace(name=_GRADE_OF.sub(r"\1", phrase.name))


def _begin_with_level(phrase: Phrase) -> Phrase:
    """Return a phrase without the words before its level: 新创成+国家级旅游度假区."""
    level = LEVEL.search(phrase.name)
    cut = level.start() if level is not None else 0
    return phrase._replace(begin=phrase.begin + cut, name=phrase.name[cut:])


class _ListReader:
    """Reads the list before a word such as 分别."""

    def __init__(self, page: PageWords, settings: _Settings, lex: Lexicon) -> None:
        self.page, self.text, self.settings, self.lex = page, page.text, settings, lex
        self.heads = read_grammar(lex).heads

    def read(self, end: int, count: int) -> Sequence[Phrase]:
        """Return the members of the list before *end*, nothing if no list there has *count* members."""
        for begin, stop in self._list_clauses(end):
            for last_end in self._list_ends(begin, stop):
                for found in (
                    self._read_shared(begin, last_end),
                    self._read_nouns(begin, last_end),
                    self._read_headed(begin, last_end),
                    self._read_divided(begin, last_end),
                ):
                    if len(found) == count and all(self._is_class(phrase) for phrase in found):
                        return found
        return ()

    def _list_clauses(self, end: int) -> Iterator[tuple[int, int]]:
        """Yield begin and end of the clauses before *end*, the nearest first."""
        text, at = self.text, end
        for _ in range(self.settings.clauses):
            least = max(0, at - _LONGEST_RUN)
            begin = max(least - 1, *(text.rfind(stop, least, at) for stop in f"{_STOPS}，,")) + 1
            stop = at
            if stop - begin > 1:
                yield begin, stop
            if begin == 0 or text[begin - 1] not in "，," or end - begin > self.settings.reach:
                return
            at = begin - 1

    def _list_ends(self, begin: int, stop: int) -> Iterator[int]:
        """Yield where the last member of a clause may end: at its end, or before the first 的 after a separator."""
        separators = [found.end() for found in _SEPARATOR.finditer(self.text, begin, stop)]
        if not separators:
            return
        ends = [stop]
        if (own := self.text.find("的", separators[-1], stop)) >= 0 and not _GRADED.search(
            self.text[separators[-1] : own]
        ):
            ends.insert(0, own)
        ends[:0] = self._list_heads(separators[-1], stop)
        for end in ends:
            trimmed = self.settings.trims.search(self.text, separators[-1], end)
            yield trimmed.start() if trimmed is not None else end

    def _list_heads(self, begin: int, stop: int) -> Iterator[int]:
        """Yield where a class ends that does something in the same clause: 三孩家庭+购买住房."""
        first, after = self.page.number_word(begin), self.page.number_word(stop)
        if after > first and self._is_head(self.page.words[after - 1].text):
            return
        for k in range(first, after - 1):
            word, following = self.page.words[k], self.page.words[k + 1]
            if self._is_head(word.text) and following.tag in _GOES_ON:
                yield word.end

    def _read_shared(self, begin: int, end: int) -> Sequence[Phrase]:
        """Return the members of a list that share their last words: 国家级、省级旅游度假区."""
        last = self._find_last_member(begin, end)
        if last is None:
            return ()
        found = sorted(self._expand(last))
        if LEVEL.match(last.name):
            found = [_begin_with_level(phrase) for phrase in found]
        elif self.text.endswith(_NATIONAL, begin, found[0].begin):  # 国家5A级、4A级旅游景区
            found = [phrase._replace(name=_NATIONAL + phrase.name, shared=True) for phrase in found]
            found[0] = found[0]._replace(begin=found[0].begin - len(_NATIONAL))
        return [_join_grade(phrase) for phrase in found if phrase.begin >= begin]

    def _find_last_member(self, begin: int, end: int) -> Phrase | None:
        cut = max((found.end() for found in _SEPARATOR.finditer(self.text, begin, end)), default=begin)
        while cut > begin:
            first, after = self.page.number_word(cut), self.page.number_word(end)
            if first < after and self.page.begins[first] == cut and end - cut >= _SHORTEST:
                name = self.text[cut:end]
                phrase = Phrase(cut, end, Kind.GROUP, "name", self.page.words[after - 1].text, name, after - first - 1)
                if len(self._expand(phrase)) > 1:
                    return phrase
            # A separator may stand inside the shared words: 国家级、省级文化*和*旅游集聚区.
            earlier = [found.end() for found in _SEPARATOR.finditer(self.text, begin, cut - 1)]
            cut = max(earlier, default=begin)
        return None

    def _expand(self, last: Phrase) -> Sequence[Phrase]:
        """Return the members that share the last words of *last*, and itself."""
        levels = expand_levels(self.text, last.begin, last.end) if LEVEL.match(last.name) else []
        if len(levels) > 1:
            return [last._replace(begin=at, name=name, shared=at < last.begin) for at, name in levels]
        return expand_phrase(last, self.page, self.lex)

    def _read_nouns(self, begin: int, end: int) -> Sequence[Phrase]:
        """Return the members of a list of whole names: 高新技术企业、科技型中小企业."""
        marks = list(_SEPARATOR.finditer(self.text, begin, end))
        pieces = list(zip([begin, *(m.end() for m in marks)], [*(m.start() for m in marks), end], strict=True))
        first = self._skip_opener(*pieces[0])
        pieces[0] = (first, pieces[0][1])
        found = []
        for at, stop in pieces:
            k, after = self.page.number_word(at), self.page.number_word(stop)
            if k >= after or self.page.begins[k] != at or self.page.words[after - 1].tag not in _NOUNS:
                return ()
            head = self.page.words[after - 1].text
            found.append(Phrase(at, stop, Kind.GROUP, "name", head, self.text[at:stop], after - k - 1))
        known = [self._is_head(phrase.head) for phrase in found]
        shared = self._share_beginning(found)
        return shared if all(known) or (any(known) and shared is not found) else ()

    def _read_headed(self, begin: int, end: int) -> Sequence[Phrase]:
        """Return the members of a list of single words, of which the last has the head of all: 供电、供热+企业."""
        marks = list(_SEPARATOR.finditer(self.text, begin, end))
        if not marks:
            return ()
        k, after = self.page.number_word(marks[-1].end()), self.page.number_word(end)
        if after - k != 2 or self.page.begins[k] != marks[-1].end() or not self._is_head(self.page.words[k + 1].text):
            return ()
        head = self.page.words[k + 1]
        starts = [self._skip_opener(begin, marks[0].start()), *(mark.end() for mark in marks)]
        stops = [*(mark.start() for mark in marks), head.begin]
        found = []
        for at, stop in zip(starts, stops, strict=True):
            word = self.page.words[self.page.number_word(at)]
            if (word.begin, word.end) != (at, stop) or self._is_head(word.text) or stop - at < _SHORTEST:
                return ()
            found.append(Phrase(at, end, Kind.GROUP, "name", head.text, word.text + head.text, 1, stop < head.begin))
        return found

    def _read_divided(self, begin: int, end: int) -> Sequence[Phrase]:
        """Return the classes that a sentence divides a class into: 引进人才+分为A、B两类."""
        divided = self.settings.divides.search(self.text, begin, end)
        if divided is None:
            return ()
        first = self._skip_opener(begin, divided.start())
        k = self.page.number_word(divided.start()) - 1
        if k < 0 or self.page.words[k].end != divided.start() or not self._is_head(self.page.words[k].text):
            return ()
        name, at = self.text[first : divided.start()], divided.start("members")
        ranks = _RANK.finditer(divided["members"])
        return [
            Phrase(at + r.start(), at + r.end(), Kind.GROUP, "name", name, r[0] + divided["unit"] + name, 1, True)
            for r in ranks
        ]

    def _is_head(self, word: str) -> bool:
        head = self.heads.get(word)
        return head is not None and head[0] is Kind.GROUP

    def _skip_opener(self, begin: int, end: int) -> int:
        """Return where the first member begins: after the words that bring it in."""
        k, after = self.page.number_word(begin), self.page.number_word(end)
        for i in reversed(range(k, max(k, after - 1))):
            if self.page.words[i].text.endswith("的") or (self.page.words[i].text in self.settings.openers):
                return self.page.words[i + 1].begin
        return begin

    def _share_beginning(self, found: Sequence[Phrase]) -> Sequence[Phrase]:
        """Complete members that share the first words of the first one: 省体育产业示范基地、*示范单位*."""
        first, *others = found
        k, after = self.page.number_word(first.begin), self.page.number_word(first.end)
        opening = {self.page.words[self.page.number_word(other.begin)].text for other in others}
        at = next((i for i in range(k + 1, after) if opening == {self.page.words[i].text}), None)
        if at is None:
            return found
        shared = self.text[first.begin : self.page.words[at].begin]
        return [first, *(other._replace(name=shared + other.name, shared=True) for other in others)]

    def _is_class(self, phrase: Phrase) -> bool:
        return (
            _SHORTEST <= len(phrase.name) <= _LONGEST
            and not self.settings.acts.match(phrase.name)
            and not any(self.settings.refused.search(part) for part in phrase.name.split("的"))
            and not any(sign in phrase.name for sign in "，。《》（）()“”%")
        )
