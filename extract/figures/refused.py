"""Amounts that nobody grants, charges or promises: forbidden, opposed, wished by others, given up, not decided yet."""

from __future__ import annotations

import re
from functools import cache

from extract.figures.around import Around
from extract.figures.context import FigureContext, Number, Scene
from extract.model import Kind
from ontology.lexicons import Lexicon

_TO_COME = frozenset({Kind.PROVISION, Kind.TARGET})
_LETTERS_OF_OTHERS = frozenset({Kind.PROPOSAL, Kind.INSTRUMENT})
"""A proposal asks itself, and a policy decides."""
_NEAR = 30
"""Characters before the clause of an amount in which it may be forbidden."""


class _Words:
    """The patterns of ``[refused]`` in ``figures.toml``, compiled."""

    def __init__(self, lex: Lexicon) -> None:
        at = {name: re.compile(pattern) for name, pattern in lex.read_config("figures")["refused"].items()}
        self.opposed, self.lacks, self.lacking = at["opposed"], at["lacks"], at["lacking"]
        self.asked, self.closes, self.answered = at["asked"], at["closes"], at["answered"]
        self.about, self.wish = at["about"], at["wish"]
        self.forbidden = at["forbidden"]
        self.due, self.failed = at["due"], at["failed"]
        self.dropped, self.former, self.sought = at["dropped"], at["former"], at["sought"]

    def is_asked(self, before: str, left: str) -> bool:
        """Whether others ask for the amount behind *before*, the words of its sentence, and *left*, its clause's."""
        if self.asked.search(left):
            return True
        ends = [m.end() for m in self.asked.finditer(before)]
        if not ends:
            return False
        between = before[ends[-1] :]
        clause = re.split("[,，;；:：]", between, maxsplit=1)[0]
        return not self.closes.search(clause) and not self.answered.search(between)


@cache
def _load_words(lex: Lexicon) -> _Words:
    return _Words(lex)


def is_refused(page: FigureContext, scene: Scene, number: Number, a: Around, kind: Kind) -> bool:
    """Whether an amount is no fact, promise or support of its letter.

    Args:
        page: the page.
        scene: the sentence of the number.
        number: the number.
        a: the words around it.
        kind: the class that it would have.
    """
    words = _load_words(page.lex)
    headings = [page.folded.map_span(p.heading) for p in scene.chain if p.refused and p.heading is not None]
    if any(h.begin <= number.begin < h.end for h in headings):
        return True  # what the suggestion asked for
    if words.forbidden.search(a.before[-_NEAR:] + a.left):
        return True
    if scene.letter.kind in _LETTERS_OF_OTHERS:
        return False
    if words.opposed.search(a.left) or (words.lacks.search(a.left) and words.lacking.match(a.right)):
        return True
    if words.is_asked(page.text[scene.begin : number.outer_begin], a.left):
        return True
    if words.about.search(a.left) and words.wish.match(a.right):
        return True
    if words.failed.match(a.right) and words.due.search(a.left):
        return True
    if kind not in _TO_COME:
        return False
    if words.dropped.match(a.tail + a.after):
        return True
    return (words.former if kind is Kind.TARGET else words.sought).search(a.left) is not None
