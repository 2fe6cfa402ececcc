"""A Dask cluster of this machine: a scheduler and workers, each a process of its own that can be killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.paths import ROOT

_SECONDS = 60


@dataclass(slots=True)
class RunningCluster:
    """Scheduler and workers."""

    scheduler_file: Path
    workers: list[subprocess.Popen[bytes]]

    def add_worker(self) -> subprocess.Popen[bytes]:
        more = ["--nthreads=1", "--no-nanny", "--no-dashboard", "--death-timeout=60", "--host=127.0.0.1"]
        worker = _start("distributed.cli.dask_worker", self.scheduler_file, *more)
        self.workers.append(worker)
        return worker


@contextmanager
def run_cluster(folder: Path, workers: int = 2) -> Iterator[RunningCluster]:
    """Start a scheduler and *workers*, and kill them at the end."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "scheduler.json"
    scheduler = _start("distributed.cli.dask_scheduler", file, "--port=0", "--no-dashboard", "--host=127.0.0.1")
    cluster = RunningCluster(file, [])
    try:
        end = time.monotonic() + _SECONDS
        while not file.exists():
            assert time.monotonic() < end and scheduler.poll() is None, "the scheduler does not start"
            time.sleep(0.05)
        for _ in range(workers):
            cluster.add_worker()
        yield cluster
    finally:
        for process in (*cluster.workers, scheduler):
            process.kill()
            process.wait()


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a worker as ``kill -9`` does."""
    process.send_signal(signal.SIGKILL)
    process.wait()


def _start(module: str, file: Path, *arguments: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", module, "--scheduler-file", str(file), *arguments]
    return subprocess.Popen(command, cwd=file.parent, env=environment, stderr=subprocess.DEVNULL)
