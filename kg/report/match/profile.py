"""A firm's profile: a file in YAML, TOML or JSON, and single facts, as typed values."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any, Literal

from extract.text.normalize import name_key
from extract.text.quantities import find_quantities
from kg.errors import UsageError
from ontology.lexicons import load_lexicon

Outcome = Literal["met", "unmet", "unknown"]
"""Whether a firm has what is asked of it."""
_LIST = re.compile(r"[;；、\n]|[,，](?!\d)")
_PAIR = re.compile(r"\s*([^=：:]{1,20}?)\s*[=：:]\s*(.+?)\s*")


@dataclass(frozen=True, slots=True)
class FirmProfile:
    """What is known of a firm."""

    name: str = ""
    places: tuple[str, ...] = ()
    """Where it is registered: the place, then those that it lies in, as far as the profile says."""
    tiers: tuple[str, ...] = ()
    """What it is recognised as. It is none of the tiers that are not named here."""
    groups: tuple[str, ...] = ()
    """Other classes that it belongs to (民营企业, 智能制造)."""
    has: tuple[str, ...] = ()
    """What it has (研发机构, 博士后科研工作站)."""
    numbers: Mapping[str, Decimal] = field(default_factory=dict, hash=False)
    """Numbers by key of ``[properties]`` in ``match.toml``, in their unit."""

    def items(self) -> Iterator[tuple[str, str | Decimal, str]]:
        """Yield key, value and unit of each fact."""
        for key in ("name", "places", "tiers", "groups", "has"):
            value = getattr(self, key)
            if value:
                yield key, value if isinstance(value, str) else "、".join(value), ""
        for key, number in self.numbers.items():
            yield key, number, load_match()["properties"][key]["unit"]


@cache
def load_match() -> Mapping[str, Any]:
    """Return ``match.toml``."""
    return tomllib.loads((Path(__file__).parent / "match.toml").read_text(encoding="utf-8"))


def read_profile(path: str = "", *, place: str = "", tier: str = "", facts: str = "", today: date) -> FirmProfile:
    """Return the profile of a file, completed by single facts.

    Args:
        path: a file in YAML, TOML or JSON; empty: none.
        place: place of the firm; several from narrow to wide, separated by commas.
        tier: its tiers, separated by commas.
        facts: more facts: ``营业收入=4.5亿元；职工人数=320``.
        today: day from which the age of the firm is counted.

    Raises:
        UsageError: the file cannot be read, or a key or number is not known.
    """
    given: dict[str, Any] = dict(_read_file(path)) if path else {}
    given |= {"place": place} if place else {}
    given |= {"tiers": tier} if tier else {}
    for part in filter(str.strip, re.split("[;；]", facts)):
        pair = _PAIR.fullmatch(part)
        if not pair:
            raise UsageError(f"--facts：“{part}”要写成 名称=值", f"--facts: write “{part}” as KEY=VALUE")
        given[pair[1]] = pair[2]
    if not given:
        raise UsageError("请用 --profile、--place、--tier 或 --facts 说明企业的情况",
                         "describe the firm with --profile, --place, --tier or --facts")  # fmt: skip
    return _make_profile(given, today)


def _make_profile(given: Mapping[str, Any], today: date) -> FirmProfile:
    texts: dict[str, tuple[str, ...]] = {}
    numbers: dict[str, Decimal] = {}
    known = {name_key(word): key for key, words in load_match()["keys"].items() for word in words}
    for key, entry in load_match()["properties"].items():
        known |= {name_key(word): key for word in entry["keys"]}
    for word, value in given.items():
        key = known.get(name_key(str(word)))
        if key is None:
            raise _refuse_key(str(word))
        if key == "founded":
            numbers["age"] = Decimal(today.year - int(_read_number(str(value)[:4], "")))
        elif key in load_match()["properties"]:
            numbers[key] = _read_number(value, load_match()["properties"][key]["unit"])
        else:
            texts[key] = (*texts.get(key, ()), *_read_list(value))
    return FirmProfile("".join(texts.get("name", ())), texts.get("place", ()), texts.get("tiers", ()),
                       texts.get("groups", ()), texts.get("has", ()), numbers)  # fmt: skip


def _refuse_key(word: str) -> UsageError:
    match = load_match()
    zh = [*(words[1] for words in match["keys"].values()), *(entry["zh"] for entry in match["properties"].values())]
    en = [*match["keys"], *match["properties"]]
    return UsageError(f"企业情况：没有“{word}”这一项（可用：{'、'.join(zh)}）",
                      f"profile: no key “{word}” (known: {', '.join(en)})")  # fmt: skip


def _read_list(value: object) -> tuple[str, ...]:
    items = value if isinstance(value, list | tuple) else _LIST.split(str(value))
    return tuple(dict.fromkeys(text for item in items if (text := str(item).strip())))


def _read_number(value: object, unit: str) -> Decimal:
    """Return a number in its base unit: 4.5亿元 is 450000000."""
    text = str(value).strip()
    try:
        return Decimal(text.replace(",", ""))
    except InvalidOperation:
        pass
    found = find_quantities(text, load_lexicon(""))
    if len(found) != 1 or (unit and found[0].unit not in (unit, *_list_units(unit))):
        raise UsageError(
            f"企业情况：“{text}”不是{unit or '数字'}", f"profile: “{text}” is no number of {unit or 'digits'}"
        )
    return found[0].value


def _list_units(unit: str) -> tuple[str, ...]:
    return next(
        (tuple(e["units"]) for e in load_match()["properties"].values() if e["unit"] == unit and "units" in e), ()
    )


def _read_file(path: str) -> Mapping[str, Any]:
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"--profile {path}：读不了（{error}）", f"--profile {path}: cannot be read ({error})"
        ) from error
    suffix = Path(path).suffix.lower()
    try:
        found = _parse(text, suffix)
    except (ValueError, TypeError) as error:
        why = " ".join(str(error).split())
        raise UsageError(
            f"--profile {path}：格式不对（{why}）", f"--profile {path}: not well formed ({why})"
        ) from error
    if not isinstance(found, dict):
        raise UsageError(f"--profile {path}：每行应为“名称: 值”", f"--profile {path}: each line has to be “key: value”")
    return found


def _parse(text: str, suffix: str) -> Any:
    if suffix == ".toml":
        return tomllib.loads(text)
    if suffix == ".json":
        return json.loads(text)
    import yaml

    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from error
