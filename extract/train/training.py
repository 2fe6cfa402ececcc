"""One training from beginning to end: which pages teach, which are held out, what the model scores on those.

A page that is held out teaches in no way: neither by its annotation nor, should it lie in the folder too, through
what the rules make of it.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from extract.mentions.context import Page
from extract.model import ENTITY_KINDS, Kind, Mention, Source, Span
from extract.pipeline import pipeline
from extract.proposer.chunks import trim_marks
from extract.proposer.component import propose
from extract.proposer.folder import Model
from extract.text.normalize import search_fold
from extract.train import examples
from extract.train.examples import Annotated, Labelled, Name, longest
from extract.train.fit import Progress, Settings, fit
from ontology.lexicons import Lexicon, lexicon

_HELD_OUT = 5
"""One annotated page in so many is held out; at least one, if there are two."""


@dataclass(frozen=True, slots=True)
class Trained:
    """A model and what is to be known of it."""

    nlp: Language
    meta: Mapping[str, Any]
    """``version settings lexicon labels trainedOn heldOut precision scores``; the last two may be empty."""


def train(
    gold: Sequence[Annotated],
    folder: Sequence[Source],
    settings: Settings,
    *,
    version: str,
    lexicon_dir: str = "",
    progress: Progress | None = None,
) -> Trained:
    """Fit a model on annotated pages and on what the rules find in others.

    Args:
        gold: pages with annotations; some of them are held out for scoring.
        folder: pages that the rules annotate; those that are in *gold* are left out.
        settings: of the net and its training.
        version: of the project, for the model's meta.
        lexicon_dir: a folder of the user's lexicons.
        progress: called after each epoch.

    Raises:
        ModelError: there is nothing to learn.
    """
    gold = sorted(gold, key=lambda a: (a.source.id, a.source.sha256))
    rules = pipeline(lexicon_dir)
    held = held_out(gold, settings.seed)
    teaching = [a for a in gold if a not in held]
    known = {search_fold(a.source.text) for a in gold}
    others = [s for s in sorted(folder, key=lambda s: (s.id, s.sha256)) if search_fold(s.text) not in known]
    nlp = fit(lessons(teaching, others, rules, lexicon_dir), settings, progress)
    measured = precision(nlp, held, rules, lexicon_dir)
    scores = compare(nlp, held, rules, measured, lexicon_dir)
    meta = {
        "version": version,
        "settings": asdict(settings),
        "lexicon": lexicon(lexicon_dir).digest,
        "labels": list(nlp.pipe_labels["ner"]),
        "trainedOn": {"gold": _hashes(a.source for a in teaching), "silver": _hashes(others)},
        "heldOut": _hashes(a.source for a in held),
        "precision": measured,
        "scores": {who: s.rounded() for who, s in scores.items()} if held else {},
    }
    return Trained(nlp, meta)


def held_out(gold: Sequence[Annotated], seed: int) -> list[Annotated]:
    """The annotated pages that do not teach: one in five, at least one if there are two, none if there is only one."""
    if len(gold) < 2:
        return []
    chosen = random.Random(seed).sample(range(len(gold)), max(1, len(gold) // _HELD_OUT))
    return [gold[i] for i in sorted(chosen)]


def lessons(
    gold: Sequence[Annotated], others: Sequence[Source], rules: Language, lexicon_dir: str = ""
) -> list[Labelled]:
    """The chunks of annotated pages and of pages that the rules annotate."""
    lex = lexicon(lexicon_dir)
    out = [chunk for a in gold for chunk in examples.gold(a, rules)]
    return out + [chunk for s in others for chunk in examples.silver(s, rules, lex)]


def precision(nlp: Language, held: Sequence[Annotated], rules: Language, lexicon_dir: str = "") -> dict[str, float]:
    """By class, how often the model is right in *held*; one right and one wrong are added: few cases say little."""
    counts: Counter[tuple[str, bool]] = Counter()
    for one in held:
        wanted = {(n.span, n.kind) for n in examples.located(one, rules)}
        left_open = [span for span, kind in wanted if not kind]
        for mention in _alone(nlp, rules(one.source.text), lexicon(lexicon_dir)):
            if not any(mention.span.overlaps(s) for s in left_open):
                counts[str(mention.kind), (mention.span, mention.kind) in wanted] += 1
    kinds = sorted({kind for kind, _ in counts})
    return {k: round((counts[k, True] + 1) / (counts[k, True] + counts[k, False] + 2), 2) for k in kinds}


def compare(
    nlp: Language,
    held: Sequence[Annotated],
    rules: Language,
    measured: Mapping[str, float] | None = None,
    lexicon_dir: str = "",
) -> dict[str, Score]:
    """Mentions in *held* that the ``rules``, the ``model`` alone, and the rules ``together`` with its proposals find.

    *measured* is the precision of its classes: alone it says all that it sees, beside the rules only what it may.
    """
    lex = lexicon(lexicon_dir)
    total = dict.fromkeys(("rules", "model", "together"), Score(0, 0, 0))
    for one in held:
        wanted = [(n.span, n.kind) for n in examples.located(one, rules)]
        doc = rules(one.source.text)
        page = doc._.page
        mentions = [m for m in doc._.mentions if m.kind in ENTITY_KINDS]
        by_rules = [Name(trim_marks(page.text, m.span), m.kind) for m in mentions]
        alone = [Name(m.span, m.kind) for m in _alone(nlp, doc, lex)]
        model = Model(nlp, "new", "", {"precision": measured or {}})
        more = [Name(m.span, m.kind) for m in propose(model, page, doc._.geography, mentions, lex)]
        for who, names in (("rules", by_rules), ("model", alone), ("together", by_rules + more)):
            total[who] += score(_inside(longest(names), page), wanted)
    return total


def _alone(nlp: Language, doc: Doc, lex: Lexicon) -> list[Mention]:
    return propose(Model(nlp, "new", "", {}), doc._.page, doc._.geography, (), lex)


def _inside(names: Sequence[Name], page: Page) -> list[tuple[Span, Kind]]:
    return [(n.span, n.kind) for n in names if n.kind and page.inside(n.span)]


def _hashes(sources: Iterable[Source]) -> list[dict[str, str]]:
    return [{"source": s.id, "sha256": s.sha256} for s in sources]


@dataclass(frozen=True, slots=True)
class Score:
    """Counts, and what follows from them."""

    right: int
    found: int
    wanted: int

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.wanted if self.wanted else 0.0

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.found + self.wanted) if self.found + self.wanted else 0.0

    def __add__(self, other: Score) -> Score:
        return Score(self.right + other.right, self.found + other.found, self.wanted + other.wanted)

    def rounded(self) -> dict[str, float]:
        """Precision, recall and F1 to three digits, for people and files."""
        values = {"precision": self.precision, "recall": self.recall, "f1": self.f1}
        return {name: round(value, 3) for name, value in values.items()}


def score(found: Iterable[tuple[Span, Kind]], wanted: Iterable[tuple[Span, Kind | None]]) -> Score:
    """Count *found* against *wanted*; what overlaps a wanted name without a kind counts neither way."""
    names = list(wanted)
    known = {(span, kind) for span, kind in names if kind}
    left_open = [span for span, kind in names if not kind]
    counted = {(s, k) for s, k in found if (s, k) in known or not any(s.overlaps(o) for o in left_open)}
    return Score(len(counted & known), len(counted), len(known))
