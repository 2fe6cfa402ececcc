"""The names in an English question: agencies in translation, tiers by the glossary, places and persons in pinyin."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from extract.text.normalize import name_key
from kg.report.ask.grammar import QuestionGrammar
from kg.report.ask.model import Named
from kg.report.ask.names import NameIndex
from kg.report.ask.sentences.settings import load_settings
from kg.report.ask.sentences.spelling import PinyinIndex, spell
from ontology.lexicons import load_lexicon

_TOKEN = re.compile(r"[A-Za-z][A-Za-z'’-]*")
_BEFORE = re.compile(r"((?:[A-Za-z][A-Za-z'’-]*\s+){0,3}[A-Za-z][A-Za-z'’-]*)\s*[（(]\s*$")
"""Latin words before a name in brackets: Yao Qiming (姚启明)."""
_CLOSE = re.compile(r"\s*[)）]")
_SHORTEST = 4
"""Least letters of a name in pinyin."""


class EnglishNames:
    """Finds the names of one store that an English question gives in English words or in pinyin."""

    def __init__(self, index: NameIndex, pinyin: PinyinIndex, grammar: QuestionGrammar) -> None:
        self._index, self._pinyin, self._grammar = index, pinyin, grammar

    def complete(self, question: str, names: Sequence[Named]) -> list[Named]:
        """Return *names*, each with its pinyin before it, and those that the question gives in English or pinyin."""
        found = [self._widen(question, named) for named in names]
        for more in (self._find_agencies(question), self._find_tiers(question), self._find_places(question)):
            taken = {at for named in found for at in range(named.begin, named.end)}
            found += [named for named in more if not taken & set(range(named.begin, named.end))]
        return [self._place_agency(question, named, found) for named in sorted(found, key=lambda named: named.begin)]

    def _widen(self, question: str, named: Named) -> Named:
        """Return a name in brackets with its pinyin before it as one name."""
        before = _BEFORE.search(question, 0, named.begin)
        close = _CLOSE.match(question, named.end)
        if before is None or close is None:
            return named
        words = list(_TOKEN.finditer(question, before.start(1), before.end(1)))
        syllables = spell(name_key(named.text))
        for at in range(len(words)):
            some = [word[0].lower() for word in words[at:]]
            if some[-1] in load_settings().place_words and len(some) > 1:
                some.pop()
            if "".join(some) in _list_starts(syllables):
                return replace(named, begin=words[at].start(), end=close.end())
        return named

    # agencies

    def _place_agency(self, question: str, named: Named, names: Sequence[Named]) -> Named:
        """Return an agency behind the name of a place (Jichuan finance bureau) as that of the place, if it has one."""
        if not (named.is_short and set(named.kinds) == {"Agency"}):
            return named
        place = next((other for other in names if "Place" in other.kinds and other.end <= named.begin
                      and not question[other.end : named.begin].removeprefix("'s").strip()), None)  # fmt: skip
        stem = name_key(place.text) if place else ""
        own = {iri for key, iri in self._index.list_agencies() if stem and stem in key}
        iris = tuple(iri for iri in named.iris if iri in own)
        return replace(named, iris=iris) if iris else named

    def _find_agencies(self, question: str) -> Iterator[Named]:
        fields = load_fields()
        told = "|".join(sorted(map(re.escape, fields), key=len, reverse=True))
        for pattern in self._grammar.agency_phrases:
            for found in re.finditer(pattern.replace("<field>", f"(?P<field>{told})"), question.lower()):
                iris = self._match_field(fields[found["field"]])
                if iris:
                    begin, end = found.span()
                    yield Named(begin, end, question[begin:end], iris, ("Agency",), is_short=True)

    def _match_field(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return the agencies whose field is one of *names*."""
        pattern = re.compile(self._grammar.agency_name.replace("<field>", "|".join(map(re.escape, names))))
        return tuple(iri for key, iri in self._index.list_agencies() if pattern.search(key))

    # tiers and places

    def _find_tiers(self, question: str) -> Iterator[Named]:
        """Yield the tiers whose names the glossary has: little giants, gazelle firms."""
        words = list(_TOKEN.finditer(question))
        at = 0
        while at < len(words):
            for size in range(min(self._grammar.longest_term + 1, len(words) - at), 0, -1):
                begin, end = words[at].start(), words[at + size - 1].end()
                iris = self._look_up_tier(question[begin:end].lower())
                if iris:
                    yield Named(begin, end, question[begin:end], iris, ("EnterpriseTier",))
                    break
            at += size

    def _look_up_tier(self, term: str) -> tuple[str, ...]:
        singular, (stem, _, last) = term.removesuffix("s"), term.rpartition(" ")
        spelled = self._grammar.glossary.get(term) or self._grammar.glossary.get(singular) or ""
        words = spelled.split("|")
        if not spelled and self._grammar.firm_en.fullmatch(last):
            firm = self._grammar.firm_zh
            spelled = self._grammar.glossary.get(stem, "")
            words = [f"{word}{firm}" for word in spelled.split("|")]
        for word in words if spelled else ():
            iris, kinds = self._index.look_up(word)
            if kinds == ("EnterpriseTier",):
                return iris
        return ()

    def _find_places(self, question: str) -> Iterator[Named]:
        """Yield the places whose names stand in pinyin with a capital letter."""
        words = list(_TOKEN.finditer(question))
        tokens = [word[0].lower().removesuffix("'s").removesuffix("’s") for word in words]
        for at, word in enumerate(words):
            if not word[0][0].isupper() or len(tokens[at]) < _SHORTEST:
                continue
            spelled, size = self._pinyin.find(tokens, at)
            for name in spelled:
                iris, kinds = self._index.look_up(name)
                if kinds == ("Place",):
                    last = at + size - 1
                    end = words[last].start() + len(tokens[last])
                    yield Named(word.start(), end, name, iris, kinds)
                    break


@cache
def load_fields() -> dict[str, tuple[str, ...]]:
    """Return the Chinese fields of agencies, with their short forms, by English ones."""
    short = {row[0]: row[1].split() if len(row) > 1 else [] for row in load_lexicon("").read_table("agencies")}
    found: dict[str, tuple[str, ...]] = {}
    for line in (Path(__file__).parent / "agencies.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            english, _, fields = line.partition("\t")
            names = [name for field in fields.split("|") for name in (field, *short.get(field, ()))]
            found[english] = tuple(dict.fromkeys(map(name_key, names)))
    return found


def _list_starts(syllables: Sequence[str]) -> set[str]:
    """Return what the first syllables of a name spell, two at least."""
    return {"".join(syllables[:size]) for size in range(2, len(syllables) + 1)}
