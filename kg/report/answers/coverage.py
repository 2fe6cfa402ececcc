"""Each suggestion beside the measures and commitments that answer it; over several proposals, shares by group."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from kg.report.facts import Facts
from kg.report.model import Chart, Code, Column, Count, Excerpt, Filters, Note, Row, Table, Value
from kg.report.proposals import ProposalInfo, list_proposals
from ontology.terms import PK

FILTERS = ("proposal", "agency", "place", "year")
STATES = ("itself", "refused", "heading", "wording", "none")
"""How a suggestion is answered: said in the text, refused or put off there, only its heading is, only the
wording suggests it, nothing found."""
_SHADES = (0, 4, 1, 2, 3)
_STATED = ("itself", "refused")
_UNREAD = "unheard"
"""State of a suggestion to which no reply with readable parts is in the store."""
_DETAILS = "suggestions"
_COLUMNS = (
    Column("proposal"), Column("number"), Column("suggestion", "quote"), Column("answer", "code"), Column("agency"),
    Column("responseNumber"), Column("responseKind", "code"), Column("responseQuote", "quote"),
    Column("stated", "quote"), Column("confidence", "share"),
)  # fmt: skip
_COUNTS = tuple(Column(state, "count") for state in STATES)


@dataclass(frozen=True, slots=True)
class _Answer:
    part: str
    relation: str


@dataclass(slots=True)
class _Suggestion:
    """A suggestion with its state, and the numbers of its rows."""

    iri: str
    is_heading: bool
    state: str
    answers: tuple[_Answer, ...]
    above: str
    """The suggestion above it that is answered; empty if none is."""
    first_row: int = 0


def make_tables(facts: Facts, filters: Filters) -> tuple[tuple[Table, ...], tuple[Note, ...]]:
    """Return the tables and notes of the report."""
    proposals = list_proposals(facts, filters)
    reader = _AnswerReader(facts)
    found = {p.iri: reader.read_suggestions(p) for p in proposals}
    shown = [p for p in proposals if found[p.iri]]
    details = Table(_DETAILS, _COLUMNS, tuple(_make_details(facts, shown, found, reader)), group="proposal")
    summary = _make_summary(facts, shown, found)
    tables = [summary]
    if len(shown) > 1:
        tables += _make_groups(facts, shown, found)
    tables += [details, _make_loose(facts, proposals, reader)]
    leaves = [s for p in shown for s in found[p.iri] if not s.is_heading]
    unread = sum(s.state == _UNREAD for s in leaves)
    notes = [Note("coverage.denominator", {"n": len(leaves) - unread, "unread": unread}), Note("coverage.states")]
    bare = len(proposals) - len(shown)
    if bare:
        notes.append(Note("coverage.bare", {"n": bare}))
    return tuple(tables), tuple(notes)


class _AnswerReader:
    """Reads which parts answer which suggestions."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._answers: dict[str, list[_Answer]] = defaultdict(list)
        for part, relation, suggestion in facts.select("answers"):
            self._answers[suggestion].append(_Answer(part, relation.removeprefix(PK)))
        self.evidence = {
            (part, relation.removeprefix(PK), suggestion): (confidence, span)
            for part, relation, suggestion, confidence, span in facts.select("answer-evidence")
        }

    def list_parts(self, proposal: ProposalInfo) -> list[str]:
        """Return the measures and commitments of the letters to a proposal."""
        letters = (*proposal.replies, *proposal.opinions)
        return [part for letter in letters for part in self.facts.list_below(letter)]

    def read_suggestions(self, proposal: ProposalInfo) -> list[_Suggestion]:
        """Return the suggestions of a proposal in the order of the text, with their states."""
        facts = self.facts
        parts = [p for p in facts.list_below(proposal.iri) if facts.view.kind(p) == "Suggestion"]
        heard = bool(self.list_parts(proposal))
        letters = {*proposal.replies, *proposal.opinions}
        found: dict[str, _Suggestion] = {}
        for part in parts:
            answers = [a for a in self._answers.get(part, ()) if facts.root(a.part) in letters]
            above = found.get(facts.parents.get(part, ""))
            found[part] = self._judge(part, answers, above, heard)
        return list(found.values())

    def _judge(self, part: str, answers: list[_Answer], above: _Suggestion | None, heard: bool) -> _Suggestion:
        stated = [a for a in answers if a.relation == "respondsTo"]
        answered_above = "" if above is None else above.iri if above.state in _STATED else above.above
        is_heading = any(self.facts.view.kind(p) == "Suggestion" for p in self.facts.children.get(part, ()))
        if stated:
            state = "refused" if all(self._is_refusal(a.part) for a in stated) else "itself"
            return _Suggestion(part, is_heading, state, self._sort(stated), answered_above)
        if answered_above:
            return _Suggestion(part, is_heading, "heading", (), answered_above)
        if answers:
            return _Suggestion(part, is_heading, "wording", self._sort(answers), "")
        if above is not None and above.state == "wording":
            return _Suggestion(part, is_heading, "wording", (), above.above or above.iri)
        return _Suggestion(part, is_heading, "none" if heard else _UNREAD, (), "")

    def _is_refusal(self, part: str) -> bool:
        """Whether all that stands in a part of a reply refuses or puts off what it answers."""
        return all(self.facts.value(leaf, "outcome") for leaf in _list_leaves(self.facts, part))

    def _sort(self, answers: Iterable[_Answer]) -> tuple[_Answer, ...]:
        return tuple(sorted(answers, key=lambda a: (self.facts.view.kind(self.facts.root(a.part)) != "LeadReply",
                                                    self.facts.position(a.part))))  # fmt: skip


