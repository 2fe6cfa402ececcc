"""One letter of an invented city as the stages of extraction see it, made without the stages before them."""

from __future__ import annotations

import re

from extract.mentions.context import MentionContext
from extract.mentions.geography import Geography, survey_places
from extract.model import Field, Kind, Letter, Mention, Outline, Part, Sentence, Span
from ontology.lexicons import load_lexicon

LEX = load_lexicon()
ISSUER = "霁川市科学技术局"


def make_outline(text: str, issuer: str = ISSUER, part: Kind = Kind.MEASURE) -> Outline:
    """One reply with one part, and a sentence wherever a full stop ends one; its clauses end at commas."""
    whole = Span(0, len(text))
    begin = text.find(issuer)
    fields = (Field("issuedBy", issuer, Span(begin, begin + len(issuer))),) if begin >= 0 else ()
    sentences = []
    for found in re.finditer(r"[^。\n]+[。\n]?", text):
        clauses = (Span(found.start() + m.start(), found.start() + m.end()) for m in re.finditer("[^，]+，?", found[0]))
        sentences.append(Sentence(Span(*found.span()), "d1", "p1", tuple(clauses)))
    return Outline(
        (Letter("d1", Kind.LEAD_REPLY, whole, whole, fields),),
        (Part("p1", "d1", part, "一", whole, None, None),),
        tuple(sentences),
    )


def make_page(text: str, issuer: str = ISSUER) -> tuple[MentionContext, Geography]:
    """What the finders of mentions and the linking are given."""
    context = MentionContext(text, make_outline(text, issuer), LEX)
    return context, survey_places(text, context.outline.letters, LEX, [h.key for h in context.get_hits("division")])


def mention(text: str, kind: Kind, name: str, nth: int = 0, rule: str = "by.hand", **attrs: str) -> Mention:
    """A mention of the *nth* occurrence of *name*, as a finder would have made it."""
    begin = [m.start() for m in re.finditer(re.escape(name), text)][nth]
    return Mention(Span(begin, begin + len(name)), kind, name, rule, 0.9, attrs)
