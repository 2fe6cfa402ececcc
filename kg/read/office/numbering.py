"""The numbers that Word generates before paragraphs, from numbering.xml and styles.xml (ECMA-376 part 1, 17.9)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from kg.read.numbers import format_number

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LEVELS = 9
_STYLE_CHAIN = 20
"""Largest number of styles based on each other that are followed."""


@dataclass(slots=True)
class _Level:
    start: int = 1
    kind: str = "decimal"
    text: str = ""
    legal: bool = False
    """Whether numbers of upper levels are printed in digits."""
    restart: int | None = None
    """The level whose numbers restart this one; None for any upper level, 0 for none."""


@dataclass(slots=True)
class _Numbering:
    abstract: str
    levels: dict[int, _Level]
    start_overrides: dict[int, int] = field(default_factory=dict)

    def get_start(self, level: int) -> int:
        return self.start_overrides.get(level, self.levels[level].start)


@dataclass(frozen=True, slots=True)
class _Style:
    number_id: str | None
    level: str | None
    based_on: str | None


class ParagraphNumbers:
    """Counts the numbered paragraphs of a document, in their order."""

    def __init__(self, numbering: Element | None, styles: Element | None) -> None:
        self._numberings = _parse_numbering(numbering) if numbering is not None else {}
        self._styles: dict[str, _Style] = {}
        self._default_style = ""
        for style in styles.iter(W + "style") if styles is not None else ():
            ident = style.get(W + "styleId") or ""
            based_on = style.find(W + "basedOn")
            number_id, level = _parse_reference(style.find(f"{W}pPr/{W}numPr"))
            self._styles[ident] = _Style(number_id, level, based_on.get(W + "val") if based_on is not None else None)
            if style.get(W + "default") in ("1", "true") and style.get(W + "type") == "paragraph":
                self._default_style = ident
        self._style_levels = {
            style: level
            for item in self._numberings.values()
            for level, style in _find_style_levels(numbering, item.abstract)
        }
        self._counts: dict[str, list[int | None]] = {}
        self._started: set[tuple[str, int]] = set()

    def number_paragraph(self, paragraph: Element) -> str:
        """Return the number before *paragraph*, or an empty string.

        It counts: call it once for each paragraph, in their order.
        """
        number_id, level = self._find_number(paragraph)
        numbering = self._numberings.get(number_id or "")
        if numbering is None or level not in numbering.levels:
            return ""
        counts = self._counts.setdefault(numbering.abstract, [None] * _LEVELS)
        if level in numbering.start_overrides and (number_id or "", level) not in self._started:
            counts[level] = None
        self._started.add((number_id or "", level))
        for upper in range(level):
            if counts[upper] is None and upper in numbering.levels:
                counts[upper] = numbering.get_start(upper)
        count = counts[level]
        counts[level] = numbering.get_start(level) if count is None else count + 1
        for lower in range(level + 1, _LEVELS):
            restart = numbering.levels[lower].restart if lower in numbering.levels else None
            if restart is None or level < restart:
                counts[lower] = None
        return _format_numbers(numbering, counts, level)

    def _find_number(self, paragraph: Element) -> tuple[str | None, int]:
        """Return the numbering of *paragraph* (None if it has none) and its level: its own, or those of its style."""
        number_id, level = _parse_reference(paragraph.find(f"{W}pPr/{W}numPr"))
        reference = paragraph.find(f"{W}pPr/{W}pStyle")
        name: str | None = reference.get(W + "val") if reference is not None else self._default_style
        for _ in range(_STYLE_CHAIN):
            if (number_id is not None and level is not None) or name not in self._styles:
                break
            style = self._styles[name]
            if number_id is None and style.number_id is not None:
                number_id = style.number_id
                level = level if level is not None else style.level
                if level is None and name in self._style_levels:
                    level = str(self._style_levels[name])
            name = style.based_on
        index = int(level) if level and level.isdigit() else 0
        return (None if number_id == "0" else number_id), min(index, _LEVELS - 1)


def _parse_reference(numpr: Element | None) -> tuple[str | None, str | None]:
    """Return id and level of the numbering that an element refers to."""
    if numpr is None:
        return None, None
    ident, level = numpr.find(W + "numId"), numpr.find(W + "ilvl")
    return (ident.get(W + "val") if ident is not None else None), (level.get(W + "val") if level is not None else None)


def _find_style_levels(numbering: Element | None, abstract: str) -> list[tuple[int, str]]:
    """Return the levels of an abstract numbering that belong to a style, with the style."""
    levels = []
    for element in numbering.iter(W + "abstractNum") if numbering is not None else ():
        if element.get(W + "abstractNumId") == abstract:
            for level in element.iter(W + "lvl"):
                style = level.find(W + "pStyle")
                if style is not None:
                    levels.append((_parse_int(level.get(W + "ilvl"), 0), style.get(W + "val") or ""))
    return levels


def _parse_numbering(root: Element) -> dict[str, _Numbering]:
    """Return the numberings of numbering.xml by id."""
    abstracts = {
        abstract.get(W + "abstractNumId") or "": {
            _parse_int(level.get(W + "ilvl"), 0): _parse_level(level) for level in abstract.iter(W + "lvl")
        }
        for abstract in root.iter(W + "abstractNum")
    }
    numberings = {}
    for element in root.iter(W + "num"):
        reference = element.find(W + "abstractNumId")
        abstract = (reference.get(W + "val") or "") if reference is not None else ""
        levels = dict(abstracts.get(abstract, {}))
        start_overrides = {}
        for override in element.iter(W + "lvlOverride"):
            index = _parse_int(override.get(W + "ilvl"), 0)
            level, start = override.find(W + "lvl"), override.find(W + "startOverride")
            if level is not None:
                levels[index] = _parse_level(level)
            if start is not None:
                start_overrides[index] = _parse_int(start.get(W + "val"), 1)
        numberings[element.get(W + "numId") or ""] = _Numbering(abstract, levels, start_overrides)
    return numberings


def _parse_level(element: Element) -> _Level:
    def get_value(name: str) -> str | None:
        child = element.find(W + name)
        return child.get(W + "val", "1") if child is not None else None

    start, kind, restart = get_value("start"), get_value("numFmt") or "decimal", get_value("lvlRestart")
    return _Level(
        start=_parse_int(start, 1 if start is None else 0),
        kind=kind,
        text=(get_value("lvlText") or "") if kind != "bullet" else "",
        legal=(get_value("isLgl") or "0") not in ("0", "false"),
        restart=None if restart is None else _parse_int(restart, 0),
    )


def _format_numbers(numbering: _Numbering, counts: list[int | None], level: int) -> str:
    """Return the number of a paragraph as printed: the numbers of the levels in the text of its level."""
    form = numbering.levels[level]

    def format_level(m: re.Match[str]) -> str:
        index = int(m[1]) - 1
        printed = numbering.levels.get(index)
        if printed is None or counts[index] is None:
            return ""
        kind = "decimal" if form.legal and index < level else printed.kind
        return format_number(counts[index] or 0, kind)

    return re.sub(r"%([1-9])", format_level, form.text).strip()


def _parse_int(value: str | None, default: int) -> int:
    return int(value) if value and value.lstrip("-").isdigit() and len(value) < 9 else default
