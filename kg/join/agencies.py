"""Agencies and people that the files of one proposal name with and without their place.

The proposal names 市民政局, its reply is signed by 霁川市民政局, or the other way round: within this proposal both are
one agency. The letters are stated to be of the agency with the full name. If all sources that use the short name mean
the same agency, the short name is ``sameAs`` the full one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from posixpath import dirname

from extract.text.signs import simplify
from kg.join.letters import StoredLetters, decode_name
from kg.join.model import JoinLink, LetterNode, Matches, QuotedSpan
from kg.join.names import is_full_name
from kg.join.settings import get_confidence
from kg.rdf.iri import MARK

_HANDLING_ROLES = ("leadAgency", "coAgency")
_PROPOSER_ROLES = ("submittedBy", "addressedTo")


@dataclass(slots=True)
class _ProposalFiles:
    """The letters of one proposal, and what their sources name."""

    nodes: list[LetterNode] = field(default_factory=list)
    handling: set[str] = field(default_factory=set)
    """Agencies that handle the proposal or sign a reply to it."""
    graphs: set[str] = field(default_factory=set)

    def add_node(self, node: LetterNode) -> None:
        """Add a letter."""
        self.nodes.append(node)
        for sighting in node.sightings:
            self.graphs.add(sighting.graph)
            self.handling |= {*sighting.handlers, *sighting.issuers}


def find_full_names(letters: StoredLetters, matches: Matches, about: Mapping[str, list[str]]) -> Iterator[JoinLink]:
    """Yield links from letters to agencies with their full names, and from short names to the full ones.

    Args:
        letters: the letters of the store.
        matches: which nodes are one.
        about: by reply, the proposals that it is about.
    """
    meant: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    surveys = []
    for files in _group_files(letters, matches, about):
        given = [(node.iri, [s.graph for s in node.sightings]) for node in files.nodes]
        key, graphs = f"names {files.nodes[0].iri}", sorted(files.graphs)
        agencies = letters.kept.get(key, graphs, partial(_resolve_agencies, letters, files), given)
        found = letters.kept.get(f"places {key}", graphs, partial(_list_agencies, letters, graphs))
        surveys.append((files, given, agencies, dict(found)))
    siblings = _resolve_siblings(
        [
            _Survey(agencies, found, _list_folders(files), frozenset(files.handling))
            for files, _, agencies, found in surveys
        ]
    )
    for files, given, agencies, found in surveys:
        agencies |= {short: siblings.get(full, full) for short, full in agencies.items()}
        agencies |= {short: siblings[short] for short in found if short in siblings and short not in agencies}
        key, graphs = f"names {files.nodes[0].iri}", sorted(files.graphs)
        find = partial(_link_letters, letters, files, agencies)
        yield from letters.find_links(f"full {key}", graphs, find, (given, sorted(agencies.items())))
        people = letters.kept.get(f"people {key}", graphs, partial(_resolve_people, letters, files), given)
        for short, full in (agencies | people).items():
            for graph in files.graphs:
                meant[short][graph].add(full)
    yield from _merge_names(letters, meant)


def _group_files(letters: StoredLetters, matches: Matches, about: Mapping[str, list[str]]) -> Iterator[_ProposalFiles]:
    """Yield the letters of each proposal, in the order of the IRIs of the proposals."""
    found: dict[str, _ProposalFiles] = defaultdict(_ProposalFiles)
    for proposal in letters.proposals:
        found[matches.get_root(proposal.iri)].add_node(proposal)
    for reply, roots in about.items():
        for root in roots:
            found[root].add_node(letters.nodes[reply])
    yield from (found[root] for root in sorted(found))


def _resolve_agencies(letters: StoredLetters, files: _ProposalFiles) -> dict[str, str]:
    """Return the one agency with the full name by agency with a short name, as the files of one proposal use them."""
    names: dict[str, set[str]] = defaultdict(set)
    places: dict[str, str] = {}
    for graph in sorted(files.graphs):
        for agency, called in letters.find_names("Agency", graph).items():
            names[agency] |= set(map(simplify, called))
            places[agency] = places.get(agency) or letters.get_jurisdiction(agency, graph)
    own_places = {places[agency] for agency in files.handling if places.get(agency)}
    candidates = {agency for agency in names if agency in files.handling or places[agency] in own_places}

    def is_full(agency: str, short: str) -> bool:
        if agency == short or _contradict_each_other(places[agency], places[short]):
            return False
        pairs = ((whole, part) for whole in names[agency] for part in names[short])
        return any(is_full_name(whole, part, places[agency]) for whole, part in pairs)

    found: dict[str, str] = {}
    for short in names:
        full = [agency for agency in candidates if is_full(agency, short)]
        fullest = [x for x in full if not any(is_full(other, x) and not is_full(x, other) for other in full)]
        if len(fullest) == 1:
            found[short] = fullest[0]
    full_names = {short: full for short, full in sorted(found.items()) if full not in found}
    return full_names | _match_equal_names(agency for agency in names if agency not in found)


def _list_agencies(letters: StoredLetters, graphs: Iterable[str]) -> list[tuple[str, str]]:
    """Return the agencies that some sources name, each with the place that it governs, as far as they say it."""
    found: dict[str, str] = {}
    for graph in graphs:
        for agency in letters.find_names("Agency", graph):
            found[agency] = found.get(agency) or letters.get_jurisdiction(agency, graph)
    return sorted(found.items())


@dataclass(frozen=True, slots=True)
class _Survey:
    """What the files of one proposal name."""

    agencies: Mapping[str, str]
    """Full names of agencies by the short ones."""
    places: Mapping[str, str]
    """The place of each agency, as far as it is said."""
    folders: frozenset[str]
    """The lists of which the proposal is a row, and the folders with its letters."""
    handling: frozenset[str]
    """Agencies that handle the proposal or sign a reply to it. The others are only mentioned."""

    @property
    def place(self) -> str:
        """The one place that the full names of its agencies show; empty if they show none, or several."""
        pairs = self.agencies.items()
        shown = {self.places.get(full, "") for short, full in pairs if MARK in short and MARK not in full}
        return shown.pop() if len(shown) == 1 else ""


def _list_folders(files: _ProposalFiles) -> frozenset[str]:
    return frozenset(dirname(sighting.source) for node in files.nodes for sighting in node.sightings) - {""}


def _find_places_of_lists(surveys: Sequence[_Survey]) -> dict[str, str]:
    """Return by the mark of its short names the place of a list of which some rows show it.

    The rows of a list share the mark. A list has none if an agency of another such place handles a row of it. One that
    a letter only mentions does not count.
    """
    shown: dict[str, set[str]] = defaultdict(set)
    folders: dict[str, set[str]] = defaultdict(set)
    named: dict[str, set[str]] = defaultdict(set)
    for survey in surveys:
        for folder in survey.folders:
            named[folder] |= {survey.places.get(agency, "") for agency in survey.handling} - {""}
        for mark in {agency.rpartition(MARK)[2] for agency in survey.places if MARK in agency}:
            folders[mark] |= survey.folders
        for short, full in survey.agencies.items():
            if MARK in short and MARK not in full:
                shown[short.rpartition(MARK)[2]] |= {survey.places.get(full, "")} - {""}
    return {
        mark: place
        for mark, places in sorted(shown.items())
        for place in places
        if len(places) == 1 and not any(x != place and x[-1] == place[-1] for one in folders[mark] for x in named[one])
    }


def _resolve_siblings(surveys: Sequence[_Survey]) -> dict[str, str]:
    """Return by agency without a place the agency that it is, where another one of its proposal shows the place.

    A proposal names 市应急管理局 and 市财政局; 霁川市应急管理局 signs its reply: then 市财政局 is of 霁川市, too, and
    so are those of the other rows of its list, if nothing in them names another city.
    """
    loose: dict[tuple[str, str], set[str]] = defaultdict(set)
    placed: dict[str, set[tuple[str, str]]] = defaultdict(set)
    of_lists = _find_places_of_lists(surveys)
    for survey in surveys:
        for agency, own_place in survey.places.items():
            name = simplify(decode_name(agency))
            place = survey.place or of_lists.get(agency.rpartition(MARK)[2], "")
            if MARK not in agency:
                placed[own_place].add((agency, name))
            elif place and MARK in survey.agencies.get(agency, MARK) and is_full_name(place + name[1:], name, place):
                loose[place, name].add(agency)
    siblings: dict[str, str] = {}
    for (place, name), same in sorted(loose.items()):
        full_names = [agency for agency, whole in sorted(placed[place]) if is_full_name(whole, name, place)]
        if len(full_names) <= 1:
            main = full_names[0] if full_names else min(same)
            siblings |= dict.fromkeys(sorted(same - {main}), main)
    return siblings


def _match_equal_names(agencies: Iterable[str]) -> dict[str, str]:
    """Return by agency without a place the one agency of the same name that represents it.

    The sources of one proposal mean one 市民政局, also if none of them says of which city it is.
    """
    by_name: dict[str, list[str]] = defaultdict(list)
    for agency in agencies:
        by_name[simplify(decode_name(agency))].append(agency)
    found: dict[str, str] = {}
    for same in by_name.values():
        placed = [agency for agency in same if MARK not in agency]
        if len(placed) <= 1:
            main = placed[0] if placed else min(same)
            found |= {agency: main for agency in sorted(same) if agency != main}
    return found


def _contradict_each_other(place: str, other: str) -> bool:
    return bool(place and other) and not place.endswith(other) and not other.endswith(place)


def _resolve_people(letters: StoredLetters, files: _ProposalFiles) -> dict[str, str]:
    """Return by proposer without a place the one proposer of the same name that represents it."""
    by_name: dict[str, set[str]] = defaultdict(set)
    for node in files.nodes:
        for sighting in node.sightings:
            people = letters.find_names("Person", sighting.graph)
            for role in _PROPOSER_ROLES:
                for person in letters.find_objects(node.iri, role, sighting.graph):
                    for name in people.get(person, ()):
                        by_name[name].add(person)
    found: dict[str, str] = {}
    for people_of_name in by_name.values():
        placed = {person for person in people_of_name if _has_place(person)}
        if len(placed) <= 1:
            main = min(placed or people_of_name)
            found |= dict.fromkeys(sorted(people_of_name - {main}), main)
    return found


def _has_place(person: str) -> bool:
    return "/" in person.rpartition("/person/")[2]


def _link_letters(letters: StoredLetters, files: _ProposalFiles, agencies: Mapping[str, str]) -> Iterator[JoinLink]:
    """Yield the statements of the letters of one proposal again, with the full names of the agencies."""
    for node in files.nodes:
        roles = ("issuedBy",) if node.is_reply else _HANDLING_ROLES
        for sighting in node.sightings:
            for role in roles:
                for agency in letters.find_objects(node.iri, role, sighting.graph):
                    quotes = letters.find_evidence(node.iri, role, agency, sighting.graph)
                    if agency in agencies and quotes:
                        rule = "join.issuer" if node.is_reply else "join.agency"
                        yield JoinLink(node.iri, role, agencies[agency], rule, get_confidence("issuer"), quotes)


def _merge_names(letters: StoredLetters, meant: Mapping[str, Mapping[str, Collection[str]]]) -> Iterator[JoinLink]:
    """Yield ``sameAs`` for each short name that means the same in all sources that use it.

    Args:
        letters: the letters of the store.
        meant: by IRI with the short name and by graph, the IRIs that it stands for.
    """
    merged: dict[str, str] = {}
    for short, by_graph in sorted(meant.items()):
        full = {iri for graph in by_graph for iri in by_graph[graph]}
        if len(full) == 1 and letters.find_graphs(short) <= set(by_graph):
            merged[short] = next(iter(full))
    for short, full_iri in merged.items():
        if full_iri not in merged:
            quotes = (*_find_first_quote(letters, short), *_find_first_quote(letters, full_iri))
            rule = "join.person" if "/person/" in short else "join.agency"
            yield JoinLink(short, "sameAs", full_iri, rule, get_confidence("issuer"), quotes)


def _find_first_quote(letters: StoredLetters, iri: str) -> Iterator[QuotedSpan]:
    for graph in sorted(letters.find_graphs(iri)):
        yield from letters.find_quotes(iri, graph)[:1]
        return
