"""Which nodes are one proposal (``proposals``), and which proposal a reply is about.

A reply is about the proposals that its own source names. If no other source has a record of them, the proposal is
searched by the words at the beginning of the reply, then by the names of files. One reply may be about several
proposals, and several replies about one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property, partial
from posixpath import dirname

from kg.join import keys
from kg.join.agree import are_too_late, contradict_each_other, have_similar_titles
from kg.join.letters import StoredLetters
from kg.join.model import Ground, LetterNode, Matches, QuotedSpan, Sighting
from kg.join.names import is_full_name
from kg.join.proposals import MOST_QUOTES, ProposalGroups, group_proposals
from kg.join.settings import compile_pattern, get_confidence, load_settings

_ONLY_PROPOSAL = "/"
"""Stands for the name of a file in the index of files: the folder has one proposal only."""

FileIndex = dict[tuple[str, str], set[str]]
"""Roots of proposals by folder and key of the name of a file."""


def match_letters(letters: StoredLetters) -> Matches:
    """Return which nodes of a store are one proposal, and which proposal each reply is about."""
    groups = group_proposals(letters)
    _ReplyMatcher(groups).match_replies()
    return Matches(dict(sorted(groups.same.items())), tuple(sorted(set(groups.links))))


class _ReplyMatcher:
    def __init__(self, groups: ProposalGroups) -> None:
        self._groups = groups
        self._letters = groups.letters
        self._by_file = self._index_files()

    def match_replies(self) -> None:
        """Link each reply with its proposals."""
        for reply in self._letters.replies:
            answered = sorted({iri for sighting in reply.sightings for iri in sighting.answers})
            is_settled = False
            for iri in answered:
                root = self._groups.get_root(iri)
                is_settled = is_settled or any(member.has_own_record for member in self._groups.members[root])
                if root != iri:
                    self._link_with_root(reply, iri, root)
            if not is_settled and not any(map(self._has_candidates, answered)):
                self._search_proposal(reply, [self._letters.nodes[iri] for iri in answered])

    def _has_candidates(self, iri: str) -> bool:
        return any(link.subject == iri and link.predicate == "mayBeSameAs" for link in self._groups.links)

    def _link_with_root(self, reply: LetterNode, iri: str, root: str) -> None:
        """Link a reply with the root of the node that its own source says it answers."""
        link = next(x for x in self._groups.links if x.subject == iri and x.predicate == "sameAs")
        graphs = {sighting.graph for sighting in reply.sightings}
        node = self._letters.nodes[iri]
        own = next((s.quotes for s in node.sightings if s.graph in graphs and s.quotes), ())
        own = own[:MOST_QUOTES] if own else self._letters.find_first_quote(reply)
        elsewhere = tuple(quote for quote in link.quotes if quote.graph not in graphs)
        self._link_reply(reply, root, Ground(link.rule, link.confidence, (*own, *elsewhere)))

    def _link_reply(self, reply: LetterNode, root: str, ground: Ground) -> None:
        if not any(root in sighting.answers for sighting in reply.sightings):
            self._groups.add_link(reply.iri, "repliesTo", root, ground)

    # search

    def _search_proposal(self, reply: LetterNode, named: list[LetterNode]) -> None:
        """Search the proposal of a reply by the words at its beginning, then by the names of files.

        Args:
            reply: the reply.
            named: the proposals that its source names; no other source has a record of them.
        """
        found = self._search_by_words(reply, named) or self._search_by_file(reply, named)
        if not found and len(named) == 1 and not named[0].titles and not named[0].sessions:
            self._search_by_handlers(reply, named[0])

    def _search_by_words(self, reply: LetterNode, named: list[LetterNode]) -> bool:
        """Link the reply with the proposals that its beginning mentions. Return whether any was found."""
        for sighting in reply.sightings:
            mentioned = self._find_mentioned(sighting)
            roots = sorted(root for root in mentioned if self._may_be_about(reply, named, root))
            if len(roots) == 1 or (roots and not named):
                for root in roots:
                    ground = Ground("join.reference", get_confidence("reference"), mentioned[root])
                    self._settle(reply, named, root, ground)
                return True
        return False

    def _search_by_handlers(self, reply: LetterNode, named: LetterNode) -> None:
        """Link an opinion that names its proposal by number alone with the only one of that number in its folder.

        Its agency must join in there, or that to which it is addressed lead. Else it may be about that one.
        """
        numbered = {root for number in named.numbers for root in self._groups.by_number.get(number, ())} - {named.iri}
        folders = {_find_folder(sighting.source) for sighting in reply.sightings}
        roots = [
            root for root in sorted(numbered)
            if any(_find_folder(s.source) in folders for x in self._groups.members.get(root, ()) for s in x.sightings)
            and self._may_be_about(reply, [named], root)
        ]  # fmt: skip
        if reply.kind != "CoHandlingOpinion" or not roots:
            return
        if len(roots) == 1 and self._is_of_handlers(reply, roots[0]):
            quotes = self._groups.find_quotes(named, self._groups.members[roots[0]][0], "number")
            self._settle(reply, [named], roots[0], Ground("join.number", get_confidence("number_handler"), quotes))
        else:
            self._groups.add_candidates(named, roots, "join.number", "number")

    def _is_of_handlers(self, reply: LetterNode, root: str) -> bool:
        """Return whether the agency of an opinion joins in a proposal, or that to which it is addressed leads it."""
        members = self._groups.members[root]
        joining, leading = (
            {name for node in members for name, _ in self._name_agencies(node, role)}
            for role in ("coAgency", "leadAgency")
        )
        return any(
            name in names or any(is_full_name(name, one, place) or is_full_name(one, name) for one in names)
            for role, names in (("issuedBy", joining), ("addressedTo", leading))
            for name, place in self._name_agencies(reply, role)
        )

    def _name_agencies(self, node: LetterNode, role: str) -> Iterator[tuple[str, str]]:
        """Yield the names of the agencies of a letter, each with the place that the agency governs."""
        for s in node.sightings:
            for agency in self._letters.find_objects(node.iri, role, s.graph):
                place = self._letters.get_jurisdiction(agency, s.graph)
                for name in self._letters.find_names("Agency", s.graph).get(agency, ()):
                    yield name, place

    def _search_by_file(self, reply: LetterNode, named: list[LetterNode]) -> bool:
        """Link the reply with the one proposal that the names of files point to. Return whether there is one."""
        for sighting in reply.sightings:
            name = keys.parse_file_name(sighting.source)
            if name.role == "proposal":
                continue
            places = []
            if name.key:
                places.append(("file_name", name.key))
            if name.is_bare and name.folder:
                places.append(("folder", _ONLY_PROPOSAL))
            for how, key in places:
                candidates = self._by_file.get((name.folder, key), ())
                roots = sorted(root for root in candidates if self._may_be_about(reply, named, root))
                if len(roots) == 1:
                    proposal = self._groups.members[roots[0]][0]
                    quotes = (*self._letters.find_first_quote(reply), *self._letters.find_first_quote(proposal))
                    ground = Ground("join.file-name", get_confidence(how), quotes)
                    self._settle(reply, named, roots[0], ground)
                    return True
                if len(named) == 1:
                    self._groups.add_candidates(named[0], roots, "join.file-name", "title")
                    if roots:
                        return True
        return False

    def _settle(self, reply: LetterNode, named: list[LetterNode], root: str, ground: Ground) -> None:
        """Link the reply with the proposal *root*, and add the nodes that it names to the group of *root*."""
        members = self._groups.members
        for node in named:
            is_alone = node.iri not in self._groups.same and members.get(node.iri) == [node] and node.iri != root
            if is_alone and not contradict_each_other(node, members[root][0], self._letters.within):
                del members[node.iri]
                self._groups.add_node(node, root, ground)
        self._link_reply(reply, root, ground)

    def _may_be_about(self, reply: LetterNode, named: list[LetterNode], root: str) -> bool:
        """Return whether the reply may be about the proposal *root*, by the nodes that it names, or by its years."""
        members = self._groups.members.get(root)
        if not members or not any(member.has_own_record for member in members):
            return False
        if are_too_late({year for member in members for year in member.years}, reply.years):
            return False
        return any(
            node.iri != root
            and not any(
                contradict_each_other(node, member, self._letters.within) or _have_different_titles(node, member)
                for member in members
            )
            for node in named or [_UNKNOWN_PROPOSAL]
        )

    def _find_mentioned(self, sighting: Sighting) -> dict[str, tuple[QuotedSpan, ...]]:
        """Return the proposals whose long number or title stands at the beginning of a reply, with the quote."""
        key = f"head {sighting.iri} {sighting.graph}"
        begin, numbers, words, positions = self._letters.kept.get(
            key, [sighting.graph], partial(self._read_head, sighting)
        )
        found: dict[str, tuple[QuotedSpan, ...]] = {}
        for number, first, last in numbers:
            for root in self._groups.by_number.get(number, ()):
                found.setdefault(root, (QuotedSpan(sighting.graph, first, last),))
        least = int(load_settings()["title"]["least"])
        for i in range(len(words) - least + 1):
            for title in self._titles_by_head.get(words[i : i + least], ()):
                if words.startswith(title, i):
                    last = positions[i + len(title) - 1]
                    quote = QuotedSpan(sighting.graph, begin + positions[i], begin + last + 1)
                    for root in self._groups.by_title[title]:
                        found.setdefault(root, (quote,))
        return {root: quotes for root, quotes in found.items() if root in self._groups.members}

    def _read_head(self, sighting: Sighting) -> tuple[int, list[tuple[str, int, int]], str, list[int]]:
        """Return where a letter begins, the numbers at its beginning, its first words folded, and their positions."""
        text = self._letters.get_text(sighting.graph)
        begin = self._find_begin(sighting)
        end = begin + int(load_settings()["reference"]["reach"])
        found = compile_pattern("reference", "number").finditer(text, begin, end)
        numbers = [(keys.normalize_number(m["n"]), m.start(), m.end()) for m in found]
        words, positions = keys.map_title_key(text[begin:], end - begin)
        return begin, numbers, words, list(positions)

    @cached_property
    def _titles_by_head(self) -> dict[str, list[str]]:
        """The titles by their first characters, without those that are little longer than these."""
        least = int(load_settings()["title"]["least"])
        found: dict[str, list[str]] = defaultdict(list)
        for title in sorted(self._groups.by_title):
            if len(title) >= least + 2:
                found[title[:least]].append(title)
        return found

    def _find_begin(self, sighting: Sighting) -> int:
        """Return where a letter begins in its source: at its first quote, if the source has several letters."""
        if self._letters.texts_by_graph[sighting.graph] < 2:
            return 0
        return min((quote.begin for quote in sighting.quotes), default=0)

    def _index_files(self) -> FileIndex:
        """Return the proposals by folder and key of their files; by ``_ONLY_PROPOSAL`` if a folder has one only."""
        found: FileIndex = defaultdict(set)
        by_folder: dict[str, set[str]] = defaultdict(set)
        for root, members in self._groups.members.items():
            for member in members:
                for sighting in member.sightings:
                    if not sighting.has_text and sighting.is_only_named:
                        continue
                    name = keys.parse_file_name(sighting.source)
                    for key in {name.key, *member.numbers} - {""}:
                        found[name.folder, key].add(root)
                    by_folder[name.folder].add(root)
        for folder, roots in by_folder.items():
            if folder and len(roots) == 1:
                found[folder, _ONLY_PROPOSAL] = roots
        return found


def _find_folder(source: str) -> str:
    """Return the folder of a source, or of the list whose row it is."""
    return dirname(dirname(source)) if keys.is_list_row(source) else dirname(source)


def _have_different_titles(node: LetterNode, other: LetterNode) -> bool:
    least = load_settings()["title"]["near"]
    return bool(node.titles and other.titles) and not have_similar_titles(node.titles, other.titles, least)


_UNKNOWN_PROPOSAL = LetterNode(
    "", "Proposal", (), False, frozenset(), frozenset(), frozenset(), frozenset(), frozenset(), frozenset(), frozenset()
)
"""Stands for the proposal of a reply that names none."""
