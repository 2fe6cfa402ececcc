"""Model folders: spaCy models with their training recorded under ``proposal_kg`` in ``meta.json``."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language

from extract.model import ENTITY_KINDS
from ontology.errors import ModelError

FORMAT = 1
"""Version of the content of ``proposal_kg`` in ``meta.json``."""
_META_KEY = "proposal_kg"


@dataclass(frozen=True, slots=True, eq=False)
class ProposerModel:
    """A loaded model."""

    nlp: Language
    name: str
    digest: str
    """SHA-256 of its files. A graph depends on it."""
    meta: Mapping[str, Any]
    """Its training and its scores: ``format version settings … trainedOn heldOut precision scores``."""


def check_model_folder(folder: Path) -> None:
    """Check, before a training that takes minutes, that a model may be written to *folder*.

    Raises:
        ModelError: *folder* exists and is neither empty nor a model that ``kg train`` made.
    """
    if folder.exists() and not (folder.is_dir() and (not any(folder.iterdir()) or _META_KEY in _read_meta(folder))):
        raise ModelError(
            f"{folder}：已有别的内容，不会覆盖；请换一个文件夹",
            f"{folder}: contains other files and is not overwritten; choose another folder",
        )


def save_model(nlp: Language, folder: Path, meta: Mapping[str, Any]) -> str:
    """Write *nlp* as a model folder, completely or not at all. An older model in *folder* is replaced.

    Returns:
        The name of the model, which is different for each training.

    Raises:
        ModelError: *folder* contains something else, or it cannot be written.
    """
    check_model_folder(folder)
    training = {"format": FORMAT, **meta}
    nlp.meta["name"] = f"pk_mentions_{_make_short_hash(training)}"
    nlp.meta["description"] = "Proposes mentions beside the rules of proposal-kg"
    nlp.meta[_META_KEY] = training
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".kg-train-") as temporary:
            complete = Path(temporary) / "model"
            nlp.to_disk(complete)
            if folder.exists():
                shutil.rmtree(folder)
            complete.rename(folder)
    except OSError as error:
        why = error.strerror or str(error)
        raise ModelError(f"{folder}：不能写入（{why}）", f"{folder}: cannot be written ({why})") from error
    return str(nlp.meta["name"])


def compute_digest(folder: Path) -> str:
    """Return the SHA-256 of the names and bytes of the files of a model."""
    sha = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        sha.update(path.relative_to(folder).as_posix().encode() + b"\0")
        sha.update(hashlib.sha256(path.read_bytes()).digest())
    return sha.hexdigest()


def read_training_meta(path: str) -> Mapping[str, Any]:
    """Return the record of the training of a model, read without loading the model.

    Raises:
        ModelError: the folder does not exist or is not a model that ``kg train`` made.
    """
    folder = Path(path)
    if not folder.is_dir():
        raise ModelError(
            f"{path}：没有这个模型文件夹（用 kg train 训练一个）",
            f"{path}: no such model folder (train one with kg train)",
        )
    meta = _read_meta(folder)
    training = meta.get(_META_KEY)
    if not isinstance(training, dict) or meta.get("pipeline") != ["ner"]:
        raise ModelError(
            f"{path}：不是 kg train 训练的模型（meta.json 里没有 {_META_KEY}）",
            f"{path}: not a model that kg train made (its meta.json has no {_META_KEY})",
        )
    if training.get("format") != FORMAT:
        raise ModelError(
            f"{path}：模型格式是 {training.get('format')}，这个版本用 {FORMAT}；请用 kg train 重新训练",
            f"{path}: model format {training.get('format')}, this version uses {FORMAT}; train it again with kg train",
        )
    return training


@cache
def load_model(path: str) -> ProposerModel:
    """Return the model in a folder, loaded once per process.

    Raises:
        ModelError: the folder does not exist, is not a model that ``kg train`` made, or is damaged.
    """
    training = read_training_meta(path)
    folder = Path(path)
    try:
        nlp = spacy.load(folder)
        labels = set(nlp.pipe_labels["ner"])
    except Exception as error:  # spaCy raises many kinds of errors for damaged files
        why = " ".join(f"{type(error).__name__}: {error}".split())[:120]
        raise ModelError(
            f"{path}：模型损坏或与已装的 spaCy 不合（{why}）；请用 kg train 重新训练",
            f"{path}: the model is damaged or does not fit this spaCy ({why}); train it again with kg train",
        ) from error
    if not labels <= {str(k) for k in ENTITY_KINDS}:
        raise ModelError(
            f"{path}：模型的类别不在词汇表里（{'、'.join(sorted(labels))}）",
            f"{path}: has labels that are not in the ontology ({', '.join(sorted(labels))})",
        )
    return ProposerModel(nlp, str(nlp.meta["name"]), compute_digest(folder), training)


def _read_meta(folder: Path) -> Mapping[str, Any]:
    try:
        found = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _make_short_hash(value: Mapping[str, Any]) -> str:
    """Return eight hexadecimal digits that distinguish one training from another."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:8]
