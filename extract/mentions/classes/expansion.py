"""Names that share words with a name beside them, each with its full words.

Official Chinese says a shared head once: 国家级、省级*龙头企业*, A、B、C*类人才*, 失能、高龄等*老年人*. From the last
name of such a list, which is a phrase as it stands, this step goes left over the separators and puts the other names
together. Each keeps its own place: its span goes from its first word to the end of the shared words.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from extract.mentions.classes.fields import expand_fields
from extract.mentions.phrases import CLASS_WORDS, LEVEL, VERBS, Grammar, Phrase, read_grammar
from extract.mentions.words import BREAK, PageWords
from extract.model import Kind
from ontology.lexicons import Lexicon

SEPARATORS = frozenset("、和或及与") | {"以及", "或者"}
_REACH = 40
_RANGE_REACH = 6
"""Characters before the last name of a range in which the range begins."""
"""Characters before a name in which the list lies that shares its words."""
_LIST_REACH = 80
"""The same for names that share a head, not a letter or a level."""
_SEPARATOR = "(?:、|和|或者?|及|与|以及)"
_LEVELS = "(?:国家|[国省市县区镇乡村州])"
_COUNTED = re.compile(rf"(?P<levels>{_LEVELS}+)(?P<count>[两三四2-4])级(?P<rest>.{{2,}})")
"""The last name of a list of levels that says how many they are: 省、*市两级农业企业*."""
_ORGAN = re.compile("[局厅委署]")
"""市、县两级*市场监管局*组织 is no class."""
_LEVELS_BEFORE = re.compile(rf"(?:{_LEVELS}{_SEPARATOR})+\Z")
_LEVELS_BEFORE_LEVEL = re.compile(rf"(?<![我全本该各])(?:{_LEVELS}级?{_SEPARATOR})+\Z")
COUNTED_LEVELS = rf"(?:{_LEVELS}{_SEPARATOR}){{0,6}}{_LEVELS}{{1,6}}[两三四2-4]级"
"""Pattern of levels with their number: 省、市两级."""
_COUNTED_LIST = re.compile(rf"(?:{_LEVELS}{_SEPARATOR}){{0,6}}{_LEVELS}{{1,6}}(?P<count>[两三四2-4])级")
_LEVEL_WORD = re.compile(_LEVELS)
_NUMBERS = {"两": 2, "三": 3, "四": 4, "2": 2, "3": 3, "4": 4}
_COUNTED_RANKS = re.compile(
    rf"(?<![A-Z甲乙丙丁])(?P<ranks>(?:[A-Z]{_SEPARATOR})+[A-Z]|(?:[甲乙丙丁]{_SEPARATOR})+[甲乙丙丁])"
    r"(?P<count>[两二三四五六2-6])个?(?P<unit>类|级|档|等)(?P<rest>[^，,。；;、]{2,})\Z"
)
"""A list of ranks that says how many they are: *A、B、C三类人才*."""
_RANK_NUMBERS = {**_NUMBERS, "二": 2, "五": 5, "六": 6, "5": 5, "6": 6}
_UNIT = "(?:类|星级|级|档|等|期|孩)"
_RANKS = tuple(
    (
        re.compile(rf"{rank}(?P<rest>{_UNIT}.{{2,}})"),
        rank,
        re.compile(rf"(?<![第\d一二三四五六七八九十A-Z])(?:{rank}{unit}{_SEPARATOR})+\Z"),
    )
    for rank, unit in (
        ("[A-Z]", ""),
        (r"\dA", f"{_UNIT}?"),
        ("[一二三四五六七八九]", ""),
        ("[甲乙丙丁]", ""),
        (r"\d", ""),
    )
)
"""Signs that rank a class: the pattern of a name that begins with one, the sign, and the list before such a name."""
_RANGE = re.compile(
    rf"(?<![\d一二三四五六七八九十A-Z甲乙丙丁第])第?[一二三四五六七八九A-Z甲乙丙丁1-9]{_UNIT}?[至到~—-]第?\Z"
)
"""The end of words before the last name of a range: *第一至*三类人才."""
_LEVEL_ITEM = re.compile(r"(?P<level>(?:国家|[省市县区镇])级)(?:的|[，,：:])")
_LEAD = re.compile(rf"[：:]{BREAK}(?={_LEVEL_ITEM.pattern.replace('?P<level>', '?:')})")
"""The end of a sentence that brings in items of which each says a level."""
_PAYMENTS = frozenset({"补贴", "补助", "贷款", "奖励", "贴息", "津贴", "保险", "行动", "工程", "计划"})
_ACTIONS = frozenset({"v", "vn"})


def expand_phrase(phrase: Phrase, page: PageWords, lex: Lexicon) -> list[Phrase]:
    """Return the names that a phrase stands for: itself, and those that share its last words.

    Args:
        phrase: a name as it stands on the page.
        page: the words of the page.
        lex: the lexicon.
    """
    first = find_range(page.text, phrase.begin, phrase.name) if phrase.kind is Kind.GROUP else phrase.begin
    if first < phrase.begin:
        return [phrase._replace(begin=first, name=page.text[first : phrase.begin] + phrase.name)]
    if ranks := _expand_ranks(phrase, page):
        return ranks
    levels = _expand_levels(phrase, page) if phrase.kind is Kind.GROUP else []
    if levels or counts_levels(phrase.name):
        return levels
    if "等" in phrase.name or "、" in phrase.name:
        return [phrase]
    return [phrase, *_Expander(page, read_grammar(lex)).run(phrase)]


def find_range(text: str, begin: int, name: str) -> int:
    """Return where the range of ranks begins that ends with *name*, *begin* if there is none: 一至*三类人才*.

    Its last name alone is no class of the page, for the members before it are meant as well.
    """
    if not any(named.fullmatch(name) for named, _, _ in _RANKS):
        return begin
    before = _RANGE.search(text, max(0, begin - _RANGE_REACH), begin)
    return before.start() if before is not None else begin


def expand_list(name: str, begin: int, end: int, page: PageWords, lex: Lexicon) -> list[Phrase]:
    """Return the classes of a list that was read as one name: 残疾、高龄老年人; nothing if it is not such a list.

    Args:
        name: the list.
        begin: where it begins in the text of the page.
        end: where it ends there.
        page: the words of the page.
        lex: the lexicon.
    """
    cut = max((mark.end() for mark in re.finditer(_SEPARATOR, name)), default=0)
    last = Phrase(begin + cut, end, Kind.GROUP, "name", "", name[cut:], 1)
    k = page.number_word(last.begin)
    if not cut or page.text[last.begin : end] != last.name or k >= len(page.words) or page.begins[k] != last.begin:
        return []
    last = last._replace(head=page.words[page.number_word(end) - 1].text)
    found = expand_phrase(last, page, lex)
    return found if found and min(phrase.begin for phrase in found) == begin else []


def expand_items(phrases: Sequence[Phrase], page: PageWords) -> Iterator[Phrase]:
    """Yield the classes of items that say only a level, under a sentence that names the class.

    对创业孵化基地给予补助：（一）*国家级*的，… （二）*省级*的，….

    Args:
        phrases: the names of the page, in order.
        page: the words of the page.
    """
    begins = [phrase.begin for phrase in phrases]
    for lead in _LEAD.finditer(page.text):
        begin = page.text.rfind(BREAK, 0, lead.start()) + 1
        named = phrases[bisect_left(begins, begin) : bisect_left(begins, lead.start())]
        classes = {p.name: p for p in named if p.kind is Kind.GROUP and not LEVEL.match(p.name)}
        if len(classes) != 1:
            continue
        name, phrase = classes.popitem()
        at, found = lead.end(), []
        while at and (item := _LEVEL_ITEM.match(page.text, at)):
            found.append(phrase._replace(begin=at, end=item.end("level"), name=item["level"] + name, shared=True))
            at = page.text.find(BREAK, item.end()) + 1
        if len(found) > 1:
            yield from found


def expand_levels(text: str, begin: int, end: int) -> list[tuple[int, str]]:
    """Return begin and name of the classes for which a class with its level stands in a list of levels.

    That is the class itself and, in 国家级、*省级企业技术中心*, the other one; in *省、市两级孵化器*, the two.

    Args:
        text: the text.
        begin: where the class begins there, with its level or with the levels and their number.
        end: where it ends.
    """
    counted = _COUNTED_LIST.match(text, begin, end)
    if counted is None:
        level = _LEVEL_WORD.match(text, begin, end)
        before = _LEVELS_BEFORE_LEVEL.search(text, max(0, begin - _REACH), begin)
        if level is None or before is None:
            return [(begin, text[begin:end])]
        first, stop, rest = before.start(), begin, text[level.end() : end].removeprefix("级")
        shared = [(m.start(), m.group()) for m in _LEVEL_WORD.finditer(text, first, stop)]
        return [*((at, f"{_name_level(word)}{rest}") for at, word in shared), (begin, text[begin:end])]
    found = list(_LEVEL_WORD.finditer(text, begin, counted.start("count")))
    if len(found) != _NUMBERS[counted["count"]]:
        return []
    return [(level.start(), f"{_name_level(level.group())}{text[counted.end() : end]}") for level in found]


def counts_levels(name: str) -> bool:
    """Whether a name is the rest of a list of levels: 市两级农业企业. Then it names nothing as it stands."""
    counted = _COUNTED.fullmatch(name)
    return counted is not None and (
        counted["count"] == "两" or len(_LEVEL_WORD.findall(counted["levels"])) == _NUMBERS[counted["count"]]
    )


def _expand_levels(phrase: Phrase, page: PageWords) -> list[Phrase]:
    """Return the names of a list of levels that says their number: 省、市两级农业企业."""
    counted = _COUNTED.fullmatch(phrase.name)
    if counted is None:
        return []
    before = _LEVELS_BEFORE.search(page.text, max(0, phrase.begin - _REACH), phrase.begin)
    begin = before.start() if before else phrase.begin
    found = list(_LEVEL_WORD.finditer(page.text, begin, phrase.begin + counted.end("levels")))
    if len(found) != _NUMBERS[counted["count"]] or _ORGAN.search(counted["rest"]):
        return []
    return [
        phrase._replace(begin=level.start(), name=f"{_name_level(level.group())}{counted['rest']}", shared=True)
        for level in found
    ]


def _expand_ranks(phrase: Phrase, page: PageWords) -> list[Phrase]:
    """Return the names of a list of ranks that says their number: A、B、C三类人才."""
    listed = _COUNTED_RANKS.search(page.text, max(0, phrase.begin - _REACH), phrase.end)
    if listed is None or listed.start("rest") < phrase.begin or phrase.kind is not Kind.GROUP:
        return []
    found = list(re.finditer("[A-Z甲乙丙丁]", listed["ranks"]))
    if len(found) != _RANK_NUMBERS[listed["count"]]:
        return []
    rest = listed["unit"] + listed["rest"]
    return [
        phrase._replace(begin=listed.start("ranks") + rank.start(), name=rank[0] + rest, shared=True) for rank in found
    ]


def _name_level(word: str) -> str:
    return "国家级" if word == "国" else f"{word}级"


class _Expander:
    def __init__(self, page: PageWords, grammar: Grammar) -> None:
        self.page, self.text, self.words, self.p = page, page.text, page.words, grammar

    def run(self, phrase: Phrase) -> Iterator[Phrase]:
        """Yield the names that share the end of *phrase*."""
        first = self.page.number_word(phrase.begin)
        i = self.page.number_word(phrase.end) - 1
        before = self.words[first - 1].text if first else ""
        if before == "等":
            if first == i:
                yield from self._listed(phrase, first, i)
            return
        if before not in SEPARATORS:
            return
        found = list(self._ranked(phrase)) or list(self._in_series(phrase))
        found = found or list(expand_fields(phrase, first, i, self.page, self.p, SEPARATORS))
        if not found:
            found = list(self._sharing(phrase, first, i) if first < i else self._sharing_end(phrase, i))
        yield from found

    def _ranked(self, phrase: Phrase) -> Iterator[Phrase]:
        """Yield the names before *phrase* that differ in a letter or a numeral: A、B in A、B、C类人才."""
        for named, rank, listed in _RANKS:
            name = named.fullmatch(phrase.name)
            before = listed.search(self.text, max(0, phrase.begin - _REACH), phrase.begin) if name else None
            if name is None or before is None:
                continue
            for sign in re.finditer(rank, before.group()):
                at = before.start() + sign.start()
                yield phrase._replace(begin=at, name=sign.group() + name["rest"], shared=True)
            return

    def _in_series(self, phrase: Phrase) -> Iterator[Phrase]:
        """Yield the names before *phrase* whose first word is of one series with its own: 硕士 in 硕士、博士研究生."""
        for series in self.p.series:
            own = next((word for word in series if phrase.name.startswith(word) and phrase.name != word), None)
            if own is None:
                continue
            rest, begin = phrase.name[len(own) :], phrase.begin
            stop = begin - _LIST_REACH
            while begin >= stop and (at := self._find_member(begin, series)) is not None:
                member, begin = self.text[at[0] : at[1]], at[0]
                k = self.page.number_word(begin) - 1
                if k >= 0 and self.words[k].tag in ("b", "s") and self.p.is_modifier(self.words[k]):  # 全日制+硕士
                    begin = self.words[k].begin
                    member = self.text[begin : at[1]]
                yield phrase._replace(begin=begin, name=member + rest, shared=True)

    def _find_member(self, position: int, series: tuple[str, ...]) -> tuple[int, int] | None:
        """Return where the word of a series stands that a separator before *position* follows."""
        k = self.page.number_word(position) - 1
        if k < 1 or self.words[k].text not in SEPARATORS:
            return None
        end = self.words[k].begin
        for word in series:
            if self.text.endswith(word, max(0, end - len(word)), end) and self._begins_word(end - len(word)):
                return end - len(word), end
        return None

    def _begins_word(self, position: int) -> bool:
        k = self.page.number_word(position)
        return k < len(self.page.begins) and self.page.begins[k] == position

    def _sharing(self, phrase: Phrase, first: int, i: int) -> Iterator[Phrase]:
        """Yield the phrases left of *first* that share the head of word *i*: 国家级、省级龙头企业."""
        words, k = self.words, first - 1
        stop = phrase.begin - _LIST_REACH
        while k > 0 and words[k].text in SEPARATORS and words[k].begin >= stop:
            last = k - 1
            begin = last
            while begin >= 0 and (self.p.is_modifier(words[begin]) or self._is_numbered(begin)):
                begin -= 1
            begin += 1
            while begin < last and words[begin].tag in VERBS and words[begin].text not in self.p.modifiers:
                begin += 1
            if begin > last or not self._shares(begin, last, first, i):
                return
            rest = i if self._is_parallel(begin, last, first, i) else self._rest(last, first, i)
            name = self.text[words[begin].begin : words[last].end] + self.text[words[rest].begin : words[i].end]
            size = last - begin + 1 + i - rest
            yield phrase._replace(begin=words[begin].begin, name=name, modifiers=size, shared=True)
            k = begin - 1

    def _sharing_end(self, phrase: Phrase, i: int) -> Iterator[Phrase]:
        """Yield the phrase that shares the end of a compound word: 现役 with 军人 in 现役或退役军人."""
        word, before = self.words[i], self.words[i - 2] if i > 1 else None
        if before is None or before.tag not in ("b", "a", "an", "v", "vn") or before.text in self.p.borders:
            return
        ends = (word.text[k:] for k in range(1, len(word.text)))
        head = next((end for end in ends if end in self.p.heads), None)  # the longest one
        if head is not None:
            yield phrase._replace(begin=before.begin, head=head, name=before.text + head, modifiers=1, shared=True)

    def _listed(self, phrase: Phrase, first: int, i: int) -> Iterator[Phrase]:
        """Yield the phrases of a list before 等 that share the head after it: 失能、高龄等老年人."""
        words, k = self.words, first - 2
        head = words[i].text
        found: list[Phrase] = []
        stop = phrase.begin - _LIST_REACH
        while k >= 0 and words[k].begin >= stop:
            last = k
            while k >= 0 and (self.p.is_modifier(words[k]) or self._is_numbered(k)):
                k -= 1
            begin = k + 1
            while begin < last and words[begin].tag in VERBS and words[begin].text not in self.p.modifiers:
                begin += 1
            if begin > last or words[last].end - words[begin].begin > 12:
                break
            name = self.text[words[begin].begin : words[last].end] + head
            size = last - begin + 2
            found.append(phrase._replace(begin=words[begin].begin, name=name, modifiers=size, shared=True))
            if k < 0 or words[k].text not in SEPARATORS:
                break
            k -= 1
        if len(found) > 1 and self._lacks_head(found[-1]):
            yield from found

    def _lacks_head(self, phrase: Phrase) -> bool:
        """Whether the first item of a list only qualifies: 失能 in 失能、高龄等老年人."""
        stem = phrase.name.removesuffix(phrase.head)
        return (
            stem not in self.p.heads
            and not any(stem.endswith(h) for h in self.p.heads if len(h) > 1)
            and self.words[self.page.number_word(phrase.begin)].tag in ("b", "a", "an", "v", "vn")
        )

    def _is_numbered(self, k: int) -> bool:
        word = self.words[k]
        return word.text in CLASS_WORDS or (
            word.tag in ("m", "eng") and k + 1 < len(self.words) and self.words[k + 1].text in CLASS_WORDS
        )

    def _shares(self, begin: int, last: int, first: int, i: int) -> bool:
        """Whether the words before a separator lack a head of their own."""
        word = self.words[last]
        if word.text in self.p.heads or word.end - self.words[begin].begin > 10:
            return False
        if LEVEL.fullmatch(word.text) or word.text in CLASS_WORDS or word.tag in ("b", "a", "an"):
            return True
        after = self.words[first]
        if self._is_parallel(begin, last, first, i):
            return True
        if word.tag in ("v", "vn", "vd"):
            return after.tag in ("v", "vn", "b")
        if word.tag in ("n", "j", "nz", "s", "f", "l", "ns"):
            return any(w.text[-1] == word.text[-1] for w in self.words[first:i])
        return False

    def _is_parallel(self, begin: int, last: int, first: int, i: int) -> bool:
        """Whether an item is built as the words before the head are, noun and verb: 职业培训、技能鉴定*补贴*."""
        return (
            begin + 1 == last
            and first + 2 == i
            and self.words[i].text in _PAYMENTS
            and self.words[begin].tag == self.words[first].tag == "n"
            and self.words[last].tag in _ACTIONS
            and self.words[i - 1].tag in _ACTIONS
        )

    def _rest(self, last: int, first: int, i: int) -> int:
        """Index of the word with which the shared part begins."""
        word = self.words[last]
        for k in range(first, i):
            if self.words[k].text[-1] == word.text[-1] or (
                LEVEL.fullmatch(self.words[k].text) and LEVEL.fullmatch(word.text)
            ):
                return k + 1
        for k in range(first, i):
            if self.words[k].tag == word.tag:
                return k + 1
        return first + 1
