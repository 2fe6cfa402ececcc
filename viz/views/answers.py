"""A proposal with its suggestions beside the measures and commitments that answer them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal

from viz.views.index import PageIndex

AnswerState = Literal["answered", "refused", "heading", "may", "none", "below", "unheard"]
"""How a suggestion is answered. ``answered``: a text states an answer to the suggestion itself. ``refused``: it is one
that turns the suggestion down or puts it off. ``heading``: a text states an answer to a suggestion that it stands
under. ``may``: only similar words suggest an answer. ``none``: no answer is found in the published replies. ``below``:
it is a heading; the suggestions under it have their own states. ``unheard``: the page has no reply with readable
parts."""
_HANDLING_ROLES: Final = {"leadAgency": "LeadReply", "coAgency": "CoHandlingOpinion"}
"""What an agency writes about a proposal, by its role."""
_EXCUSED: Final = frozenset({"ReplyNotPublished", "ReplyElsewhere", "ReplyNotDue", "ReplyUnreadable"})
"""States of a proposal whose agencies are not silent: there is a reply, but its text is not there."""
_ANSWER_KINDS: Final = {"Measure", "Commitment"}
_NUMERALS: Final = "零一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class SuggestionRow:
    """One suggestion and its answers."""

    suggestion: int
    depth: int
    state: AnswerState
    answers: tuple[int, ...]
    """Edges ``respondsTo``, then edges ``mayRespondTo``."""
    heads: bool = False
    """Whether suggestions stand below it: these are counted, and it is not."""

    def to_json(self) -> list[Any]:
        return [self.suggestion, self.depth, self.state, list(self.answers), self.heads]


@dataclass(frozen=True, slots=True)
class ProposalSheet:
    """One proposal, its replies, and a row for each suggestion."""

    proposal: int
    replies: tuple[int, ...]
    rows: tuple[SuggestionRow, ...]
    loose: tuple[int, ...]
    """Measures and commitments of the replies that answer none of the suggestions."""
    silent: tuple[int, ...] = ()
    """Edges to the agencies that were to handle the proposal, and of which the page has no reply or opinion."""
    hidden: tuple[int, ...] = ()
    """Edges to the agencies whose opinion is not published, as a source says."""

    def to_json(self) -> dict[str, Any]:
        rows = [row.to_json() for row in self.rows]
        lists = {"replies": self.replies, "loose": self.loose, "silent": self.silent, "hidden": self.hidden}
        return {"proposal": self.proposal, "rows": rows, **{name: list(found) for name, found in lists.items()}}


def build_proposal_sheets(index: PageIndex) -> list[ProposalSheet]:
    """Return a sheet for each proposal of the page, those with suggestions and replies first."""
    sheets = [_build_sheet(index, node) for node in index.find_nodes("Proposal")]

    def order(sheet: ProposalSheet) -> tuple[bool, bool, int, int, int]:
        empty = not sheet.rows and not sheet.replies
        return empty, not (sheet.rows and sheet.replies), -len(sheet.rows), -len(sheet.loose), sheet.proposal

    return sorted(sheets, key=order)


def _build_sheet(index: PageIndex, proposal: int) -> ProposalSheet:
    replies = sorted(
        dict.fromkeys(index.find_subjects(proposal, "repliesTo")),
        key=lambda reply: (index.kinds[reply] != "LeadReply", reply),
    )
    parts = [part for reply in replies for part in _find_parts(index, reply) if index.kinds[part] in _ANSWER_KINDS]
    suggestions = _find_suggestions(index, proposal)
    states = _find_states(index, suggestions, replied=bool(parts))
    depths = [*suggestions.values(), 0]
    headings = {node for node, depth, below in zip(suggestions, depths, depths[1:], strict=False) if below > depth}
    rows = []
    for suggestion, depth in suggestions.items():
        answers = [edge for name in ("respondsTo", "mayRespondTo") for edge in index.find_edges_to(suggestion, name)]
        heads = suggestion in headings
        rows.append(SuggestionRow(suggestion, depth, states[suggestion], tuple(answers), heads))
    answering = {index.ends[edge][0] for row in rows for edge in row.answers}
    loose = tuple(dict.fromkeys(part for part in parts if part not in answering))
    hidden = tuple(index.find_edges_from(proposal, "opinionNotPublished"))
    silent = _find_silent(index, proposal, replies)
    return ProposalSheet(proposal, tuple(replies), tuple(rows), loose, silent, hidden)


def _find_silent(index: PageIndex, proposal: int, replies: Iterable[int]) -> tuple[int, ...]:
    """Return the edges to the agencies in charge of a proposal that wrote no reply or opinion, each agency once."""
    listed = list(replies)
    kinds = {index.kinds[reply] for reply in listed}
    state = index.find_fact(proposal, "replyState")
    excused = {*_HANDLING_ROLES} if state in _EXCUSED else set()
    if state == "ReplyElsewhere":
        # where the replies or opinions of some are there, the date of the reply says nothing of the other ones
        excused = {role for role, kind in _HANDLING_ROLES.items() if kind not in kinds}
    calls = [edge for reply in listed for edge in index.find_edges_from(reply, "addressedTo")]
    # who is only addressed by an opinion need not be in charge of all proposals that it names
    only_named = kinds == {"CoHandlingOpinion"} and not index.find_subjects(proposal, "partOf")
    called = {quote for edge in calls for quote in index.data.edges[edge].quotes} if only_named else set()
    # a letter that does not say whose it is may be that of each agency that was to write one
    unsigned = {index.kinds[reply] for reply in listed if not index.find_edges_from(reply, "issuedBy")}
    heard = {index.ends[edge][1] for reply in listed for edge in index.find_edges_from(reply, "issuedBy")}
    heard |= {index.ends[edge][1] for edge in index.find_edges_from(proposal, "opinionNotPublished")}
    late = {index.ends[edge][1] for edge in index.find_edges_from(proposal, "opinionNotReceived")}
    found: dict[int, int] = {}
    for role, kind in _HANDLING_ROLES.items():
        edges = index.find_edges_from(proposal, role)
        if role in excused or kind in unsigned:  # what a list says did not come is missing, whatever it says else
            edges = [edge for edge in edges if index.ends[edge][1] in late]
        quotes = {edge: set(index.data.edges[edge].quotes) for edge in edges}
        for edge in edges:
            agency = index.ends[edge][1]
            # 市民政局, where another file of the proposal gives the full name of the agency for the same words
            is_short = any(quotes[edge] <= quotes[other] and _is_shorter(index, edge, other) for other in edges)
            if agency not in heard and not is_short and not (called and quotes[edge] <= called):
                found.setdefault(agency, edge)
    return tuple(found.values())


def _is_shorter(index: PageIndex, edge: int, other: int) -> bool:
    """Return whether the label of the agency of *edge* is the shorter one of two for the same words."""
    labels = (index.data.nodes[index.ends[x][1]].label for x in (edge, other))
    return bool(index.data.edges[edge].quotes) and len(next(labels)) < len(next(labels))


def _find_parts(index: PageIndex, whole: int) -> list[int]:
    """Return all parts of a document or part, and their parts, in the order of the text."""
    found: dict[int, None] = {}

    def add_parts_of(node: int) -> None:
        for part in _sort_parts(index, index.find_subjects(node, "partOf")):
            if part not in found and part != whole:
                found[part] = None
                add_parts_of(part)

    add_parts_of(whole)
    return list(found)


def _find_suggestions(index: PageIndex, proposal: int) -> dict[int, int]:
    """Return the suggestions with their depth, each after the suggestion that it is a part of."""
    found: dict[int, int] = {}

    def add_suggestions_of(node: int, depth: int) -> None:
        for part in _sort_parts(index, index.find_subjects(node, "partOf")):
            if index.kinds[part] == "Suggestion" and part not in found:
                found[part] = depth
                add_suggestions_of(part, depth + 1)

    add_suggestions_of(proposal, 0)
    return found


def _find_states(index: PageIndex, suggestions: dict[int, int], *, replied: bool) -> dict[int, AnswerState]:
    """Return the state of each suggestion. *suggestions* gives their depths, each parent before its parts."""
    answered = {node for node in suggestions if index.find_edges_to(node, "respondsTo")}
    maybe = {node for node in suggestions if index.find_edges_to(node, "mayRespondTo")}
    refused = {
        node for node in answered if all(_is_refusal(index, part) for part in index.find_subjects(node, "respondsTo"))
    }
    above: dict[int, set[int]] = {}
    path: list[int] = []
    for node, depth in suggestions.items():
        path = path[:depth]
        above[node] = set(path)
        path.append(node)
    headings = set().union(*above.values())

    def find_state(node: int) -> AnswerState:
        if node in refused:
            return "refused"
        if node in answered:
            return "answered"
        if answered & above[node]:
            return "heading"
        if maybe & {node, *above[node]}:
            return "may"
        if not replied:
            return "unheard"
        return "below" if node in headings else "none"

    return {node: find_state(node) for node in suggestions}


def _is_refusal(index: PageIndex, part: int) -> bool:
    """Whether a part of a reply, or each part below it, turns a suggestion down or puts it off."""
    below = index.find_subjects(part, "partOf")
    return all(_is_refusal(index, one) for one in below) if below else bool(index.find_fact(part, "outcome"))


def _sort_parts(index: PageIndex, parts: Iterable[int]) -> list[int]:
    """Sort *parts* in the order of the text: by printed number (二.三), then by the position of their quotes."""

    def order(part: int) -> tuple[bool, list[int], int, str, int]:
        printed = index.find_fact(part, "number")
        numbers = [_parse_number(word) for word in re.findall(r"[零一二三四五六七八九十百]+|\d+", printed)]
        node = index.data.nodes[part]
        return not numbers, numbers, node.quotes[0].begin if node.quotes else 0, node.label, part

    return sorted(parts, key=order)


def _parse_number(word: str) -> int:
    """Return the value of digits or of a Chinese numeral below 100."""
    if word.isdigit():
        return int(word)
    tens, ten, ones = word.rpartition("十")
    if ten:
        return (_NUMERALS.find(tens) if tens else 1) * 10 + (_NUMERALS.find(ones) if ones else 0)
    return max(_NUMERALS.find(word[-1]), 0)
