"""``pk_proposer``: the mentions of a trained model, beside those of the rules and never over them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from spacy.language import Language
from spacy.tokens import Doc

from extract.mentions.context import Page
from extract.mentions.geography import Geography
from extract.model import Kind, Mention, Span
from extract.proposer.chunks import chunks, trim_marks
from extract.proposer.folder import Model, load
from extract.text.normalize import CLOSE, OPEN, search_fold
from ontology.lexicons import Lexicon, lexicon

NAME = "pk_proposer"
_LEVELS = "省市区县"
_BATCH = 32


@dataclass(frozen=True, slots=True)
class _Limits:
    threshold: float
    unmeasured: float
    shortest: int
    longest: int
    begins: tuple[str, ...]
    ends: tuple[str, ...]
    holds: tuple[str, ...]
    bare: dict[str, frozenset[str]]


@cache
def _limits(lex: Lexicon) -> _Limits:
    config = lex.config("proposer")
    shape = config["shape"]
    words = {kind: frozenset(_listed(lex, lists)) for kind, lists in config["bare"].items()}
    return _Limits(
        float(config["threshold"]),
        float(config["unmeasured"]),
        int(config["shortest"]),
        int(config["longest"]),
        tuple(shape["begins"]),
        tuple(shape["ends"]),
        tuple(shape["holds"]),
        words,
    )


def _listed(lex: Lexicon, lists: list[str]) -> Iterator[str]:
    for entry in lists:
        name, _, key = entry.partition(".")
        found = lex.config(name).get(key, ())
        if isinstance(found, str):
            raise ValueError(f"proposer.toml: {entry} is no list")
        yield from map(search_fold, found)


@Language.factory(NAME, default_config={"model": "", "lexicon_dir": ""})
def make_proposer(nlp: Language, name: str, model: str, lexicon_dir: str) -> Callable[[Doc], Doc]:
    """Mentions that the model in the folder *model* proposes, appended to ``doc._.mentions``."""
    loaded, lex = load(model), lexicon(lexicon_dir)

    def component(doc: Doc) -> Doc:
        found = propose(loaded, doc._.page, doc._.geography, doc._.mentions, lex)
        doc._.mentions = [*doc._.mentions, *found]
        return doc

    return component


def propose(model: Model, page: Page, geo: Geography, known: Iterable[Mention], lex: Lexicon) -> list[Mention]:
    """Mentions that *model* sees on *page* where no mention of *known* stands, in order."""
    limits = _limits(lex)
    measured: Mapping[str, float] = model.meta.get("precision", {})
    taken = bytearray(len(page.text))
    for mention in known:
        taken[mention.span.begin : mention.span.end] = b"\1" * len(mention.span)
    out = []
    for span, kind in _seen(model.nlp, page):
        sure = measured.get(str(kind), limits.unmeasured)
        if sure < limits.threshold or not len(span) or any(taken[span.begin : span.end]):
            continue
        name = re.sub(r"\s*\n\s*", "", span.of(page.text))
        if _is_name(name, kind, limits):
            out.append(Mention(span, kind, name, f"model:{model.name}", sure, _attrs(page, geo, span, kind, name)))
    return out


def _seen(nlp: Language, page: Page) -> Iterator[tuple[Span, Kind]]:
    """All that the model takes for a name, without decoration, in order."""
    stretches = chunks(page)
    texts = (s.of(page.text) for s in stretches)
    for stretch, doc in zip(stretches, nlp.pipe(texts, batch_size=_BATCH), strict=True):
        for words in doc.ents:
            span = Span(stretch.begin + words.start_char, stretch.begin + words.end_char)
            yield trim_marks(page.text, span), Kind(words.label_)


def _is_name(name: str, kind: Kind, limits: _Limits) -> bool:
    """Whether *name* has the shape of a name and is more than a word for its class."""
    folded = search_fold(name)
    if not limits.shortest <= len(folded) <= limits.longest or folded in limits.bare.get(str(kind), ()):
        return False
    if folded.startswith(limits.begins) or folded.endswith(limits.ends) or any(c in name for c in limits.holds):
        return False
    balanced = sum(c in OPEN for c in name) == sum(c in CLOSE for c in name)
    return balanced and re.search(r"[一-龥A-Za-z]", name) is not None


def _attrs(page: Page, geo: Geography, span: Span, kind: Kind, name: str) -> dict[str, str]:
    """市X局 is the one of the place that its letter speaks for, as it is for the rules."""
    if name[0] not in _LEVELS or kind not in (Kind.AGENCY, Kind.ORGANIZATION):
        return {}
    if kind is Kind.ORGANIZATION:
        return {"prefix": name[0]}
    place = geo.of(page.letter_at(span.begin)).at(name[0])
    return {"full": place + name[1:]} if place else {}
