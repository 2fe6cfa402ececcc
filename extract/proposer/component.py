"""The component ``pk_proposer``: mentions of a trained model where the rules have found none."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from spacy.language import Language
from spacy.tokens import Doc

from extract.mentions.context import MentionContext
from extract.mentions.geography import Geography
from extract.model import Kind, Mention, Span
from extract.proposer.chunks import split_into_chunks, trim_marks
from extract.proposer.folder import ProposerModel, load_model
from extract.text.normalize import CLOSE, OPEN, search_fold
from ontology.lexicons import Lexicon, load_lexicon

COMPONENT_NAME = "pk_proposer"
_LEVELS = "省市区县"
_BATCH_SIZE = 32


@dataclass(frozen=True, slots=True)
class _Limits:
    """Conditions that a proposed name must meet, from ``proposer.toml``."""

    threshold: float
    """Least precision of the model for a class whose names are proposed."""
    unmeasured: float
    """Precision that is assumed for a class without a measured one."""
    shortest: int
    longest: int
    refused_starts: tuple[str, ...]
    refused_ends: tuple[str, ...]
    refused_characters: tuple[str, ...]
    generic_words: dict[str, frozenset[str]]
    """By class, words that alone are not a name."""


@cache
def _read_limits(lex: Lexicon) -> _Limits:
    config = lex.read_config("proposer")
    shape = config["shape"]
    return _Limits(
        threshold=float(config["threshold"]),
        unmeasured=float(config["unmeasured"]),
        shortest=int(config["shortest"]),
        longest=int(config["longest"]),
        refused_starts=tuple(shape["begins"]),
        refused_ends=tuple(shape["ends"]),
        refused_characters=tuple(shape["holds"]),
        generic_words={kind: frozenset(_read_words(lex, lists)) for kind, lists in config["bare"].items()},
    )


def _read_words(lex: Lexicon, lists: list[str]) -> Iterator[str]:
    """Yield the folded words of *lists*, each given as ``file.key`` of the lexicon."""
    for entry in lists:
        name, _, key = entry.partition(".")
        words = lex.read_config(name).get(key, ())
        if isinstance(words, str):
            raise ValueError(f"proposer.toml: {entry} is not a list")
        yield from map(search_fold, words)


@Language.factory(COMPONENT_NAME, default_config={"model": "", "lexicon_dir": ""})
def make_proposer(nlp: Language, name: str, model: str, lexicon_dir: str) -> Callable[[Doc], Doc]:
    """Return the component that appends the proposals of the model folder *model* to ``doc._.mentions``."""
    loaded, lex = load_model(model), load_lexicon(lexicon_dir)

    def component(doc: Doc) -> Doc:
        found = propose_mentions(loaded, doc._.context, doc._.geography, doc._.mentions, lex)
        doc._.mentions = [*doc._.mentions, *found]
        return doc

    return component


def propose_mentions(
    model: ProposerModel, context: MentionContext, geography: Geography, known: Iterable[Mention], lex: Lexicon
) -> list[Mention]:
    """Return the names that *model* finds on a page, in order, except those that overlap a *known* mention."""
    limits = _read_limits(lex)
    measured: Mapping[str, float] = model.meta.get("precision", {})
    taken = bytearray(len(context.text))
    for mention in known:
        taken[mention.span.begin : mention.span.end] = b"\1" * len(mention.span)
    proposals = []
    for span, kind in _predict_names(model.nlp, context):
        confidence = measured.get(str(kind), limits.unmeasured)
        if confidence < limits.threshold or not len(span) or any(taken[span.begin : span.end]):
            continue
        name = re.sub(r"\s*\n\s*", "", span.of(context.text))
        if _is_name(name, kind, limits):
            attrs = _make_attributes(context, geography, span, kind, name)
            proposals.append(Mention(span, kind, name, f"model:{model.name}", confidence, attrs))
    return proposals


def _predict_names(nlp: Language, context: MentionContext) -> Iterator[tuple[Span, Kind]]:
    """Yield everything that the model marks as a name, without marks around it, in order."""
    chunks = split_into_chunks(context)
    texts = (chunk.of(context.text) for chunk in chunks)
    for chunk, doc in zip(chunks, nlp.pipe(texts, batch_size=_BATCH_SIZE), strict=True):
        for entity in doc.ents:
            span = Span(chunk.begin + entity.start_char, chunk.begin + entity.end_char)
            yield trim_marks(context.text, span), Kind(entity.label_)


def _is_name(name: str, kind: Kind, limits: _Limits) -> bool:
    """Return whether *name* has the form of a name and is not only a generic word of its class."""
    folded = search_fold(name)
    if not limits.shortest <= len(folded) <= limits.longest or folded in limits.generic_words.get(str(kind), ()):
        return False
    if folded.startswith(limits.refused_starts) or folded.endswith(limits.refused_ends):
        return False
    if any(c in name for c in limits.refused_characters):
        return False
    is_balanced = sum(c in OPEN for c in name) == sum(c in CLOSE for c in name)
    return is_balanced and re.search(r"[一-龥A-Za-z]", name) is not None


def _make_attributes(
    context: MentionContext, geography: Geography, span: Span, kind: Kind, name: str
) -> dict[str, str]:
    """Return what linking needs to complete a short name, as the rules do: 市X局 is that of the letter's own city."""
    if name[0] not in _LEVELS or kind not in (Kind.AGENCY, Kind.ORGANIZATION):
        return {}
    if kind is Kind.ORGANIZATION:
        return {"prefix": name[0]}
    place = geography.get_home(context.find_letter(span.begin)).resolve_prefix(name[0])
    return {"full": place + name[1:]} if place else {}
