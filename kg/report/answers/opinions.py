"""What became of each co-handling opinion: which of its sentences and figures the lead reply has, to the character."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from kg.report.facts import Facts, LetterText
from kg.report.figures import FigureIndex
from kg.report.model import Amount, Chart, Code, Column, Count, Excerpt, Filters, Note, Row, Table, Value
from kg.report.proposals import ProposalInfo, list_proposals
from kg.report.wording import Match, TextUnit, Wording, keep_signs, split_units

FILTERS = ("proposal", "agency", "place", "year")
_LIKENESSES = ("exact", "nearly", "absent")
_UNITS, _FIGURES = "sentences", "figures"


@dataclass(slots=True)
class _Rows:
    """Rows of the tables of details, and the numbers of those of one opinion."""

    units: list[Row] = field(default_factory=list)
    figures: list[Row] = field(default_factory=list)


def make_tables(facts: Facts, filters: Filters) -> tuple[tuple[Table, ...], tuple[Note, ...]]:
    """Return the tables and notes of the report."""
    proposals = list_proposals(facts, filters)
    rows, opinions, unread = _Rows(), [], 0
    wordings: dict[str, Wording] = {}
    for proposal in proposals:
        replies = [text for reply in proposal.replies if (text := facts.letter_texts.get(reply))]
        for opinion in proposal.opinions:
            if filters.agency and not any(facts.matches(a, filters.agency) for a in facts.agencies(opinion)):
                continue
            place = facts.letter_texts.get(opinion)
            if place is None or not facts.children.get(opinion):
                continue
            if not replies:
                unread += 1
                continue
            if replies[0].iri not in wordings:
                _, words = facts.view.source(replies[0].context)
                wordings[replies[0].iri] = Wording(words, replies[0].begin, replies[0].end)
            reply = (replies[0], wordings[replies[0].iri])
            opinions.append(_compare_opinion(facts, proposal, place, reply, rows))
    notes = [Note("opinions.units"), Note("opinions.figures")]
    if unread:
        notes.append(Note("opinions.unread", {"n": unread}))
    summary = Table("opinions", _COLUMNS, tuple(opinions), chart=Chart("agency", _LIKENESSES, (0, 1, 3)))
    units = Table(_UNITS, _UNIT_COLUMNS, tuple(rows.units), group="opinion")
    figures = Table(_FIGURES, _FIGURE_COLUMNS, tuple(rows.figures), group="opinion")
    return (_list_asked(facts, proposals, filters), summary, units, figures), tuple(notes)


_COLUMNS = (
    Column("proposal"), Column("agency"), Column("issued", "date"), Column("sentences", "number"),
    *(Column(key, "count") for key in _LIKENESSES), Column("exactShare", "share"), Column("figures", "number"),
    Column("figuresExact", "count"), Column("figuresNearly", "count"),
)  # fmt: skip
_UNIT_COLUMNS = (
    Column("opinion"), Column("number"), Column("sentence", "quote"), Column("likeness", "code"),
    Column("replyQuote", "quote"), Column("difference"),
)  # fmt: skip
_FIGURE_COLUMNS = (
    Column("opinion"), Column("metric"), Column("value", "amount"), Column("figureQuote", "quote"),
    Column("likeness", "code"), Column("replyQuote", "quote"),
)  # fmt: skip


def _list_asked(facts: Facts, proposals: list[ProposalInfo], filters: Filters) -> Table:
    """Return the agencies that were to join in: with an opinion in what was read, without, or with a hidden one.

    An opinion that does not say whose it is may be that of each of them.
    """
    evidence = {(proposal, agency): span for proposal, _, agency, span in facts.select("role-evidence")}
    rows = []
    for proposal in proposals:
        heard = {agency for letter in proposal.opinions for agency in facts.agencies(letter)}
        hidden = set(facts.values(proposal.iri, "opinionNotPublished")) - heard
        late = set(facts.values(proposal.iri, "opinionNotReceived"))
        silence = "missing" if all(facts.agencies(letter) for letter in proposal.opinions) else "unnamed"
        silence = "not-due" if proposal.state == "ReplyNotDue" else silence
        for agency in sorted(proposal.joins, key=facts.name):
            if facts.matches(agency, filters.agency):
                quote = facts.read_span(evidence.get((proposal.iri, agency), ""))
                state = "found" if agency in heard else "hidden" if agency in hidden else silence
                state = "late" if agency in late - heard - hidden else state
                rows.append(Row((proposal.heading, facts.name(agency), Code(f"opinion-{state}"), quote)))
    columns = (Column("proposal"), Column("agency"), Column("opinionState", "code"), Column("named", "quote"))
    return Table("asked", columns, tuple(rows), group="proposal")


def _compare_opinion(
    facts: Facts, proposal: ProposalInfo, place: LetterText, answer: tuple[LetterText, Wording], rows: _Rows
) -> Row:
    """Add the rows of one opinion and return its summary."""
    agency = facts.names(facts.agencies(place.iri))
    heading = " ".join(filter(None, (agency, proposal.number or proposal.title)))
    _, text = facts.view.source(place.context)
    reply, wording = answer
    by_likeness: dict[str, list[int]] = defaultdict(list)
    matches: list[tuple[TextUnit, Match]] = []
    for number, unit in _list_units(facts, place, text):
        match = wording.find(unit, text)
        matches.append((unit, match))
        said = _quote_match(facts, reply, match)
        words = facts.quote_words(place.context, unit.begin, unit.end)
        rows.units.append(Row((heading, number, words, Code(match.likeness), said, match.difference or None)))
        by_likeness[match.likeness].append(len(rows.units))
    figures = _compare_figures(facts, (place, reply), matches, heading, rows)
    counts = [Count(len(by_likeness[key]), _UNITS, tuple(by_likeness[key])) for key in _LIKENESSES]
    share = Decimal(len(by_likeness["exact"])) / len(matches) if matches else None
    reached = [Count(len(figures[key]), _FIGURES, tuple(figures[key])) for key in ("exact", "nearly")]
    values: tuple[Value, ...] = (proposal.heading, agency, facts.day(place.iri), len(matches), *counts, share,
                                 sum(map(len, figures.values())), *reached)  # fmt: skip
    return Row(values)


def _list_units(facts: Facts, place: LetterText, text: str) -> Iterable[tuple[str, TextUnit]]:
    """Yield the units of the parts of a letter that have no parts of their own, with the number of the part.

    A first unit that is only the name of its part is a heading, and left out.
    """
    for part in facts.list_below(place.iri):
        quote = facts.quote(part)
        if quote is None or facts.children.get(part):
            continue
        units = list(split_units(text, quote.begin, quote.end))
        if len(units) > 1 and units[0].signs == keep_signs(facts.name(part)):
            del units[0]
        yield from ((facts.value(part, "number"), unit) for unit in units)


def _quote_match(facts: Facts, reply: LetterText, match: Match) -> Excerpt | None:
    return facts.quote_words(reply.context, match.begin, match.end) if match.end else None


def _compare_figures(
    facts: Facts,
    letters: tuple[LetterText, LetterText],
    matches: list[tuple[TextUnit, Match]],
    heading: str,
    rows: _Rows,
) -> dict[str, list[int]]:
    """Add a row for each figure of an opinion; return their row numbers by likeness.

    A figure is there word for word if its unit is; nearly, if its unit nearly is and the reply has the same value and
    unit of measure in these words.
    """
    place, reply = letters
    index = FigureIndex.of(facts)
    theirs = index.list_between(reply.context, reply.begin, reply.end)
    found: dict[str, list[int]] = defaultdict(list)
    for figure in index.list_between(place.context, place.begin, place.end):
        inside = (m for unit, m in matches if unit.begin <= figure.begin < unit.end)
        match = next(inside, Match("absent"))
        same = next(
            (
                f
                for f in theirs
                if match.begin <= f.begin < match.end and (f.value, f.unit) == (figure.value, figure.unit)
            ),
            None,
        )
        likeness = match.likeness if same or match.likeness == "exact" else "absent"
        said = facts.quote(same.iri) if same else _quote_match(facts, reply, match) if likeness == "exact" else None
        rows.figures.append(Row((heading, figure.metric, Amount(figure.value, figure.unit, figure.bound),
                                 facts.quote(figure.iri), Code(likeness), said)))  # fmt: skip
        found[likeness].append(len(rows.figures))
    return found
