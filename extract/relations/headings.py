"""The short headings that a sentence of a policy stands under: 第二条【落户奖】, (二)重点企业。, 4.退出奖励。"""

from __future__ import annotations

import re
from bisect import bisect_right

from extract.model import Span

_ARTICLE = re.compile(
    r"(?m)^[ \t\u3000\xa0]*(?:第[一二三四五六七八九十百]+条[\s\u3000]*(?:【([^】\n]{2,24})】)?|【([^】\n]{2,24})】)"
)
_ITEM = re.compile(
    r"(?m)^[ \t\u3000\xa0]*(?:([一二三四五六七八九十]+、)|([(（][一二三四五六七八九十]+[)）])|(\d{1,2}[.、．]))"
    r"[\s\u3000]*([^，,。；;：:\n]{2,24})(?:[。：:]|$)"
)
_LOWEST = 9


class Headings:
    """Headings of a text by position; level 0 is an article, 3 the finest item."""

    def __init__(self, text: str) -> None:
        found: list[tuple[int, int, int]] = []
        for m in _ARTICLE.finditer(text):
            group = m.lastindex
            found.append((m.start(group), 0, m.end(group)) if group else (m.end(), 0, m.end()))
        for m in _ITEM.finditer(text):
            found.append((m.start(4), 1 if m.group(1) else 2 if m.group(2) else 3, m.end(4)))
        self._found = sorted(found)
        self._parents: list[int] = []
        """Index of the heading → index of the next one above it, or -1."""
        path: list[int] = []
        for i, (_, level, _) in enumerate(self._found):
            while path and self._found[path[-1]][1] >= level:
                path.pop()
            self._parents.append(path[-1] if path else -1)
            path.append(i)

    def above(self, position: int) -> list[Span]:
        """The headings that a position stands under, innermost first; an article without a name ends the search."""
        out: list[Span] = []
        i = bisect_right(self._found, (position, _LOWEST, 0)) - 1
        while i >= 0:
            begin, _, end = self._found[i]
            if end > begin:
                out.append(Span(begin, end))
            i = self._parents[i]
        return out

    def place(self, position: int) -> str:
        """What tells one article or item from the next."""
        return ",".join(str(h.begin) for h in self.above(position))
