"""Reading of a spreadsheet that a person filled in: the decisions in it."""

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

from extract.corrections.model import EVERYWHERE, Decision, DecisionTopic, DecisionVerdict, flatten_text
from kg.errors import KgError, SourceError, UsageError
from kg.review.doubt import Doubt
from kg.review.wording import LANGUAGES, find_class, find_key, find_predicate, get_text, load_settings
from kg.review.writing import KEY_HEADING, make_key

_ABOUT = ("kind", "subject", "predicate", "object_kind", "object", "quote", "slot")


def read_spreadsheet(path: str | os.PathLike[str]) -> tuple[Decision, ...]:
    """Return the decisions in the spreadsheet *path*, sorted.

    Raises:
        SourceError: the file does not exist, or is not a spreadsheet.
        UsageError: a row is incomplete or wrong; the message names sheet and row.
    """
    try:
        book = load_workbook(Path(path), data_only=True)
    except (OSError, BadZipFile, InvalidFileException, KeyError, ValueError) as error:
        why = getattr(error, "strerror", None) or "not .xlsx"
        raise SourceError(
            f"{path}：不是可以读取的 .xlsx 表格（{why}）", f"{path}: not a readable .xlsx spreadsheet ({why})"
        ) from error
    decisions: set[Decision] = set()
    has_sheet = False
    for name in load_settings()["columns"]:
        for lang in LANGUAGES:
            title = get_text("sheets", name, lang)
            if title in book.sheetnames:
                has_sheet = True
                rows = list(book[title].iter_rows(values_only=True))
                decisions |= set(_read_sheet(f"{path} [{title}]", name, rows))
    if not has_sheet:
        raise UsageError(f"{path}：不是 kg review 写出的表格", f"{path}: not a spreadsheet of kg review")
    return tuple(sorted(decisions))


def read_choice(row: Doubt, cells: Mapping[str, str]) -> tuple[Decision, ...]:
    """Return the decisions that a person states in the cells of one row.

    Args:
        row: the row.
        cells: what was filled in, by column: ``decision``, ``slot``, ``value``, ``note`` …

    Raises:
        UsageError: the cells are incomplete or wrong.
    """
    verdict = find_key("verdicts", cells.get("decision", ""))
    if verdict not in load_settings()["offers"][row.sheet]:
        raise _make_choice_error(row.id, "decision", cells.get("decision", ""))
    key: dict[str, Any] = json.loads(make_key(row))
    read = _read_addition if verdict == DecisionVerdict.ADD else _read_decision
    return tuple(read(row.id, row.sheet, DecisionVerdict(verdict), cells, key))


def _read_sheet(where: str, name: str, rows: Sequence[Sequence[Any]]) -> Iterator[Decision]:
    """Yield the decisions in one sheet.

    Args:
        where: file and sheet, for messages.
        name: key of the sheet in ``review.toml``.
        rows: the values of the cells, headings first.
    """
    if not rows:
        return
    columns = _find_columns(name, rows[0])
    for number, values in enumerate(rows[1:], 2):
        filled = {column: values[i] for column, i in columns.items() if i < len(values) and values[i] is not None}
        cells = {column: flatten_text(str(value)) for column, value in filled.items()}
        if not cells.get("decision"):
            continue
        here = f"{where} {number}"
        verdict = find_key("verdicts", cells["decision"])
        if verdict not in load_settings()["offers"][name]:
            raise _make_choice_error(here, "decision", cells["decision"])
        if name == "add" or verdict == DecisionVerdict.ADD:
            key = {} if name == "add" else _parse_key(here, cells)
            yield from _read_addition(here, name, DecisionVerdict(verdict), cells, key)
        else:
            yield from _read_decision(here, name, DecisionVerdict(verdict), cells, _parse_key(here, cells))


def _find_columns(name: str, heads: Sequence[Any]) -> dict[str, int]:
    """Return the index of each column: people may move columns."""
    found: dict[str, int] = {}
    for i, head in enumerate(heads):
        heading = str(head or "").split("\n")[0].strip()
        if heading == KEY_HEADING:
            found.setdefault(KEY_HEADING, i)
        for column in load_settings()["columns"][name]:
            if heading in (column, *(get_text("heads", column, lang) for lang in LANGUAGES)):
                found.setdefault(column, i)
    return found


def _parse_key(here: str, cells: Mapping[str, str]) -> dict[str, Any]:
    """Return what a row is about, from its hidden column.

    Raises:
        UsageError: the cell was changed or deleted.
    """
    try:
        key: dict[str, Any] = json.loads(cells.get(KEY_HEADING, ""))
        about = _make_subject(key)
    except (ValueError, TypeError, KeyError) as error:
        raise _make_key_error(here) from error
    digest = hashlib.sha256("\0".join((str(key.get("sheet")), *about.key)).encode()).hexdigest()
    if digest[:10] != key.get("id"):
        raise _make_key_error(here)
    return key


def _make_subject(key: Mapping[str, Any]) -> Decision:
    """Return a decision about the thing of a row. Its verdict has no meaning."""
    cells = {column: str(key.get(column, "")) for column in _ABOUT}
    return Decision(source=key["source"], what=DecisionTopic(key["what"]), verdict=DecisionVerdict.ACCEPT, **cells)


