"""The build of a desk: it runs in a process of its own, tells how far it is, and can be stopped."""

from __future__ import annotations

import json
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.errors import KgError, StoreError
from kg.ingest.build import build, remove
from kg.ingest.report import BuildReport
from kg.processes import ChildProcess, ProcessDied
from kg.serve.desk.folder import DeskFolder
from kg.store.store import Store

_ATTEMPTS = 20
_PAUSE = 0.25
"""Seconds between attempts to open the store while the server copies its files."""


@dataclass(frozen=True, slots=True)
class BuildState:
    """How far a build is."""

    running: bool
    done: int = 0
    total: int = 0
    source: str = ""
    """The source that was read last."""
    stopped: bool = False
    error: tuple[str, str] | None = None
    """Why there is no result, in Chinese and English."""


class DeskBuilds:
    """The builds of one desk, one at a time. Its methods may be called from any thread."""

    def __init__(self, desk: DeskFolder) -> None:
        self._desk = desk
        self._lock = threading.Lock()
        self._process: ChildProcess | None = None
        self._stopped = False
        self._error: tuple[str, str] | None = None
        self._progress = desk.path / ".progress.json"

    def start(self) -> bool:
        """Start a build; return False if one is running already."""
        with self._lock:
            if self._process is not None:
                return False
            self._stopped, self._error = False, None
            self._progress.unlink(missing_ok=True)
            process = self._process = ChildProcess()
        threading.Thread(target=self._run, args=(process,), daemon=True).start()
        return True

    def stop(self) -> None:
        """Stop the build. What it has stored stays, and the next build goes on from there."""
        process = self._process
        if process is not None:
            self._stopped = True
            process.kill()

    @property
    def state(self) -> BuildState:
        """How far the build is that runs, or how the last one ended."""
        running = self._process is not None
        done, total, source = 0, 0, ""
        with suppress(OSError, ValueError):
            done, total, source = json.loads(self._progress.read_text(encoding="utf-8"))
        return BuildState(running, done, total, source, self._stopped, self._error)

    def _run(self, process: ChildProcess) -> None:
        decisions = self._desk.hash_decisions()
        try:
            report = process.call(
                build_desk, str(self._desk.files), str(self._desk.store), str(self._desk.decisions),
                str(self._progress),
            )  # fmt: skip
            self._desk.write_report({**report, "decisions": decisions})
        except KgError as error:
            self._error = (error.zh, error.en)
        except ProcessDied:
            if not self._stopped:
                self._error = ("读取的进程意外结束（可能内存不足）", "the process that reads died (out of memory?)")
        except Exception as error:
            text = f"{type(error).__name__}: {error}"[:300]
            self._error = (f"程序内部错误：{text}", f"internal error: {text}")
        finally:
            process.kill()
            self._progress.unlink(missing_ok=True)
            with self._lock:
                self._process = None


def build_desk(files: str, store: str, decisions: str, progress: str) -> dict[str, Any]:
    """Build the store of a desk anew from its files, and return the report as plain values.

    Args:
        files: the folder of the files.
        store: the folder of the store.
        decisions: the file of decisions, which may be missing.
        progress: the file to write to how far the build is.
    """

    def tell(done: int, total: int, source: str) -> None:
        new = Path(f"{progress}.new")
        new.write_text(json.dumps([done, total, source]), encoding="utf-8")
        new.replace(progress)

    for attempt in range(_ATTEMPTS):
        try:
            if not any(path.is_file() for path in Path(files).rglob("*")):
                _empty_store(store)
                return _describe_report(None)
            chosen = decisions if Path(decisions).exists() else ""
            report = build([files], store, decisions=chosen, prune=True, progress=tell)
            return _describe_report(report, f"{Path(files).resolve()}/")
        except StoreError:
            if attempt == _ATTEMPTS - 1:
                raise
            time.sleep(_PAUSE)
    raise AssertionError


def _empty_store(path: str) -> None:
    """Remove all sources: there are no files any more."""
    with Store(path, write=True) as store:
        for source in store.list_sources():
            remove(source, store)


def _describe_report(report: BuildReport | None, folder: str = "") -> dict[str, Any]:
    ended = time.time()
    if report is None:
        return {"time": ended, "seconds": 0.0, "sources": [], "failed": [], "skipped": [], "dropped": [],
                "unapplied": 0, "counts": {}}  # fmt: skip
    sources = [
        {"source": source.source, "state": "unchanged" if source in report.unchanged else "read",
         "gaps": list(source.gaps), "omitted": source.omitted, "counts": dict(source.counts)}
        for source in report.sources
    ]  # fmt: skip
    # messages name files as the person knows them, without the folder of the desk
    failed = [
        {"path": fail.path, "source": fail.source, "zh": fail.error.zh.replace(folder, ""),
         "en": fail.error.en.replace(folder, "")} for fail in report.failed
    ]  # fmt: skip
    return {
        "time": ended, "seconds": report.seconds, "sources": sources, "failed": failed,
        "skipped": [Path(path).name for path in report.skipped], "dropped": list(report.dropped),
        "unapplied": len(report.unapplied), "counts": dict(report.counts),
    }  # fmt: skip
