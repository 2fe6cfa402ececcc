"""Measure builds and queries by corpus size: ``python -m benchmarks.scale [--files 10 200] [--save FILE]``.

For each size an invented corpus is written (``benchmarks.corpus``) and built by processes of their own, with one worker
and with two. Then each named query runs on the store, and on a bare pyoxigraph store in memory that holds the same
statements, each once. A query that takes longer than ``--limit`` is stopped. The table is printed, and saved as JSON
with ``--save``. Nothing is asserted: the table is for people, who must know what else the machine was doing.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.__main__ import ROOT
from benchmarks.corpus import write_corpus
from benchmarks.queries import ScaleQuery, measure_queries

_RUN = """
import json, resource, sys, time
import kg
begin = time.perf_counter()
report = kg.build(sys.argv[1], sys.argv[2], workers=int(sys.argv[3]))
own, workers = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({"files": len(report.built), "quads": report.quads, "seconds": time.perf_counter() - begin,
                  "cpu": own.ru_utime + own.ru_stime + workers.ru_utime + workers.ru_stime,
                  "megabytes": own.ru_maxrss / 1024, "worker_megabytes": workers.ru_maxrss / 1024}))
"""


@dataclass(frozen=True, slots=True)
class ScaleBuild:
    """One build of a corpus."""

    workers: int
    files: int
    quads: int
    seconds: float
    cpu: float
    """Processor time of all processes, in seconds."""
    megabytes: float
    """Most memory of the process that stores."""
    worker_megabytes: float
    """Most memory of a worker; 0 without workers."""
    bytes_per_quad: float
    """Size of the store on disk after the build."""


def measure_build(pages: Path, store: Path, workers: int) -> ScaleBuild:
    """Build *store* of the folder *pages* in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", _RUN, str(pages), str(store), str(workers)],
        capture_output=True, check=True, encoding="utf-8", env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    figures = json.loads(done.stdout)
    size = sum(file.stat().st_blocks * 512 for file in store.rglob("*") if file.is_file())
    return ScaleBuild(workers, bytes_per_quad=size / figures["quads"], **figures)


def format_build(build: ScaleBuild) -> str:
    """Return a build as one line."""
    return (
        f"{build.files:6,} files  {build.quads:10,} quads  {build.workers} workers  {build.seconds:7.1f} s  "
        f"{build.cpu:7.1f} s CPU  {build.cpu / build.files:.3f} s CPU a file  {build.megabytes:5.0f} MB + "
        f"{build.worker_megabytes:4.0f} MB a worker  {build.bytes_per_quad:4.0f} bytes a quad"
    )


def format_query(query: ScaleQuery) -> str:
    """Return a query as one line."""
    times = (
        "    > limit" if seconds is None else f"{seconds:9.3f} s" for seconds in (query.seconds, query.bare_seconds)
    )
    return f"  {query.name:26}{query.rows:8,} rows  {'  '.join(times)} bare"


def main(argv: Sequence[str] | None = None) -> None:
    """Measure, print and save."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument(
        "--files", type=int, nargs="+", default=[10, 200], help="sizes of the corpora (default: 10 200)"
    )
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2], help="numbers of workers (default: 1 2)")
    parser.add_argument("--runs", type=int, default=3, help="runs that a median is taken of (default: 3)")
    parser.add_argument("--limit", type=float, default=60, help="seconds for one run of a query (default: 60)")
    parser.add_argument("--seed", type=int, default=1, help="seed of the corpora (default: 1)")
    parser.add_argument("--save", type=Path, help="JSON file for the numbers")
    args = parser.parse_args(argv)
    saved: dict[str, object] = {"python": platform.python_version(), "load": os.getloadavg(), "seed": args.seed}
    for count in args.files:
        with tempfile.TemporaryDirectory() as folder:
            write_corpus(Path(folder) / "pages", count, args.seed)
            builds = []
            for workers in args.workers:
                builds.append(measure_build(Path(folder) / "pages", Path(folder) / f"store{workers}", workers))
                print(format_build(builds[-1]), flush=True)
            queries = []
            for query in measure_queries(Path(folder) / f"store{args.workers[-1]}", args.runs, args.limit):
                queries.append(query)
                print(format_query(query), flush=True)
        saved[str(count)] = {"builds": [asdict(b) for b in builds], "queries": [asdict(q) for q in queries]}
        if args.save:
            args.save.write_text(json.dumps(saved, indent=1) + "\n", encoding="utf-8")
    print(f"load average at the beginning and now: {saved['load']} {os.getloadavg()}")


if __name__ == "__main__":
    main()
