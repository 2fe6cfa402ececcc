"""Reading of annotated files (``*.gold.json``), and the search for the sources that they annotate."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from extract.model import TITLED_KINDS
from kg.errors import SourceError
from kg.evaluate.model import Gold, GoldAnswer, GoldDocument, GoldEdge, GoldEntity, GoldFigure, GoldPart

SUFFIX = ".gold.json"
DOCUMENT_FACTS = ("proposalNumber", "title", "session", "issued")
DOCUMENT_LINKS = ("submittedBy", "leadAgency", "coAgency", "issuedBy", "addressedTo", "consulted", "basedOn")
_TITLED = frozenset(kind.value for kind in TITLED_KINDS)
_TITLED_LINKS = ("issuedBy", "approvedBy", "basedOn")
ENTITY_FACTS = ("documentNumber", "issued", "level", "status")

PathLike = str | os.PathLike[str]


def find_gold_files(paths: Iterable[PathLike]) -> tuple[Path, ...]:
    """Return the annotated files in *paths*, each once; a folder stands for all its ``*.gold.json``, sorted.

    Raises:
        SourceError: a path does not exist, or a folder has no annotated files.
    """
    found: dict[Path, None] = {}
    for path in map(Path, paths):
        if path.is_dir():
            inside = sorted(path.glob(f"*{SUFFIX}"))
            if not inside:
                raise SourceError(
                    f"{path}：文件夹里没有标注文件（*{SUFFIX}）",
                    f"{path}: this folder has no annotated files (*{SUFFIX})",
                )
            found.update(dict.fromkeys(inside))
        elif path.is_file():
            found[path] = None
        else:
            raise SourceError(f"{path}：找不到这个文件或文件夹", f"{path}: no such file or folder")
    return tuple(found)


def read_gold(path: Path) -> Gold:
    """Return the annotation in the file *path*.

    Raises:
        SourceError: the file is not an annotation; the message says where the error is.
    """
    try:
        raw = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise SourceError(f"{path}：不是可读的 JSON（{error}）", f"{path}: not readable as JSON ({error})") from error
    if not isinstance(raw, dict):
        raise SourceError(f"{path}：应是一个 JSON 对象", f"{path}: must be one JSON object")
    where = "source"
    try:
        source = _read_text(raw, "source")
        rows: dict[str, list[Any]] = {}
        for name, read_entry in _READERS.items():
            rows[name] = []
            for i, entry in enumerate(raw.get(name, ())):
                where = f"{name}[{i}]"
                rows[name].append(read_entry(entry))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        reason = f"{type(error).__name__}: {error}"
        raise SourceError(
            f"{path}：{where} 的标注不完整或类型不对（{reason}）",
            f"{path}: {where} is incomplete or of the wrong type ({reason})",
        ) from error
    titled = [document for document in rows["documents"] if document.type in _TITLED]
    return Gold(
        path, source, tuple(document for document in rows["documents"] if document not in titled), tuple(rows["parts"]),
        tuple(rows["responds"]) if "responds" in raw else None,
        tuple(rows["entities"]), (*rows["edges"], *_list_edges(titled, rows["edges"])), tuple(rows["figures"]),
    )  # fmt: skip


def _list_edges(titled: list[GoldDocument], known: list[GoldEdge]) -> list[GoldEdge]:
    """Return what the annotation says of policy texts and reports as edges: in the graph, they are entities."""
    stated = {(edge.property, label) for edge in known for label in edge.objects}
    return [
        GoldEdge(name, (document.facts["title"],), (label,), "", False)
        for document in titled
        for name, labels in document.links.items()
        for label in labels
        if "title" in document.facts and (name, label) not in stated
    ]


def find_source(gold: Gold, folder: PathLike | None = None) -> Path:
    """Return the file that *gold* annotates.

    Its ``source`` is a path relative to *folder*. Without *folder* it is relative to the folder of the annotated file,
    or to the nearest folder above that has such a file. If there is none, a file with the same name beside the
    annotated file is used.

    Raises:
        SourceError: there is no such file.
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
        f"{gold.path}: its source {gold.source} was not found (give its folder with --source-dir)",
    )


def _read_text(entry: Mapping[str, Any], key: str) -> str:
    value = entry[key]
    if not isinstance(value, str):
        raise TypeError(f"{key}: {value!r}")
    return value


def _read_alternatives(value: Any) -> tuple[str, ...]:
    """Return the readings in *value* that are equally right: a list of them, or one alone."""
    return tuple(map(str, value)) if isinstance(value, list) else (str(value),)


def _read_document(entry: Mapping[str, Any]) -> GoldDocument:
    answered = entry.get("repliesTo")
    links = _TITLED_LINKS if entry.get("type") in _TITLED else DOCUMENT_LINKS
    return GoldDocument(
        str(entry["id"]), _read_text(entry, "type"), {k: str(entry[k]) for k in DOCUMENT_FACTS if k in entry},
        {k: tuple(str(v) for v in entry[k]) for k in links if k in entry},
        None if answered is None else _read_alternatives(answered),
    )  # fmt: skip


def _read_part(entry: Mapping[str, Any]) -> GoldPart:
    return GoldPart(
        _read_text(entry, "type"),
        str(entry.get("number", "")),
        _read_alternatives(entry["begins"]),
        bool(entry.get("optional")),
    )


def _read_answer(entry: Mapping[str, Any]) -> GoldAnswer:
    return GoldAnswer(_read_text(entry, "part"), _read_text(entry, "suggestion"), bool(entry.get("optional")))


def _read_entity(entry: Mapping[str, Any]) -> GoldEntity:
    return GoldEntity(
        _read_text(entry, "type"), _read_text(entry, "label"), tuple(str(a) for a in entry.get("aliases", ())),
        {k: str(entry[k]) for k in ENTITY_FACTS if k in entry}, bool(entry.get("optional")),
        frozenset(map(str, entry.get("also", ()))),
    )  # fmt: skip


def _read_edge(entry: Mapping[str, Any]) -> GoldEdge:
    return GoldEdge(
        _read_text(entry, "p"), _read_alternatives(entry["s"]), _read_alternatives(entry["o"]),
        str(entry.get("quote", "")), bool(entry.get("optional")),
    )  # fmt: skip


def _read_figure(entry: Mapping[str, Any]) -> GoldFigure:
    return GoldFigure(
        _read_text(entry, "type"), float(entry["value"]), str(entry.get("unit", "")), _read_text(entry, "quote"),
        str(entry["bound"]) if "bound" in entry else None,
        _read_alternatives(entry["about"]) if "about" in entry else None,
        str(entry["period"]) if "period" in entry else None,
        bool(entry.get("optional")),
    )  # fmt: skip


_READERS = {
    "documents": _read_document, "parts": _read_part, "responds": _read_answer, "entities": _read_entity,
    "edges": _read_edge, "figures": _read_figure,
}  # fmt: skip
