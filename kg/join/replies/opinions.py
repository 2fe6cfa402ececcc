"""Agencies whose opinion or reply the sources say is not published, or did not come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from kg.join.letters import StoredLetters
from kg.join.model import JoinLink, LetterNode, Matches, QuotedSpan
from kg.join.replies.notices import find_agency_notices, find_silent_notices
from kg.join.replies.states import FileNameIndex, quote_notice, speaks_of_publishing
from kg.join.settings import get_confidence

_ROLES = ("leadAgency", "coAgency")
_LINKS = {
    True: ("opinionNotPublished", "join.not-published"),
    False: ("opinionNotReceived", "join.not-received"),
}


@dataclass(frozen=True, slots=True)
class HiddenLetter:
    """A letter of one agency about a proposal that is not published, or did not come."""

    proposal: str
    """The root of the proposal."""
    agency: str
    leads: bool
    """Whether the agency is the lead agency of the proposal."""
    quote: QuotedSpan
    came: bool = True
    """Whether there is such a letter; false if a source says that it did not come."""


def find_hidden_letters(
    letters: StoredLetters, matches: Matches, about: Mapping[str, list[str]]
) -> tuple[HiddenLetter, ...]:
    """Return the letters that sources say are not published or did not come, and whose text is not there.

    Args:
        letters: the letters of the store.
        matches: which nodes are one.
        about: by reply, the proposals that it is about.
    """
    return tuple(_HiddenLetters(letters, matches, about).find())


def link_hidden_opinions(
    hidden: Iterable[HiddenLetter], full_names: Iterable[JoinLink], letters: StoredLetters, matches: Matches
) -> Iterator[JoinLink]:
    """Yield a link from the proposal to each agency whose opinion is not published or did not come.

    The agency is also linked under its full name.

    Args:
        hidden: the letters that are not published or did not come.
        full_names: links from proposals to their agencies with the full names.
        letters: the letters of the store.
        matches: which nodes are one.
    """
    renamed: dict[tuple[str, tuple[QuotedSpan, ...]], set[str]] = defaultdict(set)
    for link in full_names:
        if link.predicate == "coAgency":
            renamed[matches.get_root(link.subject), link.quotes].add(link.object)
    for letter in hidden:
        if letter.leads:
            continue
        agencies = {letter.agency}
        for node in letters.proposals:
            if matches.get_root(node.iri) == letter.proposal:
                for sighting in node.sightings:
                    words = letters.find_evidence(node.iri, "coAgency", letter.agency, sighting.graph)
                    agencies |= renamed.get((letter.proposal, words), set()) if words else set()
        for agency in sorted(agencies):
            confidence = get_confidence("state")
            predicate, rule = _LINKS[letter.came]
            yield JoinLink(letter.proposal, predicate, agency, rule, confidence, (letter.quote,))


class _HiddenLetters:
    def __init__(self, letters: StoredLetters, matches: Matches, about: Mapping[str, list[str]]) -> None:
        self._letters = letters
        self._members: dict[str, list[LetterNode]] = defaultdict(list)
        """Nodes of each proposal, by root."""
        for node in letters.proposals:
            self._members[matches.get_root(node.iri)].append(node)
        self._begins: dict[str, list[tuple[int, str]]] = defaultdict(list)
        """By source: where each proposal that it has begins, with its root."""
        for root, nodes in self._members.items():
            for s in (sighting for node in nodes for sighting in node.sightings):
                if s.has_text or not s.is_only_named:
                    self._begins[s.graph].append((min((quote.begin for quote in s.quotes), default=0), root))
        self._replies: dict[str, list[str]] = defaultdict(list)
        for reply, roots in about.items():
            for root in roots:
                self._replies[root].append(reply)

    def find(self) -> Iterator[HiddenLetter]:
        file_names = FileNameIndex(self._members)
        named: dict[str, list[str]] = defaultdict(list)
        for graph in self._letters.graphs_without_letters:
            if speaks_of_publishing(self._letters, graph):
                root = file_names.find_proposal(self._letters.get_source(graph))
                if root is not None:
                    named[root].append(graph)
        for root in sorted(self._members):
            nodes = [*self._members[root], *(self._letters.nodes[reply] for reply in self._replies[root])]
            graphs = sorted({*(s.graph for node in nodes for s in node.sightings), *named[root]})
            begins = [[(begin, other == root) for begin, other in self._begins.get(graph, ())] for graph in graphs]
            given = [(node.iri, [s.graph for s in node.sightings]) for node in nodes], begins
            find = partial(self._list_of_proposal, root, graphs)
            for agency, leads, came, *quote in self._letters.kept.get(f"hidden {root}", graphs, find, given):
                yield HiddenLetter(root, agency, leads, QuotedSpan(*quote), came)

    def _list_of_proposal(self, root: str, graphs: list[str]) -> list[tuple[str, bool, bool, str, int, int]]:
        """Return what ``_find_of_proposal`` yields, as JSON."""
        found = self._find_of_proposal(root, graphs)
        return [(x.agency, x.leads, x.came, x.quote.graph, x.quote.begin, x.quote.end) for x in found]

    def _find_of_proposal(self, root: str, graphs: list[str]) -> Iterator[HiddenLetter]:
        names = self._find_handlers(root)
        read = self._find_read_agencies(root)
        for graph in graphs:
            if not speaks_of_publishing(self._letters, graph):
                continue
            text = self._letters.get_text(graph)
            for begin, end in self._find_ranges(root, graph, len(text)):
                for notice in find_agency_notices(text, begin, end, names):
                    joining = {one for found in names.values() for one in found if not one[1]}
                    for agency, leads in sorted(names[notice.agency] if notice.agency else joining):
                        if agency not in read:
                            yield HiddenLetter(root, agency, leads, quote_notice(self._letters, graph, notice))
                for notice in find_silent_notices(text, begin, end, names):
                    for agency, leads in sorted(names[notice.agency]):
                        if agency not in read and not leads:
                            quote = QuotedSpan(graph, notice.begin, notice.end)
                            yield HiddenLetter(root, agency, leads, quote, came=False)

    def _find_handlers(self, root: str) -> dict[str, set[tuple[str, bool]]]:
        """Return the agencies that handle a proposal, by each of their names, and whether they lead."""
        found: dict[str, set[tuple[str, bool]]] = defaultdict(set)
        for node in self._members[root]:
            for sighting in node.sightings:
                called = self._letters.find_names("Agency", sighting.graph)
                for role in _ROLES:
                    for agency in self._letters.find_objects(node.iri, role, sighting.graph):
                        for name in called.get(agency, ()):
                            found[name].add((agency, role == "leadAgency"))
        return found

    def _find_read_agencies(self, root: str) -> set[str]:
        """Return the agencies of which there is a reply with parts or figures."""
        found: set[str] = set()
        for reply in self._replies[root]:
            for sighting in self._letters.nodes[reply].sightings:
                if self._letters.has_pieces(reply, sighting.graph):
                    found |= set(sighting.issuers)
        return found

    def _find_ranges(self, root: str, graph: str, end: int) -> list[tuple[int, int]]:
        """Return where a source is about a proposal: from its begin to that of the next one."""
        begins = [(begin, other == root) for begin, other in self._begins.get(graph, ())]
        begins.sort()
        if len(begins) < 2:
            return [(0, end)]
        ends = [begin for begin, _ in begins[1:]] + [end]
        return [(begin, stop) for (begin, own), stop in zip(begins, ends, strict=True) if own]
