"""SPARQL over a store, as text or by the name of a query.

A query sees what all sources say as one default graph, in which each statement is there once, whatever number of
sources says it; ``GRAPH`` selects single sources. With ``FROM`` or ``FROM NAMED`` it sees the graphs that it names, and
a graph that the store does not have is empty. No query reads files or reaches the network: ``SERVICE`` is refused. The
prefixes of ``ontology.terms`` need no declaration.

A named query is a file ``queries/NAME.rq`` that begins with comments:

    # zh: 标题
    # en: title
    # param: agency – 机构名称(可只写一部分) – name of an agency, or a part of it
    # values: state – ReplyFound NoReplyFound

``values`` lists what a parameter can be. The value of the parameter replaces ``$agency`` as a quoted string, but not
inside strings, comments and IRIs. A parameter without a value is the empty string.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from pyoxigraph import Literal, NamedNode, QueryBoolean, QuerySolutions, QueryTriples

from kg.errors import NotFoundError, QueryError, UsageError
from kg.graph.result import Result
from kg.store.sparql import check_local, replace_variables
from kg.store.store import Store
from ontology.terms import PREFIXES

QUERY_FOLDER = Path(__file__).parent / "queries"

_ERROR = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_UNKNOWN_PREFIX = re.compile(r"prefix not found", re.IGNORECASE)
_HEADER = re.compile(r"#\s*(zh|en|param|values):\s*(.*)")
_WRITES = re.compile(r"^\s*(insert|delete|load|clear|create|drop|copy|move|add|with)\b", re.IGNORECASE)
_NO_CHARACTER = re.compile("[\ud800-\udfff]")
"""Halves of surrogate pairs: bytes of the command line that are no text in its encoding."""
_LONGEST_REASON = 100


Answer = QueryBoolean | QuerySolutions | QueryTriples
"""What the query engine returns."""
FAILURES = (OSError, ValueError, RuntimeError)
"""What the query engine raises while a query runs."""


@dataclass(frozen=True, slots=True)
class QueryDataset:
    """The graphs that a query sees, given from outside of the query."""

    default: tuple[str, ...] | None = None
    """IRIs of the graphs that together are the default graph; None for that of the store or the query."""
    named: tuple[str, ...] | None = None
    """IRIs of the graphs that ``GRAPH`` selects from; None for all of them, or those of the query."""


@dataclass(frozen=True, slots=True)
class QueryParameter:
    """A parameter of a named query."""

    name: str
    zh: str
    en: str
    values: tuple[str, ...] = ()
    """What it can be, or a part of that; empty if it can be anything."""


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """A frequent question, with its titles in Chinese and English."""

    name: str
    zh: str
    en: str
    params: tuple[QueryParameter, ...]
    text: str

    def title(self, lang: str) -> str:
        """Return the title in *lang*."""
        return self.zh if lang == "zh" else self.en


@cache
def list_named_queries() -> Mapping[str, NamedQuery]:
    """Return all named queries, by name."""
    return {path.stem: _read_named_query(path) for path in sorted(QUERY_FOLDER.glob("*.rq"))}


def load_named_query(name: str, params: Mapping[str, str] | None = None) -> str:
    """Return the SPARQL text of the named query *name* with its parameters filled in.

    Raises:
        NotFoundError: there is no such query; the message lists the known ones.
        UsageError: the query has no such parameter, or it cannot have this value.
    """
    queries = list_named_queries()
    if name not in queries:
        known = "、".join(queries)
        raise NotFoundError(
            f"{name}：没有这个命名查询（有：{known}）", f"{name}: no such named query (known: {', '.join(queries)})"
        )
    query = queries[name]
    allowed = [p.name for p in query.params]
    for key in params or {}:
        if key not in allowed:
            have = ", ".join(allowed) or "–"
            raise UsageError(f"{name}：没有参数 {key}（有：{have}）", f"{name}: no parameter {key} (known: {have})")
    for param in query.params:
        _check_value(name, param, (params or {}).get(param.name, ""))
    return fill_parameters(query.text, dict.fromkeys(allowed, "") | dict(params or {}))


def _check_value(name: str, param: QueryParameter, value: str) -> None:
    if param.values and not any(value in known for known in param.values):
        raise UsageError(
            f"{name}：参数 {param.name} 不能是 {value}（可用：{'、'.join(param.values)}）",
            f"{name}: the parameter {param.name} cannot be {value} (known: {', '.join(param.values)})",
        )


def fill_parameters(text: str, params: Mapping[str, str]) -> str:
    """Return *text* with each ``$name`` replaced by its value, as a quoted string.

    Raises:
        UsageError: the query does not use a parameter.
    """
    if not params:
        return text
    used: set[str] = set()

    def fill(variable: str) -> str:
        name = variable[1:]
        if variable[0] != "$" or name not in params:
            return variable
        used.add(name)
        return str(Literal(_NO_CHARACTER.sub("\ufffd", params[name])))

    filled = replace_variables(text, fill)
    for name in params:
        if name not in used:
            raise UsageError(
                f"查询里没有用到参数 {name}；请写成 ${name}，不要放在引号、注释或 <> 里",
                f"the query does not use the parameter {name}; write ${name} outside of quotes, comments and <>",
            )
    return filled


def run_query(store: Store, sparql: str) -> Result:
    """Run a SELECT, ASK, CONSTRUCT or DESCRIBE query and return its result.

    Raises:
        QueryError: the query calls a service, or cannot be parsed or run; the message gives the line and column.
    """
    answer = start_query(store, sparql)
    try:
        if isinstance(answer, QueryBoolean):
            return Result(truth=bool(answer))
        if isinstance(answer, QueryTriples):
            return Result(triples=tuple(sorted(set(answer), key=str)))
        names = tuple(v.value for v in answer.variables)
        return Result(names, tuple(tuple(row[i] for i in range(len(names))) for row in answer))
    except FAILURES as error:
        raise explain_failure(error) from error


def start_query(store: Store, sparql: str, dataset: QueryDataset | None = None) -> Answer:
    """Start a query, and return the answer as the query engine gives it: its rows are computed when they are read.

    Args:
        store: the store.
        sparql: the query.
        dataset: the graphs that it sees, instead of those that it names itself; None for no others.

    Raises:
        QueryError: as :func:`run_query`. Reading the rows may raise one of ``FAILURES``.
    """
    check_local(sparql)
    chosen = dataset or QueryDataset()
    try:
        answer = store.oxigraph.query(
            sparql,
            prefixes=dict(PREFIXES),
            default_graph=None if chosen.default is None else [NamedNode(name) for name in chosen.default],
            named_graphs=None if chosen.named is None else [NamedNode(name) for name in chosen.named],
        )
    except SyntaxError as error:
        raise _explain_syntax_error(sparql, error) from error
    except FAILURES as error:
        raise explain_failure(error) from error
    assert isinstance(answer, QueryBoolean | QuerySolutions | QueryTriples)
    return answer


def explain_failure(error: Exception) -> QueryError:
    """Return the error for a query that failed while it ran."""
    why = " ".join(str(error).split())[:_LONGEST_REASON]
    return QueryError(f"查询无法执行：{why}", f"the query cannot be run: {why}")


def _explain_syntax_error(sparql: str, error: SyntaxError) -> QueryError:
    found = _ERROR.search(str(error))
    if _WRITES.match(sparql):
        return QueryError(
            "只能查询（SELECT、ASK、CONSTRUCT、DESCRIBE），不能用 SPARQL 修改库",
            "only SELECT, ASK, CONSTRUCT and DESCRIBE are allowed; SPARQL cannot change a store",
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
            f"SPARQL line {line}, column {column}{near_en}: the prefix is not declared (declared: {known})",
        )
    why = reason if len(reason) <= _LONGEST_REASON else reason[:_LONGEST_REASON] + "…"
    return QueryError(
        f"SPARQL 第 {line} 行第 {column} 列{near_zh}有语法错误（{why}）",
        f"SPARQL syntax error in line {line}, column {column}{near_en} ({why})",
    )


def _read_named_query(path: Path) -> NamedQuery:
    text = path.read_text(encoding="utf-8")
    titles: dict[str, str] = {}
    params: list[QueryParameter] = []
    values: dict[str, tuple[str, ...]] = {}
    for line in text.splitlines():
        if not (found := _HEADER.match(line)):
            continue
        if found[1] == "param":
            cells: Sequence[str] = [*re.split(r"\s+–\s+", found[2].strip()), "", ""]
            params.append(QueryParameter(cells[0], cells[1], cells[2] or cells[1]))
        elif found[1] == "values":
            key, _, known = found[2].partition("–")
            values[key.strip()] = tuple(known.split())
        else:
            titles[found[1]] = found[2].strip()
    known_params = (replace(param, values=values.get(param.name, ())) for param in params)
    return NamedQuery(path.stem, titles["zh"], titles["en"], tuple(known_params), text)
