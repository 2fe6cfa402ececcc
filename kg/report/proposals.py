"""Proposals as reports list them: number, agencies, letters, year and place, and which of them a report is about."""

from __future__ import annotations

import re
from dataclasses import dataclass

from extract.text.normalize import name_key, number_key
from kg.report.facts import Facts
from kg.report.model import Filters
from ontology.terms import DCTERMS, PK

_YEAR = re.compile(r"(?:19|20)\d\d")
_ANSWER_KINDS = ("LeadReply", "CoHandlingOpinion")


@dataclass(frozen=True, slots=True)
class ProposalInfo:
    """A proposal with what is known of its handling."""

    iri: str
    number: str
    title: str
    submitted_by: str
    leads: tuple[str, ...]
    joins: tuple[str, ...]
    replies: tuple[str, ...]
    """Lead replies."""
    opinions: tuple[str, ...]
    year: str
    """Of its reply, else of its own date, session or number; empty if none has one."""
    place: str
    """Jurisdiction of its lead agency."""
    state: str
    """Local name of its state (``ReplyFound``)."""

    @property
    def heading(self) -> str:
        """Number and title."""
        return " ".join(filter(None, (self.number, self.title)))


def list_proposals(facts: Facts, filters: Filters) -> list[ProposalInfo]:
    """Return the proposals that *filters* choose, by number and title."""
    letters = facts.map_many("replies", key=1, value=0)
    roles: dict[str, dict[str, list[str]]] = {}
    for proposal, role, agency in facts.select("roles"):
        roles.setdefault(proposal, {}).setdefault(role.removeprefix(PK), []).append(agency)
    found = (
        _read_proposal(facts, iri, roles.get(iri, {}), letters.get(iri, []))
        for iri in sorted({iri for iri, _ in facts.select("proposals")})
    )
    return sorted((p for p in found if _is_chosen(facts, p, filters)), key=lambda p: (p.number, p.title, p.iri))


def _read_proposal(facts: Facts, iri: str, roles: dict[str, list[str]], letters: list[str]) -> ProposalInfo:
    kinds = {letter: facts.view.kind(letter) for letter in letters}
    replies, opinions = (tuple(x for x in letters if kinds[x] == kind) for kind in _ANSWER_KINDS)
    leads = tuple(facts.agencies(iri, "leadAgency")) if "leadAgency" in roles else ()
    joins = tuple(facts.agencies(iri, "coAgency")) if "coAgency" in roles else ()
    number = facts.value(iri, "proposalNumber")
    dates = [*filter(None, map(facts.issued, replies)), facts.issued(iri), facts.value(iri, "session"), number]
    year = next((found[0] for text in dates if (found := _YEAR.match(text))), "")
    places = [place for agency in leads if (place := facts.place_of(agency))]
    asked = facts.names(facts.values(iri, "submittedBy"))
    return ProposalInfo(
        iri, number, _find_title(facts, iri), asked, leads, joins, replies, opinions,
        year, facts.name(places[0]) if places else "", facts.value(iri, "replyState").removeprefix(PK),
    )  # fmt: skip


def _find_title(facts: Facts, iri: str) -> str:
    """Return the title of a proposal; a letter that only names its number gives it a name that is none."""
    titles = facts.view.properties(iri).get(DCTERMS + "title", [])
    return max(titles, key=lambda title: (len(title), title), default="") or facts.name(iri)


def _is_chosen(facts: Facts, proposal: ProposalInfo, filters: Filters) -> bool:
    return (
        matches_proposal(proposal, filters.proposal)
        and (not filters.year or proposal.year == filters.year)
        and contains(proposal.place, filters.place)
        and (not filters.agency or any(facts.matches(a, filters.agency) for a in (*proposal.leads, *proposal.joins)))
    )


def matches_proposal(proposal: ProposalInfo, words: str) -> bool:
    """Return whether number or title of a proposal contains *words*."""
    return (
        not words
        or bool(number_key(words) and number_key(words) in number_key(proposal.number))
        or contains(proposal.title, words)
    )


def contains(name: str, words: str) -> bool:
    """Return whether *name* contains *words*, whatever their width and quotation marks."""
    return not words or name_key(words) in name_key(name)
