"""Whether somebody may get several supports: 就高不重复, 不得重复享受, 可叠加享受.

The rule is about the supports of its item; if the item has none, about the whole policy.
"""

from __future__ import annotations

from collections.abc import Iterator

from extract.model import Decided, EntityId, StackingId, StackingKind, StackingRule
from extract.provisions.context import ProvisionPage
from extract.provisions.reading import load_condition_words
from extract.relations.clauses import Clause
from ontology.lexicons import Lexicon

_SIGNS = "，,：:"


def find_stacking(page: ProvisionPage, lex: Lexicon) -> tuple[StackingRule, ...]:
    """Return the rules about several supports of a page, in the order of the text."""
    found = sorted(_find(page, lex))
    span = page.index.page.span
    return tuple(
        StackingRule(StackingId(f"k{n}"), span(begin, end), kind, decided)
        for n, (begin, end, kind, decided) in enumerate(found, 1)
    )


def _find(page: ProvisionPage, lex: Lexicon) -> Iterator[tuple[int, int, StackingKind, tuple[Decided, ...]]]:
    patterns = load_condition_words(lex).list_stacking(page.text)
    for clause in page.index.clauses:
        taken: set[int] = set()
        for name, pattern in patterns:
            for m in pattern.finditer(page.text, clause.begin, clause.end):
                begin = max(page.text.rfind(sign, clause.begin, m.start()) for sign in _SIGNS) + 1
                begin = max(begin, clause.begin)
                if begin in taken:
                    continue
                taken.add(begin)
                if decided := _find_decided(page, clause):
                    yield begin, m.end(), StackingKind(name), decided


def _find_decided(page: ProvisionPage, clause: Clause) -> tuple[Decided, ...]:
    """Return the supports of the clause, else of its sentence, else of its item, else the policy itself."""
    sentence = clause.sentence
    item = page.by_part.get((sentence.letter, sentence.part), []) if sentence.part is not None else []
    beside = page.by_clause.get(clause.begin) or [g for g in item if g.clause.sentence is sentence] or item
    if beside:
        return tuple(g.figure.id for g in beside)
    own = page.index.own.get(clause.sentence.letter)
    return (EntityId(own),) if own is not None else ()