def _make_details(
    facts: Facts, proposals: list[ProposalInfo], found: Mapping[str, list[_Suggestion]], reader: _AnswerReader
) -> Iterable[Row]:
    number = 0
    for proposal in proposals:
        known = {s.iri: s for s in found[proposal.iri]}
        for suggestion in found[proposal.iri]:
            if suggestion.is_heading and not suggestion.answers:
                continue  # the suggestions below it have rows of their own
            suggestion.first_row = number + 1
            head = (proposal.heading, facts.value(suggestion.iri, "number"), facts.whole_quote(suggestion.iri),
                    Code(suggestion.state))  # fmt: skip
            for tail in _list_responses(facts, suggestion, known, reader):
                number += 1
                yield Row((*head, *tail))


def _list_responses(
    facts: Facts, suggestion: _Suggestion, known: Mapping[str, _Suggestion], reader: _AnswerReader
) -> Iterable[tuple[Value, ...]]:
    """Yield what answers a suggestion; of an answer with parts of its own, each of these."""
    if not suggestion.answers:
        above = known.get(suggestion.above)
        reference = Note("coverage.see", {"number": _name_suggestion(facts, above.iri)}) if above else None
        yield (None, None, None, reference, None, None)
        return
    for answer in suggestion.answers:
        agency = facts.names(facts.agencies(facts.root(answer.part)))
        confidence, span = reader.evidence.get((answer.part, answer.relation, suggestion.iri), ("", ""))
        stated = facts.read_span(span) if answer.relation == "respondsTo" else None
        for part in _list_leaves(facts, answer.part):
            yield (agency, facts.value(part, "number"), facts.kind(part), facts.whole_quote(part), stated,
                   Decimal(confidence) if confidence else None)  # fmt: skip


def _name_suggestion(facts: Facts, iri: str) -> str:
    return facts.value(iri, "number") or facts.name(iri)


def _list_leaves(facts: Facts, part: str) -> list[str]:
    below = facts.list_below(part)
    return [p for p in below if not facts.children.get(p)] or [part]


