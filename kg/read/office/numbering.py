"""The numbers that Word generates before paragraphs, from numbering.xml and styles.xml (ECMA-376 part 1, 17.9)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from kg.read.numbers import formatted

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LEVELS = 9
_STYLE_CHAIN = 20


@dataclass(slots=True)
class _Level:
    start: int = 1
    kind: str = "decimal"
    text: str = ""
    legal: bool = False
    restart: int | None = None
    """The level whose numbers restart this one; None: any before it; 0: none does."""


@dataclass(slots=True)
class _Numbering:
    abstract: str
    levels: dict[int, _Level]
    overridden: dict[int, int] = field(default_factory=dict)


class Numbers:
    """Counts the numbered paragraphs of a document, in their order."""

    def __init__(self, numbering: Element | None, styles: Element | None) -> None:
        self._nums = _read(numbering) if numbering is not None else {}
        self._styles: dict[str, tuple[str | None, str | None, str | None]] = {}
        self._default = ""
        for style in styles.iter(W + "style") if styles is not None else ():
            ident = style.get(W + "styleId") or ""
            numpr = style.find(f"{W}pPr/{W}numPr")
            based = style.find(W + "basedOn")
            self._styles[ident] = (*_numpr(numpr), based.get(W + "val") if based is not None else None)
            if style.get(W + "default") in ("1", "true") and style.get(W + "type") == "paragraph":
                self._default = ident
        self._by_style = {s: (n, i) for n, num in self._nums.items() for i, s in _linked(numbering, num.abstract)}
        self._counts: dict[str, list[int | None]] = {}
        self._started: set[tuple[str, int]] = set()

    def before(self, paragraph: Element) -> str:
        """The number that stands before *paragraph*; empty if none does. To be asked once for each, in order."""
        num, level = self._of(paragraph)
        numbering = self._nums.get(num or "")
        if numbering is None or level not in numbering.levels:
            return ""
        counts = self._counts.setdefault(numbering.abstract, [None] * _LEVELS)
        if level in numbering.overridden and (num or "", level) not in self._started:
            counts[level] = None
        self._started.add((num or "", level))
        for upper in range(level):
            if counts[upper] is None and upper in numbering.levels:
                counts[upper] = _start(numbering, upper)
        now = counts[level]
        counts[level] = _start(numbering, level) if now is None else now + 1
        for lower in range(level + 1, _LEVELS):
            restart = numbering.levels[lower].restart if lower in numbering.levels else None
            if restart is None or level < restart:
                counts[lower] = None
        return _printed(numbering, counts, level)

    def _of(self, paragraph: Element) -> tuple[str | None, int]:
        num, level = _numpr(paragraph.find(f"{W}pPr/{W}numPr"))
        style_of = paragraph.find(f"{W}pPr/{W}pStyle")
        style: str | None = style_of.get(W + "val") if style_of is not None else self._default
        for _ in range(_STYLE_CHAIN):
            if (num is not None and level is not None) or style not in self._styles:
                break
            of_num, of_level, based = self._styles[style]
            if num is None and of_num is not None:
                num = of_num
                level = level if level is not None else of_level
                if level is None and style in self._by_style:
                    level = str(self._by_style[style][1])
            style = based
        ilvl = int(level) if level and level.isdigit() else 0
        return (None if num == "0" else num), min(ilvl, _LEVELS - 1)


def _numpr(numpr: Element | None) -> tuple[str | None, str | None]:
    if numpr is None:
        return None, None
    num, level = numpr.find(W + "numId"), numpr.find(W + "ilvl")
    return (num.get(W + "val") if num is not None else None), (level.get(W + "val") if level is not None else None)


def _linked(numbering: Element | None, abstract: str) -> list[tuple[int, str]]:
    out = []
    for one in numbering.iter(W + "abstractNum") if numbering is not None else ():
        if one.get(W + "abstractNumId") == abstract:
            for level in one.iter(W + "lvl"):
                style = level.find(W + "pStyle")
                if style is not None:
                    out.append((_int(level.get(W + "ilvl"), 0), style.get(W + "val") or ""))
    return out


def _read(numbering: Element) -> dict[str, _Numbering]:
    abstracts = {
        a.get(W + "abstractNumId") or "": {_int(v.get(W + "ilvl"), 0): _level(v) for v in a.iter(W + "lvl")}
        for a in numbering.iter(W + "abstractNum")
    }
    out = {}
    for num in numbering.iter(W + "num"):
        of = num.find(W + "abstractNumId")
        abstract = (of.get(W + "val") or "") if of is not None else ""
        levels = dict(abstracts.get(abstract, {}))
        overridden = {}
        for override in num.iter(W + "lvlOverride"):
            at = _int(override.get(W + "ilvl"), 0)
            inner, start = override.find(W + "lvl"), override.find(W + "startOverride")
            if inner is not None:
                levels[at] = _level(inner)
            if start is not None:
                overridden[at] = _int(start.get(W + "val"), 1)
        out[num.get(W + "numId") or ""] = _Numbering(abstract, levels, overridden)
    return out


def _level(element: Element) -> _Level:
    def value(name: str) -> str | None:
        found = element.find(W + name)
        return found.get(W + "val", "1") if found is not None else None

    kind, restart = value("numFmt") or "decimal", value("lvlRestart")
    return _Level(
        start=_int(value("start"), 1 if value("start") is None else 0),
        kind=kind,
        text=(value("lvlText") or "") if kind != "bullet" else "",
        legal=(value("isLgl") or "0") not in ("0", "false"),
        restart=None if restart is None else _int(restart, 0),
    )


def _start(numbering: _Numbering, level: int) -> int:
    return numbering.overridden.get(level, numbering.levels[level].start)


def _printed(numbering: _Numbering, counts: list[int | None], level: int) -> str:
    form = numbering.levels[level]

    def number(m: re.Match[str]) -> str:
        at = int(m[1]) - 1
        of = numbering.levels.get(at)
        if of is None or counts[at] is None:
            return ""
        kind = "decimal" if form.legal and at < level else of.kind
        return formatted(counts[at] or 0, kind)

    return re.sub(r"%([1-9])", number, form.text).strip()


def _int(value: str | None, default: int) -> int:
    return int(value) if value and value.lstrip("-").isdigit() and len(value) < 9 else default
