"""Policy instruments: how often and by whom they are cited, what they are based on, which of them are not here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from extract.text.normalize import name_key
from kg.report.facts import Facts
from kg.report.model import Code, Column, Count, Excerpt, Filters, Note, Row, Table
from kg.report.proposals import contains
from ontology.terms import PK

FILTERS = ("agency", "place", "year")
_DETAILS = "citations"
_LONGEST_CHAIN = 8
_CITATION_COLUMNS = (
    Column("instrument"), Column("document"), Column("agency"), Column("issued", "date"), Column("quote", "quote"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Citation:
    instrument: str
    document: str
    """The document that cites it; empty if it is not known."""
    quote: Excerpt


def make_tables(facts: Facts, filters: Filters) -> tuple[tuple[Table, ...], tuple[Note, ...]]:
    """Return the tables and notes of the report."""
    instruments = [iri for (iri,) in facts.select("instruments")]
    own = facts.map_many("letter-texts")
    citations = sorted(
        (c for iri in instruments for c in _list_citations(facts, iri) if _is_chosen(facts, c.document, filters)),
        key=lambda c: (facts.name(c.instrument), c.quote.source, c.quote.begin),
    )
    details = Table(
        _DETAILS,
        _CITATION_COLUMNS,
        tuple(
            Row((facts.name(c.instrument), facts.name(c.document), facts.names(facts.agencies(c.document)),
                 facts.day(c.document) if c.document else None, c.quote))
            for c in citations
        ),
    )  # fmt: skip
    counted = _count(facts, citations, own)
    lacking = Table("lacking", counted.columns, tuple(r for r in counted.rows if r.values[5] == Code("no")))
    repealed = tuple(r for r in counted.rows if r.values[4] == Code("Repealed"))
    chains = Table("chains", (Column("chain"), Column("steps", "number"), Column("quote", "quote")),
                   tuple(_list_chains(facts, filters)))  # fmt: skip
    tables = (counted, lacking, Table("repealed", counted.columns, repealed), chains, details)
    return tables, (Note("citations.counted"), Note("citations.lacking"))


def _list_citations(facts: Facts, instrument: str) -> Iterator[_Citation]:
    """Yield where an instrument is named in the text of another document, once for each sentence."""
    key = name_key(facts.name(instrument))
    sentences: dict[tuple[str, int], list[Excerpt]] = defaultdict(list)
    for quote in facts.quotes(instrument):
        sentences[facts.find_sentence(quote)].append(quote)
    for quotes in sentences.values():
        # the shortest words with the whole name, if there are such
        quote = min(quotes, key=lambda q: (key not in name_key(q.text), len(q.text)))
        document = facts.letter_at(facts.context_of(quote), quote.begin)
        if document != instrument:
            yield _Citation(instrument, document, quote)


def _is_chosen(facts: Facts, document: str, filters: Filters) -> bool:
    agencies = facts.agencies(document) if document else []
    return (
        (not filters.agency or any(facts.matches(agency, filters.agency) for agency in agencies))
        and (not filters.place or any(contains(facts.name(facts.place_of(a)), filters.place) for a in agencies))
        and (not filters.year or (bool(document) and facts.issued(document).startswith(filters.year)))
    )


def _count(facts: Facts, citations: list[_Citation], own: dict[str, list[str]]) -> Table:
    """Return the instruments by the number of documents that cite them."""
    rows_of: dict[str, list[int]] = defaultdict(list)
    documents: dict[str, set[str]] = defaultdict(set)
    agencies: dict[str, set[str]] = defaultdict(set)
    for number, citation in enumerate(citations, 1):
        rows_of[citation.instrument].append(number)
        documents[citation.instrument].add(citation.document)
        agencies[citation.instrument].update(facts.agencies(citation.document) if citation.document else ())
    columns = (Column("instrument"), Column("documentNumber"), Column("issuer"), Column("issued", "date"),
               Column("status", "code"), Column("hasText", "code"), Column("citedBy", "number"),
               Column("citingAgencies"), Column("citations", "count"))  # fmt: skip
    order = sorted(rows_of, key=lambda iri: (-len(documents[iri]), -len(rows_of[iri]), facts.name(iri)))
    rows = []
    for iri in order:
        status = facts.value(iri, "status").removeprefix(PK)
        rows.append(Row((
            facts.name(iri), facts.value(iri, "documentNumber"), facts.names(facts.values(iri, "issuedBy")),
            facts.day(iri), Code(status) if status else None, Code("yes" if own.get(iri) else "no"),
            len(documents[iri]), facts.names(sorted(agencies[iri])),
            Count(len(rows_of[iri]), _DETAILS, tuple(rows_of[iri])),
        )))  # fmt: skip
    return Table("instruments", columns, tuple(rows))


def _list_chains(facts: Facts, filters: Filters) -> Iterator[Row]:
    """Yield the chains of grounds, each from the document that nothing else here is based on."""
    grounds: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for document, ground, span in facts.select("grounds"):
        grounds[document].append((ground, span))
    tops = set(grounds) - {ground for some in grounds.values() for ground, _ in some}
    for document in sorted(tops or grounds, key=facts.name):
        if _is_chosen(facts, document, filters) or not any(dict(filters.items())):
            yield from _follow(facts, grounds, [document], None)


def _follow(
    facts: Facts, grounds: dict[str, list[tuple[str, str]]], chain: list[str], quote: Excerpt | None
) -> Iterator[Row]:
    onward = [(ground, span) for ground, span in grounds.get(chain[-1], ()) if ground not in chain]
    if not onward or len(chain) >= _LONGEST_CHAIN:
        yield Row((" → ".join(facts.name(iri) for iri in chain), len(chain) - 1, quote))
        return
    seen: set[str] = set()
    for ground, span in onward:
        if ground not in seen:
            seen.add(ground)
            yield from _follow(facts, grounds, [*chain, ground], quote or facts.read_span(span))
