"""Lines of a policy text that say who is in charge of the item above them, and by when: 牵头单位：…, 完成时限：…

On a page of a proposal the same labels are fields of its handling. Here they stand below running text, more than once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from extract.structure.cues import StructureCues
from extract.structure.lines.kinds import LineKind, PageLine

DUTY = "duty"
"""Note of a line that begins with such a label …"""
DUTY_GOES_ON = "duty more"
"""… and of the lines that its words go on in."""
_PROPOSAL_NOTES = frozenset({"proposalNumber", "session", "submittedBy"})
_OPEN = "：:、，,；;（(和及"
_FEWEST = 2
_MOST_LINES = 8
"""Lines of paper that the words of one label fill at most."""


def mark_duty_lines(lines: list[PageLine], cues: StructureCues) -> None:
    """Mark the lines below items that say who is in charge as text; a page with one such place only is left alone."""
    words = [i for i, line in enumerate(lines) if line.kind is not LineKind.BLANK]
    if any(lines[i].kind is LineKind.FIELD and lines[i].note in _PROPOSAL_NOTES for i in words):
        return
    runs = list(_find_runs(lines, words, cues))
    if len(runs) < _FEWEST:
        return
    for run in runs:
        for i, note in run:
            lines[i] = replace(lines[i], kind=LineKind.TEXT, note=note)


def _find_runs(
    lines: Sequence[PageLine], words: Sequence[int], cues: StructureCues
) -> Iterator[Sequence[tuple[int, str]]]:
    """Yield the lines with labels that stand together below a line of text, each with its note."""
    label = cues.patterns["duty_label"]
    run: list[tuple[int, str]] = []
    above: PageLine | None = None
    open_lines = 0
    for i in words:
        line = lines[i]
        is_label = label.match(line.text) is not None
        if is_label and (run or (above is not None and above.kind is LineKind.TEXT)):
            run.append((i, DUTY))
            open_lines = 0
        elif run and not is_label and lines[run[-1][0]].text[-1] in _OPEN and open_lines < _MOST_LINES and (
            cues.any_start.match(line.text) is None
        ):  # fmt: skip
            run.append((i, DUTY_GOES_ON))
            open_lines += 1
        else:
            if run:
                yield run
            run = []
        above = line
    if run:
        yield run
