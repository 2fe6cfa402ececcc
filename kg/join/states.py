"""Of each proposal: has it a reply, and if none was found in what was read, what is known of why.

Three things that are not one: no reply was found; a reply is there but not published, as the page or list says; a file
that by its name is the reply could not be read. None of them says that the proposal was not answered.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from kg.join import keys
from kg.join.letters import Letter, Letters, Quote
from kg.join.settings import settings, unpublished
from kg.join.values import Matches

_CUE = "公开"
"""What each line that says so has; texts without it are not looked at."""


class ReplyState(StrEnum):
    """Individuals of ``pk:ReplyState``."""

    FOUND = "ReplyFound"
    UNREADABLE = "ReplyUnreadable"
    UNPUBLISHED = "ReplyNotPublished"
    NONE = "NoReplyFound"


@dataclass(frozen=True, slots=True)
class State:
    """The state of one proposal."""

    proposal: str
    state: ReplyState
    quote: Quote | None = None
    """The words that say that the reply is not published."""
    files: tuple[str, ...] = ()
    """Ids of the files that could not be read."""


def states(letters: Letters, matches: Matches, answered: Iterable[str], unread: Iterable[str]) -> tuple[State, ...]:
    """The state of each proposal, by IRI.

    Args:
        letters: the letters of the store.
        matches: which nodes are one.
        answered: the proposals that a reply with text answers, by what stands for them.
        unread: ids of files that could not be read.
    """
    nodes: dict[str, list[Letter]] = defaultdict(list)
    for x in letters.proposals:
        nodes[matches.root(x.iri)].append(x)
    has, names = frozenset(answered), _Names(nodes)
    lost: dict[str, list[str]] = defaultdict(list)
    for source in sorted(set(unread)):
        if (proposal := names.proposal_of(source)) is not None:
            lost[proposal].append(source)
    noted: dict[str, Quote] = {}
    for graph in letters.silent:
        # a file that holds no letter, and says only that the reply is not published
        if _CUE in letters.text(graph) and (proposal := names.proposal_of(letters.source(graph))) is not None:
            for quote in _notices(letters, graph, 0, len(letters.text(graph))):
                noted.setdefault(proposal, quote)
    starts = _starts(letters)
    return tuple(_state(letters, root, nodes[root], has, lost, noted, starts) for root in sorted(nodes))


def _state(
    letters: Letters,
    root: str,
    nodes: list[Letter],
    answered: frozenset[str],
    lost: dict[str, list[str]],
    noted: dict[str, Quote],
    starts: dict[str, list[tuple[int, str]]],
) -> State:
    if root in answered:
        return State(root, ReplyState.FOUND)
    if root in lost:
        return State(root, ReplyState.UNREADABLE, files=tuple(lost[root]))
    quote = noted.get(root) or next((q for x in nodes for q in _said(letters, x, starts)), None)
    return State(root, ReplyState.UNPUBLISHED, quote) if quote else State(root, ReplyState.NONE)


def _said(letters: Letters, letter: Letter, starts: dict[str, list[tuple[int, str]]]) -> Iterator[Quote]:
    """Where the sources of a proposal say that its reply is not published, in its own stretch of each."""
    for sighting in letter.sightings:
        text = letters.text(sighting.graph)
        if _CUE not in text or sighting.answered:
            continue
        there = starts[sighting.graph]
        at = next((i for i, (_, iri) in enumerate(there) if iri == letter.iri), None)
        if at is None:
            continue
        begin = 0 if at == 0 else there[at][0]
        end = there[at + 1][0] if at + 1 < len(there) else len(text)
        yield from _notices(letters, sighting.graph, begin, end)


def _starts(letters: Letters) -> dict[str, list[tuple[int, str]]]:
    """By source: where each of its proposals begins, in order."""
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for x in letters.proposals:
        for s in x.sightings:
            begins = [q.begin for q in s.quotes]
            found[s.graph].append((min(begins, default=0), x.iri))
    return {graph: sorted(there) for graph, there in found.items()}


def _notices(letters: Letters, graph: str, begin: int, end: int) -> Iterator[Quote]:
    text = letters.text(graph)
    for line in re.finditer(r"[^\n]+", text[begin:end]):
        words = line[0].strip()
        plain = "".join(unicodedata.normalize("NFKC", words).split())
        if len(plain) > int(settings()["unpublished"]["longest"]) or _CUE not in plain:
            continue
        if any(p.fullmatch(plain) for p in unpublished()):
            at = begin + line.start() + line[0].index(words)
            yield Quote(graph, at, at + len(words))


class _Names:
    """Which proposal a file is about, as its name tells."""

    def __init__(self, nodes: dict[str, list[Letter]]) -> None:
        self._number: dict[str, set[str]] = defaultdict(set)
        self._title: dict[str, set[str]] = defaultdict(set)
        self._file: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._folder: dict[str, set[str]] = defaultdict(set)
        for root, members in nodes.items():
            for x in members:
                for n in filter(keys.is_long, x.numbers):
                    self._number[n].add(root)
                for t in filter(keys.tells, x.titles):
                    self._title[t].add(root)
                for s in x.sightings:
                    told = keys.file_name(s.source)
                    if s.text or not s.answered:
                        self._folder[told.folder].add(root)
                        for name in {told.key, *x.numbers} - {""}:
                            self._file[told.folder, name].add(root)

    def proposal_of(self, source: str) -> str | None:
        """The one proposal whose reply a file is, as its name has it; None if it tells none, or several."""
        told = keys.file_name(source)
        if told.role == "proposal":
            return None
        looked = [self._file.get((told.folder, told.key)), self._number.get(told.key), self._title.get(told.key)]
        if told.bare and told.role == "reply" and told.folder:
            looked.append(self._folder.get(told.folder))
        for found in looked:
            if found:
                return next(iter(found)) if len(found) == 1 else None
        return None
