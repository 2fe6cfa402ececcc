"""Files and annotations in, a model folder out: what ``kg train`` does."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extract.model import Source
from kg import read
from kg.errors import KgError, SourceError, UsageError

if TYPE_CHECKING:
    from extract.train.errors import ModelError
    from extract.train.training import Annotated

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
    import kg
    from extract.train.errors import ModelError
    from extract.train.fit import Settings
    from extract.train.folder import check, save
    from extract.train.training import train as run

    started = time.monotonic()
    settings = Settings(seed=seed) if epochs is None else Settings(seed=seed, epochs=epochs)
    if settings.epochs < 1 or not 0 <= seed < 2**32:
        raise UsageError("--epochs 至少为 1，--seed 为 0 至 4294967295", "--epochs: 1 or more; --seed: 0 to 4294967295")
    given = list(paths)
    sources, failed = _texts([p for p in given if Path(p).suffix.lower() != GOLD_SUFFIX])
    files = _gold_files([*gold, *(p for p in given if Path(p).suffix.lower() == GOLD_SUFFIX)])
    if not sources and not files:
        raise UsageError("请给出文件、文件夹或 --gold 标注文件", "give files, folders or --gold annotations")
    try:
        check(Path(output))
        annotated = [_annotated(path, sources) for path in files]
        trained = run(
            annotated, sources, settings, version=kg.__version__, lexicon_dir=str(lexicon_dir), progress=progress
        )
        name = save(trained.nlp, Path(output), trained.meta)
    except ModelError as error:
        raise as_usage(error) from error
    return TrainReport(Path(output), name, trained.meta, failed, time.monotonic() - started)


def as_usage(error: ModelError) -> UsageError:
    """An error of the training package as one for a user."""
    return UsageError(error.zh, error.en)


def _texts(paths: list[str | os.PathLike[str]]) -> tuple[list[Source], tuple[tuple[str, KgError], ...]]:
    sources: list[Source] = []
    failed: list[tuple[str, KgError]] = []
    for found in read.find(paths).files if paths else ():
        try:
            sources.append(read.read(found.path, found.id))
        except KgError as error:
            failed.append((str(found.path), error))
    return sources, tuple(failed)


def _gold_files(paths: Iterable[str | os.PathLike[str]]) -> list[Path]:
    out: list[Path] = []
    for path in map(Path, paths):
        inside = sorted(path.glob(f"*.gold{GOLD_SUFFIX}")) if path.is_dir() else [path]
        if not inside:
            raise SourceError(
                f"{path}：文件夹里没有 *.gold.json 标注文件", f"{path}: no *.gold.json files in this folder"
            )
        out += inside
    return sorted({p.resolve(): p for p in out}.values())


def _annotated(path: Path, sources: list[Source]) -> Annotated:
    """A gold file with its text, which is looked for from the file's folder upwards, then among *sources*."""
    from extract.train.training import Annotated

    try:
        annotation = json.loads(path.read_text("utf-8-sig"))
        name = annotation["source"]
    except OSError as error:
        why = error.strerror
        raise SourceError(f"{path}：读不了标注文件（{why}）", f"{path}: gold file cannot be read ({why})") from error
    except (ValueError, TypeError, KeyError) as error:
        raise SourceError(
            f"{path}：不是标注文件（应为 JSON，含 source 和 entities）",
            f"{path}: not a gold file (JSON with source and entities)",
        ) from error
    for folder in path.resolve().parents:
        if (folder / name).is_file():
            return Annotated(read.read(folder / name, Path(name).name), annotation)
    same = [s for s in sources if s.id == name or name.endswith("/" + s.id) or s.id.endswith("/" + Path(name).name)]
    if len(same) == 1:
        return Annotated(same[0], annotation)
    raise SourceError(
        f"{path}：找不到它标注的文件 {name}（应在标注文件旁边、上级文件夹或所给文件里）",
        f"{path}: its source {name} is not there (beside it, in a folder above, or among the files given)",
    )
