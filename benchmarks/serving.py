"""A server under load: how much it answers beside bare pyoxigraph, and whether it stays well for minutes.

``kg serve`` runs as a process of its own. ``wrk`` asks it over loopback; bare pyoxigraph answers the same questions in
this process: a point query with its rows as JSON, and for a page the look-ups in the store whose statements it shows,
each term read as text, without HTML and without memory of other pages. Requests are also counted by second of processor
time, so that other programs on the machine matter less.

    python -m benchmarks.serving --minutes 10
"""

from __future__ import annotations

import argparse
import http.client
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import Any, TypeVar, cast
from urllib.parse import quote

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, QueryResultsFormat

from benchmarks.corpus import write_corpus
from kg.graph.facts import Passage
from kg.graph.view import NODE_CLASSES, View
from kg.ingest.build import build
from kg.serve.site.addresses import Addresses
from kg.serve.site.things import ThingPages
from kg.store.store import Store
from ontology.terms import NIF, PROV, RDF

Q = TypeVar("Q")
LookUp = tuple[str | None, str | None, str | Literal | None]
"""Subject, predicate and object that are looked up; None for any."""
CLIENTS = 32
_THINGS = 400
_PAGES = 60
"""Files of the generated corpus."""
_LIMIT = 5
"""Seconds after which the server stops a query."""
_RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(?c < ?f || ?f < ?i) }"
_TICK = os.sysconf("SC_CLK_TCK")
_SCRIPT = """
local paths, i = {}, 0
for line in io.lines(os.getenv("KG_PATHS")) do paths[#paths + 1] = line end
request = function()
  i = i + 1
  return wrk.format("GET", (paths[i % #paths + 1]:gsub("{n}", tostring(i))))
end
"""


@dataclass(frozen=True, slots=True)
class Rate:
    """How many questions were answered."""

    per_second: float
    per_processor_second: float
    errors: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """The questions of a measurement."""

    iris: Sequence[str]
    pages: Sequence[str]
    """Addresses of the pages of the things."""
    sources: Sequence[str]


def make_point(iri: str) -> str:
    """Return a point query: what is stated of a thing."""
    return f"SELECT ?p ?o {{ <{iri}> ?p ?o }}"


def make_join(iri: str) -> str:
    """Return a query that no connection answers itself: the statements about a thing with their sentences."""
    return (
        f"SELECT ?e ?p ?o ?q {{ {{ ?e <{RDF}subject> <{iri}> }} UNION {{ ?e <{RDF}object> <{iri}> }} "
        f"?e <{RDF}predicate> ?p ; <{RDF}object> ?o ; <{PROV}wasQuotedFrom> ?w . ?w <{NIF}anchorOf> ?q }}"
    )


class _WatchedStore(Store):
    """A store that notes its look-ups; of a node that it is asked of, all statements."""

    def __init__(self, path: Path) -> None:
        self.asked: list[LookUp] = []
        super().__init__(path)

    def find_statements(
        self, subject: str | None = None, predicate: str | None = None, obj: str | Literal | None = None
    ) -> Iterator[Quad]:
        self.asked.append((subject, None, None) if subject else (subject, predicate, obj))
        return super().find_statements(subject, predicate, obj)


class _PlainView(View):
    """A view that has its store look up the quotes, too, whose places it could read from their IRIs."""

    def passages(self, iri: str) -> tuple[Passage, ...]:
        for span in self.properties(iri).get(PROV + "wasQuotedFrom", ()):
            deque(self.store.find_statements(span), 0)
        return super().passages(iri)


def read_look_ups(path: Path, iris: Sequence[str]) -> list[list[LookUp]]:
    """Return what is looked up in a store for the page of each thing, if nothing is remembered from other pages.

    These are the statements of each thing, figure, quote and piece of evidence that the page shows, and those that
    point to it.
    """
    found = []
    store = _WatchedStore(path)
    with store:
        for iri in iris:
            view = _PlainView(store)
            view.document_at("", 0)  # where documents begin, which is read once for all pages
            store.asked.clear()
            ThingPages(view, "zh").make(iri)
            found.append(list(dict.fromkeys(store.asked)))
    return found


