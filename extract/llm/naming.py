"""What a model calls a thing → the entity's canonical name, by the same linking as the rules' own finds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property, lru_cache

from extract.linking.link import link
from extract.llm.settings import limit, words
from extract.mentions.context import Page
from extract.mentions.geography import Geography, survey
from extract.model import Entity, Kind, Mention, Outline, Span
from extract.text.normalize import QUOTES, include_quotes, search_fold
from ontology.lexicons import Lexicon

_DIVISIONS = "省市州盟区县旗镇乡"
_DECORATION = QUOTES + "《》〈〉"
_PAIRS = {"《": "》", "〈": "〉", "“": "”", "「": "」", "『": "』", '"': '"'}


class Namer:
    """Canonical names on one page."""

    def __init__(self, text: str, outline: Outline, lex: Lexicon) -> None:
        self.text = text
        self.outline = outline
        self.lex = lex

    @cached_property
    def page(self) -> Page:
        return Page(self.text, self.outline, self.lex)

    @cached_property
    def geography(self) -> Geography:
        present = [h.key for h in self.page.hits("division")]
        return survey(self.text, self.outline.letters, self.lex, present)

    def entity(self, spans: list[Span], kind: Kind, rule: str, ident: str) -> Entity | None:
        """The thing of *kind* that the words at *spans* name; None if they name nothing in particular."""
        spot = include_quotes(self.text, spans[0])
        name = bare(spot.of(self.text))
        if not is_name(name, kind):
            return None
        confidence = float(words()["confidence"]["entity"])
        mention = Mention(spot, kind, name, rule, confidence, self._attrs(name, kind))
        linked = link(self.page, self.geography, [mention])
        ids = {i for s, i in linked.mentions if s == spot}
        made = next((e for e in linked.entities if e.id in ids and e.kind is kind), None)
        if made is None:
            return None
        places = tuple(sorted(include_quotes(self.text, s) for s in spans))
        aliases = tuple(sorted({name} - {made.label}))
        return Entity(ident, kind, made.label, aliases, places, made.jurisdiction, (), confidence, rule)

    def _attrs(self, name: str, kind: Kind) -> Mapping[str, str]:
        """What the rules' own finders would say of how a name is built (``extract.linking.canonical`` reads it)."""
        placed = name[0] in _DIVISIONS and not self.geography.chain(name)
        if kind is Kind.AGENCY:
            return {"prefix": name[0], "organ": name[1:]} if placed else {"full": name}
        if kind is Kind.ORGANIZATION and placed:
            return {"prefix": name[0]}
        return {}


@lru_cache(maxsize=2)
def namer(text: str, outline: Outline, lex: Lexicon) -> Namer:
    """The namer of a page: the pieces of one page share it."""
    return Namer(text, outline, lex)


def bare(printed: str) -> str:
    """A name without white space, and without marks that only set it off: 《》, quotation marks around all of it."""
    name = re.sub(r"[\s\u200b\ufeff]+", "", printed)
    while len(name) > 2 and _PAIRS.get(name[0]) == name[-1] and name[0] not in name[1:-1]:
        name = name[1:-1]
    return name


def is_name(name: str, kind: Kind) -> bool:
    """Whether *name* can name one thing: not too short or long, no clause, no word for things in general."""
    rules = words()["names"]
    core = search_fold(name).strip(_DECORATION)
    if not 2 <= len(core) <= limit("name") or core in rules["refused"] or re.search(rules["self"], core):
        return False
    if any(not c.isprintable() for c in core) or not any(c.isalpha() for c in core):
        return False
    return kind.value in rules["titled"] or re.search(rules["breaks"], core) is None
