"""The sentences of a store with what surrounds them, as keys."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from ahocorasick_rs import AhoCorasick

from extract.text.normalize import name_key
from kg.report.facts import Facts
from kg.report.model import Excerpt
from ontology.lexicons import load_lexicon

_END = re.compile(r"[。！？!?]+[”’」』）)]*|[（(]此[件文][^（()）\n]{0,16}[）)]|\n")
_CLOSED = re.compile(r"[。！？!?；;：:]\s*$")
_NUMBERED = re.compile(
    r"\s*(?:第[一二三四五六七八九十百零\d]+[章节条部分]|[一二三四五六七八九十]+[、.．]|[（(][一二三四五六七八九十\d]+[）)]|\d+[、.．)）](?!\d))"
)
_LEVELS = (
    re.compile(r"\s*第[一二三四五六七八九十百零\d]+[章节]"),
    re.compile(r"\s*第[一二三四五六七八九十百零\d]+条"),
    re.compile(r"\s*[一二三四五六七八九十]+[、.．]"),
    re.compile(r"\s*[（(][一二三四五六七八九十]+[）)]"),
    re.compile(r"\s*(?:[（(]\d+[）)]|\d+[、.．)）](?!\d))"),
)
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
TITLED = re.compile(r"《[^》]*》|[(（〔\[][^()（）〔〕\[\]]*[)）〕\]]")
_QUOTES = str.maketrans("", "", "“”\"‘’'")
_IN_CHARGE = re.compile(
    r"\s*[（(](?:(?:牵头|责任|负责|主管|配合|落实|完成时限)[^（()）。]{0,6}[:：]"
    r"|[^（()）。；;:：]{2,60}(?:牵头|负责|主办|配合|落实)[^（()）。；;:：]{0,40}[）)])"
)
"""A bracket that says who is in charge belongs to the sentence before it."""
_BRACKET = re.compile(r"\s*[（(][^（()）]*[)）]")
_CHARGED = re.compile(r"[(（][^（()）。]*(?:牵头|负责|主办|配合|落实|责任单位)[^（()）。]*[)）]$")
_SEAT = re.compile(r"(?:中共)?([\u4e00-\u9fff]{2,3}[省市县区州盟旗])(?!市|县|区)")
_OPEN_BRACKET = re.compile(r"[（(][^（()）]{2,}$")
_WRAPPED = 24
"""A line without a sign at its end that is at least so long goes on in the next one."""
_NARROW = 0.2
"""A text is narrow if more than this share of its lines are broken by the width of the page."""
_HEADING = 60
_LONGEST = 420
_ITEMS = 8
"""A sentence that announces items is one with so many of them, at most."""
_OPENING = 400
"""Signs at the begin of a document that say what it is about."""
_ADDRESS = 200
"""Signs before the first part of a letter that may name whom it is addressed to."""
_OFTEN = 3
"""A source is about a place that it names so often."""


@dataclass(frozen=True, slots=True)
class SourceSentence:
    """A sentence."""

    context: str
    """IRI of the text of its source."""
    begin: int
    end: int
    text: str
    """Its words in NFKC, small letters, without white space."""
    key: str
    before: str
    """Key of the sentences before it in its paragraph."""
    headings: str
    """Key of the headings above it."""
    is_paragraph: bool = False
    """Whether it is a whole paragraph that ends with who is in charge of it."""
    number: int = field(compare=False, default=0)
    """Its place among the sentences of the store."""

    @property
    def announces(self) -> bool:
        """Whether it announces what follows."""
        return self.text.endswith(":")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What surrounds a sentence in its document."""

    titles: str
    """Key of title, agencies, proposals and places of its document."""
    opening: str
    """Key of the first words of its document."""


