"""The reply state of each proposal: whether a reply was found, and if not, what is known about why.

Five states are kept apart: no reply was found; there is a reply, but it is not published, as the page or list says; a
list or form gives its date or result, and its text is not there; none is due, as the proposal was withdrawn, returned
or merged with another one; a file that is the reply by its name could not be read. None of them means that the proposal
was not answered.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from kg.join import keys
from kg.join.letters import StoredLetters
from kg.join.model import LetterNode, Matches, QuotedSpan
from kg.join.replies import notices
from kg.join.replies.notices import Notice, find_reply_dates, find_reply_notices, find_undue_notices
from kg.join.settings import compile_pattern


class ReplyState(StrEnum):
    """Individuals of ``pk:ReplyState``."""

    FOUND = "ReplyFound"
    UNREADABLE = "ReplyUnreadable"
    UNPUBLISHED = "ReplyNotPublished"
    ELSEWHERE = "ReplyElsewhere"
    UNDUE = "ReplyNotDue"
    NONE = "NoReplyFound"


@dataclass(frozen=True, slots=True)
class ProposalState:
    """The reply state of one proposal."""

    proposal: str
    state: ReplyState
    quote: QuotedSpan | None = None
    """The words that say that the reply is not published or not due, or that give its date or result."""
    files: tuple[str, ...] = ()
    """Ids of the files that could not be read."""


def find_reply_states(
    letters: StoredLetters,
    matches: Matches,
    answered: Iterable[str],
    unread: Iterable[str],
    hidden: Collection[tuple[str, bool, QuotedSpan]] = (),
) -> tuple[ProposalState, ...]:
    """Return the state of each proposal, sorted by IRI.

    Args:
        letters: the letters of the store.
        matches: which nodes are one.
        answered: the roots of the proposals that a reply with text answers.
        unread: ids of files that could not be read.
        hidden: notices about the letters of single agencies: the root of the proposal, whether the agency is its lead
            agency, and the words.
    """
    finder = _StateFinder(letters, matches, answered, unread, hidden)
    return tuple(finder.find_state(root) for root in sorted(finder.members))


class _StateFinder:
    def __init__(
        self,
        letters: StoredLetters,
        matches: Matches,
        answered: Iterable[str],
        unread: Iterable[str],
        hidden: Collection[tuple[str, bool, QuotedSpan]],
    ) -> None:
        self._letters = letters
        self._answered = frozenset(answered)
        self.members: dict[str, list[LetterNode]] = defaultdict(list)
        """Nodes of each proposal, by root."""
        doubtful = {link.subject for link in matches.links if link.predicate == "mayBeSameAs"}
        for node in letters.proposals:
            if node.has_own_record or node.iri not in doubtful:  # else it is one of those that have a state
                self.members[matches.get_root(node.iri)].append(node)
        self._of_others: dict[str, set[QuotedSpan]] = defaultdict(set)
        """Notices that are not about the reply, by source."""
        for _, leads, quote in hidden:
            if not leads:
                self._of_others[quote.graph].add(quote)
        file_names = FileNameIndex(self.members)
        self._unread_files: dict[str, list[str]] = defaultdict(list)
        for source in sorted(set(unread)):
            if (root := file_names.find_proposal(source)) is not None:
                self._unread_files[root].append(source)
        self._notices = self._find_notices_in_files(file_names)
        for root, leads, quote in hidden:
            if leads:
                self._notices.setdefault(root, quote)
        self._begins = self._find_begins()
        self._told = self._find_told(matches)
        """By proposal, the words of a reply of which a source only says that it exists."""

    def _find_told(self, matches: Matches) -> dict[str, QuotedSpan]:
        found: dict[str, QuotedSpan] = {}
        for reply in self._letters.replies:
            if reply.kind == "LeadReply" and not reply.has_text:
                for sighting in reply.sightings:
                    for iri in sighting.answers if sighting.quotes else ():
                        found.setdefault(matches.get_root(iri), sighting.quotes[0])
        return found

    def find_state(self, root: str) -> ProposalState:
        """Return the state of the proposal *root*."""
        if root in self._answered:
            return ProposalState(root, ReplyState.FOUND)
        if root in self._unread_files:
            return ProposalState(root, ReplyState.UNREADABLE, files=tuple(self._unread_files[root]))
        nodes = self.members[root]
        graphs = [s.graph for node in nodes for s in node.sightings]
        others = sorted(quote for graph in set(graphs) for quote in self._of_others.get(graph, ()))
        given = [node.iri for node in nodes], [self._begins.get(graph) for graph in graphs], others
        if (told := self._told.get(root)) is not None:
            return ProposalState(root, ReplyState.ELSEWHERE, told)
        found = self._letters.kept.get(f"state {root}", graphs, partial(self._read_state, root), given)
        notice = self._notices.get(root)
        if notice is not None and (found is None or found[0] != ReplyState.UNDUE.value):
            return ProposalState(root, ReplyState.UNPUBLISHED, notice)
        if found is None:
            return ProposalState(root, ReplyState.NONE)
        state, *span = found
        return ProposalState(root, ReplyState(state), QuotedSpan(*span))

    def _read_state(self, root: str) -> tuple[str, str, int, int] | None:
        """Return what the sources of a proposal say about its reply, and where; None if they say nothing."""
        places = list(self._find_places(root))
        undue: list[QuotedSpan] = []
        for graph, begin, end in places:
            for notice in find_undue_notices(self._letters.get_text(graph), begin, end):
                undue.append(quote_notice(self._letters, graph, notice))
        if undue:
            number = compile_pattern("undue", "number")  # 与第9号合并办理 beside 并案 says where the reply is
            quote = next((one for one in undue if number.search(self._letters.get_words(one))), undue[0])
            return ReplyState.UNDUE.value, quote.graph, quote.begin, quote.end
        for place in places:
            for quote in self._find_notices(*place):
                return ReplyState.UNPUBLISHED.value, quote.graph, quote.begin, quote.end
        for graph, begin, end in places:
            for notice in find_reply_dates(self._letters.get_text(graph), begin, end):
                quote = quote_notice(self._letters, graph, notice)
                return ReplyState.ELSEWHERE.value, graph, quote.begin, quote.end
        return None

    def _find_notices_in_files(self, file_names: FileNameIndex) -> dict[str, QuotedSpan]:
        """Return by proposal the first notice in a file of its own: one without letters, named after the proposal."""
        found: dict[str, QuotedSpan] = {}
        for graph in self._letters.graphs_without_letters:
            speaks = speaks_of_publishing(self._letters, graph)
            root = file_names.find_proposal(self._letters.get_source(graph)) if speaks else None
            if root is not None:
                for quote in self._find_notices(graph, 0, len(self._letters.get_text(graph))):
                    found.setdefault(root, quote)
        return found

    def _find_places(self, root: str) -> Iterator[tuple[str, int, int]]:
        """Yield where the sources speak of a proposal: from its begin to that of the next letter."""
        for node in self.members[root]:
            for sighting in node.sightings:
                if sighting.is_only_named and not sighting.has_text:
                    continue
                text = self._letters.get_text(sighting.graph)
                begins = self._begins[sighting.graph]
                index = next((i for i, (_, iri) in enumerate(begins) if iri == node.iri), None)
                if index is not None:
                    end = begins[index + 1][0] if index + 1 < len(begins) else len(text)
                    yield sighting.graph, 0 if index == 0 else begins[index][0], end

    def _find_begins(self) -> dict[str, list[tuple[int, str]]]:
        """Return by source the begin and IRI of each of its letters, sorted, without proposals that a reply names."""
        found: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for node in self._letters.nodes.values():
            for sighting in node.sightings:
                if sighting.is_only_named and not sighting.has_text:
                    continue
                quotes = sighting.quotes or [
                    q for one in self._letters.find_letter_pieces(sighting) for q in one.quotes
                ]
                if quotes or not node.is_reply:
                    found[sighting.graph].append((min((quote.begin for quote in quotes), default=0), node.iri))
        return {graph: sorted(begins) for graph, begins in found.items()}

    def _find_notices(self, graph: str, begin: int, end: int) -> Iterator[QuotedSpan]:
        """Yield the lines of a text that say that a reply is not published."""
        text = self._letters.get_text(graph)
        for notice in find_reply_notices(text, begin, end) if speaks_of_publishing(self._letters, graph) else ():
            quote = quote_notice(self._letters, graph, notice)
            if quote not in self._of_others.get(graph, ()):
                yield quote


def quote_notice(letters: StoredLetters, graph: str, notice: Notice) -> QuotedSpan:
    """Return the words of a notice; in the row of a list without their label, which need not stand in the list."""
    begin = notice.begin
    if keys.is_list_row(letters.get_source(graph)):
        label = compile_pattern("unpublished", "row_label").match(letters.get_text(graph)[begin : notice.end])
        begin += label.end() if label else 0
    return QuotedSpan(graph, begin, notice.end)


def speaks_of_publishing(letters: StoredLetters, graph: str) -> bool:
    """Return whether a source says anything about what is published."""
    find = partial(_speaks_of_publishing, letters, graph)
    return bool(letters.kept.get(f"publishing {graph}", [graph], find))


def _speaks_of_publishing(letters: StoredLetters, graph: str) -> bool:
    return notices.speaks_of_publishing(letters.get_text(graph))


class FileNameIndex:
    """Proposals by what the names of files say about them.

    Args:
        members: the nodes of each proposal, by root.
    """

    def __init__(self, members: dict[str, list[LetterNode]]) -> None:
        self._by_number: dict[str, set[str]] = defaultdict(set)
        self._by_title: dict[str, set[str]] = defaultdict(set)
        self._by_file: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._by_folder: dict[str, set[str]] = defaultdict(set)
        for root, nodes in members.items():
            for node in nodes:
                self._add_node(root, node)

    def find_proposal(self, source: str) -> str | None:
        """Return the one proposal whose reply the file *source* is by its name; None if there is none, or several."""
        name = keys.parse_file_name(source)
        if name.role == "proposal":
            return None
        found = [
            self._by_file.get((name.folder, name.key)),
            self._by_number.get(name.key),
            self._by_title.get(name.key),
        ]
        if name.is_bare and name.role == "reply" and name.folder:
            found.append(self._by_folder.get(name.folder))
        roots = next(filter(None, found), set())
        return next(iter(roots)) if len(roots) == 1 else None

    def _add_node(self, root: str, node: LetterNode) -> None:
        for number in filter(keys.is_long_number, node.numbers):
            self._by_number[number].add(root)
        for title in filter(keys.is_distinctive_title, node.titles):
            self._by_title[title].add(root)
        for sighting in node.sightings:
            if sighting.has_text or not sighting.is_only_named:
                name = keys.parse_file_name(sighting.source)
                self._by_folder[name.folder].add(root)
                for key in {name.key, *node.numbers} - {""}:
                    self._by_file[name.folder, key].add(root)
