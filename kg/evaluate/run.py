"""The evaluation of annotated files: each source is read alone, in memory, and judged by its annotation."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from extract.model import Extraction, Source
from kg.evaluate.evidence import check_evidence
from kg.evaluate.gold import PathLike, find_gold_files, find_source, read_gold
from kg.evaluate.matching import judge_file
from kg.evaluate.model import Evaluation, FileResult, Gold
from kg.evaluate.reading import SourceGraph
from kg.rdf.graph import build_quads
from kg.rdf.identifiers import mint_iris
from kg.read import read_source

Extractor = Callable[[Source], Extraction]


def evaluate(
    paths: Iterable[PathLike],
    source_dir: PathLike | None = None,
    *,
    lexicon_dir: PathLike = "",
    extractor: Extractor | None = None,
) -> Evaluation:
    """Score the extraction on annotated files.

    Args:
        paths: annotated files, or folders of them.
        source_dir: the folder that their ``source`` is relative to; by default the nearest one above them that fits.
        lexicon_dir: a folder of your own lexicons.
        extractor: the function that extracts from a source; by default the standard pipeline.

    Raises:
        SourceError: an annotated file or its source is missing or cannot be read.
    """
    golds = [read_gold(path) for path in find_gold_files(paths)]
    sources = [find_source(gold, source_dir) for gold in golds]
    if extractor is None:
        extractor = _make_default_extractor(str(lexicon_dir))
    extractions: dict[Path, Extraction] = {}
    results = []
    for gold, path in zip(golds, sources, strict=True):
        if path not in extractions:
            extractions[path] = extractor(read_source(path))
        results.append(score_extraction(gold, extractions[path]))
    return Evaluation(tuple(results))


def score_extraction(gold: Gold, extraction: Extraction) -> FileResult:
    """Return the judgements about *extraction* by its annotation *gold*."""
    graph = SourceGraph(build_quads(extraction))
    return FileResult(gold, extraction, mint_iris(extraction), judge_file(gold, graph), check_evidence(graph))


def _make_default_extractor(lexicon_dir: str) -> Extractor:
    from extract.pipeline import extract

    return lambda source: extract(source, lexicon_dir=lexicon_dir)
