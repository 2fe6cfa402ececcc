"""Issuers of replies whose own source does not say of which place they are.

The reply is by 市民政局, and its proposal names 霁川市民政局: the reply is issued by the latter.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from kg.join.letters import StoredLetters, decode_name
from kg.join.model import JoinLink, LetterNode, Matches
from kg.join.settings import get_confidence

_LEVEL = re.compile(r"^[省市州盟区县旗]")


def find_issuers(letters: StoredLetters, matches: Matches, about: Mapping[str, list[str]]) -> Iterator[JoinLink]:
    """Yield a link from each reply with a short issuer name to the one agency of its proposals with the full name.

    Args:
        letters: the letters of the store.
        matches: which nodes are one.
        about: by reply, the proposals that it is about.
    """
    handlers: dict[str, set[str]] = defaultdict(set)
    for proposal in letters.proposals:
        agencies = {agency for s in proposal.sightings if not s.is_answered for agency in s.handlers}
        handlers[matches.get_root(proposal.iri)] |= agencies
    for iri, roots in about.items():
        reply = letters.nodes[iri]
        candidates = sorted({agency for root in roots for agency in handlers[root]})
        for sighting in reply.sightings:
            for issuer in sighting.issuers:
                if issuer in candidates or letters.get_jurisdiction(issuer, sighting.graph):
                    continue
                full = [agency for agency in candidates if _is_full_name(decode_name(agency), decode_name(issuer))]
                quotes = letters.find_evidence(iri, "issuedBy", issuer, sighting.graph)
                if len(full) == 1 and quotes and not _is_known_issuer(reply, full[0]):
                    yield JoinLink(iri, "issuedBy", full[0], "join.issuer", get_confidence("issuer"), quotes)


def _is_known_issuer(reply: LetterNode, agency: str) -> bool:
    return any(agency in s.issuers for s in reply.sightings)


def _is_full_name(whole: str, short: str) -> bool:
    """Return whether *whole* is a place and *short*: 霁川市民政局 for 市民政局, but never 县民政局."""
    level = _LEVEL.match(short)
    core = short[1:] if level else short
    place = whole[: -len(core)] if core and whole.endswith(core) else ""
    return len(place) > 1 and (not level or place.endswith(short[0]))
