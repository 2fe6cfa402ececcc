"""The effect of a trained model: rules alone compared with rules and model, on documents that were not in the training.

    python -m benchmarks.model [GOLD ...] [--silver FOLDER ...] [--folds N] [--epochs N] [--seed N] [--thresholds ...]

The annotated files are divided into folds. For each fold a model is trained on all other annotated files, and on the
texts in the folders as the rules annotate them, without the texts of the fold. Then the files of the fold are read with
the model and without it, and scored as in ``kg eval``. The result is a Markdown table. The model should be on by
default only if it raises the score of entities and the mean.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from spacy.language import Language

from extract.model import Source
from extract.pipeline import extract, pipeline
from extract.proposer.folder import save_model
from extract.text.normalize import search_fold
from extract.train.examples import AnnotatedPage
from extract.train.fit import TrainingSettings
from extract.train.training import MentionScore, compare_finders, train_proposer
from kg.evaluate import Evaluation, FileResult
from kg.evaluate.gold import find_gold_files, read_gold
from kg.evaluate.model import Gold, ScoreRow
from kg.evaluate.run import score_extraction
from kg.read import find_sources, read_source
from kg.train import read_annotated

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
RULES = "rules"


@dataclass(slots=True)
class Outcome:
    """The results of all folds together."""

    files: dict[str, list[FileResult]] = field(default_factory=dict)
    """Results by reader: ``rules``, or the threshold of the model that was used with them."""
    mentions: dict[str, MentionScore] = field(default_factory=dict)
    """Scores of exact mentions: of the rules, of the model alone, of both."""
    added: dict[str, int] = field(default_factory=dict)
    """Number of entities that the model added, by class."""
    training: list[float] = field(default_factory=list)
    """Seconds of the training of each fold."""

    def evaluate_reader(self, reader: str) -> Evaluation:
        """Return the evaluation of a reader."""
        return Evaluation(tuple(self.files[reader]))


def run_folds(
    golds: Sequence[Path], silver: Sequence[Path], folds: int, settings: TrainingSettings, thresholds: Sequence[float]
) -> Outcome:
    """Train and score all folds, and return the results."""
    pairs = [(read_gold(path), read_annotated(path)) for path in golds]
    others = [read_source(file.path, file.id) for file in find_sources(silver).files] if silver else []
    random.Random(settings.seed).shuffle(pairs)
    outcome = Outcome()
    for number in range(folds):
        held_out = pairs[number::folds]
        teaching = [page for i, (_, page) in enumerate(pairs) if i % folds != number]
        _run_fold(held_out, teaching, others, settings, thresholds, outcome)
        print(f"fold {number + 1}/{folds}: {outcome.training[-1]:.0f} s", file=sys.stderr, flush=True)
    return outcome


def _run_fold(
    held_out: Sequence[tuple[Gold, AnnotatedPage]],
    teaching: Sequence[AnnotatedPage],
    others: Sequence[Source],
    settings: TrainingSettings,
    thresholds: Sequence[float],
    outcome: Outcome,
) -> None:
    """Train without the files *held_out*, score them, and add the results to *outcome*."""
    held_out_texts = {search_fold(page.source.text) for _, page in held_out}
    silver = [source for source in others if search_fold(source.text) not in held_out_texts]
    begin = time.monotonic()
    trained = train_proposer(teaching, silver, settings, version="benchmark")
    outcome.training.append(time.monotonic() - begin)
    scores = compare_finders(trained.nlp, [page for _, page in held_out], pipeline(), trained.meta["precision"])
    for finder, mentions in scores.items():
        outcome.mentions[finder] = outcome.mentions.get(finder, MentionScore(0, 0, 0)) + mentions
    with tempfile.TemporaryDirectory() as folder:
        save_model(trained.nlp, Path(folder) / "model", trained.meta)
        for threshold in (None, *thresholds):
            nlp = pipeline() if threshold is None else _make_pipeline(folder, threshold)
            reader = RULES if threshold is None else f"{threshold:g}"
            for gold, page in held_out:
                extraction = extract(page.source, nlp=nlp)
                outcome.files.setdefault(reader, []).append(score_extraction(gold, extraction))
                if threshold == thresholds[0]:
                    for entity in extraction.entities:
                        if entity.rule.startswith("model:"):
                            outcome.added[str(entity.kind)] = outcome.added.get(str(entity.kind), 0) + 1


def _make_pipeline(folder: str, threshold: float) -> Language:
    """Return the pipeline with the model in *folder*, whose mentions count from a confidence of *threshold*."""
    lexicon = Path(folder) / f"lexicon-{threshold:g}"
    lexicon.mkdir()
    (lexicon / "proposer.toml").write_text(f"threshold = {threshold}\n", encoding="utf-8")
    return pipeline(str(lexicon), str(Path(folder) / "model"))


def format_outcome(outcome: Outcome) -> str:
    """Return the outcome as Markdown tables."""
    readers = list(outcome.files)
    heads = ["只用规则 rules", *(f"规则+模型 with model, threshold {reader}" for reader in readers[1:])]
    lines = ["| F1 | " + " | ".join(heads) + " |", "| --- |" + " ---: |" * len(heads)]
    evaluations = [outcome.evaluate_reader(reader) for reader in readers]
    for layer in evaluations[0].present:
        lines.append(f"| {layer} | " + " | ".join(_format_f1(e.total[layer]) for e in evaluations) + " |")
    lines.append("| **mean** | " + " | ".join(f"**{e.macro_f1:.4f}**" for e in evaluations) + " |")
    for measure in ("tp", "fp", "fn"):
        cells = (str(getattr(e.total["entities"], measure)) for e in evaluations)
        lines.append(f"| entities {measure} | " + " | ".join(cells) + " |")
    lines += ["", "| mentions | P | R | F1 |", "| --- | ---: | ---: | ---: |"]
    for finder, score in outcome.mentions.items():
        lines.append(f"| {finder} | {score.precision:.3f} | {score.recall:.3f} | {score.f1:.3f} |")
    added = ", ".join(f"{kind} {n}" for kind, n in sorted(outcome.added.items())) or "–"
    longest = max(outcome.training)
    lines += ["", f"added at the lowest threshold: {added}", f"training: at most {longest:.0f} s for a fold"]
    return "\n".join(lines)


def _format_f1(row: ScoreRow) -> str:
    return f"{row.f1:.4f}"


def main(argv: Sequence[str] | None = None) -> int:
    """Print the outcome."""
    default = TrainingSettings()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", nargs="*", help="annotated files or folders; by default all that are available")
    parser.add_argument("--silver", nargs="*", metavar="FOLDER", help="texts that the rules annotate")
    parser.add_argument("--folds", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=default.epochs)
    parser.add_argument("--seed", type=int, default=default.seed)
    parser.add_argument("--thresholds", type=float, nargs="+", default=[0.0, 0.5])
    args = parser.parse_args(argv)
    golds = find_gold_files(args.gold or [p for p in (ROOT / "tests" / "gold", SHARED / "gold") if p.is_dir()])
    silver = args.silver if args.silver is not None else [p for p in (SHARED / "corpus",) if p.is_dir()]
    settings = TrainingSettings(epochs=args.epochs, seed=args.seed)
    print(format_outcome(run_folds(golds, [Path(p) for p in silver], args.folds, settings, sorted(args.thresholds))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