def _read_decision(
    here: str, name: str, verdict: DecisionVerdict, cells: Mapping[str, str], key: Mapping[str, Any]
) -> Iterator[Decision]:
    """Yield the decisions about the thing of a row; a merge of two names is several decisions."""
    about, note = _make_subject(key), cells.get("note", "")
    value = cells.get("value", "")
    if verdict is DecisionVerdict.MERGE:
        yield from _make_merge(about, value or about.subject, note, key)
        return
    fields = {column: str(getattr(about, column)) for column in _ABOUT}
    if verdict is DecisionVerdict.CORRECT:
        slots: list[str] = load_settings()["slots"][name]
        # without a choice, the first one: it is wrong most often
        slot = find_key("slot_words", cells["slot"]) if cells.get("slot") else slots[0]
        if slot not in slots:
            raise _make_choice_error(here, "slot", cells["slot"])
        if not value:
            raise _make_missing_error(here, "value")
        fields["slot"] = "value" if about.what is DecisionTopic.FACT else slot
        value = {"predicate": find_predicate, "kind": find_class}.get(fields["slot"], flatten_text)(value)
    elif verdict is not DecisionVerdict.SPLIT:
        value = ""
    yield Decision(source=about.source, what=about.what, verdict=verdict, value=value, note=note, **fields)


def _make_merge(about: Decision, name: str, note: str, key: Mapping[str, Any]) -> Iterator[Decision]:
    """Yield the decisions that merge two things under *name*, and set the place where it is missing."""

    def decide(source: str, verdict: DecisionVerdict, value: str, **given: str) -> Decision:
        fields = dict.fromkeys(_ABOUT, "") | {"kind": about.kind} | given
        return Decision(source=source, what=DecisionTopic.ENTITY, verdict=verdict, value=value, note=note, **fields)

    for other in {about.subject, about.object} - {name}:
        yield decide(EVERYWHERE, DecisionVerdict.MERGE, name, subject=other)
    for source in key.get("sources", ()):
        yield decide(source, DecisionVerdict.CORRECT, key["place"], subject=name, slot="jurisdiction")


def _read_addition(
    here: str, name: str, verdict: DecisionVerdict, cells: Mapping[str, str], key: Mapping[str, Any]
) -> Iterator[Decision]:
    """Yield the decision about a thing that a person named in the row itself."""
    topic = find_key("whats", cells.get("what", ""))
    if topic not in load_settings()["what"][name]:
        if cells.get("what"):
            raise _make_choice_error(here, "what", cells["what"])
        raise _make_missing_error(here, "what")
    is_added = verdict is DecisionVerdict.ADD
    source = key.get("source") or cells.get("source", "")
    fields = dict.fromkeys(_ABOUT, "") | {column: cells.get(column, "") for column in _ABOUT if column != "slot"}
    fields["kind"], fields["object_kind"] = find_class(fields["kind"]), find_class(fields["object_kind"])
    fields["quote"] = fields["quote"] or (str(key.get("quote", "")) if is_added else "")
    value = cells.get("value", "")
    needed = ["kind", *(["quote"] if is_added else [])]
    if topic == DecisionTopic.STATEMENT:
        fields["predicate"] = find_predicate(fields["predicate"])
        needed += ["subject", "predicate", "object_kind", "object"]
    elif topic == DecisionTopic.FACT:
        needed += ["predicate", "object"]
    elif topic == DecisionTopic.FIGURE and is_added:
        # a figure has no object: people write its number there
        value, fields["object"] = value or fields["object"], ""
        fields["object_kind"] = ""
    elif topic == DecisionTopic.ENTITY:
        needed += ["subject"]
    if is_added and not source:
        raise _make_missing_error(here, "source")
    for column in needed:
        if not fields[column]:
            raise _make_missing_error(here, column)
    needs_value = verdict in (DecisionVerdict.CORRECT, DecisionVerdict.MERGE)
    if not value and (needs_value or (topic == DecisionTopic.FIGURE and is_added)):
        raise _make_missing_error(here, "value")
    if verdict is DecisionVerdict.CORRECT:
        slots = {DecisionTopic.ENTITY: "label", DecisionTopic.STATEMENT: "object"}
        fields["slot"] = slots.get(DecisionTopic(topic), "value")
    yield Decision(source=source or EVERYWHERE, what=DecisionTopic(topic), verdict=verdict, value=value,
                   note=cells.get("note", ""), **fields)  # fmt: skip


def _make_choice_error(here: str, column: str, found: str) -> KgError:
    zh, en = (get_text("heads", column, lang) for lang in LANGUAGES)
    return UsageError(
        f"{here} 行：“{zh}”一栏是“{found}”，请从下拉菜单中选择",
        f"{here}: {en} is {found!r}; choose an entry of the list",
    )


def _make_missing_error(here: str, column: str) -> KgError:
    zh, en = (get_text("heads", column, lang) for lang in LANGUAGES)
    return UsageError(f"{here} 行：“{zh}”一栏没有填写", f"{here}: {en} is empty")


def _make_key_error(here: str) -> KgError:
    return UsageError(
        f"{here} 行：隐藏的 key 列被改动或删除；请重新运行 kg review --output 并重填这一行",
        f"{here}: the hidden column key was changed or deleted; run kg review --output again and refill this row",
    )
