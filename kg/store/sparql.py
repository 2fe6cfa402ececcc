"""What a SPARQL query says before it runs: calls of services, parameters.

The query engine opens a connection for ``SERVICE``, and no setting stops it. Queries are therefore checked here first.
The check is stricter than the grammar: whatever the engine could take for a call of a service counts as one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from kg.errors import QueryError

_GAP = r"(?:\s++|\#[^\r\n]*+)*+"
"""White space and comments."""
_IRI = r'<[^<>"{}|^`\x00-\x20]*+>'
_PREFIX = r"[^\s<>{}()\"'?$:]*+:"
_TOKEN = re.compile(
    rf"""
    (?P<comment>\#[^\r\n]*+)
  | (?P<string>\"\"\"(?:[^"\\]|\\.|"(?!""))*+\"\"\" | '''(?:[^'\\]|\\.|'(?!''))*+'''
              | "(?:[^"\\\r\n]|\\.)*+" | '(?:[^'\\\r\n]|\\.)*+')
  | (?P<iri>{_IRI})
  | (?P<variable>[?$]\w++)
  | (?P<word>[A-Za-z_]\w*+)
  | (?P<bracket>[(){{}}])
  | (?P<other>\\.|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_SERVICE = re.compile(rf"service{_GAP}(?:silent{_GAP})?(?:{_IRI}|[?$]\w+|{_PREFIX}[^\s<>{{}}]*){_GAP}\{{", re.I | re.A)
"""A call of a service up to its brace. The engine needs no space before or after the word."""
_SERVICE_WORD = re.compile("service", re.IGNORECASE | re.ASCII)
_INSIDE_NAME = re.compile(r"(?:[?$]\w*|:[\w-]*)\Z")
"""A variable, or a name with a prefix, that goes on with the next word character."""
_ABSOLUTE = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*+://")


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    begin: int
    text: str


def find_service(sparql: str) -> int | None:
    """Return the position of a ``SERVICE`` that the engine could run; None if there is none."""
    if not _SERVICE_WORD.search(sparql):
        return None
    for token in _read_exposed(sparql):
        for found in _SERVICE_WORD.finditer(token.text):
            begin = token.begin + found.start()
            if _SERVICE.match(sparql, begin) and not _INSIDE_NAME.search(sparql[:begin]):
                return begin
    return None


def check_local(sparql: str) -> None:
    """Raise an error if a query would open a connection.

    Raises:
        QueryError: the query has a ``SERVICE``.
    """
    position = find_service(sparql)
    if position is None:
        return
    before = sparql[:position]
    line, column = before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1
    raise QueryError(
        f"SPARQL 第 {line} 行第 {column} 列：不能用 SERVICE：查询只读这个库，不连接网络；请去掉这一段",
        f"SPARQL line {line}, column {column}: SERVICE is not allowed: a query reads this store only, never the "
        "network; leave that part out",
    )


def replace_variables(sparql: str, replace: Callable[[str], str]) -> str:
    """Return *sparql* with each variable (``$agency``) replaced; strings, comments and IRIs stay as they are."""
    return "".join(replace(token.text) if token.kind == "variable" else token.text for token in _read_tokens(sparql, 0))


def _read_tokens(sparql: str, begin: int) -> Iterator[_Token]:
    """Yield the tokens from the position *begin*; together they are the whole text."""
    for found in _TOKEN.finditer(sparql, begin):
        yield _Token(str(found.lastgroup), found.start(), found[0])


def _read_exposed(sparql: str) -> Iterator[_Token]:
    """Yield the tokens that are not strings, comments or IRIs by any reading of the text.

    In ``?a<?b#>`` the sign ``<`` may begin an IRI, or compare two values with a comment after them. Both readings are
    followed where they differ.
    """
    begins, seen = [0], set[int]()
    while begins:
        for token in _read_tokens(sparql, begins.pop()):
            if token.begin in seen:
                break
            seen.add(token.begin)
            if token.kind not in ("comment", "string", "iri"):
                yield token
            elif token.kind == "iri" and re.search("[#']", token.text) and not _ABSOLUTE.match(token.text):
                begins.append(token.begin + 1)
