"""SPARQL over a store: queries as text or by name, results as a table, CSV, JSON, XML or Turtle.

All graphs of sources are seen as one (GRAPH tells them apart); the prefixes of ``ontology.terms`` need no declaration.
What several sources say is there several times: use DISTINCT, as the named queries do.

A named query is a file ``queries/NAME.rq`` that begins with comments:

    # zh: 标题
    # en: title
    # param: agency – 机构名称(可只写一部分) – name of an agency, or a part of it

Where the text has ``$agency``, the parameter's value is put, quoted; a parameter that is not given is the empty string.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Triple,
)

from kg.errors import NotFoundError, QueryError, UsageError, check_choice
from kg.store.store import Store
from ontology.terms import PREFIXES

HOME = Path(__file__).parent / "queries"
FORMATS = ("table", "csv", "json", "xml", "turtle")

Term = NamedNode | BlankNode | Literal | Triple

_SOLUTIONS = {"csv": QueryResultsFormat.CSV, "json": QueryResultsFormat.JSON, "xml": QueryResultsFormat.XML}
_GRAPHS = {"turtle": RdfFormat.TURTLE, "xml": RdfFormat.RDF_XML, "json": RdfFormat.JSON_LD}
_ERROR = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_UNKNOWN_PREFIX = re.compile(r"prefix not found", re.IGNORECASE)
_HEADER = re.compile(r"#\s*(zh|en|param):\s*(.*)")
_WRITES = re.compile(r"^\s*(insert|delete|load|clear|create|drop|copy|move|add|with)\b", re.IGNORECASE)
_LONGEST_REASON = 100


@dataclass(frozen=True, slots=True)
class Param:
    """A parameter of a named query."""

    name: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """A question that many ask."""

    name: str
    zh: str
    en: str
    params: tuple[Param, ...]
    text: str

    def title(self, lang: str) -> str:
        return self.zh if lang == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Result:
    """The answer to a query; just one of rows, truth and triples is there."""

    variables: tuple[str, ...] = ()
    rows: tuple[tuple[Term | None, ...], ...] = ()
    truth: bool | None = None
    triples: tuple[Triple, ...] | None = None

    def values(self) -> list[dict[str, str | None]]:
        """The rows as dictionaries of plain strings."""
        return [
            {name: None if term is None else plain(term) for name, term in zip(self.variables, row, strict=True)}
            for row in self.rows
        ]


def named_queries() -> Mapping[str, NamedQuery]:
    """All named queries, by name."""
    return _named()


def named(name: str, params: Mapping[str, str] | None = None) -> str:
    """The text of the named query *name* with its parameters filled in.

    Raises:
        NotFoundError: no such query; the message names near ones.
        UsageError: a parameter that it has not.
    """
    queries = _named()
    if name not in queries:
        known = "、".join(queries)
        raise NotFoundError(
            f"{name}：没有这个命名查询（有：{known}）", f"{name}: no such named query (there are: {', '.join(queries)})"
        )
    query = queries[name]
    allowed = [p.name for p in query.params]
    for key in params or {}:
        if key not in allowed:
            have = ", ".join(allowed) or "–"
            raise UsageError(f"{name}：没有参数 {key}（有：{have}）", f"{name}: no parameter {key} (it has: {have})")
    return fill(query.text, dict.fromkeys(allowed, "") | dict(params or {}))


def fill(text: str, params: Mapping[str, str]) -> str:
    """Put values, as quoted strings, where *text* has ``$name``."""
    if not params:
        return text
    names = "|".join(map(re.escape, sorted(params, key=len, reverse=True)))
    return re.sub(rf"\$({names})\b", lambda m: str(Literal(params[m.group(1)])), text)


def run(store: Store, sparql: str) -> Result:
    """Answer a SELECT, ASK, CONSTRUCT or DESCRIBE query.

    Raises:
        QueryError: it does not parse or run; the message gives line and column.
    """
    try:
        answer = store.oxigraph.query(sparql, prefixes=dict(PREFIXES), use_default_graph_as_union=True)
        if isinstance(answer, QueryBoolean):
            return Result(truth=bool(answer))
        if isinstance(answer, QueryTriples):
            return Result(triples=tuple(sorted(set(answer), key=str)))
        assert isinstance(answer, QuerySolutions)
        names = tuple(v.value for v in answer.variables)
        return Result(names, tuple(tuple(row[i] for i in range(len(names))) for row in answer))
    except SyntaxError as error:
        raise _syntax_error(sparql, error) from error
    except (OSError, ValueError, RuntimeError) as error:
        why = " ".join(str(error).split())[:_LONGEST_REASON]
        raise QueryError(f"查询无法执行：{why}", f"the query cannot be run: {why}") from error


def in_words(result: Result, lang: str, *, titles: bool = False) -> Result:
    """The rows of a named query for people: codes as words, and with *titles* the columns, too."""
    texts = _columns()
    coded = [name in texts["coded"] for name in result.variables]

    def word(term: Term | None, code: bool) -> Term | None:
        if code and isinstance(term, Literal) and term.value in texts["codes"]:
            return Literal(texts["codes"][term.value][lang])
        return term

    rows = tuple(tuple(map(word, row, coded)) for row in result.rows)
    names = tuple(texts["columns"].get(v, {}).get(lang, v) if titles else v for v in result.variables)
    return Result(names, rows, result.truth, result.triples)


def serialize(result: Result, form: str) -> str:
    """*result* as csv, json, xml (SPARQL results; a graph: JSON-LD, RDF/XML) or turtle.

    Raises:
        UsageError: an unknown format, or one that does not fit the kind of query.
    """
    check_format(form)
    if result.triples is not None:
        if form not in _GRAPHS:
            raise UsageError(
                f"CONSTRUCT 和 DESCRIBE 的结果是图，不能写成 {form}；请用 turtle、xml 或 json",
                f"CONSTRUCT and DESCRIBE give a graph, which has no {form} form; use turtle, xml or json",
            )
        from kg.store.serialize import serialize_triples

        return serialize_triples(result.triples, _GRAPHS[form])
    if form not in _SOLUTIONS:
        raise UsageError(
            f"SELECT 和 ASK 的结果是表，不能写成 {form}；请用 table、csv、json 或 xml",
            f"SELECT and ASK give a table, which has no {form} form; use table, csv, json or xml",
        )
    return _results(result, form)


def check_format(form: str) -> str:
    """*form*, if there is such a format.

    Raises:
        UsageError: there is not.
    """
    return check_choice(form, FORMATS)


def plain(term: Term) -> str:
    """A term for people: a literal's words, an IRI with its prefix if it has one."""
    if isinstance(term, Literal):
        return term.value
    if isinstance(term, NamedNode):
        for prefix, namespace in PREFIXES.items():
            if term.value.startswith(namespace):
                return f"{prefix}:{term.value[len(namespace) :]}"
        return term.value
    return str(term)


