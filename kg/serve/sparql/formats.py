"""The formats of results: media types, and rows as JSON, XML, CSV and TSV, one piece after another."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat

from kg.files import make_xml_safe
from kg.graph.result import Term
from ontology.terms import XSD

ROW_TYPES: Mapping[str, str] = {
    "application/sparql-results+json": "json",
    "application/sparql-results+xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "application/json": "json",
    "application/xml": "xml",
    "text/xml": "xml",
}
"""Formats of rows and truth values by media type, the best first."""
GRAPH_TYPES: Mapping[str, RdfFormat] = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/rdf+xml": RdfFormat.RDF_XML,
    "application/ld+json": RdfFormat.JSON_LD,
    "application/trig": RdfFormat.TRIG,
    "application/n-quads": RdfFormat.N_QUADS,
    "text/n3": RdfFormat.N3,
    "application/json": RdfFormat.JSON_LD,
    "application/xml": RdfFormat.RDF_XML,
    "text/xml": RdfFormat.RDF_XML,
}
"""Formats of graphs by media type, the best first."""
_TEXT = frozenset({"text/csv", "text/tab-separated-values", "text/turtle", "text/n3", "text/xml"})
"""Media types that are sent with a charset."""
_XML_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<sparql xmlns="http://www.w3.org/2005/sparql-results#">\n<head>'
_STRING = XSD + "string"

Rows = Iterable[Sequence[Term | None]]


def describe_type(media_type: str) -> str:
    """Return the header ``Content-Type`` of a media type."""
    return f"{media_type}; charset=utf-8" if media_type in _TEXT else media_type


def serialize_truth(truth: bool, form: str) -> str:
    """Return the answer to an ASK as text in a format of ``ROW_TYPES``."""
    word = "true" if truth else "false"
    if form == "json":
        return f'{{"head":{{}},"boolean":{word}}}'
    return f"{_XML_HEAD}</head>\n<boolean>{word}</boolean>\n</sparql>\n" if form == "xml" else f"{word}\n"


def serialize_rows(names: Sequence[str], rows: Rows, form: str) -> Iterator[str]:
    """Yield the text of a SELECT's result in a format of ``ROW_TYPES``, at least one piece for each row."""
    return {"json": _write_json, "xml": _write_xml, "csv": _write_csv, "tsv": _write_tsv}[form](names, rows)


def _write_json(names: Sequence[str], rows: Rows) -> Iterator[str]:
    yield f'{{"head":{{"vars":{json.dumps(list(names), ensure_ascii=False)}}},"results":{{"bindings":['
    keys = [f"{json.dumps(name, ensure_ascii=False)}:" for name in names]
    joint = "\n"
    for row in rows:
        cells = (key + _make_json(term) for key, term in zip(keys, row, strict=True) if term is not None)
        yield f"{joint}{{{','.join(cells)}}}"
        joint = ",\n"
    yield "\n]}}\n"


def _make_json(term: Term) -> str:
    text = json.dumps(getattr(term, "value", None) or "", ensure_ascii=False)
    if isinstance(term, NamedNode):
        return f'{{"type":"uri","value":{text}}}'
    if isinstance(term, BlankNode):
        return f'{{"type":"bnode","value":{text}}}'
    if not isinstance(term, Literal):
        parts = zip(("subject", "predicate", "object"), (term.subject, term.predicate, term.object), strict=True)
        return f'{{"type":"triple","value":{{{",".join(f"{json.dumps(k)}:{_make_json(v)}" for k, v in parts)}}}}}'
    if term.language:
        return f'{{"type":"literal","value":{text},"xml:lang":{json.dumps(term.language)}}}'
    if term.datatype.value == _STRING:
        return f'{{"type":"literal","value":{text}}}'
    return f'{{"type":"literal","value":{text},"datatype":{json.dumps(term.datatype.value, ensure_ascii=False)}}}'


def _write_xml(names: Sequence[str], rows: Rows) -> Iterator[str]:
    variables = "".join(f"<variable name={quoteattr(name)}/>" for name in names)
    yield f"{_XML_HEAD}{variables}</head>\n<results>\n"
    begins = [f"<binding name={quoteattr(name)}>" for name in names]
    for row in rows:
        cells = (
            f"{begin}{_make_xml(term)}</binding>" for begin, term in zip(begins, row, strict=True) if term is not None
        )
        yield f"<result>{''.join(cells)}</result>\n"
    yield "</results>\n</sparql>\n"


def _make_xml(term: Term) -> str:
    if isinstance(term, NamedNode):
        return f"<uri>{_escape(term.value)}</uri>"
    if isinstance(term, BlankNode):
        return f"<bnode>{_escape(term.value)}</bnode>"
    if not isinstance(term, Literal):
        parts = zip(("subject", "predicate", "object"), (term.subject, term.predicate, term.object), strict=True)
        return f"<triple>{''.join(f'<{name}>{_make_xml(part)}</{name}>' for name, part in parts)}</triple>"
    attribute = ""
    if term.language:
        attribute = f" xml:lang={quoteattr(term.language)}"
    elif term.datatype.value != _STRING:
        attribute = f" datatype={quoteattr(term.datatype.value)}"
    return f"<literal{attribute}>{_escape(term.value)}</literal>"


def _escape(text: str) -> str:
    return escape(make_xml_safe(text), {"\r": "&#13;"})


def _write_csv(names: Sequence[str], rows: Rows) -> Iterator[str]:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(names)
    for row in rows:
        writer.writerow(_make_csv(term) for term in row)
        yield out.getvalue()
        out.seek(0)
        out.truncate()
    yield out.getvalue()


def _make_csv(term: Term | None) -> str:
    if term is None:
        return ""
    return f"_:{term.value}" if isinstance(term, BlankNode) else getattr(term, "value", None) or _print_term(term)


def _print_term(term: Term) -> str:
    return "" if isinstance(term, Literal | NamedNode) else str(term)


def _write_tsv(names: Sequence[str], rows: Rows) -> Iterator[str]:
    yield "\t".join(f"?{name}" for name in names) + "\n"
    for row in rows:
        # N-Triples has no tab and no end of a line inside of a term
        yield "\t".join("" if term is None else str(term).replace("\t", "\\t") for term in row) + "\n"