def read_questions(path: Path) -> Asked:
    """Return things of a store, evenly over its classes, and the addresses of their pages."""
    with Store(path) as store:
        addresses, found = Addresses(store.base), View(store).find_by_class(*NODE_CLASSES)
        iris = [iri for iri in found[:: max(1, len(found) // _THINGS)] if "#" not in iri]
        return Asked(iris, [addresses.thing(iri) for iri in iris], list(store.list_sources()))


def measure_bare_points(path: Path, asked: Asked, seconds: float) -> Rate:
    """Return how often pyoxigraph answers the point queries of things in this process, with rows as JSON."""
    queries = [make_point(iri) for iri in asked.iris]
    with Store(path) as store:
        ask = store.oxigraph.query
        return _count(queries, lambda query: cast(Any, ask(query)).serialize(format=QueryResultsFormat.JSON), seconds)


def measure_bare_pages(path: Path, asked: Asked, seconds: float) -> Rate:
    """Return how often pyoxigraph finds, in this process, what the pages of things show, each term as text."""
    pages = [[_make_terms(one) for one in page] for page in read_look_ups(path, asked.iris)]
    with Store(path) as store:
        look_up = store.oxigraph.quads_for_pattern

        def find(page: list[tuple[Any, ...]]) -> None:
            for terms in page:
                for quad in look_up(terms[0], terms[1], terms[2], DefaultGraph()):
                    _ = quad.subject.value, quad.predicate.value, quad.object.value  # type: ignore[union-attr]

        return _count(pages, find, seconds)


def _make_terms(look_up: LookUp) -> tuple[Any, ...]:
    return tuple(NamedNode(term) if isinstance(term, str) else term for term in look_up)


def _count(questions: Sequence[Q], answer: Callable[[Q], object], seconds: float) -> Rate:
    """Return how often *answer* answers the questions in turn."""
    began, used, number = time.perf_counter(), time.process_time(), 0
    for question in cycle(questions):
        answer(question)
        number += 1
        if number % 50 == 0 and time.perf_counter() - began > seconds:
            break
    return Rate(number / (time.perf_counter() - began), number / (time.process_time() - used))


def measure_first_time(server: ServerProcess, paths: Sequence[str]) -> Rate:
    """Return how fast a server that has shown no page yet gives all pages, one after another."""
    with closing(http.client.HTTPConnection(server.address.removeprefix("http://"))) as connection:
        began, used, errors = time.perf_counter(), server.read_processor_time(), 0
        for path in paths:
            connection.request("GET", path, headers={"Accept": "text/html"})
            response = connection.getresponse()
            response.read()
            errors += response.status != 200
        spent = server.read_processor_time() - used
        return Rate(len(paths) / (time.perf_counter() - began), len(paths) / spent, errors)


class ServerProcess:
    """A running ``kg serve``."""

    def __init__(self, process: subprocess.Popen[str], address: str) -> None:
        self.process, self.address = process, address

    def list_processes(self) -> list[int]:
        """Return the ids of the server and of the processes of its queries."""
        found = [self.process.pid]
        for entry in Path("/proc").iterdir():
            if entry.name.isdecimal():
                fields = _read_stat(int(entry.name))
                if fields and int(fields[1]) == self.process.pid:
                    found.append(int(entry.name))
        return found

    def read_processor_time(self) -> float:
        """Return the processor time of all its processes in seconds."""
        total = 0.0
        for pid in self.list_processes():
            fields = _read_stat(pid)
            total += (int(fields[11]) + int(fields[12])) / _TICK if fields else 0.0
        return total

    def read_memory(self) -> float:
        """Return the memory of all its processes in MB, without the mapped files of the store."""
        total = 0
        for pid in self.list_processes():
            try:
                text = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
            except OSError:
                continue
            found = re.search(r"RssAnon:\s+(\d+)", text)
            total += int(found[1]) if found else 0
        return total / 1000


def _read_stat(pid: int) -> list[str]:
    """Return the fields of the state of a process behind its name; none if it has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rsplit(")", 1)[1].split()
    except OSError:
        return []


@contextmanager
def run_server(store: Path) -> Iterator[ServerProcess]:
    """Run ``kg serve`` on a free port."""
    command = [sys.executable, "-m", "kg.cli", "serve", "--store", str(store), "--port", "0", "--timeout", str(_LIMIT)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        address = next((found[0] for line in process.stdout if (found := re.search(r"http://[0-9.:]+", line))), "")
        if not address:
            raise SystemExit("the server does not start")
        try:
            yield ServerProcess(process, address)
        finally:
            process.terminate()


def run_wrk(server: ServerProcess, paths: Sequence[str], seconds: float, folder: Path, clients: int = CLIENTS) -> Rate:
    """Return how many requests of *paths* the server answers to so many clients; ``{n}`` in a path is a number."""
    (folder / "paths.txt").write_text("\n".join(paths), encoding="ascii")
    (folder / "wrk.lua").write_text(_SCRIPT, encoding="ascii")
    used = server.read_processor_time()
    command = ["wrk", "-t1", f"-c{clients}", f"-d{seconds:g}s", "--timeout", "20s", "-s", str(folder / "wrk.lua"),
               "-H", "Accept: text/html, */*;q=0.5", server.address]  # fmt: skip
    out = subprocess.run(
        command, capture_output=True, text=True, check=True, env={**os.environ, "KG_PATHS": str(folder / "paths.txt")}
    ).stdout
    spent = server.read_processor_time() - used
    number, rate = int(_find(r"(\d+) requests in", out)), float(_find(r"Requests/sec:\s+([\d.]+)", out))
    errors = int(_find(r"Non-2xx or 3xx responses: (\d+)", out, "0"))
    errors += sum(map(int, re.findall(r"\d+", _find(r"Socket errors: ([^\n]*)", out, ""))))
    return Rate(rate, number / spent if spent else 0.0, errors)


def list_mixed(asked: Asked) -> list[str]:
    """Return the addresses of mixed clients: pages, texts, searches, reports, queries that are always new."""
    points = [f"/sparql?query={quote(make_point(iri), safe='')}" for iri in asked.iris]
    fresh = [f"/sparql?query={quote(make_point(iri) + ' #', safe='')}{{n}}" for iri in asked.iris]
    joins = [f"/sparql?query={quote(make_join(iri) + ' #', safe='')}{{n}}" for iri in asked.iris]
    searches = [f"/search?q={quote(word)}" for word in ("企业", "养老", "gxj", "停车", "奖励", "局")]
    texts = [f"/document?source={quote(source)}" for source in asked.sources]
    apis = [f"/api/search?q={quote('企业')}", "/api/stats", "/void", "/feed.atom", "/healthz", "/", "/documents"]
    lists = [list(asked.pages), points, fresh, joins, list(asked.pages), searches, texts, apis]
    rounds = zip(*(islice(cycle(some), len(asked.iris)) for some in lists), strict=True)
    return [path for one in rounds for path in one]


def measure_long_load(server: ServerProcess, asked: Asked, minutes: float, folder: Path) -> tuple[Rate, list[float]]:
    """Return rate and errors of mixed clients, and the memory of the server at each tenth of the time."""
    memory: list[float] = []
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(minutes * 6):
            memory.append(server.read_memory())

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    rate = run_wrk(server, list_mixed(asked), minutes * 60, folder)
    ended.set()
    thread.join()
    return rate, memory


def measure_runaway(server: ServerProcess, asked: Asked, folder: Path) -> tuple[float, float, Rate]:
    """Return how long after its limit a query without end was stopped, and what others were answered meanwhile.

    The second time is that of the answer, counted from the request: the query may have waited for its turn before.
    """
    late: list[tuple[float, float]] = []

    def run_away() -> None:
        began = time.monotonic()
        try:
            urllib.request.urlopen(f"{server.address}/sparql?query={quote(_RUNAWAY, safe='')}", timeout=60)
        except urllib.error.HTTPError as error:
            assert error.code == 503, error.code
            stopped = float(_find(r"after ([\d.]+) s", error.read().decode()))
            late.append((stopped - _LIMIT, time.monotonic() - began - _LIMIT))

    thread = threading.Thread(target=run_away)
    thread.start()
    rate = run_wrk(server, list_mixed(asked), _LIMIT - 1, folder)
    thread.join()
    return *late[0], rate


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", type=Path, help="a store; default: one of a generated corpus")
    parser.add_argument("--seconds", type=float, default=8, help="of each measurement")
    parser.add_argument("--minutes", type=float, default=10, help="of mixed clients; 0 leaves it out")
    given = parser.parse_args()
    if shutil.which("wrk") is None:
        raise SystemExit("wrk is not installed (Debian: apt-get install wrk)")
    with tempfile.TemporaryDirectory() as room:
        folder = Path(room)
        store = given.store or folder / "store"
        if given.store is None:
            write_corpus(folder / "files", _PAGES)
            build([folder / "files"], store)
        _measure(store, given.seconds, given.minutes, folder)


def _measure(store: Path, seconds: float, minutes: float, folder: Path) -> None:
    asked = read_questions(store)
    points = [f"/sparql?query={quote(make_point(iri), safe='')}" for iri in asked.iris]
    fresh = [f"/sparql?query={quote(make_point(iri) + ' #', safe='')}{{n}}" for iri in asked.iris]
    anew = [f"{page}?{{n}}" for page in asked.pages]
    bare_pages, bare_points = measure_bare_pages(store, asked, seconds), measure_bare_points(store, asked, seconds)
    with run_server(store) as server:
        urllib.request.urlopen(server.address, timeout=60).close()  # makes the index
        first = measure_first_time(server, asked.pages)
        for path in points:
            urllib.request.urlopen(server.address + path, timeout=60).close()
        print("| what | a second | a processor second | beside bare | by processor time | errors |")
        print("| --- | ---: | ---: | ---: | ---: | ---: |")
        _print_bare("entity pages", bare_pages)
        _print_rate("entity pages, each for the first time, one after another", first, bare_pages)
        _print_rate("entity pages, each made anew", run_wrk(server, anew, seconds, folder), bare_pages)
        _print_rate("entity pages, answered before", run_wrk(server, asked.pages, seconds, folder), bare_pages)
        _print_bare("point queries", bare_points)
        _print_rate("point queries, each one new", run_wrk(server, fresh, seconds, folder), bare_points)
        _print_rate("point queries, answered before", run_wrk(server, points, seconds, folder), bare_points)
        late, told, rate = measure_runaway(server, asked, folder)
        print(f"\na query without end was stopped {late:.2f} s after its limit of {_LIMIT} s, and answered "
              f"{told:.2f} s after it with the time that it waited for its turn; meanwhile {rate.per_second:,.0f} "
              f"requests of {CLIENTS} mixed clients a second, {rate.errors} errors")  # fmt: skip
        if minutes:
            before = server.read_memory()
            rate, memory = measure_long_load(server, asked, minutes, folder)
            amounts = ", ".join(f"{value:.0f}" for value in memory)
            print(f"{minutes:g} minutes of {CLIENTS} mixed clients: {rate.per_second:,.0f} requests a second, "
                  f"{rate.errors} errors; memory {before:.0f} MB before, then {amounts} MB")  # fmt: skip


def _print_bare(name: str, bare: Rate) -> None:
    print(f"| {name}, bare pyoxigraph | {bare.per_second:,.0f} | {bare.per_processor_second:,.0f} | | | |")


def _print_rate(name: str, rate: Rate, bare: Rate) -> None:
    wall, processor = rate.per_second / bare.per_second, rate.per_processor_second / bare.per_processor_second
    print(f"| {name} | {rate.per_second:,.0f} | {rate.per_processor_second:,.0f} | {wall:.0%} | {processor:.0%} "
          f"| {rate.errors} |")  # fmt: skip


def _find(pattern: str, text: str, default: str = "") -> str:
    found = re.search(pattern, text)
    return found[1] if found else default


if __name__ == "__main__":
    main()
