"""Whether a row speaks of every name and word of a question."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from extract.text.normalize import name_key
from kg.report.ask.grammar import QuestionGrammar
from kg.report.ask.model import AnswerRow, Named, QuestionReading
from kg.report.facts import Facts
from kg.report.model import Excerpt

_OPENING = 400
"""Signs at the begin of a document that say what it is about."""
More = Callable[[], tuple[frozenset[str], tuple[str, ...]]]
"""Gives what surrounds a row: the things and texts of its document. It is asked only if the row itself does not do."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What rows have to speak of."""

    names: tuple[tuple[Named, frozenset[str], tuple[str, ...]], ...]
    """Each name with the things that it may stand for and the keys of their names."""
    either: tuple[tuple[Named, frozenset[str], tuple[str, ...]], ...]
    """Names of which one is enough: those that the query was asked with."""
    words: tuple[tuple[str, ...], ...]
    """Each word with its spellings, as keys."""
    year: str


def make_wanted(
    facts: Facts, grammar: QuestionGrammar, reading: QuestionReading, given: Sequence[Named] = ()
) -> Wanted:
    """Return what the rows of *reading* have to speak of; of the names *given* one is enough."""

    def describe(named: Named) -> tuple[Named, frozenset[str], tuple[str, ...]]:
        view = facts.view
        keys = {name_key(name) for iri in named.iris for name in (view.label(iri), *view.aliases(iri))}
        keys.add(name_key(named.text))
        return named, frozenset(named.iris), tuple(sorted(key for key in keys if len(key) > 1))

    words = tuple(spell_word(word, grammar) for word in reading.words)
    return Wanted(
        tuple(describe(named) for named in reading.names if named not in given),
        tuple(map(describe, given)), words, reading.year,
    )  # fmt: skip


def spell_word(word: str, grammar: QuestionGrammar) -> tuple[str, ...]:
    """Return the keys of the spellings of a word; the glossary separates several by a bar."""
    spelled = [name_key(form) for part in word.split("|") for form in grammar.list_spellings(part)]
    return tuple(dict.fromkeys(filter(None, spelled)))


def covers(row: AnswerRow, wanted: Wanted, more: More) -> bool:
    """Return whether *row*, or what surrounds it, speaks of all that is *wanted*."""
    found: list[tuple[frozenset[str], tuple[str, ...]]] = []

    def surrounds() -> tuple[frozenset[str], tuple[str, ...]]:
        if not found:
            found.append(more())
        return found[0]

    def has_name(item: tuple[Named, frozenset[str], tuple[str, ...]]) -> bool:
        _, iris, keys = item
        if iris & row.iris or holds(row.texts, keys):
            return True
        things, texts = surrounds()
        return bool(iris & things) or holds(texts, keys)

    def has_word(spellings: tuple[str, ...]) -> bool:
        return holds(row.texts, spellings) or holds(surrounds()[1], spellings)

    if wanted.either and not any(map(has_name, wanted.either)):
        return False
    if wanted.year and not (holds(row.texts, (wanted.year,)) or holds(surrounds()[1], (wanted.year,))):
        return False
    return all(map(has_name, wanted.names)) and all(map(has_word, wanted.words))


def holds(texts: Iterable[str], keys: Sequence[str]) -> bool:
    """Return whether one of *keys* is in one of *texts*; a number has to stand alone."""
    for text in texts:
        for key in keys:
            at = text.find(key)
            if at >= 0 and (not key.isdigit() or re.search(rf"(?<!\d){key}(?!\d)", text)):
                return True
    return False


def is_numbered(reading: QuestionReading) -> bool:
    """Return whether a question names a proposal by its number: its other words may be anywhere in the document."""
    return any("Proposal" in named.kinds and any(char.isdigit() for char in named.text) for named in reading.names)


def surround(facts: Facts, quote: Excerpt | None, is_wide: bool = False) -> tuple[frozenset[str], tuple[str, ...]]:
    """Return the things and texts of the document that *quote* stands in: its title, agencies, place and proposals.

    Args:
        facts: look-ups.
        quote: words of the document.
        is_wide: whether the first words of the document count.
    """
    context = facts.context_of(quote) if quote else ""
    letter = facts.letter_at(context, quote.begin) if quote and context else ""
    if not letter or not quote:
        return frozenset(), ()
    agencies = facts.agencies(letter)
    proposals = facts.values(letter, "repliesTo")
    places = [place for iri in (letter, *agencies) if (place := facts.place_of(iri))]
    things = {letter, *agencies, *proposals, *places}
    titles = (letter, *proposals, *places)
    texts = [name_key(facts.name(iri)) for iri in titles]
    return frozenset(things), (*texts, *([name_key(facts.view.source(context)[1][:_OPENING])] if is_wide else ()))
