"""All steps of extraction, in order, as a spaCy pipeline of components of this project.

``pipeline()`` is ``spacy.blank("zh")`` with one registered factory for each step. A user adds, replaces or removes a
component by its name, as in any spaCy pipeline::

    nlp = pipeline()
    nlp.add_pipe("my_mentions", before="pk_link")     # appends to doc._.mentions
    doc = nlp(text)
    doc._.entities, doc._.relations, doc._.figures; doc.spans["mentions"], doc.spans["figures"]

A component only passes values to a function of another module and stores the result on the ``Doc``. These functions
are pure and can be called without spaCy.
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
from extract.figures.figures import find_figures
from extract.garbage import pause_collection
from extract.linking.link import LinkedMentions, link_mentions
from extract.mentions.agencies import find_agencies
from extract.mentions.bodies.bodies import find_bodies
from extract.mentions.classes.allotments import find_allotments
from extract.mentions.classes.classes import find_classes
from extract.mentions.context import MentionContext
from extract.mentions.geography import Geography, survey_places
from extract.mentions.groups import find_groups
from extract.mentions.instruments.instruments import find_instruments
from extract.mentions.places.places import find_places
from extract.mentions.programs.programs import find_programs
from extract.mentions.tiers.tiers import find_tiers
from extract.mentions.trimming import trim_names
from extract.model import Extraction, Letter, Mention, Outline, Relation, Requirements, Source, Span, is_entity_id
from extract.provisions.provisions import complete_provisions
from extract.relations.actors.involvement import find_involvements, prune_entities
from extract.relations.answers import find_answers
from extract.relations.benefits import assign_recipients
from extract.relations.duties import read_duties
from extract.relations.events import EventReader
from extract.relations.frames import read_frames
from extract.relations.pairs import SCORED
from extract.relations.quoting import complete_quotes
from extract.relations.relations import find_relations
from extract.relations.retention.decision import keep_likely_names
from extract.relations.scoring import decide_relations
from extract.relations.subjects.choice import choose_subjects
from extract.structure.letters import split_letters
from extract.structure.outline import build_outline
from extract.tagging.candidates import add_candidates, tag_names
from extract.tagging.tagger import NO_TAGS
from extract.text.signs import fold_signs
from ontology.lexicons import Lexicon, load_lexicon

Component = Callable[[Doc], Doc]

_EXTENSIONS: dict[str, Any] = {
    **dict.fromkeys(("letters", "outline", "geography", "context", "tags", "linked", "events")),
    **dict.fromkeys(("entities", "relations", "figures"), ()),
    "mentions": [],
    "requirements": Requirements(),
}
for _name, _value in _EXTENSIONS.items():
    if not Doc.has_extension(_name):
        Doc.set_extension(_name, default=_value)

_DEFAULT: dict[str, Any] = {"lexicon_dir": ""}
_FINDERS: dict[str, Callable[[MentionContext, Geography], list[Mention]]] = {
    "pk_agencies": find_agencies,
    "pk_instruments": find_instruments,
    "pk_bodies": find_bodies,
    "pk_tiers": find_tiers,
    "pk_programs": find_programs,
    "pk_groups": find_groups,
    "pk_places": find_places,
    "pk_classes": find_classes,
    "pk_allotments": find_allotments,
}
STEPS = (
    "pk_split", "pk_outline", "pk_geography", *_FINDERS, "pk_tagger",
    "pk_link", "pk_names", "pk_relations", "pk_figures", "pk_answers", "pk_finish", "pk_spans",
)  # fmt: skip
"""Names of the components, in their order."""


_Step = Callable[[Doc], None]
_LexiconStep = Callable[[Doc, Lexicon], None]


def _register(name: str) -> Callable[[_Step], _Step]:
    """Register a component that runs the decorated function."""

    def register(step: _Step) -> _Step:
        def make(nlp: Language, name: str) -> Component:
            def component(doc: Doc) -> Doc:
                step(doc)
                return doc

            return component

        make.__doc__ = step.__doc__
        Language.factory(name, func=make)
        return step

    return register


def _register_with_lexicon(name: str) -> Callable[[_LexiconStep], _LexiconStep]:
    """Register a component that runs the decorated function with the lexicon of its setting ``lexicon_dir``."""

    def register(step: _LexiconStep) -> _LexiconStep:
        def make(nlp: Language, name: str, lexicon_dir: str) -> Component:
            lex = load_lexicon(lexicon_dir)

            def component(doc: Doc) -> Doc:
                step(doc, lex)
                return doc

            return component

        make.__doc__ = step.__doc__
        Language.factory(name, default_config=_DEFAULT, func=make)
        return step

    return register


@_register_with_lexicon("pk_split")
def _set_letters(doc: Doc, lex: Lexicon) -> None:
    """Find the letters of a page: ``doc._.letters``."""
    doc._.letters = split_letters(_get_text(doc), lex)


@_register_with_lexicon("pk_outline")
def _set_outline(doc: Doc, lex: Lexicon) -> None:
    """Find the parts and sentences of the letters: ``doc._.outline``."""
    letters: tuple[Letter, ...] = doc._.letters or ()
    doc._.outline = build_outline(_get_text(doc), letters, lex)


@_register_with_lexicon("pk_geography")
def _set_geography(doc: Doc, lex: Lexicon) -> None:
    """Find the places of the page and the home of each letter: ``doc._.geography``; also set ``doc._.context``."""
    text = _get_text(doc)
    outline: Outline = doc._.outline or Outline((), (), ())
    context = MentionContext(text, outline, lex)
    doc._.context = context
    present = [hit.key for hit in context.get_hits("division")]
    doc._.geography = survey_places(context.joined.text, outline.letters, lex, present)
    doc._.mentions = []


def _register_finder(name: str, find: Callable[[MentionContext, Geography], list[Mention]]) -> None:
    def add_mentions(doc: Doc) -> None:
        own = doc._  # spaCy makes an object at each access
        own.mentions = [*own.mentions, *find(own.context, own.geography)]

    add_mentions.__doc__ = f"Append mentions of one kind to ``doc._.mentions``; see ``{find.__module__}``."
    _register(name)(add_mentions)


for _name, _find in _FINDERS.items():
    _register_finder(_name, _find)


@_register("pk_tagger")
def _add_tagged_names(doc: Doc) -> None:
    """Rate the words of the page as names: ``doc._.tags``; add the names that only the sequence model finds."""
    own = doc._
    context: MentionContext = own.context
    mentions = own.mentions
    own.tags = tags = tag_names(context, mentions)
    own.mentions = add_candidates(context, own.geography, mentions, tags)


@_register("pk_link")
def _set_entities(doc: Doc) -> None:
    """Link mentions to entities: ``doc._.linked``, ``doc._.entities``."""
    own = doc._
    context: MentionContext = own.context
    mentions = list(trim_names(own.mentions, context.words, context.lex))
    linked = link_mentions(context, own.geography, mentions)
    own.linked, own.entities = linked, linked.entities


@_register_with_lexicon("pk_names")
def _decide_names(doc: Doc, lex: Lexicon) -> None:
    """Drop the candidate names that are unlikely: ``doc._.linked``, ``doc._.entities``."""
    own = doc._
    context: MentionContext = own.context
    events = EventReader(context.words, context.outline, own.linked, lex)
    linked = keep_likely_names(own.linked, events, lex, own.tags or NO_TAGS)
    own.linked, own.entities, own.events = linked, linked.entities, events


@_register_with_lexicon("pk_relations")
def _set_relations(doc: Doc, lex: Lexicon) -> None:
    """Find relations in sentences: ``doc._.relations``."""
    own = doc._
    linked: LinkedMentions = own.linked
    own.events = events = EventReader(own.context.words, own.outline, linked, lex, own.events)
    stated = (
        *linked.relations,
        *find_relations(_get_text(doc), own.outline, linked, lex),
        *events.read_relations(),
        *read_frames(events.index, lex),
        *read_duties(events.index, lex),
    )
    own.relations = tuple(decide_relations(events.index, stated, lex))


@_register_with_lexicon("pk_figures")
def _set_figures(doc: Doc, lex: Lexicon) -> None:
    """Find figures: ``doc._.figures``."""
    text, own = _get_text(doc), doc._
    outline, events = own.outline, own.events
    figures = assign_recipients(find_figures(text, outline, own.entities, lex), events, outline, text)
    completed = complete_provisions(choose_subjects(figures, events.index, outline, lex), events.index, text, lex)
    own.figures = tuple(completed.figures)
    own.relations = (*own.relations, *completed.relations)
    own.requirements = completed.requirements


@_register_with_lexicon("pk_answers")
def _add_answers(doc: Doc, lex: Lexicon) -> None:
    """Find which measure answers which suggestion: added to ``doc._.relations``."""
    own = doc._
    own.relations = (*own.relations, *find_answers(_get_text(doc), own.outline, lex))


@Language.factory("pk_finish", default_config=_DEFAULT | {"calibrate": True})
def make_finish(nlp: Language, name: str, lexicon_dir: str, calibrate: bool) -> Component:
    """Add what each part involves, and remove generic classes that no statement mentions.

    If *calibrate* is set, confidences become what was measured for each rule.
    """
    lex = load_lexicon(lexicon_dir)
    calibrator = Calibrator(lex) if calibrate else None

    def component(doc: Doc) -> Doc:
        own = doc._
        linked: LinkedMentions = own.linked
        relations: tuple[Relation, ...] = own.relations
        own.entities = prune_entities(linked, relations, own.figures)
        kept = {e.id for e in own.entities}
        stated = (
            r for r in relations if r.predicate != "instrument" and (not is_entity_id(r.object) or r.object in kept)
        )
        own.relations = (
            *complete_quotes(stated, linked, own.outline),
            *find_involvements(own.outline, linked, kept, own.figures, _get_text(doc), lex),
        )
        if calibrator is not None:
            own.outline = calibrator.calibrate_outline(own.outline)
            own.entities = calibrator.calibrate_entities(own.entities)
            own.relations = _calibrate_relations(calibrator, own.relations)
            own.figures = calibrator.calibrate_figures(own.figures)
        return doc

    return component


def _calibrate_relations(calibrator: Calibrator, relations: tuple[Relation, ...]) -> tuple[Relation, ...]:
    """Calibrate the relations that are not decided by score: the confidence of the others is their probability."""
    counted = iter(calibrator.calibrate_relations(r for r in relations if r.predicate not in SCORED))
    return tuple(r if r.predicate in SCORED else next(counted) for r in relations)


@_register("pk_spans")
def _set_spans(doc: Doc) -> None:
    """Set the span groups ``mentions`` and ``figures``, for people who look at the ``Doc``."""
    kinds = {e.id: str(e.kind) for e in doc._.entities}
    named = [_make_span(doc, span, kinds[ident], ident) for span, ident in doc._.linked.mentions if ident in kinds]
    doc.spans["mentions"] = SpanGroup(doc, name="mentions", spans=[s for s in named if s is not None])
    counted = [_make_span(doc, f.span, str(f.kind), f.id) for f in doc._.figures]
    doc.spans["figures"] = SpanGroup(doc, name="figures", spans=[s for s in counted if s is not None])


def _make_span(doc: Doc, span: Span, label: str, ident: str) -> DocSpan | None:
    found: DocSpan | None = doc.char_span(span.begin, span.end, label=label, kb_id=ident, alignment_mode="expand")
    return found


_SPACE = re.compile(r"(?<=[^ ]) ")
"""The first space after a character. A second space is a token of its own."""


class CharacterTokenizer:
    """Makes each character a token, as ``spacy.blank("zh")`` does, but in one pass; keeps the text beside the tokens.

    A space after a token belongs to that token, as in spaCy, so that ``doc.text`` is the original text.
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
        """Do nothing: the tokenizer has no settings."""

    def from_disk(self, path: object, **kwargs: object) -> CharacterTokenizer:
        return self


