"""Train a model from files and annotations, and save it in a folder: what ``kg train`` does."""

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
    from extract.train.examples import AnnotatedPage

GOLD_SUFFIX = ".json"
EpochProgress = Callable[[int, int, float], None]
"""Called after each epoch with the number of epochs done, the number of all epochs, and the loss."""


@dataclass(frozen=True, slots=True)
class TrainOptions:
    """How to train."""

    epochs: int | None = None
    """Passes over the texts; None for the default of ``extract.train``."""
    seed: int = 0
    """The same seed and the same texts give the same model."""
    lexicon_dir: str | os.PathLike[str] = ""
    """Folder of the user's own lexicons; empty for none."""


@dataclass(frozen=True, slots=True)
class TrainReport:
    """The result of a training."""

    output: Path
    """Folder of the model."""
    name: str
    meta: Mapping[str, Any]
    """Settings, sources and scores (``extract.train.training``)."""
    failed: tuple[tuple[str, KgError], ...]
    """Paths of the files that could not be read, each with its error."""
    seconds: float


def train_model(
    paths: Iterable[str | os.PathLike[str]],
    gold: Iterable[str | os.PathLike[str]],
    output: str | os.PathLike[str],
    options: TrainOptions | None = None,
    progress: EpochProgress | None = None,
) -> TrainReport:
    """Train a model that proposes mentions, and save it.

    Args:
        paths: files and folders with texts that the rules annotate. A ``.json`` file counts as an annotated file.
        gold: annotated files, or folders with ``*.gold.json``. Each names its text in ``source``.
        output: folder of the model.
        options: how to train.
        progress: called after each epoch.

    Raises:
        SourceError: a file is missing, or is not an annotation.
        UsageError: there is nothing to learn, an option has a wrong value, or the model folder cannot be written.
    """
    from extract.proposer.folder import check_model_folder, save_model
    from extract.train.fit import TrainingSettings
    from extract.train.training import train_proposer
    from kg.evaluate.gold import find_gold_files

    started = time.monotonic()
    options = options or TrainOptions()
    seed, epochs = options.seed, options.epochs
    settings = TrainingSettings(seed=seed) if epochs is None else TrainingSettings(seed=seed, epochs=epochs)
    if settings.epochs < 1 or not 0 <= seed < 2**32:
        raise UsageError("--epochs 至少为 1，--seed 为 0 至 4294967295", "--epochs: 1 or more; --seed: 0 to 4294967295")
    given = list(paths)
    sources, failed = _read_texts([path for path in given if Path(path).suffix.lower() != GOLD_SUFFIX])
    files = find_gold_files([*gold, *(path for path in given if Path(path).suffix.lower() == GOLD_SUFFIX)])
    pages = [read_annotated(path, sources) for path in files]
    if not sources and not pages:
        raise UsageError("请给出文件、文件夹或 --gold 标注文件", "give files, folders or --gold annotations")
    check_model_folder(Path(output))
    lexicon_dir = str(options.lexicon_dir)
    trained = train_proposer(pages, sources, settings, version=__version__, lexicon_dir=lexicon_dir, progress=progress)
    name = save_model(trained.nlp, Path(output), trained.meta)
    return TrainReport(Path(output), name, trained.meta, failed, time.monotonic() - started)


def read_annotated(path: Path, sources: Iterable[Source] = ()) -> AnnotatedPage:
    """Read an annotated file and its text.

    The text is the file that the annotation names, or else the one of *sources* with that file name.

    Raises:
        SourceError: the file is not an annotation, or its text cannot be found.
    """
    from extract.train.examples import AnnotatedPage, AnnotatedThing
    from kg.evaluate.gold import find_source, read_gold

    gold = read_gold(path)
    try:
        file = find_source(gold)
        source = read.read_source(file, file.name)
    except SourceError:
        same = [source for source in sources if Path(source.id).name == Path(gold.source).name]
        if len(same) != 1:
            raise
        source = same[0]
    unknown = sorted({entity.type for entity in gold.entities} - {str(kind) for kind in ENTITY_KINDS})
    if unknown:
        raise SourceError(
            f"{path}：entities 里有词汇表没有的类别：{'、'.join(unknown)}",
            f"{path}: entities of classes that are not in the vocabulary: {', '.join(unknown)}",
        )
    things = (
        AnnotatedThing(None if entity.optional else Kind(entity.type), (entity.label, *entity.aliases))
        for entity in gold.entities
    )
    return AnnotatedPage(source, tuple(things))


def _read_texts(paths: list[str | os.PathLike[str]]) -> tuple[list[Source], tuple[tuple[str, KgError], ...]]:
    sources: list[Source] = []
    failed: list[tuple[str, KgError]] = []
    for found in read.find_sources(paths).files if paths else ():
        try:
            sources.append(read.read_source(found.path, found.id))
        except KgError as error:
            failed.append((str(found.path), error))
    return sources, tuple(failed)
