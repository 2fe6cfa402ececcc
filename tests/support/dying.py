"""Processing of sources by hand in worker processes, some of which die at it."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

from kg.ingest import worker
from kg.ingest.worker import SourceResult
from kg.read import FoundSource
from tests.support.invented_page import make_extraction

LETHAL = "致命"
"""In the name of a file: the process that reads it dies each time."""
LETHAL_ONCE = "致命一次"
"""In the name of a file: the process that reads it dies the first time."""


def process_or_die(found: FoundSource, **options: Any) -> SourceResult:
    """Process a source by hand. A file with such a name kills the process; ``.tried`` beside it marks a death."""
    tried = Path(f"{found.path}.tried")
    if LETHAL in found.path.name and not (LETHAL_ONCE in found.path.name and tried.exists()):
        tried.write_text(str(os.getpid()), encoding="utf-8")
        os.kill(os.getpid(), signal.SIGKILL)
    worker.extract_source = lambda source, lexicon_dir, model="": make_extraction(source.id, source.text)
    return worker.process_source(found, **options)


def build_with_workers(folder: str, store: str) -> None:
    """Build *store* of *folder* with two processes; print the id of each source that is done."""
    from kg.ingest import build

    build.process_source = process_or_die
    build.build(folder, store, workers=2, progress=lambda number, total, name: print(name, flush=True))
