"""Who issued a reply whose own file does not say of which place: 市民政局, where the proposal names 霁川市民政局."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from kg.join.letters import Letter, Letters, name
from kg.join.settings import confidence
from kg.join.values import Link, Matches

_LEVEL = re.compile(r"^[省市州盟区县旗]")


def issuers(letters: Letters, matches: Matches, about: Mapping[str, list[str]]) -> Iterator[Link]:
    """Agencies in charge of a proposal, or joining in, that its replies are by under a name without a place.

    Args:
        letters: the letters of the store.
        matches: which nodes are one.
        about: by reply, the proposals that it is about.
    """
    handlers: dict[str, set[str]] = defaultdict(set)
    for x in letters.proposals:
        handlers[matches.root(x.iri)] |= {h for s in x.sightings if not s.answered for h in s.handlers}
    for iri, roots in about.items():
        reply = letters.all[iri]
        charged = sorted({h for root in roots for h in handlers[root]})
        for sighting in reply.sightings:
            for issuer in sighting.issuers:
                if issuer in charged or letters.home(issuer, sighting.graph):
                    continue
                fit = [h for h in charged if _fuller(name(h), name(issuer))]
                quotes = letters.evidence(iri, "issuedBy", issuer, sighting.graph)
                if len(fit) == 1 and quotes and not _known(reply, fit[0]):
                    yield Link(iri, "issuedBy", fit[0], "join.issuer", confidence("issuer"), quotes)


def _known(reply: Letter, agency: str) -> bool:
    return any(agency in s.issuers for s in reply.sightings)


def _fuller(whole: str, short: str) -> bool:
    """Whether *whole* is *short* with its place before it: 霁川市民政局 for 市民政局, and never 县民政局."""
    level = _LEVEL.match(short)
    core = short[1:] if level else short
    before = whole[: -len(core)] if core and whole.endswith(core) else ""
    return len(before) > 1 and (not level or before.endswith(short[0]))
