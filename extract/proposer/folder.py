"""Model folders: an ordinary spaCy model whose ``meta.json`` says what it was trained on, under ``proposal_kg``."""

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
"""Version of what stands under ``proposal_kg``."""
_OURS = "proposal_kg"


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A model that was loaded."""

    nlp: Language
    name: str
    digest: str
    """SHA-256 of its files: part of what a graph depends on."""
    meta: Mapping[str, Any]
    """``format version seed … trainedOn heldOut scores``: what it is and how good it is."""


def check(folder: Path) -> None:
    """Make sure that a model can be put there, before minutes are spent on it.

    Raises:
        ModelError: something is there that is not one of our models.
    """
    if folder.exists() and not (folder.is_dir() and (not any(folder.iterdir()) or _OURS in _meta(folder))):
        raise ModelError(
            f"{folder}：已有别的内容，不会覆盖；请换一个文件夹",
            f"{folder}: holds something else and is not overwritten; name another folder",
        )


def save(nlp: Language, folder: Path, meta: Mapping[str, Any]) -> str:
    """Write *nlp* as a model folder, as a whole or not at all; one of our models that is there already is replaced.

    Returns:
        The model's name, which tells this training from others.

    Raises:
        ModelError: something else is there, or it cannot be written.
    """
    check(folder)
    about = {"format": FORMAT, **meta}
    nlp.meta["name"] = f"pk_mentions_{_short(about)}"
    nlp.meta["description"] = "Proposes mentions beside the rules of proposal-kg"
    nlp.meta[_OURS] = about
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".kg-train-") as place:
            made = Path(place) / "model"
            nlp.to_disk(made)
            if folder.exists():
                shutil.rmtree(folder)
            made.rename(folder)
    except OSError as error:
        why = error.strerror or str(error)
        raise ModelError(f"{folder}：不能写入（{why}）", f"{folder}: cannot be written ({why})") from error
    return str(nlp.meta["name"])


def digest(folder: Path) -> str:
    """SHA-256 over the names and bytes of a model's files."""
    sha = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        sha.update(path.relative_to(folder).as_posix().encode() + b"\0")
        sha.update(hashlib.sha256(path.read_bytes()).digest())
    return sha.hexdigest()


def about(path: str) -> Mapping[str, Any]:
    """What a model says of itself, read without loading it.

    Raises:
        ModelError: no folder, or not a model that ``kg train`` made.
    """
    folder = Path(path)
    if not folder.is_dir():
        raise ModelError(
            f"{path}：没有这个模型文件夹（用 kg train 训练一个）", f"{path}: no such model folder (kg train makes one)"
        )
    meta = _meta(folder)
    ours = meta.get(_OURS)
    if not isinstance(ours, dict) or meta.get("pipeline") != ["ner"]:
        raise ModelError(
            f"{path}：不是 kg train 训练的模型（meta.json 里没有 {_OURS}）",
            f"{path}: not a model that kg train made (its meta.json has no {_OURS})",
        )
    if ours.get("format") != FORMAT:
        raise ModelError(
            f"{path}：模型格式是 {ours.get('format')}，这个版本用 {FORMAT}；请用 kg train 重新训练",
            f"{path}: model format {ours.get('format')}, this version uses {FORMAT}; train it again with kg train",
        )
    return ours


@cache
def load(path: str) -> Model:
    """The model in a folder, loaded once a process.

    Raises:
        ModelError: no folder, not a model that ``kg train`` made, or a damaged one.
    """
    ours = about(path)
    folder = Path(path)
    try:
        nlp = spacy.load(folder)
        labels = set(nlp.pipe_labels["ner"])
    except Exception as error:  # whatever a damaged file makes spaCy raise
        why = " ".join(f"{type(error).__name__}: {error}".split())[:120]
        raise ModelError(
            f"{path}：模型损坏或与已装的 spaCy 不合（{why}）；请用 kg train 重新训练",
            f"{path}: the model is damaged or does not fit this spaCy ({why}); train it again with kg train",
        ) from error
    if not labels <= {str(k) for k in ENTITY_KINDS}:
        raise ModelError(
            f"{path}：模型的类别不在词汇表里（{'、'.join(sorted(labels))}）",
            f"{path}: labels that the ontology does not have ({', '.join(sorted(labels))})",
        )
    return Model(nlp, str(nlp.meta["name"]), digest(folder), ours)


def _meta(folder: Path) -> Mapping[str, Any]:
    try:
        found = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _short(value: Mapping[str, Any]) -> str:
    """Eight digits that tell one training from another."""
    said = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(said.encode("utf-8")).hexdigest()[:8]
