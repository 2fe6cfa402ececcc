"""Does a trained model help? Rules alone against rules and model, on documents held out from its training.

    python -m benchmarks.model [GOLD ...] [--silver FOLDER ...] [--folds N] [--epochs N] [--seed N] [--thresholds ...]

The annotated files are dealt into folds. For each fold a model is trained on all other annotated files and on what the
rules make of the folders (without any text of the fold), then the fold's files are read with and without it and scored
as ``kg eval`` does. Prints a Markdown table; the model belongs on by default only if it raises entities and the mean.
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
    """What all folds together brought."""

    files: dict[str, list[FileResult]] = field(default_factory=dict)
    """By who read: the rules, or rules and model at a threshold."""
    mentions: dict[str, MentionScore] = field(default_factory=dict)
    """Exact mentions: rules, model alone, both together."""
    added: dict[str, int] = field(default_factory=dict)
    """Entities that the model brought in, by class."""
    training: list[float] = field(default_factory=list)
    """Seconds a fold."""

    def evaluation(self, who: str) -> Evaluation:
        return Evaluation(tuple(self.files[who]))


def run(
    golds: Sequence[Path], silver: Sequence[Path], folds: int, settings: TrainingSettings, thresholds: Sequence[float]
) -> Outcome:
    """Train and score all folds."""
    pairs = [(read_gold(path), read_annotated(path)) for path in golds]
    others = [read_source(f.path, f.id) for f in find_sources(silver).files] if silver else []
    random.Random(settings.seed).shuffle(pairs)
    out = Outcome()
    for number in range(folds):
        held = pairs[number::folds]
        teaching = [a for i, (_, a) in enumerate(pairs) if i % folds != number]
        _fold(held, teaching, others, settings, thresholds, out)
        print(f"fold {number + 1}/{folds}: {out.training[-1]:.0f} s", file=sys.stderr, flush=True)
    return out


def _fold(
    held: Sequence[tuple[Gold, AnnotatedPage]],
    teaching: Sequence[AnnotatedPage],
    others: Sequence[Source],
    settings: TrainingSettings,
    thresholds: Sequence[float],
    out: Outcome,
) -> None:
    known = {search_fold(a.source.text) for _, a in held}
    started = time.monotonic()
    trained = train_proposer(
        teaching, [s for s in others if search_fold(s.text) not in known], settings, version="benchmark"
    )
    out.training.append(time.monotonic() - started)
    scores = compare_finders(trained.nlp, [a for _, a in held], pipeline(), trained.meta["precision"])
    for who, mentions in scores.items():
        out.mentions[who] = out.mentions.get(who, MentionScore(0, 0, 0)) + mentions
    with tempfile.TemporaryDirectory() as place:
        save_model(trained.nlp, Path(place) / "model", trained.meta)
        for threshold in (None, *thresholds):
            reader = pipeline() if threshold is None else _with_model(place, threshold)
            name = RULES if threshold is None else f"{threshold:g}"
            for gold, one in held:
                extraction = extract(one.source, nlp=reader)
                out.files.setdefault(name, []).append(score_extraction(gold, extraction))
                if threshold == thresholds[0]:
                    for entity in extraction.entities:
                        if entity.rule.startswith("model:"):
                            out.added[str(entity.kind)] = out.added.get(str(entity.kind), 0) + 1


def _with_model(place: str, threshold: float) -> Language:
    """The pipeline with the model in *place*, believed from *threshold* on."""
    folder = Path(place) / f"lexicon-{threshold:g}"
    folder.mkdir()
    (folder / "proposer.toml").write_text(f"threshold = {threshold}\n", encoding="utf-8")
    return pipeline(str(folder), str(Path(place) / "model"))


def markdown(out: Outcome) -> str:
    """The outcome as Markdown tables."""
    whos = list(out.files)
    heads = ["只用规则 rules", *(f"规则+模型 with model, threshold {w}" for w in whos[1:])]
    lines = ["| F1 | " + " | ".join(heads) + " |", "| --- |" + " ---: |" * len(heads)]
    evaluations = [out.evaluation(w) for w in whos]
    for layer in evaluations[0].present:
        lines.append(f"| {layer} | " + " | ".join(_cell(e.total[layer]) for e in evaluations) + " |")
    lines.append("| **mean** | " + " | ".join(f"**{e.macro_f1:.4f}**" for e in evaluations) + " |")
    for measure in ("tp", "fp", "fn"):
        cells = (str(getattr(e.total["entities"], measure)) for e in evaluations)
        lines.append(f"| entities {measure} | " + " | ".join(cells) + " |")
    lines += ["", "| mentions | P | R | F1 |", "| --- | ---: | ---: | ---: |"]
    for who, s in out.mentions.items():
        lines.append(f"| {who} | {s.precision:.3f} | {s.recall:.3f} | {s.f1:.3f} |")
    added = ", ".join(f"{k} {n}" for k, n in sorted(out.added.items())) or "–"
    lines += ["", f"added at the lowest threshold: {added}", f"training: {max(out.training):.0f} s a fold at most"]
    return "\n".join(lines)


def _cell(row: ScoreRow) -> str:
    return f"{row.f1:.4f}"


def main(argv: Sequence[str] | None = None) -> int:
    default = TrainingSettings()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", nargs="*", help="annotated files or folders; by default all that are at hand")
    parser.add_argument("--silver", nargs="*", metavar="FOLDER", help="texts that the rules annotate")
    parser.add_argument("--folds", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=default.epochs)
    parser.add_argument("--seed", type=int, default=default.seed)
    parser.add_argument("--thresholds", type=float, nargs="+", default=[0.0, 0.5])
    args = parser.parse_args(argv)
    golds = find_gold_files(args.gold or [p for p in (ROOT / "tests" / "gold", SHARED / "gold") if p.is_dir()])
    silver = args.silver if args.silver is not None else [p for p in (SHARED / "corpus",) if p.is_dir()]
    settings = TrainingSettings(epochs=args.epochs, seed=args.seed)
    print(markdown(run(golds, [Path(p) for p in silver], args.folds, settings, sorted(args.thresholds))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
