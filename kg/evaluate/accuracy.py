"""The project's own measurements: the confidences of rules, and the tables of the documents.

Only a checkout has the annotated files and documents that they need. ``python -m kg.evaluate.calibrate`` runs them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

from extract.confidence import Estimates, estimate_confidences, format_estimates
from extract.pipeline import extract, pipeline
from kg.errors import SourceError
from kg.evaluate.documents import ROOT, Measurements, fill_documents
from kg.evaluate.gold import DOCUMENT_LINKS, PathLike
from kg.evaluate.model import Evaluation
from kg.evaluate.reading import EDGES, FIGURE_TYPES
from kg.evaluate.run import evaluate
from kg.evaluate.samples import collect_samples
from kg.files import write_files

TABLE = ROOT / "ontology" / "lexicon" / "confidence.toml"
OWN = ROOT / "tests" / "gold"
"""Annotated files that are part of the project."""
SHARED = ROOT.parent / "shared" / "gold"
"""Annotated files that are not part of the project."""
LOCKED = OWN / "locked.txt"
"""Names of the annotated files of ``SHARED`` that are only ever scored, one on a line."""
JUDGED: Mapping[str, Sequence[str]] = {
    "relation": tuple(dict.fromkeys((*EDGES, *DOCUMENT_LINKS, "repliesTo", "respondsTo"))),
    "figure": FIGURE_TYPES,
}
"""Properties and classes that annotated files judge, by kind of sample. Only their confidences are calibrated."""


def evaluate_uncalibrated(paths: Iterable[PathLike], source_dir: PathLike | None = None) -> Evaluation:
    """Return the evaluation of an extraction with the confidences that are written in the rules."""
    nlp = pipeline()
    nlp.replace_pipe("pk_finish", "pk_finish", config={"calibrate": False})
    return evaluate(paths, source_dir, extractor=partial(extract, nlp=nlp))


def calibrate_rules(paths: Iterable[PathLike], output: Path, source_dir: PathLike | None = None) -> Estimates:
    """Count on annotated files how often each rule is right; write the table to *output* and return it.

    Raises:
        SourceError: a file is missing or cannot be read.
        UsageError: *output* cannot be written.
    """
    samples = collect_samples(evaluate_uncalibrated(paths, source_dir).files)
    estimates = estimate_confidences(samples)
    documents = len({sample.document for sample in samples})
    write_files({output: format_estimates(estimates, JUDGED, documents).encode("utf-8")})
    return estimates


def calibrate_project() -> None:
    """Count on the annotated files that rules may be tuned on; write ``TABLE``, docs/accuracy.md and the READMEs.

    The held-out files are only measured.

    Raises:
        SourceError: the annotated files of ``SHARED`` are missing. Then nothing is written.
    """
    own, held = sorted(OWN.glob("dev_*.gold.json")), sorted(OWN.glob("heldout_*.gold.json"))
    if not SHARED.is_dir() or not own:
        raise SourceError(
            f"{SHARED}：没有这些标注文件，不写入；可用 GOLD 和 --output 另行校准",
            f"{SHARED}: these annotated files are missing, nothing is written; calibrate on your own files with GOLD "
            "and --output",
        )
    shared, dev, heldout = evaluate_uncalibrated([SHARED]), evaluate_uncalibrated(own), evaluate_uncalibrated(held)
    real = evaluate_uncalibrated(find_unlocked(SHARED / "first-sight"))
    fitted, tested = collect_samples((*shared.files, *dev.files, *real.files)), collect_samples(heldout.files)
    estimates = estimate_confidences(fitted)
    sets = {"eight": shared, "own": dev, "real": real, "heldout": heldout}
    measurements = Measurements(sets, fitted, tested, estimates)
    table = format_estimates(estimates, JUDGED, len({sample.document for sample in fitted})).encode("utf-8")
    write_files({TABLE: table, **fill_documents(measurements)})


def find_unlocked(folder: Path) -> list[Path]:
    """Return the annotated files of a folder that are not locked, sorted."""
    lines = LOCKED.read_text(encoding="utf-8").splitlines()
    locked = {f"{line}.gold.json" for line in lines if line and not line.startswith("#")}
    return sorted(path for path in folder.glob("*.gold.json") if path.name not in locked)
