"""The two readings of a page: as it is printed, and with its broken lines joined."""

from __future__ import annotations

from dataclasses import dataclass

from extract.mentions.context import MentionContext
from extract.mentions.words import BREAK, PageWords
from extract.model import Span


@dataclass(frozen=True, slots=True)
class Reading:
    """A text in which names are looked for, and where its characters stand in the source.

    A page copied from a PDF file breaks names over two lines. In the joined reading they are whole; the printed one
    has also what belongs to no sentence.
    """

    text: str
    joined: PageWords | None = None
    """The words of the joined text; None for the text as it is printed."""

    def span(self, begin: int, end: int) -> Span:
        """Return where ``text[begin:end]`` stands in the source."""
        return self.joined.span(begin, end) if self.joined else Span(begin, end)

    def keeps(self, begin: int, end: int) -> bool:
        """Whether a name belongs to this reading: the joined one keeps only names that are broken over two lines."""
        return self.joined is None or len(self.joined.span(begin, end)) > end - begin

    def get_words_before(self, position: int, length: int) -> str:
        """Return up to *length* characters before *position*, on its line or in its sentence."""
        words = self.text[max(0, position - length) : position]
        return words[words.rfind(BREAK) + 1 :]


def list_readings(page: MentionContext) -> tuple[Reading, ...]:
    """Return the readings of a page; one is enough if none of its sentences has a line break inside."""
    printed = Reading(page.text)
    if any(page.text.find("\n", s.span.begin, s.span.end - 1) >= 0 for s in page.outline.sentences):
        return (printed, Reading(page.words.text, page.words))
    return (printed,)
