"""Receivers in tables of supports: the cells below the head 对象 in a table that has a head 建设补助.

What a column of such a head names gets what stands in its row, whatever the name ends with.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from extract.mentions.context import MentionContext
from extract.mentions.overlaps import ALLOTTED
from extract.model import Kind, Mention
from extract.text.rows import find_tables
from ontology.lexicons import Lexicon


@cache
def _compile(lex: Lexicon, name: str) -> re.Pattern[str]:
    return re.compile(lex.read_config("tables")[name])


def find_receivers(context: MentionContext) -> Iterator[Mention]:
    """Yield the mentions of the receivers in the tables of a page.

    Args:
        context: the page, with the lexicon (``receiver_head`` and ``receiver`` in ``tables.toml``).
    """
    text, lex = context.text, context.lex
    for table in find_tables(text):
        heads = ["".join(text[cell.begin : cell.end].split()) for cell in table.rows[0].cells]
        column = next((x for x, head in enumerate(heads) if _compile(lex, "receiver_head").fullmatch(head)), None)
        others = [head for x, head in enumerate(heads) if x != column]
        if column is None or not any(_compile(lex, "support").search(head) for head in others):
            continue
        for row in table.rows[1:]:
            if column < len(row.cells):
                cell = row.cells[column]
                words = text[cell.begin : cell.end]
                if _compile(lex, "receiver").fullmatch(words):
                    yield Mention(cell, Kind.GROUP, words, ALLOTTED, 0.8)