class SentenceIndex:
    """The sentences of the sources of a store. It is made when the first question needs it."""

    def __init__(self, facts: Facts, endings: re.Pattern[str]) -> None:
        self._facts, self._endings = facts, endings
        self._surroundings: dict[str, Surroundings] = {}
        self._years: dict[str, frozenset[str]] = {}
        self._bodies: dict[str, tuple[str, int]] = {}

    @cached_property
    def units(self) -> tuple[SourceSentence, ...]:
        """All sentences, each text of a source once."""
        found: list[SourceSentence] = []
        for context, _ in self._facts.select("sources"):
            seen: set[str] = set()
            text = self._facts.view.source(context)[1]
            own = list(split_units(context, text))
            for unit in (*own, *_join_items(own, text), *_join_paragraphs(own, text)):
                if unit.key and unit.key not in seen:
                    seen.add(unit.key)
                    found.append(replace(unit, number=len(found)))
        return tuple(found)

    @cached_property
    def persons(self) -> tuple[str, ...]:
        """The keys of the names of all persons."""
        view = self._facts.view
        keys = (name_key(view.label(iri)) for iri in view.find_by_class("Person"))
        return tuple(key for key in keys if len(key) > 1)

    def surround(self, unit: SourceSentence) -> Surroundings:
        """Return what surrounds a sentence in its document."""
        facts = self._facts
        letter = facts.letter_at(unit.context, unit.begin)
        known = self._surroundings.get(f"{letter} {unit.context}")
        if known is None:
            proposals = facts.values(letter, "repliesTo") if letter else []
            agencies = facts.agencies(letter) if letter else []
            things = [letter, *agencies, *proposals] if letter else []
            places = [place for iri in things if (place := facts.place_of(iri))]
            names = [name for iri in (*things, *places) for name in (facts.name(iri), *facts.view.aliases(iri))]
            names += [facts.name(by) for iri in (letter, *proposals) if iri for by in facts.values(iri, "submittedBy")]
            names += [facts.value(iri, "proposalNumber") for iri in things]
            names += [facts.value(iri, "documentNumber") for iri in things]
            ident = facts.view.source(unit.context)[0].rpartition("/")[2]
            known = Surroundings(" ".join(map(name_key, (*names, ident))), self._open(letter, unit.context))
            self._surroundings[f"{letter} {unit.context}"] = known
        return known

    def is_proposal(self, unit: SourceSentence) -> bool:
        """Return whether a sentence belongs to the text of a proposal."""
        letter = self._facts.letter_at(unit.context, unit.begin)
        return bool(letter) and self._facts.view.kind(letter) == "Proposal"

    def is_suggested(self, unit: SourceSentence, begins: re.Pattern[str]) -> bool:
        """Return whether a sentence stands in a proposal behind the line that its suggestions begin with."""
        if not self.is_proposal(unit):
            return False
        text = self._facts.view.source(unit.context)[1]
        place = self._facts.letter_texts.get(self._facts.letter_at(unit.context, unit.begin))
        first = place.begin - _OPENING if place and place.context == unit.context else 0
        return begins.search(text, max(0, first), unit.begin) is not None or begins.search(unit.text) is not None

    def _open(self, letter: str, context: str) -> str:
        text = self._facts.view.source(context)[1]
        place = self._facts.letter_texts.get(letter) if letter else None
        begin = max(0, place.begin - _ADDRESS) if place and place.context == context else 0
        return name_key(text[begin : begin + _OPENING])

    def is_about(self, context: str, keys: Iterable[str]) -> bool:
        """Return whether a source is about a place: it names it often, or as often as any other one."""
        if not self.divisions.intersection(keys) and not self.place_keys.intersection(keys):
            return False
        if context not in self._bodies:
            body = name_key(self._facts.view.source(context)[1])
            places = self.divisions | self._local_places
            self._bodies[context] = body, max((body.count(key) for key in places), default=0)
        body, most = self._bodies[context]
        count = max((body.count(key) for key in keys), default=0)
        return count >= _OFTEN or (count > 0 and 2 * count >= most)

    def has_year(self, context: str, year: str) -> bool:
        """Return whether the text of a source has a year outside of titles, numbers and brackets."""
        if context not in self._years:
            own = TITLED.sub("", self._facts.view.source(context)[1])
            self._years[context] = frozenset(YEAR.findall(own))
        return year in self._years[context]

    @cached_property
    def divisions(self) -> frozenset[str]:
        """The full and official short names of the divisions of the country that the sources have."""
        names = {name for row in load_lexicon("").read_table("divisions") for name in row[:2] if len(name) > 1}
        keys = sorted(names)
        matcher = AhoCorasick(keys)
        whole = "".join(unit.key for unit in self.units)
        found = {at for at, _, _ in matcher.find_matches_as_indexes(whole, overlapping=True)}
        return frozenset(keys[at] for at in found)

    @cached_property
    def place_keys(self) -> frozenset[str]:
        """The divisions, and their names without what kind of place they are, unless these are general words."""
        lex = load_lexicon("")
        words = {row[0] for row in lex.read_table("words") if row[2] != "ns"}
        full = (row[0] for row in lex.read_table("divisions"))
        stems = {self._endings.sub("", name) for name in full}
        full_names = self.divisions | self._local_places
        stems |= {self._endings.sub("", name) for name in self._local_places}
        return full_names | {stem for stem in stems if len(stem) > 1 and stem not in words}

    @cached_property
    def _local_places(self) -> frozenset[str]:
        """The places that the names of agencies of the store begin with."""
        view = self._facts.view
        names = (name_key(view.label(iri)) for iri in view.find_by_class("Agency"))
        return frozenset(found[1] for name in names if (found := _SEAT.match(name)))

    def quote(self, unit: SourceSentence) -> Excerpt:
        """Return the words of a sentence."""
        return self._facts.quote_words(unit.context, unit.begin, unit.end)


