"""Find where quoted words stand; quotation marks and white space do not count."""

from __future__ import annotations

from extract.mentions.context import fold
from extract.model import Span


class Stretch:
    """A stretch of a text in which words are looked up.

    Args:
        text: the source's text.
        span: where to look; what is found never reaches out of it.
    """

    def __init__(self, text: str, span: Span) -> None:
        kept = [i for i in range(span.begin, min(span.end, len(text))) if fold(text[i])]
        self._at = kept
        self._folded = "".join(text[i] for i in kept)

    def find(self, words: str) -> list[Span]:
        """Every place of *words*, in order, as spans of the source's text; none for words without a character."""
        wanted = fold(words)
        found: list[Span] = []
        at = self._folded.find(wanted) if wanted else -1
        while at >= 0:
            found.append(Span(self._at[at], self._at[at + len(wanted) - 1] + 1))
            at = self._folded.find(wanted, at + 1)
        return found
