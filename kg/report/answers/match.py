"""What a firm can get: its profile against every support of the graph, with conditions, what is open, and changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kg.report.answers.commitments import read_day
from kg.report.facts import Facts
from kg.report.match.judgement import STATUSES, Judge, SupportJudgement
from kg.report.match.profile import FirmProfile, load_match, read_profile
from kg.report.match.supports import FirmSupport, SupportReader
from kg.report.model import Amount, Chart, Code, Column, Count, Filters, Note, Row, Table, Value

FILTERS = ("profile", "place", "tier", "facts", "as_of")
_SUPPORTS = "supports"
_MOST_NAMES = 5
"""Names of sources in a note, at most."""
_LeftOut = dict[str, dict[tuple[object, ...], FirmSupport]]
"""The supports that are not listed: given elsewhere, or not to firms."""
_COLUMNS = (
    Column("status", "code"), Column("support"), Column("kind", "code"), Column("value", "amount"), Column("per"),
    Column("metric"), Column("beneficiary"), Column("place"), Column("provider"), Column("unclear"), Column("change"),
    Column("quote", "quote"),
)  # fmt: skip
_CONDITION_COLUMNS = (
    Column("row", "number"), Column("support"), Column("condition"), Column("oneOf"), Column("property"),
    Column("needed", "amount"), Column("own", "amount"), Column("outcome", "code"), Column("quote", "quote"),
)  # fmt: skip


def make_tables(facts: Facts, filters: Filters) -> tuple[tuple[Table, ...], tuple[Note, ...]]:
    """Return the tables and notes of the report."""
    today = read_day(filters.as_of)
    profile = read_profile(filters.profile, place=filters.place, tier=filters.tier, facts=filters.facts, today=today)
    judge = Judge(facts, profile, today)
    merged, left_out = _judge_all(facts, judge)
    rows = tuple(_make_row(facts, judgement) for judgement in merged)
    details = Table(_SUPPORTS, _COLUMNS, rows, group="status")
    tables = (
        _summarize(details),
        details,
        Table("conditions", _CONDITION_COLUMNS, tuple(_list_conditions(merged))),
        Table("profile", (Column("fact", "code"), Column("value")), tuple(_list_profile(profile))),
    )
    notes = [Note("match.statuses"), Note("match.closed"), Note("match.places", {"n": len(left_out["elsewhere"])})]
    if some := [one.support for one in merged if one.status == "unsaid"]:
        names = "、".join(sorted({support.quote.source for support in some if support.quote})[:_MOST_NAMES])
        notes.append(Note("match.nobody", {"n": len(some), "names": names}))
    if left_out["others"]:
        notes.append(Note("match.others", {"n": len(left_out["others"])}))
    return tables, (*notes, Note("match.law"))


def _judge_all(facts: Facts, judge: Judge) -> tuple[list[SupportJudgement], _LeftOut]:
    """Return the judgements, the best first, each support once; and the supports that are left out, by reason."""
    best: dict[tuple[object, ...], SupportJudgement] = {}
    left_out: _LeftOut = {"elsewhere": {}, "others": {}}
    for support in SupportReader(facts).list_all():
        if judge.is_elsewhere(support):
            left_out["elsewhere"][support.key] = support
            continue
        judgement = judge.judge(support)
        if judgement is None:
            left_out["others"][support.key] = support
            continue
        known = best.get(support.key)
        if known is None or _rank(judgement) < _rank(known):
            best[support.key] = judgement
    found = sorted(_drop_bare(best.values()), key=lambda j: (STATUSES.index(j.status), *_order(facts, j)))
    return found, left_out


def _drop_bare(judgements: Iterable[SupportJudgement]) -> Iterator[SupportJudgement]:
    """Yield judgements without amounts that another support with a name gives to the same."""
    found = list(judgements)

    def describe(judgement: SupportJudgement) -> tuple[object, ...]:
        support = judgement.support
        return support.beneficiary, support.place, support.amount, support.per

    named = {describe(judgement) for judgement in found if judgement.support.thing}
    for judgement in found:
        if judgement.support.thing or describe(judgement) not in named:
            yield judgement


def _rank(judgement: SupportJudgement) -> tuple[int, int]:
    """Return what the judgement that is kept has least of: of two sentences the one that says most decides."""
    return -len(judgement.groups), STATUSES.index(judgement.status)


def _name_whom(facts: Facts, support: FirmSupport) -> str:
    return facts.name(support.beneficiary) if support.beneficiary else ""


def _order(facts: Facts, judgement: SupportJudgement) -> tuple[str, str, str, int]:
    support = judgement.support
    quote = support.quote
    return (
        support.name,
        _name_whom(facts, support),
        quote.source if quote else "",
        quote.begin if quote else 0,
    )


def _make_row(facts: Facts, judgement: SupportJudgement) -> Row:
    support = judgement.support
    return Row((
        Code(f"match.{judgement.status}"), support.name, Code(support.gives), support.amount, support.per or None,
        support.metric or None, _name_whom(facts, support) or None, support.place or None, support.provider or None,
        _join(judgement.open), _join(judgement.change), support.quote,
    ))  # fmt: skip


def _join(notes: tuple[Note, ...]) -> Value:
    return Note("match.notes", {"notes": tuple(dict.fromkeys(notes))}) if notes else None


def _list_conditions(judgements: list[SupportJudgement]) -> Iterator[Row]:
    """Yield the requirements of the supports, with the row of the support."""
    properties = load_match()["properties"]
    for number, judgement in enumerate(judgements, 1):
        for group in judgement.groups:
            for member in group.members:
                known = member.property in properties
                own = None if member.own is None else Amount(member.own, properties[member.property]["unit"])
                key = "match.rest" if member.kind == "rest" else "match.none" if member.denies else ""
                words = Note(key, {"words": member.words}) if key else member.words
                yield Row((
                    number, judgement.support.name, words, group.words or None,
                    Code(f"match.{member.property}") if known else None, member.needed, own,
                    Code(f"match.{member.outcome}"), member.quote,
                ))  # fmt: skip


def _list_profile(profile: FirmProfile) -> Iterator[Row]:
    for key, value, unit in profile.items():
        yield Row((Code(f"match.{key}"), value if isinstance(value, str) else Amount(value, unit)))


def _summarize(details: Table) -> Table:
    """Return how many supports have each status."""
    found: dict[str, list[int]] = {f"match.{status}": [] for status in STATUSES}
    for number, status in enumerate(details.list_values("status"), 1):
        found[getattr(status, "key", "")].append(number)
    columns = (Column("status", "code"), Column("matches", "count"))
    rows = tuple(Row((Code(key), Count(len(some), _SUPPORTS, tuple(some)))) for key, some in found.items())
    return Table("summary", columns, rows, chart=Chart("status", ("matches",), (0,)))
