"""Give an entity of a model its canonical name, by the same linking as the mentions of the rules."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property, lru_cache

from extract.linking.link import link_mentions
from extract.llm.settings import get_limit, read_prompt
from extract.mentions.context import MentionContext
from extract.mentions.geography import Geography, survey_places
from extract.model import Entity, EntityId, Kind, Mention, Outline, Span
from extract.records import copy_with
from extract.text.normalize import QUOTES, include_quotes, search_fold
from ontology.lexicons import Lexicon

_DIVISIONS = "省市州盟区县旗镇乡"
_DECORATION = QUOTES + "《》〈〉"
_PAIRS = {"《": "》", "〈": "〉", "“": "”", "「": "」", "『": "』", '"': '"'}


class EntityNamer:
    """A maker of entities with canonical names, for one page."""

    def __init__(self, text: str, outline: Outline, lex: Lexicon) -> None:
        self.text = text
        self.outline = outline
        self.lex = lex

    @cached_property
    def context(self) -> MentionContext:
        return MentionContext(self.text, self.outline, self.lex)

    @cached_property
    def geography(self) -> Geography:
        present = [h.key for h in self.context.get_hits("division")]
        return survey_places(self.text, self.outline.letters, self.lex, present)

    def make_entity(
        self, spans: list[Span], kind: Kind, rule: str, ident: EntityId, *, name: str = ""
    ) -> Entity | None:
        """Return the entity that the words at *spans* name, or None if they are not the name of one thing.

        *name* is the name of a member of a list over a shared word, which the words only contain in two pieces.
        """
        span = include_quotes(self.text, spans[0])
        name = name or strip_name_marks(span.of(self.text))
        if not is_entity_name(name, kind):
            return None
        confidence = float(read_prompt()["confidence"]["entity"])
        mention = Mention(span, kind, name, rule, confidence, self._make_attributes(name, kind))
        linked = link_mentions(self.context, self.geography, [mention])
        ids = {i for place, i in linked.mentions if place == span}
        entity = next((found for found in linked.entities if found.id in ids and found.kind is kind), None)
        if entity is None:
            return None
        places = tuple(sorted(include_quotes(self.text, place) for place in spans))
        aliases = tuple(sorted({name} - {entity.label}))
        return copy_with(
            entity, id=ident, kind=kind, aliases=aliases, spans=places, facts=(), confidence=confidence, rule=rule
        )

    def _make_attributes(self, name: str, kind: Kind) -> Mapping[str, str]:
        """Return the attributes that the rules would give the mention; ``extract.linking.canonical`` reads them."""
        is_short = name[0] in _DIVISIONS and not self.geography.split_chain(name)
        if kind is Kind.AGENCY:
            return {"prefix": name[0], "organ": name[1:]} if is_short else {"full": name}
        if kind is Kind.ORGANIZATION and is_short:
            return {"prefix": name[0]}
        return {}


@lru_cache(maxsize=2)
def get_namer(text: str, outline: Outline, lex: Lexicon) -> EntityNamer:
    """Return the namer of a page. The chunks of a page share it."""
    return EntityNamer(text, outline, lex)


def strip_name_marks(printed: str) -> str:
    """Return a name without white space and without 《》 or quotation marks around the whole name."""
    name = re.sub(r"[\s\u200b\ufeff]+", "", printed)
    while len(name) > 2 and _PAIRS.get(name[0]) == name[-1] and name[0] not in name[1:-1]:
        name = name[1:-1]
    return name


def is_entity_name(name: str, kind: Kind) -> bool:
    """Return whether *name* can name one thing: it has the length of a name, is no clause and no generic word."""
    rules = read_prompt()["names"]
    core = search_fold(name).strip(_DECORATION)
    if not 2 <= len(core) <= get_limit("name") or core in rules["refused"] or re.search(rules["self"], core):
        return False
    if any(not c.isprintable() for c in core) or not any(c.isalpha() for c in core):
        return False
    return kind.value in rules["titled"] or re.search(rules["breaks"], core) is None
