"""Files and annotations in, a model folder out: what ``kg train`` does."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extract.model import ENTITY_KINDS, Kind, Source
from kg import read
from kg.errors import KgError, SourceError, UsageError
from kg.version import __version__

if TYPE_CHECKING:
    from extract.train.examples import Annotated

GOLD_SUFFIX = ".json"
Progress = Callable[[int, int, float], None]
"""Called after each epoch with epochs done, epochs in all, and the loss."""


@dataclass(frozen=True, slots=True)
class TrainReport:
    """What a training did."""

    output: Path
    name: str
    meta: Mapping[str, Any]
    """See ``extract.train.training.Trained``."""
    failed: tuple[tuple[str, KgError], ...]
    """Files that could not be read, and why."""
    seconds: float


def train(
    paths: Iterable[str | os.PathLike[str]],
    gold: Iterable[str | os.PathLike[str]],
    output: str | os.PathLike[str],
    *,
    epochs: int | None = None,
    seed: int = 0,
    lexicon_dir: str | os.PathLike[str] = "",
    progress: Progress | None = None,
) -> TrainReport:
    """Train a model that proposes mentions.

    Args:
        paths: texts that the rules annotate: files and folders.
        gold: annotated files, or folders with ``*.gold.json``; each names its text by ``source``.
        output: the folder of the model.
        epochs: passes over the texts.
        seed: the same seed and texts give the same model.
        lexicon_dir: a folder of your own lexicons.
        progress: called after each epoch.

    Raises:
        SourceError: a file that is missing or not what it should be.
        UsageError: nothing to learn, an argument that does not fit, or a model folder that cannot be written.
    """
    from extract.proposer.folder import check, save
    from extract.train.fit import Settings
    from extract.train.training import train as run
    from kg.evaluate.gold import gold_files

    started = time.monotonic()
    settings = Settings(seed=seed) if epochs is None else Settings(seed=seed, epochs=epochs)
    if settings.epochs < 1 or not 0 <= seed < 2**32:
        raise UsageError("--epochs 至少为 1，--seed 为 0 至 4294967295", "--epochs: 1 or more; --seed: 0 to 4294967295")
    given = list(paths)
    sources, failed = _texts([p for p in given if Path(p).suffix.lower() != GOLD_SUFFIX])
    files = gold_files([*gold, *(p for p in given if Path(p).suffix.lower() == GOLD_SUFFIX)])
    pages = [annotated(path, sources) for path in files]
    if not sources and not pages:
        raise UsageError("请给出文件、文件夹或 --gold 标注文件", "give files, folders or --gold annotations")
    check(Path(output))
    trained = run(pages, sources, settings, version=__version__, lexicon_dir=str(lexicon_dir), progress=progress)
    name = save(trained.nlp, Path(output), trained.meta)
    return TrainReport(Path(output), name, trained.meta, failed, time.monotonic() - started)


def _texts(paths: list[str | os.PathLike[str]]) -> tuple[list[Source], tuple[tuple[str, KgError], ...]]:
    sources: list[Source] = []
    failed: list[tuple[str, KgError]] = []
    for found in read.find(paths).files if paths else ():
        try:
            sources.append(read.read(found.path, found.id))
        except KgError as error:
            failed.append((str(found.path), error))
    return sources, tuple(failed)


def annotated(path: Path, sources: Iterable[Source] = ()) -> Annotated:
    """An annotated file with its text: the file that it names, else the one of *sources* that has this name.

    Raises:
        SourceError: it is no annotation, or there is no such text.
    """
    from extract.train.examples import Annotated, Thing
    from kg.evaluate.gold import find_source, load

    gold = load(path)
    try:
        file = find_source(gold)
        source = read.read(file, file.name)
    except SourceError:
        same = [s for s in sources if Path(s.id).name == Path(gold.source).name]
        if len(same) != 1:
            raise
        source = same[0]
    unknown = sorted({e.type for e in gold.entities} - {str(k) for k in ENTITY_KINDS})
    if unknown:
        raise SourceError(
            f"{path}：entities 里有词汇表没有的类别：{'、'.join(unknown)}",
            f"{path}: entities of classes that are not in the vocabulary: {', '.join(unknown)}",
        )
    things = (Thing(None if e.optional else Kind(e.type), (e.label, *e.aliases)) for e in gold.entities)
    return Annotated(source, tuple(things))
