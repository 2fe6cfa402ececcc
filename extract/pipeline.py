"""All steps in order, as a spaCy pipeline of our own components.

``pipeline()`` is ``spacy.blank("zh")`` with one registered factory a step, so that a user can add, replace or drop one
by name and configuration, like any spaCy pipeline::

    nlp = pipeline()
    nlp.add_pipe("my_mentions", before="pk_link")     # appends to doc._.mentions
    nlp.remove_pipe("pk_groups")
    doc = nlp(text)
    doc._.entities, doc._.relations, doc._.figures; doc.spans["mentions"], doc.spans["figures"]

The components only carry values between pure functions, one module each, that can be called without spaCy.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc, SpanGroup
from spacy.tokens import Span as DocSpan
from spacy.vocab import Vocab

from extract.confidence import Calibrator
from extract.figures.figures import figures
from extract.linking.link import Linked, link
from extract.mentions import agencies, bodies, groups, instruments, places, programs, tiers
from extract.mentions.context import Page
from extract.mentions.geography import Geography, survey
from extract.model import Extraction, Letter, Mention, Outline, Source, Span
from extract.relations.answers import answers
from extract.relations.involvement import involve, prune
from extract.relations.relations import relations
from extract.structure.letters import split
from extract.structure.outline import outline
from ontology.lexicons import Lexicon, lexicon

Component = Callable[[Doc], Doc]

for _name in ("letters", "outline", "geography", "page", "linked"):
    if not Doc.has_extension(_name):
        Doc.set_extension(_name, default=None)
for _name in ("entities", "relations", "figures"):
    if not Doc.has_extension(_name):
        Doc.set_extension(_name, default=())
if not Doc.has_extension("mentions"):
    Doc.set_extension("mentions", default=[])

_DEFAULT: dict[str, Any] = {"lexicon_dir": ""}
_FINDERS: dict[str, Callable[[Page, Geography], list[Mention]]] = {
    "pk_agencies": agencies.find,
    "pk_instruments": instruments.find,
    "pk_bodies": bodies.find,
    "pk_tiers": tiers.find,
    "pk_programs": programs.find,
    "pk_groups": groups.find,
    "pk_places": places.find,
}
STEPS = (
    "pk_split", "pk_outline", "pk_geography", *_FINDERS,
    "pk_link", "pk_relations", "pk_figures", "pk_answers", "pk_finish", "pk_spans",
)  # fmt: skip
"""Names of the components, in their order."""


@Language.factory("pk_split", default_config=_DEFAULT)
def make_split(nlp: Language, name: str, lexicon_dir: str) -> Component:
    """Page → letters: ``doc._.letters``."""
    lex = lexicon(lexicon_dir)

    def component(doc: Doc) -> Doc:
        doc._.letters = split(_text(doc), lex)
        return doc

    return component


@Language.factory("pk_outline", default_config=_DEFAULT)
def make_outline(nlp: Language, name: str, lexicon_dir: str) -> Component:
    """Letters → parts and sentences: ``doc._.outline``."""
    lex = lexicon(lexicon_dir)

    def component(doc: Doc) -> Doc:
        letters: tuple[Letter, ...] = doc._.letters or ()
        doc._.outline = outline(_text(doc), letters, lex)
        return doc

    return component


@Language.factory("pk_geography", default_config=_DEFAULT)
def make_geography(nlp: Language, name: str, lexicon_dir: str) -> Component:
    """Places of the page and what each letter speaks for: ``doc._.geography``; also ``doc._.page``."""
    lex = lexicon(lexicon_dir)

    def component(doc: Doc) -> Doc:
        text = _text(doc)
        plan: Outline = doc._.outline or Outline((), (), ())
        page = Page(text, plan, lex)
        doc._.page = page
        doc._.geography = survey(text, plan.letters, lex, [h.key for h in page.hits("division")])
        doc._.mentions = []
        return doc

    return component


_SPACE = re.compile(r"(?<=[^ ]) ")
"""The first space after a character; further ones are tokens of their own."""


class CharacterTokenizer:
    """Every character a token, as ``spacy.blank("zh")`` has it, made in one pass; the text is kept beside the tokens.

    A space after a token belongs to it, as in spaCy, so that ``doc.text`` is the text again.
    """

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        words: list[str] = []
        spaced: list[int] = []
        begin = 0
        for space in _SPACE.finditer(text):
            words += text[begin : space.start()]
            spaced.append(len(words) - 1)
            begin = space.end()
        words += text[begin:]
        spaces = [False] * len(words)
        for i in spaced:
            spaces[i] = True
        doc = Doc(self.vocab, words=words, spaces=spaces)
        doc.user_data["pk_text"] = text
        return doc

    def to_bytes(self, **kwargs: object) -> bytes:
        return b""

    def from_bytes(self, data: bytes, **kwargs: object) -> CharacterTokenizer:
        return self

    def to_disk(self, path: object, **kwargs: object) -> None:
        """Nothing to keep."""

    def from_disk(self, path: object, **kwargs: object) -> CharacterTokenizer:
        return self


def _text(doc: Doc) -> str:
    """``doc.text``, put together once: spaCy joins the tokens anew at every look."""
    kept = doc.user_data.get("pk_text")
    if kept is None:
        kept = doc.user_data["pk_text"] = doc.text
    return str(kept)


def _finder(name: str, find: Callable[[Page, Geography], list[Mention]]) -> None:
    def make(nlp: Language, name: str) -> Component:
        def component(doc: Doc) -> Doc:
            doc._.mentions = [*doc._.mentions, *find(doc._.page, doc._.geography)]
            return doc

        return component

    make.__doc__ = f"Mentions of one kind, appended to ``doc._.mentions``; see ``{find.__module__}``."
    Language.factory(name, func=make)


for _name, _find in _FINDERS.items():
    _finder(_name, _find)


@Language.factory("pk_link")
def make_link(nlp: Language, name: str) -> Component:
    """Mentions → entities: ``doc._.linked``, ``doc._.entities``."""

    def component(doc: Doc) -> Doc:
        linked = link(doc._.page, doc._.geography, doc._.mentions)
        doc._.linked, doc._.entities = linked, linked.entities
        return doc

    return component


@Language.factory("pk_relations", default_config=_DEFAULT)
def make_relations(nlp: Language, name: str, lexicon_dir: str) -> Component:
    """Clauses → relations: ``doc._.relations``."""
    lex = lexicon(lexicon_dir)

    def component(doc: Doc) -> Doc:
        linked: Linked = doc._.linked
        doc._.relations = (*linked.relations, *relations(_text(doc), doc._.outline, linked, lex))
        return doc

    return component


@Language.factory("pk_figures", default_config=_DEFAULT)
def make_figures(nlp: Language, name: str, lexicon_dir: str) -> Component:
    """Quantities → figures: ``doc._.figures``."""
    lex = lexicon(lexicon_dir)

    def component(doc: Doc) -> Doc:
        doc._.figures = figures(_text(doc), doc._.outline, doc._.entities, lex)
        return doc

    return component


@Language.factory("pk_answers", default_config=_DEFAULT)
def make_answers(nlp: Language, name: str, lexicon_dir: str) -> Component:
    """Which measure answers which suggestion: added to ``doc._.relations``."""
    lex = lexicon(lexicon_dir)

    def component(doc: Doc) -> Doc:
        doc._.relations = (*doc._.relations, *answers(_text(doc), doc._.outline, lex))
        return doc

    return component


@Language.factory("pk_finish", default_config=_DEFAULT | {"calibrate": True})
def make_finish(nlp: Language, name: str, lexicon_dir: str, calibrate: bool) -> Component:
    """What parts involve; classes that play no part are left out.

    Confidences become what was measured for each rule, unless *calibrate* is off.
    """
    measured = Calibrator(lexicon(lexicon_dir)) if calibrate else None

    def component(doc: Doc) -> Doc:
        linked: Linked = doc._.linked
        doc._.entities = prune(linked, doc._.relations, doc._.figures)
        kept = {e.id for e in doc._.entities}
        doc._.relations = (
            *(r for r in doc._.relations if r.predicate != "instrument" and (r.object[0] != "e" or r.object in kept)),
            *involve(doc._.outline, linked, kept),
        )
        if measured is not None:
            doc._.outline = measured.outline(doc._.outline)
            doc._.entities = measured.entities(doc._.entities)
            doc._.relations = measured.relations(doc._.relations)
            doc._.figures = measured.figures(doc._.figures)
        return doc

    return component


@Language.factory("pk_spans")
def make_spans(nlp: Language, name: str) -> Component:
    """Span groups ``mentions`` and ``figures``, for people who look at the ``Doc``."""

    def component(doc: Doc) -> Doc:
        kinds = {e.id: str(e.kind) for e in doc._.entities}
        named = [_span(doc, s, kinds[i], i) for s, i in doc._.linked.mentions if i in kinds]
        doc.spans["mentions"] = SpanGroup(doc, name="mentions", spans=[s for s in named if s is not None])
        counted = [_span(doc, f.span, str(f.kind), f.id) for f in doc._.figures]
        doc.spans["figures"] = SpanGroup(doc, name="figures", spans=[s for s in counted if s is not None])
        return doc

    return component


def _span(doc: Doc, span: Span, label: str, ident: str) -> DocSpan | None:
    found: DocSpan | None = doc.char_span(span.begin, span.end, label=label, kb_id=ident, alignment_mode="expand")
    return found


def pipeline(lexicon_dir: str = "", model: str = "") -> Language:
    """A blank Chinese pipeline (characters as tokens) with all our components.

    Args:
        lexicon_dir: a user's lexicon folder to lay over the project's own; empty for none.
        model: the folder of a trained model that proposes mentions beside the rules; empty for none.

    Raises:
        ModelError: *model* is no such folder.
    """
    nlp = spacy.blank("zh")
    nlp.tokenizer = CharacterTokenizer(nlp.vocab)
    for step in STEPS:
        factory = Language.get_factory_meta(step)
        config = {"lexicon_dir": lexicon_dir} if "lexicon_dir" in (factory.default_config or {}) else {}
        nlp.add_pipe(step, config=config)
    if model:
        from extract.proposer.component import NAME

        nlp.add_pipe(NAME, before="pk_link", config={"lexicon_dir": lexicon_dir, "model": model})
    return nlp


@cache
def _shared(lexicon_dir: str, model: str) -> Language:
    return pipeline(lexicon_dir, model)


def extract(source: Source, lexicon_dir: str = "", nlp: Language | None = None, model: str = "") -> Extraction:
    """Read all that the contract asks for out of one source.

    Args:
        source: the text.
        lexicon_dir: a user's lexicon folder; ignored if *nlp* is given.
        nlp: a pipeline to use instead of the standard one.
        model: the folder of a trained model; ignored if *nlp* is given.
    """
    if nlp is None and model:
        nlp = _shared(lexicon_dir, model)
    doc = nlp(source.text) if nlp else _bare(source.text, lexicon_dir)
    return Extraction(source, doc._.outline, tuple(doc._.entities), tuple(doc._.relations), tuple(doc._.figures))


def _bare(text: str, lexicon_dir: str) -> Doc:
    """The standard pipeline over a ``Doc`` without tokens: the rules read the text, and nobody looks at this one."""
    shared = _shared(lexicon_dir, "")
    doc = Doc(shared.vocab)
    doc.user_data["pk_text"] = text
    return shared(doc, disable=["pk_spans"])


def lexicon_of(lexicon_dir: str = "") -> Lexicon:
    """The lexicon that ``extract`` runs on: its digest belongs to what a graph depends on."""
    return lexicon(lexicon_dir)