def split_units(context: str, text: str) -> Iterator[SourceSentence]:
    """Yield the sentences of a text with the headings above them."""
    headings = [""] * len(_LEVELS)
    before: list[str] = []
    for begin, end, opens in _list_spans(text):
        words = text[begin:end]
        level = next((n for n, pattern in enumerate(_LEVELS) if pattern.match(words)), None)
        if opens:
            before = []
        if level is not None and opens:
            headings[level:] = [""] * (len(_LEVELS) - level)
        above = " ".join(filter(None, headings))
        key = name_key(words)
        yield SourceSentence(context, begin, end, fold(words), key, " ".join(before[-3:]), above)
        if level is not None and opens:
            headings[level] = key[:_HEADING]
        before.append(key)


def _join_items(units: Sequence[SourceSentence], text: str) -> Iterator[SourceSentence]:
    """Yield the sentences that announce items, each with its items."""
    for at, unit in enumerate(units):
        if not unit.announces:
            continue
        end, level = unit.end, None
        for item in units[at + 1 : at + 1 + _ITEMS]:
            own = next((n for n, pattern in enumerate(_LEVELS) if pattern.match(item.text)), None)
            level = own if level is None else level
            if own is None or own != level or item.end - unit.begin > _LONGEST:
                break
            end = item.end
        if end > unit.end:
            words = text[unit.begin : end]
            yield replace(unit, end=end, text=fold(words), key=name_key(words))


def _join_paragraphs(units: Sequence[SourceSentence], text: str) -> Iterator[SourceSentence]:
    """Yield the sentences of a paragraph that end with who is in charge as one: all of them are meant.

    Those behind another one who is in charge are meant alone.
    """
    first = 0
    for at, unit in enumerate(units):
        if not unit.before:
            first = at
        if not _CHARGED.search(unit.text):
            continue
        begin = units[first].begin
        if at > first and unit.end - begin <= _LONGEST:
            words = text[begin : unit.end]
            headings = units[first].headings
            yield SourceSentence(unit.context, begin, unit.end, fold(words), name_key(words), "", headings, True)
        first = at + 1


def fold(words: str) -> str:
    """Return words in NFKC and small letters, without white space and quotation marks."""
    return "".join(unicodedata.normalize("NFKC", words).lower().split()).translate(_QUOTES)


def _list_spans(text: str) -> Iterator[tuple[int, int, bool]]:
    """Yield begin and end of each sentence, and whether a paragraph begins with it."""
    begin, opens, line = 0, True, 0
    is_narrow = _is_narrow(text)
    for found in _END.finditer(text):
        if found[0] == "\n":
            if _is_wrapped(text, (line, found.start(), found.end()), is_narrow):
                line = found.end()
                continue
            line = found.end()
        charge = _BRACKET.match(text, found.end()) if _IN_CHARGE.match(text, found.end()) else None
        end = charge.end() if charge else found.end()
        if text[begin : found.start()].strip():
            yield (*_trim(text, begin, end), opens)
            opens = False
        begin = max(begin, end)
        if found[0] == "\n":
            opens = not (is_narrow and _goes_on(text, found.start(), found.end()))
    if text[begin:].strip():
        yield (*_trim(text, begin, len(text)), opens)


def _goes_on(text: str, end: int, following: int) -> bool:
    """Return whether the line behind a full stop at the end of a line belongs to the same paragraph."""
    line = text[text.rfind("\n", 0, end) + 1 : end].strip()
    rest = text[following : following + 20]
    return len(line) >= _WRAPPED and bool(rest.strip()) and not rest[0].isspace() and not _NUMBERED.match(rest)


def _is_narrow(text: str) -> bool:
    """Return whether the width of the page broke the lines of a text: many long ones have no sign at their end."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    broken = sum(len(line) >= _WRAPPED and ("\u4e00" <= line[-1] <= "\u9fff" or line[-1] in "，,、") for line in lines)
    return broken > _NARROW * len(lines)


def _is_wrapped(text: str, place: tuple[int, int, int], is_narrow: bool) -> bool:
    """Return whether the sentence of the line that ends here goes on in the next line."""
    line, end, following = place
    words = text[line:end].strip()
    rest = text[following : following + 20]
    if not words or not rest.strip() or rest.startswith(("\n", "\u3000", "  ")) or _CLOSED.search(words):
        return False
    if words.endswith("、") or _OPEN_BRACKET.search(words):
        return True
    if _NUMBERED.match(rest):
        return False
    if words.endswith(("，", ",", "、")) or len(words) >= _WRAPPED:
        return True
    return is_narrow and not _NUMBERED.match(words)


def _trim(text: str, begin: int, end: int) -> tuple[int, int]:
    while begin < end and text[begin].isspace():
        begin += 1
    while end > begin and text[end - 1].isspace():
        end -= 1
    return begin, min(end, begin + _LONGEST)
