"""The proposals that a question names by their topic: their titles have its words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from extract.text.normalize import name_key
from extract.text.segment import segmenter
from kg.report.ask.coverage import spell_word
from kg.report.ask.grammar import QuestionGrammar
from kg.report.ask.model import Named, QuestionReading
from kg.report.ask.reading import list_words
from kg.report.ask.sentences.matching import Term, match_any
from kg.report.ask.sentences.settings import load_settings
from kg.report.facts import Facts
from ontology.lexicons import load_lexicon

_ROLES = frozenset({"Agency"})
"""Names of these classes say who does something about a proposal, not what it is about."""
_PARTIES = frozenset({"Place", "Person", "Organization"})
"""Names of these classes are in the title, or are those of whoever submits or handles it."""
Describe = Callable[[str], tuple[frozenset[str], tuple[str, ...]]]
"""Gives the things and texts of a document: its agencies, submitters, places and number."""


@dataclass(frozen=True, slots=True)
class Topic:
    """What a question says that a proposal is about."""

    words: tuple[str, ...]
    proposals: tuple[str, ...]
    """Those whose titles have all of it."""


class TopicFinder:
    """Finds the proposals of one store by their topics."""

    def __init__(self, facts: Facts, grammar: QuestionGrammar, describe: Describe) -> None:
        self._facts, self._grammar, self._describe = facts, grammar, describe
        self._settings = load_settings()

    def find(self, reading: QuestionReading) -> Topic | None:
        """Return the topic of the proposal that *reading* is about; None if it names the proposal, or has no topic."""
        noun = self._grammar.proposal_noun[reading.lang]
        if not reading.frame.settings.get("topic") or not noun.search(reading.question.lower()):
            return None
        if any("Proposal" in named.kinds for named in reading.names):
            return self._find_numbered(reading)
        if not reading.names and not reading.words and not reading.year:
            return Topic((), ())
        return self._match(reading.names, reading.words)

    def _find_numbered(self, reading: QuestionReading) -> Topic | None:
        """Return the one proposal that a question names, if it or its parties have all other words."""
        named = next(named for named in reading.names if "Proposal" in named.kinds)
        if reading.frame.settings["topic"] != "must" or len(named.iris) > 1 or reading.year:
            return None
        others = [other for other in reading.names if other is not named and not _ROLES & set(other.kinds)]
        proposal, (_, texts) = named.iris[0], self._describe(named.iris[0])
        known = (*self._titles.get(proposal, ()), *texts)
        terms = [self._make_term(word) for word in reading.words]
        lost = [term for term in terms if not match_any(term, known)]
        if lost:  # it is another one that is meant, or something is asked that no frame knows
            is_other = reading.lang == "zh" and not any(term.is_soft for term in lost)
            return Topic(tuple(term.text for term in lost), ()) if is_other else None
        is_same = all(self._has_name(other, proposal, self._titles.get(proposal, ())) for other in others)
        return Topic((named.text,), (proposal,)) if is_same else None

    def find_phrase(self, question: str, names: Sequence[Named]) -> list[Named]:
        """Return the names of an English question, the proposal of a phrase (the proposal on …) as one; else none."""
        found = self._grammar.topic_phrase.search(question.lower())
        if found is None or any("Proposal" in named.kinds for named in names):
            return []
        begin, end = found.span("topic")
        own = [named for named in names if begin <= named.begin and named.end <= end]
        rest = question.lower()
        for named in own:
            rest = rest[: named.begin] + " " * (named.end - named.begin) + rest[named.end :]
        topic = self._match(own, tuple(list_words(rest[begin:end], self._grammar, "en")))
        if topic is None or not topic.proposals:
            return []
        phrase = Named(found.start(), end, question[found.start() : end], topic.proposals, ("Proposal",))
        return sorted([phrase, *(named for named in names if named not in own)], key=lambda named: named.begin)

    def name_proposal(self, reading: QuestionReading, proposal: str, title: str) -> QuestionReading:
        """Return *reading* with a proposal in the place of its topic."""
        roles = [named for named in reading.names if _ROLES & set(named.kinds)]
        own = next((named for named in reading.names if "Proposal" in named.kinds), None)
        named = own or Named(0, 0, title, (proposal,), ("Proposal",))
        return replace(reading, names=(named, *roles), words=())

    def _match(self, names: Iterable[Named], words: Sequence[str]) -> Topic | None:
        about = [named for named in names if not _ROLES & set(named.kinds)]
        terms = [self._make_term(word) for word in words]
        told = (*(named.text for named in about), *(word.split("|")[0] for word in words))
        if not terms and all(_PARTIES & set(named.kinds) for named in about):
            return None
        found = [iri for iri, titles in self._titles.items() if self._has_words(terms, titles)]
        found = [iri for iri in found if all(self._has_name(named, iri, self._titles[iri]) for named in about)]
        return Topic(told, tuple(found))

    def _has_words(self, terms: Sequence[Term], titles: tuple[str, ...]) -> bool:
        """Return whether titles have all words; verbs need not be there if there are others."""
        needed = [term for term in terms if not term.is_soft] or terms
        return all(match_any(term, titles) for term in needed)

    def _has_name(self, named: Named, proposal: str, titles: tuple[str, ...]) -> bool:
        view = self._facts.view
        keys = [name_key(named.text), *(name_key(view.label(iri)) for iri in named.iris)]
        if any(key in title for key in keys for title in titles):
            return True
        if not _PARTIES & set(named.kinds):
            return False
        things, texts = self._describe(proposal)
        return bool(things & set(named.iris)) or any(key in text for key in keys for text in texts)

    def _make_term(self, word: str) -> Term:
        spelled = spell_word(word, self._grammar)
        more = (form for key in spelled for form in self._settings.list_forms(key))
        forms = tuple(dict.fromkeys((*spelled[1:], *more)))
        tags = [found.tag for found in segmenter(load_lexicon("")).segment(spelled[0])]
        return Term(spelled[0], forms, True, is_soft=all(tag in self._settings.soft_tags for tag in tags))

    @cached_property
    def _titles(self) -> dict[str, tuple[str, ...]]:
        """The keys of the titles of each proposal and of the letters that answer it."""
        facts = self._facts
        letters = facts.map_many("replies", key=1, value=0)
        found = {}
        for iri in sorted({iri for iri, _ in facts.select("proposals")}):
            names = [facts.view.label(iri), *facts.view.aliases(iri), *map(facts.view.label, letters.get(iri, []))]
            found[iri] = tuple(dict.fromkeys(filter(None, map(name_key, names))))
        return found
