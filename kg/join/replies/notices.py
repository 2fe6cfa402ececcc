"""Lines that say that a reply or an opinion is not published, and whose it is, that none is due, or give its date.

A line may name the agency (市水利局会办意见：不公开), or stand below its name or above its signature (属性：不公开).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from extract.text.dates import is_impossible_date
from extract.text.signs import simplify
from kg.join.settings import (
    compile_dated_patterns,
    compile_pattern,
    compile_undue_line,
    compile_unpublished_patterns,
    load_settings,
)

_CUES = ("公开", "公開", "意见未收到")
"""A word of every line that says so. Texts without it are not searched."""
_MARKS = re.compile(r"[\s:：,，、。.()（）【】\[\]|]+")
_BEFORE = 4
"""Lines above a notice among which the name of its agency is looked for."""
_AFTER = 2
"""Lines below it among which its signature is looked for."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A line that says that something is not published."""

    begin: int
    end: int
    agency: str = ""
    """The name of the agency whose letter it is; empty if the line says it of the reply, or of all opinions."""


@dataclass(frozen=True, slots=True)
class _Line:
    begin: int
    end: int
    words: str
    """Without white space, in normal form, in simplified characters."""

    @property
    def bare(self) -> str:
        return _MARKS.sub("", self.words)


def speaks_of_publishing(text: str) -> bool:
    """Return whether a text may have a line that says that something is not published."""
    return any(cue in text for cue in _CUES)


def find_reply_notices(text: str, begin: int, end: int) -> Iterator[Notice]:
    """Yield the lines of ``text[begin:end]`` that say that the reply is not published."""
    heading, bare = compile_pattern("unpublished", "heading"), compile_pattern("unpublished", "bare")
    above = ""
    for line in _split_lines(text, begin, end):
        if not line.words:
            continue
        is_below = heading.fullmatch(above) is not None and bare.fullmatch(line.bare) is not None
        if _is_cue(line) and (is_below or any(one.fullmatch(line.words) for one in compile_unpublished_patterns())):
            yield Notice(line.begin, line.end)
        above = line.bare


def find_reply_dates(text: str, begin: int, end: int) -> Iterator[Notice]:
    """Yield the lines of ``text[begin:end]`` that give the date, number or result of a reply."""
    for line in _split_lines(text, begin, end):
        if is_impossible_date(line.words):
            continue
        if any(pattern.fullmatch(line.words) for pattern in compile_dated_patterns()):
            yield Notice(line.begin, line.end)


def find_undue_notices(text: str, begin: int, end: int) -> Iterator[Notice]:
    """Yield the lines of ``text[begin:end]`` that say that no reply is due, or none but that to another proposal."""
    pattern = compile_undue_line()
    for line in _split_lines(text, begin, end):
        if ":" in line.words and pattern.fullmatch(line.words):
            yield Notice(line.begin, line.end)


def find_agency_notices(text: str, begin: int, end: int, names: Collection[str]) -> Iterator[Notice]:
    """Yield the lines of ``text[begin:end]`` that say that the letter of an agency, or all opinions, are not published.

    Args:
        text: the text of a source.
        begin: where to begin.
        end: where to end.
        names: the names of the agencies.
    """
    lines = [line for line in _split_lines(text, begin, end) if line.words]
    bare_names = {_MARKS.sub("", simplify(unicodedata.normalize("NFKC", name))): name for name in sorted(names)}
    longest_first = sorted(bare_names, key=len, reverse=True)
    hidden, all_opinions = (compile_pattern("unpublished", name) for name in ("opinion", "opinions"))
    for i, line in enumerate(lines):
        if not _is_cue(line):
            continue
        inside = next((name for name in longest_first if name in line.bare), "")
        # 会办意见：甲局会办意见不公开 says it below the label once more
        below = _MARKS.sub("", line.words.partition(":")[2])
        readings = [words.replace(inside, "", 1) if inside else words for words in (line.bare, below)]
        if not any(map(hidden.fullmatch, readings)):
            continue
        if agency := inside or _find_heading(lines, i, bare_names) or _find_signature(lines, i, bare_names):
            yield Notice(line.begin, line.end, bare_names[agency])
        elif any(map(all_opinions.fullmatch, (line.bare, below, (lines[i - 1].bare if i else "") + line.bare))):
            yield Notice(line.begin, line.end)


def find_silent_notices(text: str, begin: int, end: int, names: Collection[str]) -> Iterator[Notice]:
    """Yield for each agency the words of a row of a list that say that its opinion did not come."""
    for line in _split_lines(text, begin, end):
        if m := compile_pattern("unpublished", "silent").fullmatch(text[line.begin : line.end]):
            for name in sorted(set(m["names"].split("、")) & set(names)):
                yield Notice(line.begin + m.start("words"), line.begin + m.end("words"), name)


def _find_heading(lines: list[_Line], i: int, names: Collection[str]) -> str:
    """Return the name that stands above line *i*; a field with the name counts only above the word 会办意见."""
    label = compile_pattern("unpublished", "label")
    is_opinion = compile_pattern("unpublished", "is_opinion")
    about_opinion = is_opinion.search(lines[i].bare) is not None
    for k in range(i - 1, max(-1, i - 1 - _BEFORE), -1):
        bare = lines[k].bare
        if bare in names:
            in_field = k > 0 and label.fullmatch(lines[k - 1].bare) is not None
            return bare if about_opinion or not in_field else ""
        if (field := label.match(bare)) and bare[field.end() :] in names:
            return bare[field.end() :] if about_opinion else ""
        if is_opinion.fullmatch(bare):
            about_opinion = True
        elif not compile_pattern("unpublished", "beside").fullmatch(bare):
            return ""
    return ""


def _find_signature(lines: list[_Line], i: int, names: Collection[str]) -> str:
    """Return the name that signs a letter whose text is line *i* alone, or with which it ends."""
    heads = (compile_pattern("unpublished", "heading"), compile_pattern("unpublished", "is_opinion"))
    for line in lines[i + 1 : i + 1 + _AFTER]:
        if any(head.fullmatch(line.bare) for head in heads):
            return ""
        if line.bare in names:
            return line.bare
    return ""


def _is_cue(line: _Line) -> bool:
    return _CUES[0] in line.words and len(line.words) <= int(load_settings()["unpublished"]["longest"])


def _split_lines(text: str, begin: int, end: int) -> Iterator[_Line]:
    for found in re.finditer(r"[^\n]+", text[begin:end]):
        words = found[0].strip()
        start = begin + found.start() + (found[0].index(words) if words else 0)
        yield _Line(start, start + len(words), simplify("".join(unicodedata.normalize("NFKC", words).split())))
