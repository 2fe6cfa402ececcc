"""Annotated files (``*.gold.json``): read, checked, and brought together with the sources that they annotate."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from kg.errors import SourceError
from kg.evaluate.model import Gold, GoldAnswer, GoldDocument, GoldEdge, GoldEntity, GoldFigure, GoldPart

SUFFIX = ".gold.json"
DOCUMENT_FACTS = ("proposalNumber", "title", "session", "issued")
DOCUMENT_LINKS = ("submittedBy", "leadAgency", "coAgency", "issuedBy", "addressedTo", "consulted", "basedOn")
ENTITY_FACTS = ("documentNumber", "issued", "level", "status")

Path_ = str | os.PathLike[str]


def gold_files(paths: Iterable[Path_]) -> tuple[Path, ...]:
    """The annotated files among *paths*; a folder stands for all ``*.gold.json`` in it, in their order.

    Raises:
        SourceError: a path that is not there, or a folder without annotated files.
    """
    found: dict[Path, None] = {}
    for path in map(Path, paths):
        if path.is_dir():
            inside = sorted(path.glob(f"*{SUFFIX}"))
            if not inside:
                raise SourceError(
                    f"{path}：文件夹里没有标注文件（*{SUFFIX}）",
                    f"{path}: no annotated files (*{SUFFIX}) in this folder",
                )
            found.update(dict.fromkeys(inside))
        elif path.is_file():
            found[path] = None
        else:
            raise SourceError(f"{path}：找不到这个文件或文件夹", f"{path}: no such file or folder")
    return tuple(found)


def load(path: Path) -> Gold:
    """The annotation in *path*.

    Raises:
        SourceError: it is no annotation; the message says where it goes wrong.
    """
    try:
        raw = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise SourceError(f"{path}：不是可读的 JSON（{error}）", f"{path}: not readable as JSON ({error})") from error
    if not isinstance(raw, dict):
        raise SourceError(f"{path}：应是一个 JSON 对象", f"{path}: should be one JSON object")
    where = "source"
    try:
        source = _text(raw, "source")
        rows: dict[str, list[Any]] = {}
        for name, make in _MAKERS.items():
            rows[name] = []
            for i, entry in enumerate(raw.get(name, ())):
                where = f"{name}[{i}]"
                rows[name].append(make(entry))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        said = f"{type(error).__name__}: {error}"
        raise SourceError(
            f"{path}：{where} 的标注不完整或类型不对（{said}）",
            f"{path}: {where} is incomplete or of the wrong type ({said})",
        ) from error
    return Gold(
        path, source, tuple(rows["documents"]), tuple(rows["parts"]),
        tuple(rows["responds"]) if "responds" in raw else None,
        tuple(rows["entities"]), tuple(rows["edges"]), tuple(rows["figures"]),
    )  # fmt: skip


def find_source(gold: Gold, folder: Path_ | None = None) -> Path:
    """The file that *gold* annotates.

    Its ``source`` is a path relative to *folder*; without one, to the nearest folder at or above the annotated file in
    which there is such a file; else a file of its name beside the annotated file will do.

    Raises:
        SourceError: it is nowhere there.
    """
    if folder is not None:
        places = [Path(folder) / gold.source, Path(folder) / Path(gold.source).name]
    else:
        home = gold.path.resolve().parent
        places = [base / gold.source for base in (home, *home.parents)] + [home / Path(gold.source).name]
    for place in places:
        if place.is_file():
            return place
    raise SourceError(
        f"{gold.path}：找不到它标注的原文 {gold.source}（用 --source-dir 指定原文所在的文件夹）",
        f"{gold.path}: its source {gold.source} is not to be found (name its folder with --source-dir)",
    )


def _text(entry: Mapping[str, Any], key: str) -> str:
    value = entry[key]
    if not isinstance(value, str):
        raise TypeError(f"{key}: {value!r}")
    return value


def _several(value: Any) -> tuple[str, ...]:
    """A value may be a list of readings that are equally right."""
    return tuple(str(v) for v in value) if isinstance(value, list) else (str(value),)


def _document(entry: Mapping[str, Any]) -> GoldDocument:
    answered = entry.get("repliesTo")
    return GoldDocument(
        str(entry["id"]), _text(entry, "type"), {k: str(entry[k]) for k in DOCUMENT_FACTS if k in entry},
        {k: tuple(str(v) for v in entry[k]) for k in DOCUMENT_LINKS if k in entry},
        None if answered is None else _several(answered),
    )  # fmt: skip


def _part(entry: Mapping[str, Any]) -> GoldPart:
    return GoldPart(
        _text(entry, "type"), str(entry.get("number", "")), _several(entry["begins"]), bool(entry.get("optional"))
    )


def _answer(entry: Mapping[str, Any]) -> GoldAnswer:
    return GoldAnswer(_text(entry, "part"), _text(entry, "suggestion"), bool(entry.get("optional")))


def _entity(entry: Mapping[str, Any]) -> GoldEntity:
    return GoldEntity(
        _text(entry, "type"), _text(entry, "label"), tuple(str(a) for a in entry.get("aliases", ())),
        {k: str(entry[k]) for k in ENTITY_FACTS if k in entry}, bool(entry.get("optional")),
    )  # fmt: skip


def _edge(entry: Mapping[str, Any]) -> GoldEdge:
    return GoldEdge(
        _text(entry, "p"), _several(entry["s"]), _several(entry["o"]), str(entry.get("quote", "")),
        bool(entry.get("optional")),
    )  # fmt: skip


def _figure(entry: Mapping[str, Any]) -> GoldFigure:
    return GoldFigure(
        _text(entry, "type"), float(entry["value"]), str(entry.get("unit", "")), _text(entry, "quote"),
        str(entry["bound"]) if "bound" in entry else None,
        _several(entry["about"]) if "about" in entry else None,
        str(entry["period"]) if "period" in entry else None,
        bool(entry.get("optional")),
    )  # fmt: skip


_MAKERS = {
    "documents": _document, "parts": _part, "responds": _answer, "entities": _entity, "edges": _edge,
    "figures": _figure,
}  # fmt: skip
