"""The result of a query: for notebooks as dictionaries, HTML or pandas; for files as CSV, JSON, XML or Turtle.

``kg.graph.spreadsheet`` makes a spreadsheet of it.
"""

from __future__ import annotations

import csv
import io
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib import import_module
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple

from kg import files
from kg.errors import UsageError, check_choice
from ontology.terms import PREFIXES, XSD

FORMATS = ("table", "csv", "json", "xml", "turtle", "xlsx")
SUFFIXES: Mapping[str, str] = {
    ".csv": "csv", ".json": "json", ".xml": "xml", ".ttl": "turtle", ".xlsx": "xlsx",
}  # fmt: skip
"""Format by suffix of a file."""

Term = NamedNode | BlankNode | Literal | Triple

_ROW_FORMATS = ("csv", "json", "xml")
_GRAPH_FORMATS = {"turtle": RdfFormat.TURTLE, "xml": RdfFormat.RDF_XML, "json": RdfFormat.JSON_LD}
_NUMBER_TYPES: Mapping[str, type[int] | type[float]] = {
    XSD + "integer": int, XSD + "decimal": float, XSD + "double": float, XSD + "float": float,
}  # fmt: skip
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings of cells that a spreadsheet program runs as formulas."""
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_MOST_HTML_ROWS = 50


@dataclass(frozen=True, slots=True, repr=False)
class Result:
    """The result of a query: rows (SELECT), a truth value (ASK) or triples (CONSTRUCT, DESCRIBE).

    Iteration, ``len`` and the table forms treat each kind as rows: a truth value is one row with the column
    ``result``, a triple is a row with the columns ``subject``, ``predicate`` and ``object``.
    """

    variables: tuple[str, ...] = ()
    """The columns of a SELECT."""
    rows: tuple[tuple[Term | None, ...], ...] = ()
    """The rows of a SELECT; None where a variable has no value."""
    truth: bool | None = None
    """The answer to an ASK."""
    triples: tuple[Triple, ...] | None = None
    """The graph of a CONSTRUCT or DESCRIBE."""

    def __iter__(self) -> Iterator[dict[str, str | None]]:
        return iter(self.values())

    def __len__(self) -> int:
        return len(self.list_rows())

    def __bool__(self) -> bool:
        """Return the answer to an ASK; else whether there is any row."""
        return self.truth if self.truth is not None else len(self) > 0

    def __repr__(self) -> str:
        if self.truth is not None:
            return f"Result({self.truth})"
        unit = "row" if self.triples is None else "triple"
        return f"Result({len(self)} {unit}{'' if len(self) == 1 else 's'}: {', '.join(self.list_columns())})"

    def values(self) -> list[dict[str, str | None]]:
        """Return the rows as dictionaries of plain strings; None where a variable has no value."""
        columns = self.list_columns()
        return [
            {name: None if term is None else format_term(term) for name, term in zip(columns, row, strict=True)}
            for row in self.list_rows()
        ]

    def to_pandas(self) -> Any:
        """Return the rows as a ``pandas.DataFrame``: numbers as numbers, all else as plain strings.

        Raises:
            UsageError: pandas is not installed.
        """
        try:
            pandas = import_module("pandas")
        except ImportError as error:
            raise UsageError(
                "to_pandas 需要 pandas，请先安装：pip install pandas",
                "to_pandas needs pandas; install it first: pip install pandas",
            ) from error
        cells = [[get_python_value(term) for term in row] for row in self.list_rows()]
        return pandas.DataFrame(cells, columns=list(self.list_columns()))

    def _repr_html_(self) -> str:
        """Return the first rows as an HTML table, for notebooks."""
        terms = self.list_rows()
        head = "".join(f"<th>{escape(name)}</th>" for name in self.list_columns())
        shown = (
            "".join(f"<td>{'' if term is None else escape(format_term(term))}</td>" for term in row)
            for row in terms[:_MOST_HTML_ROWS]
        )
        body = "".join(f"<tr>{cells}</tr>" for cells in shown)
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        hidden = len(terms) - _MOST_HTML_ROWS
        if hidden <= 0:
            return table
        return f"{table}<p>另有 {hidden:,} 行 · {hidden:,} more row{'' if hidden == 1 else 's'}</p>"

    def list_columns(self) -> tuple[str, ...]:
        """Return the names of the columns of :meth:`list_rows`."""
        if self.truth is not None:
            return ("result",)
        return self.variables if self.triples is None else ("subject", "predicate", "object")

    def list_rows(self) -> tuple[tuple[Term | None, ...], ...]:
        """Return the rows as terms, whatever the kind of the query."""
        if self.truth is not None:
            return ((Literal(self.truth),),)
        if self.triples is None:
            return self.rows
        return tuple((t.subject, t.predicate, t.object) for t in self.triples)


def translate_codes(result: Result, lang: str, *, titles: bool = False) -> Result:
    """Return the result of a named query with its codes (``coAgency``) in words of *lang*.

    Args:
        result: the rows of a named query.
        lang: ``zh`` or ``en``.
        titles: also replace the names of the columns by titles.
    """
    texts = load_columns()
    coded = [name in texts["coded"] for name in result.variables]

    def translate(term: Term | None, is_code: bool) -> Term | None:
        if is_code and isinstance(term, Literal) and term.value in texts["codes"]:
            return Literal(texts["codes"][term.value][lang])
        return term

    rows = tuple(tuple(map(translate, row, coded)) for row in result.rows)
    names = tuple(texts["columns"].get(v, {}).get(lang, v) if titles else v for v in result.variables)
    return Result(names, rows, result.truth, result.triples)


def serialize_result(result: Result, form: str) -> str:
    """Return *result* as text in the format *form*.

    Rows and truth values have the SPARQL result formats csv, json and xml. Triples have turtle, json (JSON-LD) and
    xml (RDF/XML). In csv, an apostrophe keeps text that begins with = + - or @ from being run as a formula.

    Raises:
        UsageError: the format is unknown or does not fit the kind of query.
    """
    check_format(form)
    if result.triples is not None:
        if form not in _GRAPH_FORMATS:
            raise UsageError(
                f"CONSTRUCT 和 DESCRIBE 的结果是图，不能写成 {form}；请用 turtle、xml、json 或 xlsx",
                f"CONSTRUCT and DESCRIBE return a graph, which cannot be written as {form};"
                " use turtle, xml, json or xlsx",
            )
        from kg.store.serialize import serialize_triples

        return serialize_triples(result.triples, _GRAPH_FORMATS[form])
    if form not in _ROW_FORMATS:
        raise UsageError(
            f"SELECT 和 ASK 的结果是表，不能写成 {form}；请用 table、csv、json、xml 或 xlsx",
            f"SELECT and ASK return a table, which cannot be written as {form}; use table, csv, json, xml or xlsx",
        )
    if form == "json":
        return json.dumps(_bindings_as_json(result), ensure_ascii=False, indent=1) + "\n"
    return _rows_as_csv(result) if form == "csv" else _rows_as_xml(result)


def check_format(form: str) -> str:
    """Return *form* if it is one of ``FORMATS``.

    Raises:
        UsageError: it is not.
    """
    return check_choice(form, FORMATS)


def choose_format(form: str | None, output: str | None) -> str:
    """Return the format to write: *form*, else the one that the suffix of *output* means, else ``table``.

    Args:
        form: one of ``FORMATS``, or None.
        output: the file to write, or None for the screen.

    Raises:
        UsageError: the format is unknown, the suffix is unknown or means another format, or the format does not fit
            the screen or a file.
    """
    if form is not None:
        check_format(form)
    if output is None:
        if form == "xlsx":
            raise UsageError("xlsx 要写到文件，请加上 --output 文件.xlsx", "xlsx needs a file: add --output FILE.xlsx")
        return form or "table"
    if form == "table":
        raise UsageError(
            "table 只在屏幕上显示；写到文件请用 csv、xlsx、json、xml 或 turtle",
            "table is for the screen only; for a file use csv, xlsx, json, xml or turtle",
        )
    return files.choose_format(form, output, SUFFIXES)


def get_python_value(term: Term | None) -> str | float | bool | None:
    """Return numbers and truth values as such, anything else as people read it; None for None."""
    if term is None:
        return None
    if isinstance(term, Literal):
        if term.datatype.value == XSD + "boolean":
            return term.value in ("true", "1")
        number_type = _NUMBER_TYPES.get(term.datatype.value)
        if number_type is not None and _NUMBER.fullmatch(term.value):
            return number_type(term.value)
    return format_term(term)


def format_term(term: Term) -> str:
    """Return a term as people read it: the text of a literal, an IRI with its prefix if it has one."""
    if isinstance(term, Literal):
        return term.value
    if isinstance(term, NamedNode):
        for prefix, namespace in PREFIXES.items():
            if term.value.startswith(namespace):
                return f"{prefix}:{term.value[len(namespace) :]}"
        return term.value
    return str(term)


def _rows_as_csv(result: Result) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    if result.truth is not None:
        writer.writerows([["result"], [str(result.truth).lower()]])
    else:
        writer.writerow(result.variables)
        writer.writerows([_csv_cell(term) for term in row] for row in result.rows)
    return out.getvalue()


def _rows_as_xml(result: Result) -> str:
    root = ET.Element("sparql", xmlns="http://www.w3.org/2005/sparql-results#")
    head = ET.SubElement(root, "head")
    for name in result.variables:
        ET.SubElement(head, "variable", name=name)
    if result.truth is not None:
        ET.SubElement(root, "boolean").text = str(result.truth).lower()
    else:
        results = ET.SubElement(root, "results")
        for binding in _bindings_as_json(result)["results"]["bindings"]:
            row = ET.SubElement(results, "result")
            for name, term in binding.items():
                attributes = {}
                if "xml:lang" in term:
                    attributes["xml:lang"] = term["xml:lang"]
                elif "datatype" in term:
                    attributes["datatype"] = term["datatype"]
                ET.SubElement(ET.SubElement(row, "binding", name=name), term["type"], attributes).text = term["value"]
    ET.indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _bindings_as_json(result: Result) -> dict[str, Any]:
    if result.truth is not None:
        return {"head": {}, "boolean": result.truth}
    bindings = [
        {name: _term_as_json(term) for name, term in zip(result.variables, row, strict=True) if term is not None}
        for row in result.rows
    ]
    return {"head": {"vars": list(result.variables)}, "results": {"bindings": bindings}}


def _term_as_json(term: Term) -> dict[str, str]:
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, BlankNode):
        return {"type": "bnode", "value": term.value}
    if not isinstance(term, Literal):
        return {"type": "literal", "value": str(term)}
    found = {"type": "literal", "value": term.value}
    if term.language:
        found["xml:lang"] = term.language
    elif not term.datatype.value.endswith("#string"):
        found["datatype"] = term.datatype.value
    return found


def _csv_cell(term: Term | None) -> str:
    if term is None:
        return ""
    if not isinstance(term, Literal):
        return getattr(term, "value", None) or str(term)
    is_number = term.datatype.value in _NUMBER_TYPES and _NUMBER.fullmatch(term.value)
    return f"'{term.value}" if not is_number and term.value.startswith(FORMULA_SIGNS) else term.value


@cache
def load_columns() -> Mapping[str, Any]:
    """Return ``columns.toml``: the titles of columns and the words for codes."""
    return tomllib.loads((Path(__file__).parent / "columns.toml").read_text(encoding="utf-8"))
