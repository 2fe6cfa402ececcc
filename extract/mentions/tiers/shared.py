"""Tiers that share the last word of the class behind them in a list: 高新技术*和科技型中小企业*."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache

from extract.mentions.context import MentionContext
from extract.model import Kind, Mention, Span
from extract.text.search import SpanSet
from ontology.lexicons import Lexicon
from ontology.tiers import load_tiers

_SEPARATOR = re.compile(r"(?:、|和|及|与|或|以及|或者)[“\"]?\Z")
_LONGEST_SEPARATOR = 3
_SHORTEST = 2
"""Characters of a name without its last word, at least."""


@cache
def _list_stems(lex: Lexicon) -> Mapping[str, Mapping[str, str]]:
    """Return by last word the names of the tiers that end with it: without it → the tier."""
    heads: Sequence[str] = lex.read_config("tiers")["patterns"]["shared_heads"]
    return {
        head: {
            name.removesuffix(head): tier.label
            for tier in load_tiers(lex.extra)
            for name in tier.names
            if name.endswith(head) and len(name) >= _SHORTEST + len(head)
        }
        for head in heads
    }


def find_shared(page: MentionContext, known: Sequence[Mention]) -> Iterator[Mention]:
    """Yield the tiers of the scheme that stand without their last word before a class that has it.

    Args:
        page: the page.
        known: the tiers that stand there with their last word, or in a short form.
    """
    taken = SpanSet(page.text, (m.span for m in known))
    ends = {m.span.end: m.span for m in known}
    last = [*(m.span for m in known), *(h.span for h in page.get_longest_hits("group"))]
    for span in dict.fromkeys(last):
        for head, stems in _list_stems(page.lex).items():
            if page.text.endswith(head, span.begin, span.end):
                yield from _read_list(page.text, span, head, stems, (taken, ends))


def _read_list(
    text: str, last: Span, head: str, stems: Mapping[str, str], known: tuple[SpanSet, Mapping[int, Span]]
) -> Iterable[Mention]:
    """Yield the tiers of the list before the class at *last*; those that stand there whole are passed over."""
    taken, ends = known
    begin = last.begin
    while mark := _SEPARATOR.search(text, max(0, begin - _LONGEST_SEPARATOR), begin):
        end = mark.start()
        if end in ends:
            begin = ends[end].begin
            continue
        fit = [stem for stem in stems if text.endswith(stem, 0, end)]
        if not fit:
            return
        stem = max(fit, key=len)
        begin = end - len(stem)
        if taken.overlaps(Span(begin, end)):
            return
        yield Mention(Span(begin, last.end), Kind.TIER, stem + head, "tier.shared", 0.85, {"tier": stems[stem]})
