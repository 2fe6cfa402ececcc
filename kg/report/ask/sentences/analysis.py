"""A question → the kinds of answers that it asks for, and its terms."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from extract.text.normalize import name_key
from extract.text.segment import segmenter
from kg.report.ask.grammar import QuestionGrammar
from kg.report.ask.model import Named
from kg.report.ask.sentences.matching import Term
from kg.report.ask.sentences.settings import AnswerType, load_settings
from kg.report.ask.sentences.spelling import PinyinIndex
from kg.report.facts import Facts
from ontology.lexicons import load_lexicon

_QUOTED = re.compile(r"[“\"「『《]([^”\"」』》]{2,30})[”\"」』》]")
_NUMBER = re.compile(r"\d[\d,.]*(?![\d,.])")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:年|\b)")
_TOKEN = re.compile(r"[A-Za-z][A-Za-z0-9’'\-]*|\d[\d,.]*")
_HAN = re.compile(r"[\u4e00-\u9fffA-Za-z0-9.%]+")
_ADDRESSED = frozenset({"Person", "Agency", "Proposal", "Organization"})
_COMPOUND = 4
"""Signs that a compound has at least."""
_BESIDE = 1
"""A word is beside another if at most so many signs stand between them."""
_MEASURED = re.compile(r"\d[\d,.]*(?:[万亿千百]?元|[万亿千百]|%|千伏|平方米|公里|米|亩|吨|家|户|人|名|件|辆|套|台|个)")
_SMALLEST_NUMBER = 3
"""A number of fewer digits is no term unless the question has a unit or year with it."""


@dataclass(frozen=True, slots=True)
class AskedType:
    """A kind of answer that a question asks for."""

    type: AnswerType
    unit: str = ""
    counts_things: bool = False
    """Whether it asks how many there are of something (多少老年人), so that no amount and no share answers it."""
    heads: tuple[str, ...] = ()
    place: tuple[int, int] = field(default=(0, 0), compare=False)
    """Where the question asks for it."""
    """The noun that a name has to end with (银行 in 哪家银行), and those that count as the same."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """What a question asks for, and what it speaks of."""

    question: str
    lang: str
    types: tuple[AskedType, ...]
    terms: tuple[Term, ...]
    blocked: bool
    dated: bool
    """Whether it may ask for the day under a document."""
    done: bool
    """Whether it asks for what has come about."""
    is_later: bool = False
    """Whether it is a later part of a question: then it does not ask about a document as a whole."""
    unread: tuple[str, ...] = ()
    """English words that nothing is known of."""
    rarest: float = 1.0
    """The weight of a word that one sentence of the store has."""
    counted: frozenset[str] = frozenset()
    """Texts of the terms that an English question counts."""
    unsaid: tuple[str, ...] = ()
    """Verbs that no sentence of the store has."""

    @property
    def doer(self) -> bool:
        """Whether it asks who does something, so that what is done has to be in the sentence."""
        return any(asked.type.key == "agency" for asked in self.types)


class _Taken(NamedTuple):
    """A question without the words that ask, what they ask for, the terms among them and their places."""

    rest: str
    types: list[AskedType]
    focus: list[Term]
    cues: list[tuple[int, int]]


class QuestionAnalyzer:
    """Analyses questions for one store."""

    def __init__(self, facts: Facts, grammar: QuestionGrammar, places: frozenset[str]) -> None:
        self._facts, self._grammar, self._settings = facts, grammar, load_settings()
        self._places = places
        self._sorted_places = sorted((place for place in places if len(place) > 1), key=lambda key: (-len(key), key))
        self.pinyin = PinyinIndex(facts, places)

    def analyze(self, question: str, names: Sequence[Named], lang: str, own_from: int = 0) -> Analysis:
        """Return what *question* asks for, with its terms.

        What stands before *own_from* is the topic of an earlier question: only its names have to be in an answer.
        """
        settings = self._settings
        text = question.lower()
        rest, types, focus, cues = self._take_types(text, names, lang)
        named_terms = tuple(self._list_named(names))
        terms = [*focus, *named_terms]
        for named in names:
            tail = settings.place_tails.match(rest[named.end :]) if "Place" in named.kinds else None
            end = named.end + (len(tail[0]) if tail else 0)
            rest = rest[: named.begin] + " " * (end - named.begin) + rest[end:]
        for found in settings.classes.finditer(rest):
            terms.append(Term(name_key(found[0]), required=True, is_name=True, forms=()))
            rest = rest[: found.start()] + " " * len(found[0]) + rest[found.end() :]
        unread: list[str] = []
        for found in _QUOTED.finditer(question):
            if not found[1].isascii() and rest[found.start(1) : found.end(1)].strip() == found[1].lower():
                terms.append(self._make(found[1], required=True, is_name=True))
                rest = rest[: found.start()] + " " * len(found[0]) + rest[found.end() :]
        for key, begin, end in self._list_places(rest):
            terms.append(self._make(key, required=True))
            rest = rest[:begin] + " " * (end - begin) + rest[end:]
        compared = settings.compared.search(rest)
        for found in _YEAR.finditer(rest):
            is_base = compared is not None and compared[1] == found[1]
            terms.append(Term(found[1], settings.last_year if is_base else (), required=True))
            rest = rest[: found.start()] + " " * len(found[0]) + rest[found.end() :]
        for found in _MEASURED.finditer(rest):
            key = name_key(found[0])
            terms.append(Term(key, (key.rstrip("元"),), required=False, is_soft=True))
            rest = rest[: found.start()] + " " * len(found[0]) + rest[found.end() :]
        if lang == "en":
            more, unread = self._read_english(rest)
            counts = any(asked.type.key in ("count", "number") for asked in types)
            more = [replace(term, is_focus=counts and not (term.is_name or term.text[0].isdigit())) for term in more]
            verb = next((at for at, term in enumerate(more) if not term.is_name), None)
            if verb is not None and any(asked.type.key == "agency" for asked in types):
                more[verb] = replace(more[verb], is_focus=True)  # who does it: what is done has to be there
            terms += more
            rest = _TOKEN.sub(lambda found: " " * len(found[0]), rest)
        terms += self._read_words(rest)
        lists = any(asked.type.key == "list" for asked in types)
        # a name before the words that ask is the topic, one behind them what is counted
        terms = [term if term.is_focus or term.is_place else
                 replace(term, is_focus=self._is_beside(term.text, text, cues, lists or term in named_terms))
                 for term in terms]  # fmt: skip
        earlier = [0 <= text.rfind(term.text) < own_from for term in terms]
        terms = [self._set_need(term, before) for term, before in zip(terms, earlier, strict=True)]
        if all(earlier):  # its own words say nothing of what is asked: the topic has to be there as a whole
            terms = [replace(term, is_must=term.is_must or term.required) for term in terms]
        unique = {term.text: term for term in reversed(terms) if term.text}
        return Analysis(
            question, lang, tuple(types), tuple(reversed(unique.values())),
            bool(settings.blockers[lang].search(text)),
            bool(settings.dated[lang].search(text)), bool(settings.done[lang].search(text)),
            own_from > 0, tuple(unread), counted=self._read_counted(text) if lang == "en" else frozenset(),
        )  # fmt: skip

    def list_places(self, question: str, names: Sequence[Named]) -> list[tuple[int, int]]:
        """Return where a question names places, from left to right."""
        text = question.lower()
        found = [(named.begin, named.end) for named in names if set(named.kinds) <= {"Place"}]
        for named in names:
            text = text[: named.begin] + " " * (named.end - named.begin) + text[named.end :]
        return sorted([*found, *((begin, end) for _, begin, end in self._list_places(text))])

    def _list_places(self, rest: str) -> Iterator[tuple[str, int, int]]:
        """Yield the places of the sources that a question names without being names of the store, longer ones first."""
        for key in self._sorted_places:
            at = rest.find(key)
            if at >= 0:
                tail = self._settings.place_tails.match(rest[at + len(key) :])
                end = at + len(key) + (len(tail[0]) if tail else 0)
                yield key, at, end
                rest = rest[:at] + " " * (end - at) + rest[end:]

    def _set_need(self, term: Term, is_earlier: bool) -> Term:
        """Return a term with whether nothing makes up for it in an answer."""
        is_must = term.is_place or (term.is_name and term.required) or bool(_YEAR.fullmatch(term.text))
        is_must = is_must or bool(self._settings.negative.search(term.text)) or term.text[:1].isdigit()
        if is_earlier:
            return replace(term, is_must=is_must, is_focus=False)
        return replace(term, is_must=is_must or (term.is_focus and not term.is_function))

    def _take_types(self, text: str, names: Sequence[Named], lang: str) -> _Taken:
        """Return the question without the words that ask, the kinds of answers that they ask for, and their terms."""
        taken = {at for named in names for at in range(named.begin, named.end)}
        types: list[AskedType] = []
        places: list[tuple[int, int]] = []
        for kind in self._settings.types:
            for pattern in kind.asked[lang]:
                for found in pattern.finditer(text):
                    begin, end = found.span()
                    if begin == end or any(at in taken for at in range(begin, end)):
                        continue
                    if any(begin < e and b < end for b, e in places):
                        continue
                    if types and kind.key in ("list", "number", "agency") and lang == "en":
                        continue
                    places.append((begin, end))
                    unit = found["unit"] if "unit" in found.re.groupindex else ""
                    counts = kind.key == "number" and bool(self._settings.thing.match(text[end:]))
                    types.append(AskedType(kind, unit, counts, self._list_heads(kind, found), (begin, end)))
        rest = text
        focus: list[Term] = []
        for begin, end in places:
            if not any(asked.type.is_bare for asked in types if (begin, end) == asked.place):
                focus += self._list_focus(text[self._find_word(text, begin, lang) : end], lang)
            if lang == "zh" and types[0].type.key in ("date", "agency"):
                focus += self._list_verb(text[end:])
            rest = rest[:begin] + " " * (end - begin) + rest[end:]
        return _Taken(rest, list(dict.fromkeys(types)), focus, places)

    def _find_word(self, text: str, at: int, lang: str) -> int:
        """Return where the word begins that a position of a text cuts (接通 in 接通率是多少)."""
        words = segmenter(load_lexicon("")).segment(text) if lang == "zh" else []
        return next((word.begin for word in words if word.begin < at < word.end), at)

    def _list_heads(self, kind: AnswerType, found: re.Match[str]) -> tuple[str, ...]:
        """Return the noun behind the words that ask for a name, with those that count as the same."""
        if not kind.head:
            return ()
        word = name_key(found["head"])
        return (word, *self._settings.list_forms(word))

    def _is_beside(self, word: str, text: str, cues: Sequence[tuple[int, int]], is_behind: bool) -> bool:
        """Return whether a word stands beside the words that ask: it is what they count or measure.

        What is listed stands behind them, and so has *is_behind* to be set.
        """
        return any(
            0 <= found.start() - end <= _BESIDE or (not is_behind and 0 <= begin - found.end() <= _BESIDE)
            for found in re.finditer(re.escape(word), text) for begin, end in cues
        )  # fmt: skip

    def _list_focus(self, words: str, lang: str) -> Iterator[Term]:
        """Yield terms for the nouns and verbs among the words that ask."""
        if lang == "en":
            return
        found = [(word.text, word.tag) for word in segmenter(load_lexicon("")).segment(words)]
        for at in range(len(found) - 1, 0, -1):
            if self._settings.list_forms(found[at - 1][0] + found[at][0]):
                found[at - 1 : at + 1] = [(found[at - 1][0] + found[at][0], "n")]
        for word, tag in found:
            is_content = tag[:1] in "nv" and word not in self._grammar.stops["zh"]
            is_content = is_content and (len(word) > 1 or bool(self._settings.list_forms(word)))
            if is_content and not self._is_filler(word):
                yield replace(self._make(word, required=True), is_focus=True)

    def _list_verb(self, rest: str) -> Iterator[Term]:
        """Yield the verb behind the words that ask for a time."""
        for word in segmenter(load_lexicon("")).segment(rest)[:3]:
            if word.text in self._settings.empty_verbs or (
                len(word.text) == 1 and word.text in self._grammar.particles
            ):
                continue
            if word.tag[:1] == "v":
                yield replace(self._make(word.text, required=True), is_focus=True)
            return

    def _list_named(self, names: Sequence[Named]) -> Iterator[Term]:
        view = self._facts.view
        for named in names:
            spelled = (name for iri in named.iris for name in (view.label(iri), *view.aliases(iri)))
            own = name_key(named.text)
            if self._is_filler(own):
                continue
            place = next((key for key in self._sorted_places if own.startswith(key)), "")
            if place and "Agency" in named.kinds:  # 市财政局 of another city is another one
                yield self._make(place, required=True)
            forms = dict.fromkeys(key for key in map(name_key, spelled) if len(key) > 1 and key != own)
            same = dict.fromkeys((*forms, *self._settings.list_forms(own)))
            is_place = set(named.kinds) <= {"Place"}
            is_name = not set(named.kinds) <= {"TargetGroup", "Program"}
            parts = () if is_name else _split(own)
            yield Term(own, tuple(same), True, is_place, is_name, is_topic=not is_place, parts=parts,
                       is_addressed=bool(_ADDRESSED & set(named.kinds)), is_agency="Agency" in named.kinds,
                       is_proposal="Proposal" in named.kinds)  # fmt: skip

    def _make(self, words: str, required: bool, is_name: bool = False) -> Term:
        key = name_key(words)
        stem = self._settings.place_endings.sub("", key)
        is_place = len(stem) > 1 and stem != key and stem in self._places
        forms = (*self._settings.list_forms(key), *((stem,) if is_place else ()))
        parts = () if is_name else _split(key)
        is_negative = bool(self._settings.negative.search(key))
        required = required or is_place or is_negative
        return Term(key, forms, required, is_place or key in self._places, is_name,
                    is_focus=is_negative, parts=parts)  # fmt: skip

    def _is_filler(self, word: str) -> bool:
        each = self._settings.each.fullmatch(word)
        return word in self._settings.fillers or (each is not None and word.startswith(self._settings.each_signs[-1]))

    def _read_words(self, rest: str) -> Iterator[Term]:
        """Yield the terms of the Chinese words that are left of a question."""
        rest = self._grammar.stop_phrases["zh"].sub(lambda found: " " * len(found[0]), rest)
        for stretch in _HAN.findall(rest):
            words = segmenter(load_lexicon("")).segment(stretch)
            yield from self._join([(word.text, word.tag) for word in words])

    def _join(self, words: list[tuple[str, str]]) -> Iterator[Term]:
        """Yield terms: words that say something, runs of single signs as one word, a single sign with its neighbour."""
        particles, stops = self._grammar.particles, self._grammar.stops["zh"]
        runs: list[list[tuple[str, str]]] = [[]]
        for text, tag in words:
            is_number = text[:1].isdigit()
            is_empty = text in stops or self._is_filler(text) or (len(text) == 1 and text in particles)
            if is_empty and not is_number and not self._settings.total.fullmatch(text):
                runs.append([])
            elif runs[-1] and self._settings.list_forms(runs[-1][-1][0] + text):
                runs[-1][-1] = (runs[-1][-1][0] + text, "n")  # 办公 地址
            elif runs[-1] and self._settings.total.fullmatch(runs[-1][-1][0]) and len(text) > 1:
                runs[-1][-1] = (runs[-1][-1][0] + text, "n")  # 总 投资
            else:
                runs[-1].append((text, tag))
        for run in filter(None, runs):
            at = 0
            while at < len(run):
                text, tag = run[at]
                at += 1
                while (
                    len(text) == 1 and at < len(run) and len(run[at][0]) == 1 and not (tag != "m" and run[at][1] == "m")
                ):
                    text, tag = text + run[at][0], "n"
                    at += 1
                if len(text) > 1 and at < len(run) and len(run[at][0]) == 1 and run[at][1][:1] not in "vpdcuam":
                    text, tag = text + run[at][0], "n"  # 适老 化, 办结 率
                    at += 1
                if len(text) < 2 and not (text.isdigit() or self._settings.list_forms(text)):
                    continue
                if self._is_filler(text) or (text.isdigit() and len(text) < _SMALLEST_NUMBER):
                    continue
                is_noun = tag[:1] in "nmtjlix" or tag in ("eng", "vn", "b") or text.isdigit()
                is_function = tag in self._settings.function_tags
                is_soft = is_function or tag in self._settings.soft_tags or text in self._settings.soft_words
                found = self._make(text, required=is_noun and not is_soft)
                yield replace(found, is_soft=is_soft, is_function=is_function,
                              is_name=found.is_name or self._settings.whole.match(text) is not None)  # fmt: skip

    # English

    def _read_counted(self, text: str) -> frozenset[str]:
        """Return the words for what an English question counts: those up to its verb (how many doctors work …)."""
        found = self._settings.counted_en.search(text)
        return frozenset(term.text for term in self._read_english(found["noun"])[0]) if found else frozenset()

    def _read_english(self, rest: str) -> tuple[list[Term], list[str]]:
        """Return the terms of English words: those of the glossary, names by their pinyin; and the words not known."""
        tokens = [token.lower().removesuffix("'s").removesuffix("’s") for token in _TOKEN.findall(rest)]
        stops, grammar = self._grammar.stops["en"], self._grammar
        terms: list[Term] = []
        unread: list[str] = []
        at = 0
        while at < len(tokens):
            spelled, size = self.pinyin.find(tokens, at)
            if spelled:
                is_place = bool(self._places & {*spelled})
                terms.append(Term(spelled[0], spelled[1:], True, is_place, is_name=True))
                at += size + (is_place and at + size < len(tokens) and tokens[at + size] in self._settings.place_words)
                continue
            known, size = _look_up(tokens, at, grammar)
            token = tokens[at]
            if size == 1 and token in self._settings.fillers_en:
                at += 1
                continue
            if known:
                forms = [name_key(part) for part in known.split("|")]
                more = [form for one in forms for form in self._settings.list_forms(one)]
                terms.append(Term(forms[0], tuple(dict.fromkeys((*forms[1:], *more))), required=True))
            elif known is None and token[:1].isdigit():
                if len(token) >= _SMALLEST_NUMBER:
                    terms.append(Term(name_key(token), (), required=True))
            elif known is None and token not in stops and len(token) > 1:
                unread.append(token)
            at += size
        return terms, unread


def _split(word: str) -> tuple[str, ...]:
    """Return the words of a compound; empty if it has a single sign among them."""
    parts = [found.text for found in segmenter(load_lexicon("")).segment(word)] if len(word) >= _COMPOUND else []
    return tuple(parts) if all(len(part) > 1 for part in parts) else ()


def _look_up(tokens: list[str], at: int, grammar: QuestionGrammar) -> tuple[str | None, int]:
    """Return the Chinese words for the longest term at a place, and how many words it has; None if there is none."""
    for size in range(min(grammar.longest_term, len(tokens) - at), 0, -1):
        term = " ".join(tokens[at : at + size])
        for form in (term, *(term.removesuffix(end) + new for end, new in _ENDINGS if term.endswith(end))):
            if form in grammar.glossary:
                return grammar.glossary[form], size
    return None, 1


_ENDINGS = (("ies", "y"), ("es", ""), ("s", ""), ("ed", ""), ("ed", "e"), ("d", ""), ("ing", ""), ("ing", "e"))
