"""Sentences that speak of all names and words of a question, where the graph has no answer."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extract.text.normalize import name_key
from kg.report.ask.coverage import holds, spell_word
from kg.report.ask.grammar import QuestionGrammar
from kg.report.ask.model import Named
from kg.report.facts import Facts
from kg.report.model import Excerpt

_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?]?")
_MOST = 3
_LONGEST = 400


def list_passages(
    facts: Facts, grammar: QuestionGrammar, names: Sequence[Named], words: Sequence[str]
) -> list[Excerpt]:
    """Return the first sentences that hold a spelling of each name and word; none if there is only one to look for."""
    wanted = [spell_word(word, grammar) for word in words]
    for named in names:
        known = (name for iri in named.iris for name in (facts.name(iri), *facts.view.aliases(iri)))
        wanted.append(tuple(dict.fromkeys((name_key(named.text), *map(name_key, known)))))
    if len(wanted) < 2:
        return []
    found: list[Excerpt] = []
    for context, _ in facts.select("sources"):
        text = facts.view.source(context)[1]
        key = name_key(text)
        if not all(holds((key,), spellings) for spellings in wanted):
            continue
        for match in _SENTENCE.finditer(text):
            sentence = name_key(match[0])
            if len(sentence) <= _LONGEST and all(holds((sentence,), spellings) for spellings in wanted):
                found.append(facts.quote_words(context, *match.span()))
                if len(found) == _MOST:
                    return found
    return found
