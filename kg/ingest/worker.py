"""One source of a build: read it, extract it, make its quads. It runs in a worker process and returns plain values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pyoxigraph import RdfFormat, serialize

from extract.model import REPLIES, Extraction, Kind, Source
from kg import read
from kg.errors import KgError, SourceError
from kg.ingest.inputs import Inputs
from kg.rdf.graph import quads
from kg.rdf.identifiers import context_iri

if TYPE_CHECKING:
    from extract.corrections.model import Unapplied
    from extract.llm.report import Report
    from kg.review.decided import Decided

_WITH_PARTS = frozenset({Kind.PROPOSAL, *REPLIES})
"""Documents that have problems, suggestions, measures or commitments; a policy text has none."""


@dataclass(frozen=True, slots=True)
class SourceResult:
    """What a worker returns for one source: plain values that are cheap to send between processes."""

    error: KgError | None = None
    graph: str = ""
    """IRI of the source's graph."""
    nquads: bytes = b""
    counts: Mapping[str, int] | None = None
    gaps: tuple[str, ...] = ()
    """Keys of messages about what was not found."""
    cleaned: read.CleanReport = field(default_factory=read.CleanReport)
    llm: Report | None = None
    omitted: int = 0
    """Number of sentences that make a reader expect a fact and gave none."""
    unapplied: tuple[Unapplied, ...] = ()
    sha256: str = ""
    """Of the bytes that were read."""
    media_type: str = ""
    intact: bool = True
    """Whether lexicons, model and decisions are still those that the build began with."""


def process_source(found: read.Found, *, base: str, inputs: Inputs) -> SourceResult:
    """Read and extract one source and make its quads; an error is part of the result, never raised."""
    try:
        return _process(found, base, inputs)
    except KgError as error:
        return SourceResult(error)
    except Exception as error:  # a fault of this software in one file must not lose the others
        text = " ".join(f"{type(error).__name__}: {error}".split())
        return SourceResult(
            SourceError(
                f"{found.where}：处理时出错（{text}）；请把这个文件反馈给我们",
                f"{found.where}: could not be processed ({text}); please report this file",
            ),
        )


def extract_source(source: Source, lexicon_dir: str = "", model: str = "") -> Extraction:
    """Return what the rules, and the model in the folder *model*, find in *source*."""
    from extract.pipeline import extract

    return extract(source, lexicon_dir=lexicon_dir, model=model)


def find_missing_layers(extraction: Extraction) -> Iterator[str]:
    """Yield the keys of messages for what a document should have and *extraction* lacks: documents, parts, entities."""
    letters = extraction.outline.letters
    if not letters:
        yield "no_document"
    divided = {p.letter for p in extraction.outline.parts if p.kind}
    for letter in letters:
        if letter.kind in _WITH_PARTS and letter.body is not None and letter.id not in divided:
            yield f"no_part:{letter.id}"
    if not extraction.entities:
        yield "no_entity"


def count_things(extraction: Extraction) -> dict[str, int]:
    """Return the number of documents, parts, entities and figures by class, and of relations as ``statement``."""
    kinds: Counter[str] = Counter()
    kinds.update(x.kind.value for x in extraction.outline.letters if x.kind.value != "PolicyInstrument")
    kinds.update(p.kind.value for p in extraction.outline.parts if p.kind)
    kinds.update(e.kind.value for e in extraction.entities)
    kinds.update(f.kind.value for f in extraction.figures)
    kinds["statement"] = len(extraction.relations)
    return dict(sorted(kinds.items()))


def _process(found: read.Found, base: str, inputs: Inputs) -> SourceResult:
    document = read.load(found)
    source = document.source
    extraction = extract_source(source, inputs.lexicon_dir, inputs.model)
    asked: Report | None = None
    unapplied: tuple[Unapplied, ...] = ()
    if inputs.llm is not None:
        from kg.ingest.llm import enrich

        extraction, asked = enrich(extraction, inputs.llm, inputs.lexicon_dir)
    if inputs.decided is not None:
        extraction, unapplied = inputs.decided.apply(extraction, inputs.lexicon_dir)
    return SourceResult(
        graph=context_iri(source.id, base),
        nquads=serialize(quads(extraction, base), format=RdfFormat.N_QUADS) or b"",
        counts=count_things(extraction),
        gaps=(*document.report.warnings, *find_missing_layers(extraction)),
        cleaned=document.report,
        llm=asked,
        omitted=_count_omitted(extraction, inputs.decided, inputs.lexicon_dir),
        unapplied=unapplied,
        sha256=document.digest,
        media_type=source.media_type,
        intact=inputs.intact(),
    )


def _count_omitted(extraction: Extraction, decided: Decided | None, lexicon_dir: str) -> int:
    from kg.review.decided import open_gaps
    from kg.review.gaps import gaps
    from ontology.lexicons import lexicon

    return len(open_gaps(gaps(extraction, lexicon(lexicon_dir)), decided.decisions if decided else ()))
