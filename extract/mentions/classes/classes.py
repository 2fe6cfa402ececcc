"""Mentions of classes, programs and platforms, decided on the noun phrases of a page."""

from __future__ import annotations

import re
from collections.abc import Mapping

from extract.mentions.classes.expansion import expand_items, expand_phrase
from extract.mentions.context import MentionContext
from extract.mentions.geography import Geography
from extract.mentions.phrases import Phrase, find_phrases
from extract.mentions.words import PageWords
from extract.model import Kind, Mention

_TIER = re.compile(
    r"^(?:国家|省|市|区|县|全国)级|示范|规模以上|规上|限额以上|限上|专精特新|小巨人|高新技术|单项冠军|隐形冠军|瞪羚|独角兽|领军企业|后备企业|优势企业|\d强"
)

_PEOPLE = re.compile(r"(?:人才|博士后?|硕士|人员|[人者户员生师工]|职工|家庭|群体|高管|家属|居民|儿童|青年|妇女)$")
"""Heads of classes of people: a level word before one is no recognition (市级老年人)."""


def find_classes(context: MentionContext, geo: Geography) -> list[Mention]:
    """Return the mentions of classes, programs and platforms."""
    words = context.words
    same: dict[str, str] = context.lex.read_config("groups").get("same", {})
    out: list[Mention] = []
    phrases = find_phrases(words, context.lex)
    for phrase in phrases:
        for name in expand_phrase(phrase, words, context.lex):
            out.append(make_class(name, "phrase.shared" if name.shared else f"phrase.{name.use}", words, same))
    out += [make_class(name, "tier.item", words, same) for name in expand_items(phrases, words)]
    return out


def make_class(phrase: Phrase, rule: str, words: PageWords, same: Mapping[str, str]) -> Mention:
    """Return the mention of a phrase; a class with a level or a known distinction is a tier.

    Args:
        phrase: the noun phrase.
        rule: the rule that found it.
        words: the words of the page.
        same: names by which some classes are also known, from ``groups.toml``.
    """
    is_tier = _TIER.search(phrase.name) is not None and not _PEOPLE.search(phrase.name)
    kind = Kind.TIER if phrase.kind is Kind.GROUP and is_tier else phrase.kind
    attrs = {"same": same[phrase.name]} if phrase.name in same else {}
    return Mention(words.span(phrase.begin, phrase.end), kind, phrase.name, rule, 0.8, attrs)
