"""Annotated files in, judgements out: each source is read alone, in memory, and held against its annotation."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from extract.model import Extraction, Source
from kg.evaluate.gold import Path_, find_source, gold_files, load
from kg.evaluate.matching import evidence, judge
from kg.evaluate.model import Evaluation, FileResult, Gold
from kg.evaluate.reading import Reading
from kg.rdf.graph import quads
from kg.rdf.identifiers import mint
from kg.read import read

Extractor = Callable[[Source], Extraction]


def evaluate(
    paths: Iterable[Path_],
    source_dir: Path_ | None = None,
    *,
    lexicon_dir: Path_ = "",
    extractor: Extractor | None = None,
) -> Evaluation:
    """Score the extraction on annotated files.

    Args:
        paths: annotated files, or folders of them.
        source_dir: the folder that their ``source`` is relative to; by default the nearest one above them that fits.
        lexicon_dir: a folder of your own lexicons.
        extractor: what reads a source; by default the standard pipeline.

    Raises:
        SourceError: an annotated file or its source that is not there or cannot be read.
    """
    golds = [load(path) for path in gold_files(paths)]
    sources = [find_source(gold, source_dir) for gold in golds]
    if extractor is None:
        extractor = _standard(str(lexicon_dir))
    read_once: dict[Path, Extraction] = {}
    results = []
    for gold, path in zip(golds, sources, strict=True):
        if path not in read_once:
            read_once[path] = extractor(read(path))
        results.append(score(gold, read_once[path]))
    return Evaluation(tuple(results))


def score(gold: Gold, extraction: Extraction) -> FileResult:
    """Hold *extraction* against *gold*."""
    graph = Reading(quads(extraction))
    return FileResult(gold, extraction, mint(extraction), judge(gold, graph), evidence(graph))


def _standard(lexicon_dir: str) -> Extractor:
    from extract.pipeline import extract

    return lambda source: extract(source, lexicon_dir=lexicon_dir)
