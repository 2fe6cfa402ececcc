"""The project's own measurements: the confidences of rules, and the tables of docs/accuracy.md.

Only a checkout has what is measured on (annotated files, docs); ``python -m kg.evaluate.calibrate`` runs it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from extract.confidence import Estimates, Reliability, Sample, estimate, left_out, reliability, to_toml
from extract.pipeline import extract, pipeline
from kg.errors import SourceError
from kg.evaluate.gold import DOCUMENT_LINKS, Path_
from kg.evaluate.model import LAYERS, SLOTS, Evaluation, Row
from kg.evaluate.reading import EDGES, FIGURE_TYPES
from kg.evaluate.run import evaluate
from kg.evaluate.samples import samples
from kg.files import write_files

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = ROOT / "docs" / "accuracy.md"
TABLE = ROOT / "ontology" / "lexicon" / "confidence.toml"
OWN = ROOT / "tests" / "gold"
SHARED = ROOT.parent / "shared" / "gold"
JUDGED: Mapping[str, Sequence[str]] = {
    "relation": tuple(dict.fromkeys((*EDGES, *DOCUMENT_LINKS, "repliesTo", "respondsTo"))),
    "figure": FIGURE_TYPES,
}
"""What annotated files judge, and so what is calibrated."""


def measured(paths: Iterable[Path_], source_dir: Path_ | None = None) -> Evaluation:
    """Evaluate with the confidences that rules were written with."""
    nlp = pipeline()
    nlp.replace_pipe("pk_finish", "pk_finish", config={"calibrate": False})
    return evaluate(paths, source_dir, extractor=partial(extract, nlp=nlp))


def calibrate(paths: Iterable[Path_], output: Path, source_dir: Path_ | None = None) -> Estimates:
    """Count on annotated files, and write the table.

    Raises:
        SourceError: files that are not there or cannot be read.
        UsageError: a place that cannot be written.
    """
    seen = samples(measured(paths, source_dir).files)
    found = estimate(seen)
    write_files({output: to_toml(found, JUDGED, len({s.document for s in seen})).encode("utf-8")})
    return found


def calibrate_project() -> None:
    """Count on all annotated files that rules may be tuned on, and fill docs/accuracy.md.

    Raises:
        SourceError: the annotated documents that are not shipped are not at hand: without them nothing is written.
    """
    own, held = sorted(OWN.glob("dev_*.gold.json")), sorted(OWN.glob("heldout_*.gold.json"))
    if not SHARED.is_dir() or not own:
        raise SourceError(
            f"{SHARED}：没有这些标注文件，不写入；可用 GOLD 和 --output 另行校准",
            f"{SHARED}: not here, so nothing is written; calibrate on files of your own with GOLD and --output",
        )
    shared, dev, heldout = measured([SHARED]), measured(own), measured(held)
    fit, test = samples((*shared.files, *dev.files)), samples(heldout.files)
    found = estimate(fit)
    page = PAGE.read_text(encoding="utf-8")
    page = fill(page, "layers", layers({"eight": shared, "own": dev, "held out": heldout}))
    page = fill(page, "reliability", "\n".join(_reliability(fit, test, found)))
    page = fill(page, "rules", "\n".join(_rules(found)))
    documents = len({s.document for s in fit})
    write_files({TABLE: to_toml(found, JUDGED, documents).encode("utf-8"), PAGE: page.encode("utf-8")})


def fill(page: str, name: str, content: str) -> str:
    """*page* with *content* between the comments that name it.

    Raises:
        ValueError: the page has no such place.
    """
    begin, end = f"<!-- begin {name} -->", f"<!-- end {name} -->"
    made, times = re.subn(f"(?s){re.escape(begin)}.*?{re.escape(end)}", lambda _: f"{begin}\n{content}\n{end}", page)
    if times != 1:
        raise ValueError(f"{name}: {times} places for it")
    return made


def layers(sets: Mapping[str, Evaluation]) -> str:
    """F1 of each layer (precision / recall), and the share of slots that are right, one column a set."""
    names = list(sets)
    rows = [["", *names], ["---", *("---:" for _ in names)]]
    for layer in LAYERS:
        cells = (sets[name].total.get(layer, Row()) for name in names)
        rows.append([layer, *("–" if r.empty else _cell(r) for r in cells)])
    for slot in sorted({k for e in sets.values() for k in e.total if k.startswith(f"{SLOTS}:")}):
        cells = (sets[name].total.get(slot, Row()) for name in names)
        shares = ("–" if r.empty else f"{r.recall:.3f} of {r.tp + r.fn}" for r in cells)
        rows.append([f"slot {slot.partition(':')[2]}", *shares])
    rows.append(["mean F1 of layers", *(f"**{sets[name].macro_f1:.3f}**" for name in names)])
    quotes = (sets[name].evidence for name in names)
    bad = (f"{len(e.wrong)} / {len(e.missing)}" for e in quotes)
    rows.append(["quotes that do not quote / statements without one", *bad])
    rows.append(["documents", *(str(len(sets[name].files)) for name in names)])
    return _markdown(rows)


def _cell(row: Row) -> str:
    return f"**{row.f1:.3f}** ({row.precision:.2f} / {row.recall:.2f})"


def _reliability(fit: Sequence[Sample], test: Sequence[Sample], found: Estimates) -> Iterator[str]:
    written = reliability([(s.confidence, s.right) for s in fit])
    out = reliability(left_out(fit))
    held = reliability([(found.of(s.kind, s.rule, s.confidence), s.right) for s in test])
    held_written = reliability([(s.confidence, s.right) for s in test])
    rows = [["confidences", "statements", "ECE", "Brier score", "log loss"], ["---", *["---:"] * 4]]
    for name, n, r in (
        ("as rules were written, all documents", len(fit), written),
        ("calibrated, each document left out in turn", len(fit), out),
        ("as rules were written, held-out documents", len(test), held_written),
        ("calibrated, held-out documents", len(test), held),
    ):
        rows.append([name, str(n), f"{r.ece:.3f}", f"{r.brier:.3f}", f"{r.log_loss:.3f}"])
    yield _markdown(rows)
    yield "\nEach document left out in turn:\n"
    yield _bins(out)
    yield "\nHeld-out documents, which were used neither to write rules nor to count:\n"
    yield _bins(held)


def _bins(r: Reliability) -> str:
    rows = [["confidence", "statements", "predicted", "observed"], ["---", *["---:"] * 3]]
    rows += [[f"{b.low:g} – {b.high:g}", str(b.n), f"{b.predicted:.3f}", f"{b.observed:.3f}"] for b in r.bins]
    return _markdown(rows)


def _rules(found: Estimates) -> Iterator[str]:
    rows = [["kind", "family", "statements", "right", "documents", "confidence"], ["---", "---", *["---:"] * 4]]
    rows += [
        [kind, f"`{name}`", str(e.n), str(e.right), str(e.documents), f"{e.confidence:.3f}"]
        for (kind, name), e in found.families.items()
    ]
    yield _markdown(rows)


def _markdown(rows: Iterable[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
