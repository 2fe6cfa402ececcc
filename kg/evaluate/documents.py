"""The measured tables of the documents: ``docs/accuracy.md`` and the READMEs, each in Chinese and English.

A table stands between two comments of the page, ``<!-- NAME:begin -->`` and ``<!-- NAME:end -->``.
Only a checkout has these documents. The words are in ``texts.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from extract.confidence import Estimates, Reliability, Sample, measure_reliability, predict_left_out
from kg.evaluate.model import LAYERS, SLOTS, Evaluation, ScoreRow
from kg.evaluate.report import get_text

ROOT = Path(__file__).resolve().parent.parent.parent
LANGUAGES = ("zh", "en")
ACCURACY_PAGES = {"zh": ROOT / "docs" / "accuracy.md", "en": ROOT / "docs" / "accuracy.en.md"}
READMES = {"zh": ROOT / "README.md", "en": ROOT / "README.en.md"}
README_LAYERS = ("documents", "parts", "entities", "attributes", "edges", "figures")
"""The layers that the READMEs show."""
_EMPTY = "–"


@dataclass(frozen=True, slots=True)
class Measurements:
    """All that the documents show: scores of the sets of documents, and confidences."""

    sets: Mapping[str, Evaluation]
    """``eight``, ``own``, ``real`` and ``heldout``."""
    fitted: Sequence[Sample]
    """The statements that the confidences are counted on."""
    tested: Sequence[Sample]
    """The statements of the held-out documents."""
    estimates: Estimates


def fill_documents(measurements: Measurements) -> dict[Path, bytes]:
    """Return each document with its tables filled in, as UTF-8."""
    filled: dict[Path, bytes] = {}
    for lang in LANGUAGES:
        page = ACCURACY_PAGES[lang].read_text(encoding="utf-8")
        page = fill_marker(page, "layers", format_layers(measurements.sets, lang))
        page = fill_marker(page, "reliability", "\n".join(_format_reliability(measurements, lang)))
        page = fill_marker(page, "rules", format_families(measurements.estimates, lang))
        readme = READMES[lang].read_text(encoding="utf-8")
        readme = fill_marker(readme, "accuracy", format_summary(measurements.sets["heldout"], lang))
        filled |= {ACCURACY_PAGES[lang]: page.encode("utf-8"), READMES[lang]: readme.encode("utf-8")}
    return filled


def fill_marker(page: str, name: str, content: str) -> str:
    """Return *page* with *content* between the two comments that carry *name*.

    Raises:
        ValueError: the page does not have exactly one such place.
    """
    begin, end = f"<!-- {name}:begin -->", f"<!-- {name}:end -->"
    filled, times = re.subn(f"(?s){re.escape(begin)}.*?{re.escape(end)}", lambda _: f"{begin}\n{content}\n{end}", page)
    if times != 1:
        raise ValueError(f"{name}: {times} places for it")
    return filled


def format_layers(sets: Mapping[str, Evaluation], lang: str) -> str:
    """Return a table of F1 (precision / recall) of each layer, and of the right share of slots; one column a set."""
    rows = [["", *(get_text("sets", name, lang) for name in sets)], ["---", *("---:" for _ in sets)]]
    for layer in LAYERS:
        scores = (e.total.get(layer, ScoreRow()) for e in sets.values())
        cells = (_EMPTY if s.empty else f"**{s.f1:.3f}** ({s.precision:.2f} / {s.recall:.2f})" for s in scores)
        rows.append([get_text("layers", layer, lang), *cells])
    for slot in sorted({key for e in sets.values() for key in e.total if key.startswith(f"{SLOTS}:")}):
        scores = (e.total.get(slot, ScoreRow()) for e in sets.values())
        shares = (
            _EMPTY if s.empty else get_text("accuracy", "share", lang, share=f"{s.recall:.3f}", total=s.tp + s.fn)
            for s in scores
        )
        name = get_text("slots", slot.partition(":")[2], lang)
        rows.append([get_text("accuracy", "slot", lang, slot=name), *shares])
    rows.append([get_text("accuracy", "mean", lang), *(f"**{e.macro_f1:.3f}**" for e in sets.values())])
    quotes = (f"{len(e.evidence.wrong)} / {len(e.evidence.missing)}" for e in sets.values())
    rows.append([get_text("accuracy", "quotes", lang), *quotes])
    rows.append([get_text("accuracy", "documents", lang), *(str(len(e.files)) for e in sets.values())])
    return format_table(rows)


def format_families(estimates: Estimates, lang: str) -> str:
    """Return a table of the counts and the confidence of each family of rules."""
    columns = ("kind", "family", "statements", "right", "documents", "confidence")
    rows = [[get_text("accuracy", name, lang) for name in columns], ["---", "---", *["---:"] * 4]]
    rows += [
        [
            get_text("kinds", kind, lang),
            f"`{name}`",
            str(e.n),
            str(e.right),
            str(e.documents),
            f"{e.confidence:.3f}",
        ]
        for (kind, name), e in estimates.families.items()
    ]
    return format_table(rows)


def format_summary(heldout: Evaluation, lang: str) -> str:
    """Return the table of the READMEs: precision and recall on the held-out documents, and a sentence on slots."""
    scores = [heldout.total.get(layer, ScoreRow()) for layer in README_LAYERS]
    corner = get_text("readme", "corner", lang, n=len(heldout.files))
    rows = [
        [corner, *(get_text("readme", layer, lang) for layer in README_LAYERS)],
        ["---", *["---:"] * len(README_LAYERS)],
        [get_text("readme", "precision", lang), *(f"{s.precision:.0%}" for s in scores)],
        [get_text("readme", "recall", lang), *(f"{s.recall:.0%}" for s in scores)],
    ]
    shares = {slot: f"{heldout.total.get(f'{SLOTS}:{slot}', ScoreRow()).recall:.0%}" for slot in ("about", "period")}
    return f"{format_table(rows)}\n\n{get_text('readme', 'slots', lang, **shares)}"


def format_table(rows: Iterable[Sequence[str]]) -> str:
    """Return *rows* as a Markdown table; the second row is the alignment of the columns."""
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _format_reliability(measurements: Measurements, lang: str) -> Iterator[str]:
    fitted, tested = measurements.fitted, measurements.tested
    left = measure_reliability(predict_left_out(fitted))
    heldout = measure_reliability(
        [(measurements.estimates.get_confidence(s.kind, s.rule, s.confidence), s.right) for s in tested]
    )
    rows = [
        [get_text("accuracy", name, lang) for name in ("confidences", "statements", "ece", "brier", "log_loss")],
        ["---", *["---:"] * 4],
    ]
    for name, n, r in (
        ("written", len(fitted), measure_reliability([(s.confidence, s.right) for s in fitted])),
        ("left_out", len(fitted), left),
        ("written_heldout", len(tested), measure_reliability([(s.confidence, s.right) for s in tested])),
        ("heldout", len(tested), heldout),
    ):
        rows.append([get_text("accuracy", name, lang), str(n), f"{r.ece:.3f}", f"{r.brier:.3f}", f"{r.log_loss:.3f}"])
    yield format_table(rows)
    yield f"\n{get_text('accuracy', 'left_out_bins', lang)}\n"
    yield _format_bins(left, lang)
    yield f"\n{get_text('accuracy', 'heldout_bins', lang)}\n"
    yield _format_bins(heldout, lang)


def _format_bins(r: Reliability, lang: str) -> str:
    columns = ("confidence", "statements", "predicted", "observed")
    rows = [[get_text("accuracy", name, lang) for name in columns], ["---", *["---:"] * 3]]
    rows += [[f"{b.low:g} – {b.high:g}", str(b.n), f"{b.predicted:.3f}", f"{b.observed:.3f}"] for b in r.bins]
    return format_table(rows)
