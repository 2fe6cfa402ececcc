"""Process one source of a build: read it, extract it, and make its quads.

This runs in a worker process and returns plain values.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pyoxigraph import RdfFormat, serialize

from extract.model import REPLY_KINDS, Extraction, Kind, Source
from kg import read
from kg.errors import KgError, SourceError
from kg.ingest.inputs import BuildInputs
from kg.rdf.graph import build_quads
from kg.rdf.identifiers import make_context_iri

if TYPE_CHECKING:
    from extract.corrections.model import Unapplied
    from extract.llm.report import LlmReport
    from kg.review.decisions import DecisionsFile

_WITH_PARTS = frozenset({Kind.PROPOSAL, *REPLY_KINDS})
"""Classes of documents that have problems, suggestions, measures or commitments. A policy text has none."""


@dataclass(frozen=True, slots=True)
class SourceResult:
    """The result for one source: plain values that are cheap to send between processes."""

    error: KgError | None = None
    graph: str = ""
    """IRI of the source's graph."""
    nquads: bytes = b""
    counts: Mapping[str, int] | None = None
    gaps: tuple[str, ...] = ()
    """Keys of messages about what a document should have and was not found."""
    cleaned: read.CleanReport = field(default_factory=read.CleanReport)
    llm: LlmReport | None = None
    omitted: int = 0
    """Number of sentences that should have given a fact and gave none."""
    unapplied: tuple[Unapplied, ...] = ()
    sha256: str = ""
    """SHA-256 of the bytes that were read."""
    media_type: str = ""
    intact: bool = True
    """Whether lexicons, model and decisions are the same as at the beginning of the build."""


def process_source(found: read.FoundSource, *, base: str, inputs: BuildInputs) -> SourceResult:
    """Read and extract one source and make its quads. An error is returned in the result, never raised."""
    try:
        return _build_result(found, base, inputs)
    except KgError as error:
        return SourceResult(error)
    except Exception as error:  # a bug that one file triggers must not stop the build
        text = " ".join(f"{type(error).__name__}: {error}".split())
        return SourceResult(
            SourceError(
                f"{found.where}：处理时出错（{text}）；请把这个文件反馈给我们",
                f"{found.where}: could not be processed ({text}); please report this file",
            ),
        )


def extract_source(source: Source, lexicon_dir: str = "", model: str = "") -> Extraction:
    """Return what the rules find in *source*, and the model in the folder *model* if that is not empty."""
    from extract.pipeline import extract

    return extract(source, lexicon_dir=lexicon_dir, model=model)


def find_missing_layers(extraction: Extraction) -> Iterator[str]:
    """Yield the keys of messages for what *extraction* should have and lacks: documents, parts or entities."""
    letters = extraction.outline.letters
    if not letters:
        yield "no_document"
    divided = {part.letter for part in extraction.outline.parts if part.kind}
    for letter in letters:
        if letter.kind in _WITH_PARTS and letter.body is not None and letter.id not in divided:
            yield f"no_part:{letter.id}"
    if not extraction.entities:
        yield "no_entity"


def count_things(extraction: Extraction) -> dict[str, int]:
    """Return the number of documents, parts, entities and figures by class, and of relations as ``statement``."""
    kinds: Counter[str] = Counter()
    letters = extraction.outline.letters
    kinds.update(letter.kind.value for letter in letters if letter.kind is not Kind.INSTRUMENT)  # an entity, too
    kinds.update(part.kind.value for part in extraction.outline.parts if part.kind)
    kinds.update(entity.kind.value for entity in extraction.entities)
    kinds.update(figure.kind.value for figure in extraction.figures)
    kinds.update([Kind.CONDITION.value] * len(extraction.requirements.conditions))
    kinds["statement"] = len(extraction.relations)
    return dict(sorted(kinds.items()))


def _build_result(found: read.FoundSource, base: str, inputs: BuildInputs) -> SourceResult:
    document = read.load_document(found)
    source = document.source
    extraction = extract_source(source, inputs.lexicon_dir, inputs.model)
    llm_report: LlmReport | None = None
    unapplied: tuple[Unapplied, ...] = ()
    if inputs.llm is not None:
        from kg.ingest.llm import enrich_extraction

        decisions = inputs.decisions_file.decisions if inputs.decisions_file else ()
        extraction, llm_report = enrich_extraction(extraction, inputs.llm, inputs.lexicon_dir, decisions)
    if inputs.decisions_file is not None:
        extraction, unapplied = inputs.decisions_file.apply(extraction, inputs.lexicon_dir)
    return SourceResult(
        graph=make_context_iri(source.id, base),
        nquads=serialize(build_quads(extraction, base), format=RdfFormat.N_QUADS) or b"",
        counts=count_things(extraction),
        gaps=(*document.report.warnings, *find_missing_layers(extraction)),
        cleaned=document.report,
        llm=llm_report,
        omitted=_count_omitted(extraction, inputs.decisions_file, inputs.lexicon_dir),
        unapplied=unapplied,
        sha256=document.sha256,
        media_type=source.media_type,
        intact=inputs.is_intact(),
    )


def _count_omitted(extraction: Extraction, decisions_file: DecisionsFile | None, lexicon_dir: str) -> int:
    """Return the number of sentences that should have given a fact and gave none, without those decided upon."""
    from kg.review.decisions import filter_open_gaps
    from kg.review.gaps import find_gaps
    from ontology.lexicons import load_lexicon

    gaps = find_gaps(extraction, load_lexicon(lexicon_dir))
    return len(filter_open_gaps(gaps, decisions_file.decisions if decisions_file else ()))
