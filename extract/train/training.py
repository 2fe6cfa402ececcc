"""One training: choose the held-out pages, fit the model to the other pages, and score it on the held-out pages.

A held-out page is not used for training at all. Its text is also left out of the pages that the rules annotate.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from extract.mentions.context import MentionContext
from extract.model import ENTITY_KINDS, Kind, Mention, Source, Span
from extract.pipeline import pipeline
from extract.proposer.chunks import trim_marks
from extract.proposer.component import propose_mentions
from extract.proposer.folder import ProposerModel
from extract.text.normalize import search_fold
from extract.train.examples import (
    AnnotatedPage,
    LabelledChunk,
    NameLabel,
    keep_longest,
    label_from_annotation,
    label_from_rules,
    locate_names,
)
from extract.train.fit import ReportEpoch, TrainingSettings, fit_model
from ontology.lexicons import Lexicon, load_lexicon

_HELD_OUT_RATIO = 5
"""One of this many annotated pages is held out."""


@dataclass(frozen=True, slots=True)
class MentionScore:
    """Counts of mentions, and the rates that follow from them."""

    right: int
    found: int
    wanted: int
    """Annotated mentions."""

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.wanted if self.wanted else 0.0

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.found + self.wanted) if self.found + self.wanted else 0.0

    def __add__(self, other: MentionScore) -> MentionScore:
        return MentionScore(self.right + other.right, self.found + other.found, self.wanted + other.wanted)

    def round_rates(self) -> dict[str, float]:
        """Return precision, recall and F1, rounded to three digits."""
        values = {"precision": self.precision, "recall": self.recall, "f1": self.f1}
        return {name: round(value, 3) for name, value in values.items()}


@dataclass(frozen=True, slots=True)
class TrainedProposer:
    """A trained model and the record of its training."""

    nlp: Language
    meta: Mapping[str, Any]
    """``version settings lexicon labels trainedOn heldOut precision scores``. The last two may be empty."""


def train_proposer(
    gold: Sequence[AnnotatedPage],
    folder: Sequence[Source],
    settings: TrainingSettings,
    *,
    version: str,
    lexicon_dir: str = "",
    progress: ReportEpoch | None = None,
) -> TrainedProposer:
    """Fit a model to annotated pages and to pages that the rules annotate.

    Args:
        gold: annotated pages. Some of them are held out for scoring.
        folder: pages that the rules annotate. Those with the text of a page in *gold* are left out.
        settings: size of the network, and parameters of the training.
        version: version of the project, for the record of the training.
        lexicon_dir: folder of the user's lexicons, or an empty string.
        progress: function to call after each epoch.

    Raises:
        ModelError: there is nothing to learn.
    """
    gold = sorted(gold, key=lambda page: (page.source.id, page.source.sha256))
    rules = pipeline(lexicon_dir)
    held_out = choose_held_out(gold, settings.seed)
    taught = [page for page in gold if page not in held_out]
    gold_texts = {search_fold(page.source.text) for page in gold}
    others = [
        source
        for source in sorted(folder, key=lambda source: (source.id, source.sha256))
        if search_fold(source.text) not in gold_texts
    ]
    nlp = fit_model(label_training_chunks(taught, others, rules, lexicon_dir), settings, progress)
    measured = measure_precision(nlp, held_out, rules, lexicon_dir)
    scores = compare_finders(nlp, held_out, rules, measured, lexicon_dir)
    meta = {
        "version": version,
        "settings": asdict(settings),
        "lexicon": load_lexicon(lexicon_dir).digest,
        "labels": list(nlp.pipe_labels["ner"]),
        "trainedOn": {"gold": _list_hashes(page.source for page in taught), "silver": _list_hashes(others)},
        "heldOut": _list_hashes(page.source for page in held_out),
        "precision": measured,
        "scores": {finder: score.round_rates() for finder, score in scores.items()} if held_out else {},
    }
    return TrainedProposer(nlp, meta)


def choose_held_out(gold: Sequence[AnnotatedPage], seed: int) -> list[AnnotatedPage]:
    """Return one in five annotated pages: at least one of two pages, none of a single page."""
    if len(gold) < 2:
        return []
    chosen = random.Random(seed).sample(range(len(gold)), max(1, len(gold) // _HELD_OUT_RATIO))
    return [gold[i] for i in sorted(chosen)]


def label_training_chunks(
    gold: Sequence[AnnotatedPage], others: Sequence[Source], rules: Language, lexicon_dir: str = ""
) -> list[LabelledChunk]:
    """Return the labelled chunks of annotated pages and of pages that the rules annotate."""
    lex = load_lexicon(lexicon_dir)
    chunks = [chunk for page in gold for chunk in label_from_annotation(page, rules)]
    return chunks + [chunk for source in others for chunk in label_from_rules(source, rules, lex)]


def measure_precision(
    nlp: Language, held_out: Sequence[AnnotatedPage], rules: Language, lexicon_dir: str = ""
) -> dict[str, float]:
    """Return the precision of the model in the *held_out* pages, by class.

    It is smoothed by one right and one wrong mention, because a few mentions are weak evidence.
    """
    counts: Counter[tuple[str, bool]] = Counter()
    for page in held_out:
        wanted = {(name.span, name.kind) for name in locate_names(page, rules)}
        left_open = [span for span, kind in wanted if not kind]
        for mention in _propose_alone(nlp, rules(page.source.text), load_lexicon(lexicon_dir)):
            if not any(mention.span.overlaps(span) for span in left_open):
                counts[str(mention.kind), (mention.span, mention.kind) in wanted] += 1
    kinds = sorted({kind for kind, _ in counts})
    return {k: round((counts[k, True] + 1) / (counts[k, True] + counts[k, False] + 2), 2) for k in kinds}


def compare_finders(
    nlp: Language,
    held_out: Sequence[AnnotatedPage],
    rules: Language,
    measured: Mapping[str, float] | None = None,
    lexicon_dir: str = "",
) -> dict[str, MentionScore]:
    """Return the scores of the ``rules``, of the ``model`` alone, and of both ``together`` in the *held_out* pages.

    *measured* is the precision of the model by class. It limits the proposals beside the rules, but not those of the
    model alone.
    """
    lex = load_lexicon(lexicon_dir)
    total = dict.fromkeys(("rules", "model", "together"), MentionScore(0, 0, 0))
    for page in held_out:
        wanted = [(name.span, name.kind) for name in locate_names(page, rules)]
        doc = rules(page.source.text)
        context = doc._.context
        mentions = [mention for mention in doc._.mentions if mention.kind in ENTITY_KINDS]
        by_rules = [NameLabel(trim_marks(context.text, mention.span), mention.kind) for mention in mentions]
        alone = [NameLabel(mention.span, mention.kind) for mention in _propose_alone(nlp, doc, lex)]
        model = ProposerModel(nlp, "new", "", {"precision": measured or {}})
        proposals = propose_mentions(model, context, doc._.geography, mentions, lex)
        more = [NameLabel(mention.span, mention.kind) for mention in proposals]
        for finder, names in (("rules", by_rules), ("model", alone), ("together", by_rules + more)):
            total[finder] += score_mentions(_select_in_letters(keep_longest(names), context), wanted)
    return total


def score_mentions(found: Iterable[tuple[Span, Kind]], wanted: Iterable[tuple[Span, Kind | None]]) -> MentionScore:
    """Count *found* against *wanted*. A found mention that overlaps a wanted name without a kind is not counted."""
    names = list(wanted)
    known = {(span, kind) for span, kind in names if kind}
    left_open = [span for span, kind in names if not kind]
    counted = {
        (span, kind)
        for span, kind in found
        if (span, kind) in known or not any(span.overlaps(other) for other in left_open)
    }
    return MentionScore(len(counted & known), len(counted), len(known))


def _propose_alone(nlp: Language, doc: Doc, lex: Lexicon) -> list[Mention]:
    return propose_mentions(ProposerModel(nlp, "new", "", {}), doc._.context, doc._.geography, (), lex)


def _select_in_letters(names: Sequence[NameLabel], context: MentionContext) -> list[tuple[Span, Kind]]:
    return [(name.span, name.kind) for name in names if name.kind and context.is_in_letter(name.span)]


def _list_hashes(sources: Iterable[Source]) -> list[dict[str, str]]:
    return [{"source": source.id, "sha256": source.sha256} for source in sources]
