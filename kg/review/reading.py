"""A spreadsheet that a person filled in, as decisions."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from extract.corrections.model import EVERYWHERE, Decision, Verdict, What, flat
from kg.errors import KgError, SourceError, UsageError
from kg.review.words import LANGUAGES, kind_of, predicate_of, say, settings, term
from kg.review.writing import KEY

_ABOUT = ("kind", "subject", "predicate", "object_kind", "object", "quote", "slot")


def read(path: str | os.PathLike[str]) -> tuple[Decision, ...]:
    """The decisions that were filled in, sorted.

    Raises:
        SourceError: the file is not there, or no spreadsheet.
        UsageError: a row that cannot be understood; the message names sheet and row.
    """
    try:
        book = load_workbook(Path(path), data_only=True)
    except (OSError, BadZipFile, InvalidFileException, KeyError, ValueError) as error:
        why = getattr(error, "strerror", None) or "not .xlsx"
        raise SourceError(
            f"{path}：不是可以读取的 .xlsx 表格（{why}）", f"{path}: no spreadsheet that can be read ({why})"
        ) from error
    found: set[Decision] = set()
    known = False
    for name in settings()["columns"]:
        for lang in LANGUAGES:
            title = say("sheets", name, lang)
            if title in book.sheetnames:
                known = True
                found |= set(_sheet(f"{path} [{title}]", name, list(book[title].iter_rows(values_only=True))))
    if not known:
        raise UsageError(f"{path}：不是 kg review 写出的表格", f"{path}: no spreadsheet that kg review wrote")
    return tuple(sorted(found))


def _sheet(where: str, name: str, rows: Sequence[Sequence[Any]]) -> Iterator[Decision]:
    if not rows:
        return
    at = _columns(name, rows[0])
    for number, values in enumerate(rows[1:], 2):
        cells = {c: flat(str(values[i])) for c, i in at.items() if i < len(values) and values[i] is not None}
        if not cells.get("decision"):
            continue
        here = f"{where} {number}"
        verdict = term("verdicts", cells["decision"])
        if verdict not in settings()["offers"][name]:
            raise _wrong(here, "decision", cells["decision"])
        if name == "add" or verdict == Verdict.ADD:
            key = {} if name == "add" else _key(here, cells)
            yield from _addition(here, name, Verdict(verdict), cells, key)
        else:
            yield from _decisions(here, name, Verdict(verdict), cells, _key(here, cells))


def _columns(name: str, heads: Sequence[Any]) -> dict[str, int]:
    """Where each column is: people may move them."""
    found: dict[str, int] = {}
    for i, head in enumerate(heads):
        said = str(head or "").split("\n")[0].strip()
        for column in (*settings()["columns"][name], KEY):
            if said in (column, *(say("heads", column, lang) for lang in LANGUAGES if column != KEY)):
                found.setdefault(column, i)
    return found


def _key(here: str, cells: Mapping[str, str]) -> dict[str, Any]:
    """What a row is about, from its hidden column."""
    try:
        key: dict[str, Any] = json.loads(cells.get(KEY, ""))
        about = _about(key)
    except (ValueError, TypeError, KeyError) as error:
        raise _altered(here) from error
    digest = hashlib.sha256("\0".join((str(key.get("sheet")), *about.key)).encode()).hexdigest()
    if digest[:10] != key.get("id"):
        raise _altered(here)
    return key


def _about(key: Mapping[str, Any]) -> Decision:
    cells = {c: str(key.get(c, "")) for c in _ABOUT}
    return Decision(source=key["source"], what=What(key["what"]), verdict=Verdict.ACCEPT, **cells)


def _decisions(
    here: str, name: str, verdict: Verdict, cells: Mapping[str, str], key: Mapping[str, Any]
) -> Iterator[Decision]:
    about, note = _about(key), cells.get("note", "")
    value = cells.get("value", "")
    cell = {c: str(getattr(about, c)) for c in _ABOUT}
    if verdict is Verdict.MERGE:
        kept = value or about.subject
        for other in {about.subject, about.object} - {kept}:
            merged = dict.fromkeys(_ABOUT, "") | {"kind": about.kind, "subject": other}
            yield Decision(source=EVERYWHERE, what=What.ENTITY, verdict=verdict, value=kept, note=note, **merged)
        placed = dict.fromkeys(_ABOUT, "") | {"kind": about.kind, "subject": kept, "slot": "jurisdiction"}
        for source in key.get("sources", ()):
            yield Decision(source=source, what=What.ENTITY, verdict=Verdict.CORRECT, value=key["place"], note=note,
                           **placed)  # fmt: skip
        return
    if verdict is Verdict.CORRECT:
        slots: list[str] = settings()["slots"][name]
        # without a choice it is the one that is wrong most often
        slot = term("slot_words", cells["slot"]) if cells.get("slot") else slots[0]
        if slot not in slots:
            raise _wrong(here, "slot", cells["slot"])
        if not value:
            raise _missing(here, "value")
        cell["slot"] = "value" if about.what is What.FACT else slot
        value = {"predicate": predicate_of, "kind": kind_of}.get(cell["slot"], flat)(value)
    elif verdict is not Verdict.SPLIT:
        value = ""
    yield Decision(source=about.source, what=about.what, verdict=verdict, value=value, note=note, **cell)


def _addition(
    here: str, name: str, verdict: Verdict, cells: Mapping[str, str], key: Mapping[str, Any]
) -> Iterator[Decision]:
    what = term("whats", cells.get("what", ""))
    if what not in settings()["what"][name]:
        raise _wrong(here, "what", cells["what"]) if cells.get("what") else _missing(here, "what")
    source = key.get("source") or cells.get("source", "")
    cell = dict.fromkeys(_ABOUT, "") | {c: cells.get(c, "") for c in _ABOUT if c != "slot"}
    cell["kind"], cell["object_kind"] = kind_of(cell["kind"]), kind_of(cell["object_kind"])
    cell["quote"] = cell["quote"] or (str(key.get("quote", "")) if verdict is Verdict.ADD else "")
    value = cells.get("value", "")
    needed = ["kind", *(["quote"] if verdict is Verdict.ADD else [])]
    if what == What.STATEMENT:
        cell["predicate"] = predicate_of(cell["predicate"])
        needed += ["subject", "predicate", "object_kind", "object"]
    elif what == What.FACT:
        needed += ["predicate", "object"]
    elif what == What.FIGURE and verdict is Verdict.ADD:
        # of a figure the object is its number: nothing else of it is an object
        value, cell["object"] = value or cell["object"], ""
        cell["object_kind"] = ""
    elif what == What.ENTITY:
        needed += ["subject"]
    if verdict is Verdict.ADD and not source:
        raise _missing(here, "source")
    for column in needed:
        if not cell[column]:
            raise _missing(here, column)
    if what == What.FIGURE and verdict is Verdict.ADD and not value:
        raise _missing(here, "value")
    if verdict in (Verdict.CORRECT, Verdict.MERGE) and not value:
        raise _missing(here, "value")
    if verdict is Verdict.CORRECT:
        cell["slot"] = {What.ENTITY: "label", What.STATEMENT: "object"}.get(What(what), "value")
    yield Decision(source=source or EVERYWHERE, what=What(what), verdict=verdict, value=value,
                   note=cells.get("note", ""), **cell)  # fmt: skip


def _wrong(here: str, column: str, found: str) -> KgError:
    zh, en = (say("heads", column, lang) for lang in LANGUAGES)
    return UsageError(
        f"{here} 行：“{zh}”一栏是“{found}”，请从下拉菜单中选择",
        f"{here}: {en} is {found!r}; choose one from the list",
    )


def _missing(here: str, column: str) -> KgError:
    zh, en = (say("heads", column, lang) for lang in LANGUAGES)
    return UsageError(f"{here} 行：“{zh}”一栏没有填写", f"{here}: {en} is empty")


def _altered(here: str) -> KgError:
    return UsageError(
        f"{here} 行：隐藏的 key 列被改动或删除；请重新运行 kg review --output 并重填这一行",
        f"{here}: the hidden column key was altered or deleted; write the spreadsheet again and fill in this row anew",
    )
