"""Which nodes are one proposal, by number or title.

The nodes of which most is known come first. Each node joins the one earlier proposal that fits and does not contradict
it. If several proposals fit, the node joins none, and all of them are stated as ``mayBeSameAs``.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from kg.join import keys
from kg.join.agree import PlaceMatch, are_too_late, compare_places, contradict_each_other, have_similar_titles
from kg.join.doubles import measure_overlap
from kg.join.letters import StoredLetters
from kg.join.model import Ground, JoinLink, LetterNode, QuotedSpan
from kg.join.settings import get_confidence, load_settings

_MOST_POSTINGS = 400
"""A bigram in more titles than this is ignored in the search for similar titles."""
_LEAST_TITLE_MATCH = 0.9
"""Least similarity of titles that decides between several proposals of one number."""
MOST_QUOTES = 2
"""Most quotes of each side of a link."""


class ProposalGroups:
    """The nodes that are one proposal, grouped under a root node, with the links that were found.

    Args:
        letters: the letters of the store.
    """

    def __init__(self, letters: StoredLetters) -> None:
        self.letters = letters
        self.same: dict[str, str] = {}
        """Root by node, for each node that is not a root itself."""
        self.links: list[JoinLink] = []
        self.members: dict[str, list[LetterNode]] = {}
        """Nodes of each group by root, the root first."""
        self.by_number: dict[str, list[str]] = defaultdict(list)
        self.by_title: dict[str, list[str]] = defaultdict(list)
        self.by_bigram: dict[str, list[str]] = defaultdict(list)
        """Titles by bigram."""

    def get_root(self, iri: str) -> str:
        """Return the root of the group of a node."""
        return self.same.get(iri, iri)

    def add_group(self, node: LetterNode) -> None:
        """Start a group with *node* as its root."""
        self.members[node.iri] = [node]
        self._index(node, node.iri)

    def add_node(self, node: LetterNode, root: str, ground: Ground) -> None:
        """Add *node* to the group of *root*, and link it."""
        self.same[node.iri] = root
        self.members[root].append(node)
        self._index(node, root)
        self.add_link(node.iri, "sameAs", root, ground)

    def add_link(self, subject: str, predicate: str, obj: str, ground: Ground) -> None:
        """Add a link."""
        self.links.append(JoinLink(subject, predicate, obj, ground.rule, ground.confidence, ground.quotes))

    def add_candidates(self, node: LetterNode, roots: list[str], rule: str, how: str) -> None:
        """Link *node* as ``mayBeSameAs`` with each of *roots*; the confidence is shared among them."""
        for root in roots:
            quotes = self.find_quotes(node, self.members[root][0], how)
            self.add_link(node.iri, "mayBeSameAs", root, Ground(rule, round(1 / len(roots), 2), quotes))

    def find_quotes(self, node: LetterNode, other: LetterNode, how: str) -> tuple[QuotedSpan, ...]:
        """Return the quotes of both nodes that contain what they have in common.

        Args:
            node: a node.
            other: another node.
            how: ``number`` for the quotes of a common number; anything else for the quotes of the titles.
        """
        return (*self._find_side_quotes(node, other, how), *self._find_side_quotes(other, node, how))

    def _find_side_quotes(self, node: LetterNode, other: LetterNode, how: str) -> tuple[QuotedSpan, ...]:
        quotes = [quote for sighting in node.sightings for quote in sighting.quotes]

        def has_key(quote: QuotedSpan) -> bool:
            words = self.letters.get_words(quote)
            if how == "number":
                return keys.normalize_number(words) in other.numbers
            return keys.normalize_title(words) in node.titles

        return tuple(list(filter(has_key, quotes))[:MOST_QUOTES] or quotes[:1])

    def _index(self, node: LetterNode, root: str) -> None:
        for number in node.numbers:
            if root not in self.by_number[number]:
                self.by_number[number].append(root)
        for title in node.titles:
            if title not in self.by_title and keys.is_distinctive_title(title):
                for bigram in keys.make_bigrams(title):
                    self.by_bigram[bigram].append(title)
            if root not in self.by_title[title]:
                self.by_title[title].append(root)


def group_proposals(letters: StoredLetters) -> ProposalGroups:
    """Return the proposals of a store, each as a group of the nodes that are one proposal."""
    groups = ProposalGroups(letters)
    _ProposalMatcher(groups).match_proposals()
    return groups


class _ProposalMatcher:
    def __init__(self, groups: ProposalGroups) -> None:
        self._groups = groups
        self._letters = groups.letters
        self._repliers: dict[str, list[LetterNode]] = defaultdict(list)
        """By proposal: the replies that say that they answer it."""
        for reply in self._letters.replies:
            for sighting in reply.sightings:
                for proposal in sighting.answers:
                    self._repliers[proposal].append(reply)

    def match_proposals(self) -> None:
        """Put each proposal of the store into a group."""
        for node in sorted(self._letters.proposals, key=_richness_key):
            roots, how = self._select_fitting(node, self._find_by_number(node)), "number"
            if len(roots) > 1:
                roots = self._prefer_same_title(node, roots)
            if not roots:
                roots, how = self._find_by_title(node)
            if len(roots) == 1:
                self._join(node, roots[0], how)
            else:
                self._groups.add_candidates(node, roots, f"join.{how}", how)
                self._groups.add_group(node)

    def _find_by_number(self, node: LetterNode) -> list[str]:
        found = {root for number in node.numbers for root in self._groups.by_number.get(number, ())}
        return sorted(root for root in found if self._has_telling_number(node, self._groups.members[root]))

    def _has_telling_number(self, node: LetterNode, members: list[LetterNode]) -> bool:
        """Return whether a common number shows that *node* and any of *members* are one proposal.

        A short number is given anew in each session. Alone it shows nothing.
        """
        for other in members:
            common = node.numbers & other.numbers
            if any(map(keys.is_long_number, common)):
                return True
            if common and node.sessions and other.sessions:
                return True
            if common and any(map(keys.is_distinctive_title, node.titles & other.titles)):
                return True
            place = compare_places(node, other, self._letters.within) if common else PlaceMatch.UNKNOWN
            if place is PlaceMatch.SAME and node.bodies & other.bodies:
                # place and body alone are enough if neither side names a session
                return not (node.sessions or other.sessions)
        return False

    def _find_by_title(self, node: LetterNode) -> tuple[list[str], str]:
        """Return the fitting proposals with the same title, else with a similar one, and which of the two it is."""
        titles = list(filter(keys.is_distinctive_title, node.titles))
        same = self._select_fitting(node, {root for title in titles for root in self._groups.by_title.get(title, ())})
        same = [root for root in same if not self._is_out_of_time(node, root)]
        if same:
            return same, "title"
        similar = self._select_fitting(node, {root for title in titles for root in self._find_similar(title)})
        return [root for root in similar if not self._is_out_of_time(node, root)], "title-near"

    def _find_similar(self, title: str) -> Iterator[str]:
        if len(title) < load_settings()["title"]["least_near"]:
            return
        shared: Counter[str] = Counter()
        for bigram in keys.make_bigrams(title):
            titles = self._groups.by_bigram.get(bigram, ())
            if len(titles) <= _MOST_POSTINGS:
                shared.update(titles)
        for other, n in shared.items():
            if n >= len(title) / 2 and keys.are_nearly_equal(title, other):
                yield from self._groups.by_title.get(other, ())

    def _select_fitting(self, node: LetterNode, roots: Iterable[str]) -> list[str]:
        """Return the groups of which no member contradicts *node*, sorted."""
        members = self._groups.members
        return sorted(
            root
            for root in roots
            if not any(contradict_each_other(node, member, self._letters.within) for member in members[root])
            and (not node.has_text or self._may_have_text_of(node, members[root]))
        )

    def _may_have_text_of(self, node: LetterNode, members: list[LetterNode]) -> bool:
        """Return whether the text of *node* is that of a member, or no member has a text."""
        with_text = [member for member in members if member.has_text]
        least = load_settings()["doubles"]["same"]
        for member in with_text:
            if node.titles & member.titles and any(map(keys.is_long_number, node.numbers & member.numbers)):
                return True
            if measure_overlap(self._letters, node, member) >= least:
                return True
        return not with_text

    def _prefer_same_title(self, node: LetterNode, roots: list[str]) -> list[str]:
        """Return the groups with the title of *node*; all *roots* if there is none."""
        same = [
            root
            for root in roots
            if any(
                have_similar_titles(node.titles, member.titles, _LEAST_TITLE_MATCH)
                for member in self._groups.members[root]
            )
        ]
        return same or roots

    def _is_out_of_time(self, node: LetterNode, root: str) -> bool:
        """Return whether the years of *node*, or of the replies to it, do not fit the group of *root*.

        This is checked for titles only: a common number already shows the year.
        """
        proposal_years = {year for member in self._groups.members[root] for year in member.years} - {0}
        reply_years = {year for reply in self._repliers[node.iri] for year in reply.years}
        if node.years:
            return bool(proposal_years) and not node.years & proposal_years
        return are_too_late(proposal_years, reply_years)

    def _join(self, node: LetterNode, root: str, how: str) -> None:
        members = self._groups.members[root]
        if node.has_text and any(member.has_text for member in members):
            rule, confidence = "join.text", get_confidence("text")
        else:
            same_place = compare_places(node, members[0], self._letters.within) is PlaceMatch.SAME
            ground = "title_near" if how == "title-near" else how if same_place else f"{how}_no_place"
            rule, confidence = f"join.{how.partition('-')[0]}", get_confidence(ground)
        quotes = self._groups.find_quotes(node, members[0], how)
        self._groups.add_node(node, root, Ground(rule, confidence, quotes))


def _richness_key(node: LetterNode) -> tuple[bool, bool, int, str]:
    """Return a sort key: first proposals with text, then rows of lists, then those that replies name; fullest first."""
    known = sum(map(bool, (node.numbers, node.titles, node.sessions, node.places, node.bodies)))
    return not node.has_text, not node.has_own_record, -known, node.iri
