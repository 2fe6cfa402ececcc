"""Mentions of classes, programs and platforms, decided on the noun phrases of a page."""

from __future__ import annotations

import re

from extract.mentions.context import MentionContext
from extract.mentions.geography import Geography
from extract.mentions.phrases import find_phrases
from extract.model import Kind, Mention

_TIER = re.compile(
    r"^(?:国家|省|市|区|县|全国)级|示范|规模以上|规上|限额以上|限上|专精特新|小巨人|高新技术|单项冠军|隐形冠军|瞪羚|独角兽|领军企业|后备企业|优势企业|\d强"
)


def find_classes(context: MentionContext, geo: Geography) -> list[Mention]:
    """Return the mentions of classes, programs and platforms."""
    words = context.words
    out = []
    for phrase in find_phrases(words, context.lex):
        span = words.span(phrase.begin, phrase.end)
        kind = Kind.TIER if phrase.kind is Kind.GROUP and _TIER.search(phrase.name) else phrase.kind
        rule = "phrase.shared" if phrase.shared else f"phrase.{phrase.use}"
        out.append(Mention(span, kind, phrase.name, rule, 0.8))
    return out