def _get_text(doc: Doc) -> str:
    """Return ``doc.text``, computed once: spaCy joins the tokens again at each access."""
    text = doc.user_data.get("pk_text")
    if text is None:
        text = doc.user_data["pk_text"] = doc.text
    return str(text)


def pipeline(lexicon_dir: str = "", model: str = "") -> Language:
    """Return a blank Chinese pipeline (each character is a token) with all components.

    Args:
        lexicon_dir: a user's lexicon folder, added to the project's own lexicon; empty for none.
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
        from extract.proposer.component import COMPONENT_NAME

        nlp.add_pipe(COMPONENT_NAME, before="pk_link", config={"lexicon_dir": lexicon_dir, "model": model})
    return nlp


def extract(source: Source, lexicon_dir: str = "", nlp: Language | None = None, model: str = "") -> Extraction:
    """Return all that *source* states in terms of the ontology.

    Args:
        source: the text.
        lexicon_dir: a user's lexicon folder; ignored if *nlp* is given.
        nlp: a pipeline to use instead of the standard one.
        model: the folder of a trained model; ignored if *nlp* is given.
    """
    if nlp is None and model:
        nlp = _get_shared_pipeline(lexicon_dir, model)
    with pause_collection():
        return _read_page(source, lexicon_dir, nlp)


def _read_page(source: Source, lexicon_dir: str, nlp: Language | None) -> Extraction:
    """Return what *source* states; all other values of its page are gone before the pause of the collector ends."""
    text = fold_signs(source.text)  # of the same length: spans in it are spans in the source
    own = (nlp(text) if nlp else _run_without_tokens(text, lexicon_dir))._
    entities, relations, figures = tuple(own.entities), tuple(own.relations), tuple(own.figures)
    return Extraction(source, own.outline, entities, relations, figures, requirements=own.requirements)


@cache
def _get_shared_pipeline(lexicon_dir: str, model: str) -> Language:
    return pipeline(lexicon_dir, model)


def _run_without_tokens(text: str, lexicon_dir: str) -> Doc:
    """Run the standard pipeline on a ``Doc`` without tokens: the rules read the text, and nobody sees this ``Doc``."""
    shared = _get_shared_pipeline(lexicon_dir, "")
    doc = Doc(shared.vocab)
    doc.user_data["pk_text"] = text
    return shared(doc, disable=["pk_spans"])