def _results(result: Result, form: str) -> str:
    import csv
    import io
    import json
    from xml.etree import ElementTree as ET

    if form == "json":
        return json.dumps(_json(result), ensure_ascii=False, indent=1) + "\n"
    if form == "csv":
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        if result.truth is not None:
            writer.writerows([["result"], [str(result.truth).lower()]])
        else:
            writer.writerow(result.variables)
            writer.writerows([_raw(t) for t in row] for row in result.rows)
        return out.getvalue()
    root = ET.Element("sparql", xmlns="http://www.w3.org/2005/sparql-results#")
    head = ET.SubElement(root, "head")
    for name in result.variables:
        ET.SubElement(head, "variable", name=name)
    if result.truth is not None:
        ET.SubElement(root, "boolean").text = str(result.truth).lower()
    else:
        results = ET.SubElement(root, "results")
        for binding in _json(result)["results"]["bindings"]:
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


def _json(result: Result) -> dict[str, Any]:
    if result.truth is not None:
        return {"head": {}, "boolean": result.truth}
    bindings = [
        {name: _term(term) for name, term in zip(result.variables, row, strict=True) if term is not None}
        for row in result.rows
    ]
    return {"head": {"vars": list(result.variables)}, "results": {"bindings": bindings}}


def _term(term: Term) -> dict[str, str]:
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


def _raw(term: Term | None) -> str:
    return "" if term is None else getattr(term, "value", None) or ("" if isinstance(term, Literal) else str(term))


def _syntax_error(sparql: str, error: SyntaxError) -> QueryError:
    found = _ERROR.search(str(error))
    if _WRITES.match(sparql):
        return QueryError(
            "只能查询（SELECT、ASK、CONSTRUCT、DESCRIBE），不能用 SPARQL 修改库",
            "only SELECT, ASK, CONSTRUCT and DESCRIBE are run; a store is not changed by SPARQL",
        )
    if not found:
        why = " ".join(str(error).split())[:_LONGEST_REASON]
        return QueryError(f"SPARQL 语法错误：{why}", f"SPARQL syntax error: {why}")
    line, column, reason = int(found[1]), int(found[2]), " ".join(found[3].split())
    lines = sparql.splitlines() or [""]
    here = lines[min(line, len(lines)) - 1][max(0, column - 1) :].strip()[:30]
    near_zh, near_en = (f"“{here}”附近", f" near “{here}”") if here else ("末尾", " at the end")
    if _UNKNOWN_PREFIX.search(reason):
        known = " ".join(PREFIXES)
        return QueryError(
            f"SPARQL 第 {line} 行第 {column} 列{near_zh}：前缀没有声明（已声明：{known}）",
            f"SPARQL line {line}, column {column}{near_en}: a prefix is not declared (declared are: {known})",
        )
    why = reason if len(reason) <= _LONGEST_REASON else reason[:_LONGEST_REASON] + "…"
    return QueryError(
        f"SPARQL 第 {line} 行第 {column} 列{near_zh}有语法错误（{why}）",
        f"SPARQL syntax error in line {line}, column {column}{near_en} ({why})",
    )


@cache
def _columns() -> Mapping[str, Any]:
    return tomllib.loads((Path(__file__).parent / "columns.toml").read_text(encoding="utf-8"))


@cache
def _named() -> Mapping[str, NamedQuery]:
    return {path.stem: _load(path) for path in sorted(HOME.glob("*.rq"))}


def _load(path: Path) -> NamedQuery:
    text = path.read_text(encoding="utf-8")
    titles: dict[str, str] = {}
    params: list[Param] = []
    for line in text.splitlines():
        if not (found := _HEADER.match(line)):
            continue
        if found[1] == "param":
            cells: Sequence[str] = [*re.split(r"\s+–\s+", found[2].strip()), "", ""]
            params.append(Param(cells[0], cells[1], cells[2] or cells[1]))
        else:
            titles[found[1]] = found[2].strip()
    return NamedQuery(path.stem, titles["zh"], titles["en"], tuple(params), text)
