"""Proposals that are answered with another one, as a list says: 与第9号合并办理. The reply to that one is theirs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from posixpath import dirname

from kg.join import keys
from kg.join.letters import StoredLetters
from kg.join.model import JoinLink, LetterNode, Matches
from kg.join.replies.states import ProposalState, ReplyState
from kg.join.settings import compile_pattern, get_confidence


def link_merged_replies(
    states: Sequence[ProposalState], letters: StoredLetters, matches: Matches, about: Mapping[str, list[str]]
) -> tuple[tuple[JoinLink, ...], tuple[ProposalState, ...]]:
    """Return links from replies to the proposals that were merged with theirs, and the states of all proposals.

    A merged proposal stays one to which no reply of its own is due: its agencies are not silent. Of two proposals that
    each name the other one, and of which neither is answered, none is excused.

    Args:
        states: the states of the proposals.
        letters: the letters of the store.
        matches: which nodes are one.
        about: by reply, the proposals that it is about.
    """
    merged = {state.proposal: state for state in states if state.state is ReplyState.UNDUE}
    if not merged:
        return (), tuple(states)
    index = _NumberIndex(letters, matches)
    targets = {root: index.find_targets(state) for root, state in merged.items()}
    replies: dict[str, list[str]] = defaultdict(list)
    for reply, roots in about.items():
        for root in roots:
            replies[root].append(reply)
    answered = {state.proposal for state in states if state.state is ReplyState.FOUND}
    links: list[JoinLink] = []
    found: list[ProposalState] = []
    for state in states:
        others = targets.get(state.proposal, set())
        if others & answered and state.quote is not None:
            quotes = (state.quote,)
            for reply in sorted({reply for other in others & answered for reply in replies[other]}):
                if letters.nodes[reply].kind == "LeadReply":
                    confidence = get_confidence("merged")
                    links.append(JoinLink(reply, "repliesTo", state.proposal, "join.merged", confidence, quotes))
            found.append(state)
        elif any(state.proposal in targets.get(other, ()) for other in others):
            found.append(replace(state, state=ReplyState.NONE, quote=None))
        else:
            found.append(state)
    return tuple(links), tuple(found)


class _NumberIndex:
    """Proposals by their numbers."""

    def __init__(self, letters: StoredLetters, matches: Matches) -> None:
        self._letters = letters
        self._members: dict[str, list[LetterNode]] = defaultdict(list)
        self._by_number: dict[str, set[str]] = defaultdict(set)
        for node in letters.proposals:
            root = matches.get_root(node.iri)
            self._members[root].append(node)
            for number in node.numbers:
                self._by_number[number].add(root)

    def find_targets(self, state: ProposalState) -> set[str]:
        """Return the proposals whose numbers the words of a state name, where each number can mean one only."""
        if state.quote is None:
            return set()
        words = self._letters.get_words(state.quote)
        found: set[str] = set()
        for m in compile_pattern("undue", "number").finditer(words):
            roots = self._by_number.get(keys.normalize_number(m["a"] or m["b"]), set()) - {state.proposal}
            near = self._choose_near(state.proposal, roots)
            if len(near) == 1:
                found |= near
        return found

    def _choose_near(self, root: str, others: Iterable[str]) -> set[str]:
        """Return those of some proposals that stand in the same list or folder, else those of the same session."""
        own_lists, own_sessions = self._describe(root)
        described = {other: self._describe(other) for other in others}
        if same := {other for other, (lists, _) in described.items() if lists & own_lists}:
            return same
        return {other for other, (_, sessions) in described.items() if sessions & own_sessions}

    def _describe(self, root: str) -> tuple[set[str], set[object]]:
        """Return the lists or folders that have a proposal, and its sessions with their places."""
        nodes = self._members[root]
        lists = {dirname(s.source) for node in nodes for s in node.sightings}
        places = {place for node in nodes for place in node.places} or {""}
        sessions: set[object] = {(one, place) for node in nodes for one in node.sessions for place in places}
        return lists, sessions