def _count_states(rows: Iterable[_Suggestion]) -> tuple[Value, ...]:
    """Return number of suggestions, the number in each state, and the share of those that something answers."""
    leaves = [s for s in rows if not s.is_heading]
    by_state = {state: tuple(s.first_row for s in leaves if s.state == state) for state in (*STATES, _UNREAD)}
    read = len(leaves) - len(by_state[_UNREAD])
    stated = sum(len(by_state[state]) for state in (*_STATED, "heading"))
    counts = (Count(len(by_state[state]), _DETAILS, by_state[state]) for state in STATES)
    return (read, *counts, Decimal(stated) / read if read else None)


def _make_summary(facts: Facts, proposals: list[ProposalInfo], found: Mapping[str, list[_Suggestion]]) -> Table:
    columns = (Column("number"), Column("title"), Column("submittedBy"), Column("lead"), Column("state", "code"),
               Column("suggestions", "number"), *_COUNTS, Column("statedShare", "share"))  # fmt: skip
    rows = tuple(
        Row((p.number, p.title, p.submitted_by, facts.names(p.leads), Code(p.state) if p.state else None,
             *_count_states(found[p.iri])))
        for p in proposals
    )  # fmt: skip
    return Table("proposals", columns, rows, chart=Chart("title", STATES, _SHADES))


def _make_groups(
    facts: Facts, proposals: list[ProposalInfo], found: Mapping[str, list[_Suggestion]]
) -> Iterable[Table]:
    """Yield the shares by lead agency, by year, and by the class that suggestions are about."""
    involved = facts.map_many("involved")
    kinds: dict[str, Callable[[ProposalInfo, _Suggestion], list[str]]] = {
        "agency": lambda p, _: [facts.name(a) for a in p.leads],
        "year": lambda p, _: [p.year] if p.year else [],
        "subject": lambda _, s: [facts.name(x) for x in involved.get(s.iri, ())],
    }
    for key, find in kinds.items():
        groups: dict[str, list[_Suggestion]] = defaultdict(list)
        members: dict[str, set[str]] = defaultdict(set)
        for proposal in proposals:
            for suggestion in found[proposal.iri]:
                for name in dict.fromkeys(find(proposal, suggestion)) or [""]:
                    groups[name].append(suggestion)
                    members[name].add(proposal.iri)
        columns = (Column(key), Column("proposals", "number"), Column("suggestions", "number"), *_COUNTS,
                   Column("statedShare", "share"))  # fmt: skip
        rows = tuple(
            Row((name or Code("unknown"), len(members[name]), *_count_states(groups[name])))
            for name in sorted(groups, key=lambda name: (not name, name))
            if any(not s.is_heading for s in groups[name])
        )
        yield Table(f"by-{key}", columns, rows, chart=Chart(key, STATES, _SHADES))


def _make_loose(facts: Facts, proposals: list[ProposalInfo], reader: _AnswerReader) -> Table:
    """Return the measures and commitments of letters that answer no suggestion.

    Those of a letter to several proposals stand once, with all of these proposals.
    """
    columns = (Column("proposal"), Column("agency"), Column("responseNumber"), Column("responseKind", "code"),
               Column("responseQuote", "quote"))  # fmt: skip
    answering = {part for part, _, _ in reader.evidence}
    rows = []
    answered: dict[str, list[str]] = defaultdict(list)
    for proposal in proposals:
        for letter in (*proposal.replies, *proposal.opinions):
            answered[letter].append(proposal.heading)
    for letter, headings in answered.items():
        for part in facts.list_below(letter):
            chain = [part, *_list_above(facts, part)]
            if facts.children.get(part) or any(p in answering for p in chain):
                continue
            quote: Excerpt | None = facts.whole_quote(part)
            rows.append(Row(("；".join(headings), facts.names(facts.agencies(letter)), facts.value(part, "number"),
                             facts.kind(part), quote)))  # fmt: skip
    return Table("loose", columns, tuple(rows), group="proposal", notes=(Note("coverage.loose"),))


def _list_above(facts: Facts, part: str) -> list[str]:
    found = []
    while (part := facts.parents.get(part, "")) and part not in found:
        found.append(part)
    return found
