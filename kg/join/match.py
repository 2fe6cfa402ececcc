"""Which nodes are one proposal, and which proposal a reply is about, by number, title, reference or name of file.

Nodes are taken the surest first. Each joins the one proposal there is that nothing speaks against; where several would
do, none is joined and all are named (``mayBeSameAs``). One reply may be about several proposals, and several about one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from kg.join import keys
from kg.join.agree import Place, contradict, places, titled_alike, too_late
from kg.join.doubles import overlap
from kg.join.letters import Letter, Letters, Quote, Sighting
from kg.join.settings import confidence, pattern, settings
from kg.join.values import Link, Matches

_MOST_POSTINGS = 400
"""Titles that share a bigram, beyond which it tells nothing (near titles are looked up by the rest)."""
_MOST_QUOTES = 2
"""Quotes of each side."""


def match(letters: Letters) -> Matches:
    """Join the letters of a store."""
    found = _Matcher(letters)
    found.proposals()
    found.replies()
    return Matches(dict(sorted(found.same.items())), tuple(sorted(set(found.links))))


class _Matcher:
    def __init__(self, letters: Letters) -> None:
        self.letters = letters
        self.same: dict[str, str] = {}
        self.links: list[Link] = []
        self.members: dict[str, list[Letter]] = {}
        """By root: the nodes that are one proposal, the root first."""
        self.by_number: dict[str, list[str]] = defaultdict(list)
        self.by_title: dict[str, list[str]] = defaultdict(list)
        self.by_gram: dict[str, list[str]] = defaultdict(list)
        self.answered_in: dict[str, list[Letter]] = defaultdict(list)
        """By proposal: the replies that say they answer it."""
        for reply in letters.replies:
            for sighting in reply.sightings:
                for proposal in sighting.answers:
                    self.answered_in[proposal].append(reply)

    # proposals

    def proposals(self) -> None:
        """Find out which nodes are one proposal."""
        for letter in sorted(self.letters.proposals, key=_richness):
            number = self._fitting(letter, self._numbered(letter))
            if len(number) > 1:
                number = _closest(letter, number, self.members)
            how, fit = "number", number
            if not fit:
                fit, how = self._titled(letter)
            if len(fit) == 1:
                self._join(letter, fit[0], how)
                continue
            if fit:
                for root in fit:
                    self._say(letter.iri, "mayBeSameAs", root, f"join.{how}", round(1 / len(fit), 2),
                              self._quotes(letter, self.members[root][0], how))  # fmt: skip
            self._stand(letter)

    def _numbered(self, letter: Letter) -> list[str]:
        found = {root for n in letter.numbers for root in self.by_number[n]}
        return sorted(r for r in found if self._number_tells(letter, self.members[r]))

    def _number_tells(self, letter: Letter, members: list[Letter]) -> bool:
        """A short number is given anew at each session."""
        for other in members:
            common = letter.numbers & other.numbers
            if any(keys.is_long(n) for n in common):
                return True
            if common and letter.sessions and other.sessions:
                return True
            if common and any(keys.tells(t) for t in letter.titles & other.titles):
                return True
            if common and places(letter, other, self.letters.within) is Place.SAME and letter.bodies & other.bodies:
                return not (letter.sessions or other.sessions)  # nothing tells them apart, and it must be the only one
        return False

    def _titled(self, letter: Letter) -> tuple[list[str], str]:
        titles = [t for t in letter.titles if keys.tells(t)]
        exact = self._fitting(letter, {root for t in titles for root in self.by_title[t]})
        exact = [r for r in exact if not self._out_of_time(letter, r)]
        if exact:
            return exact, "title"
        near = self._fitting(letter, {root for t in titles for root in self._near(t)})
        return [r for r in near if not self._out_of_time(letter, r)], "title-near"

    def _near(self, title: str) -> Iterator[str]:
        if len(title) < settings()["title"]["least_near"]:
            return
        shared: Counter[str] = Counter()
        for gram in keys.grams(title):
            titles = self.by_gram.get(gram, ())
            if len(titles) <= _MOST_POSTINGS:
                shared.update(titles)
        for other, n in shared.items():
            if n >= len(title) / 2 and keys.nearly(title, other):
                yield from self.by_title[other]

    def _fitting(self, letter: Letter, roots: Iterable[str]) -> list[str]:
        """Those that nothing speaks against, in any of their nodes."""
        return sorted(
            r for r in roots
            if not any(contradict(letter, m, self.letters.within) for m in self.members[r])
            and (not letter.text or self._double(letter, self.members[r]))
        )  # fmt: skip

    def _double(self, letter: Letter, members: list[Letter]) -> bool:
        """Whether a proposal with text is the same text as one that is there; without text there it may be any."""
        with_text = [m for m in members if m.text]
        if not with_text:
            return True
        told = settings()["doubles"]["same"]
        for m in with_text:
            if letter.titles & m.titles and any(keys.is_long(n) for n in letter.numbers & m.numbers):
                return True
            if overlap(self.letters, letter, m) >= told:
                return True
        return False

    def _out_of_time(self, letter: Letter, root: str) -> bool:
        """Whether the replies of one are too late, or too early, for the other; a number would have told them apart."""
        made = {y for m in self.members[root] for y in m.years} - {0}
        answers = {y for r in self.answered_in[letter.iri] for y in r.years}
        if letter.years:
            return bool(made) and not letter.years & made
        return too_late(made, answers)

    def _join(self, letter: Letter, root: str, how: str) -> None:
        there = self.members[root]
        known = places(letter, there[0], self.letters.within) is Place.SAME
        ground = "title_near" if how == "title-near" else how if known else f"{how}_no_place"
        sure = confidence(ground)
        rule = "join.text" if letter.text and any(m.text for m in there) else f"join.{how.partition('-')[0]}"
        if rule == "join.text":
            sure = confidence("text")
        self._alias(letter, root, rule, sure, self._quotes(letter, there[0], how))

    def _alias(self, letter: Letter, root: str, rule: str, sure: float, quotes: tuple[Quote, ...]) -> None:
        self.same[letter.iri] = root
        self.members[root].append(letter)
        self._index(letter, root)
        self._say(letter.iri, "sameAs", root, rule, sure, quotes)

    def _stand(self, letter: Letter) -> None:
        self.members[letter.iri] = [letter]
        self._index(letter, letter.iri)

    def _index(self, letter: Letter, root: str) -> None:
        for n in letter.numbers:
            if root not in self.by_number[n]:
                self.by_number[n].append(root)
        for t in letter.titles:
            if t not in self.by_title and keys.tells(t):
                for gram in keys.grams(t):
                    self.by_gram[gram].append(t)
            if root not in self.by_title[t]:
                self.by_title[t].append(root)

    # replies

    def replies(self) -> None:
        """Say which proposals replies are about: those of their nodes, else what they or their files name."""
        by_file = self._files()
        for reply in self.letters.replies:
            answered = sorted({a for s in reply.sightings for a in s.answers})
            settled = False
            for node in answered:
                root = self.same.get(node, node)
                settled = settled or any(m.itself for m in self.members[root])
                if root != node:
                    self._tie(reply, node, root)
            if settled or any(self._maybe(n) for n in answered):
                continue
            self._search(reply, [self.letters.all[a] for a in answered], by_file)

    def _maybe(self, node: str) -> bool:
        return any(x.subject == node and x.predicate == "mayBeSameAs" for x in self.links)

    def _tie(self, reply: Letter, node: str, root: str) -> None:
        """A reply answers what the node stands for that its own source says it answers."""
        link = next(x for x in self.links if x.subject == node and x.predicate == "sameAs")
        here = {s.graph for s in reply.sightings}
        own = [s.quotes for s in self.letters.all[node].sightings if s.graph in here and s.quotes]
        said = own[0][:_MOST_QUOTES] if own else self.letters.first_words(reply)
        there = tuple(q for q in link.quotes if q.graph not in here)
        self._reply(reply, root, link.how, link.confidence, (*said, *there))

    def _search(self, reply: Letter, named: list[Letter], by_file: dict[tuple[str, str], set[str]]) -> None:
        """A reply whose proposal nothing else tells: by words of its beginning, then by the names of the files."""
        nodes = named or [_nothing(reply)]
        for sighting in reply.sightings:
            mentioned = self._mentioned(sighting)
            fit = sorted({r for r in mentioned if any(self._may_be(n, r, reply) for n in nodes)})
            if len(fit) == 1 or (fit and not named):
                for root in fit:
                    self._settle(reply, named, root, "join.reference", confidence("reference"), mentioned[root])
                return
        for sighting in reply.sightings:
            told = keys.file_name(sighting.source)
            if told.role == "proposal":
                continue
            for how, place in (("file_name", (told.folder, told.key)), ("folder", (told.folder, "/"))):
                if not (told.key if how == "file_name" else told.bare and told.folder):
                    continue
                fit = sorted(r for r in by_file.get(place, ()) if any(self._may_be(n, r, reply) for n in nodes))
                if len(fit) == 1:
                    self._settle(reply, named, fit[0], "join.file-name", confidence(how),
                                 self._sides(reply, self.members[fit[0]][0]))  # fmt: skip
                    return
                for root in fit if len(named) == 1 else ():
                    self._say(named[0].iri, "mayBeSameAs", root, "join.file-name", round(1 / len(fit), 2),
                              self._quotes(named[0], self.members[root][0], ""))  # fmt: skip

    def _settle(
        self, reply: Letter, named: list[Letter], root: str, rule: str, sure: float, quotes: tuple[Quote, ...]
    ) -> None:
        for node in named:
            free = node.iri not in self.same and self.members.get(node.iri) == [node] and node.iri != root
            if free and not contradict(node, self.members[root][0], self.letters.within):
                del self.members[node.iri]
                self._alias(node, root, rule, sure, quotes)
        self._reply(reply, root, rule, sure, quotes)

    def _may_be(self, node: Letter, root: str, reply: Letter) -> bool:
        members = self.members.get(root)
        if not members or node.iri == root or not any(m.itself for m in members):
            return False
        if too_late({y for m in members for y in m.years}, reply.years):
            return False
        return not any(contradict(node, m, self.letters.within) or _other_title(node, m) for m in members)

    def _mentioned(self, sighting: Sighting) -> dict[str, tuple[Quote, ...]]:
        """Proposals whose long number or title the beginning of a reply has, and where."""
        text = self.letters.text(sighting.graph)
        begin = self._begin(sighting)
        reach = begin + int(settings()["reference"]["reach"])
        found: dict[str, tuple[Quote, ...]] = {}
        for m in pattern("reference", "number").finditer(text, begin, reach):
            for root in self.by_number.get(keys.number(m["n"]), ()):
                found.setdefault(root, (Quote(sighting.graph, m.start(), m.end()),))
        words, at = keys.folded_places(text[begin:], reach - begin)
        least = int(settings()["title"]["least"])
        for i in range(len(words) - least + 1):
            for title in self._titles_from(words[i : i + least]):
                if words.startswith(title, i):
                    quote = Quote(sighting.graph, begin + at[i], begin + at[i + len(title) - 1] + 1)
                    for root in self.by_title[title]:
                        found.setdefault(root, (quote,))
        return {r: q for r, q in found.items() if r in self.members}

    def _titles_from(self, head: str) -> list[str]:
        if not hasattr(self, "_heads"):
            least = int(settings()["title"]["least"])
            self._heads: dict[str, list[str]] = defaultdict(list)
            for title in sorted(self.by_title):
                if len(title) >= least + 2:
                    self._heads[title[:least]].append(title)
        return self._heads.get(head, [])

    def _begin(self, sighting: Sighting) -> int:
        """Where a letter begins in its source: at the last letter's end, as far as quoted words tell."""
        alone = sum(sighting.graph == s.graph and s.text for x in self.letters.all.values() for s in x.sightings) < 2
        return 0 if alone else min((q.begin for q in sighting.quotes), default=0)

    def _files(self) -> dict[tuple[str, str], set[str]]:
        """Proposals by folder and what their files' names, or they, are called; by folder alone if it has just one."""
        found: dict[tuple[str, str], set[str]] = defaultdict(set)
        alone: dict[str, set[str]] = defaultdict(set)
        for root, members in self.members.items():
            for m in members:
                for s in m.sightings:
                    if not (s.text or not s.answered):
                        continue
                    told = keys.file_name(s.source)
                    for key in {told.key, *(n for n in m.numbers)} - {""}:
                        found[told.folder, key].add(root)
                    alone[told.folder].add(root)
        for folder, roots in alone.items():
            if folder and len(roots) == 1:
                found[folder, "/"] = roots
        return found

    # statements

    def _reply(self, reply: Letter, root: str, rule: str, sure: float, quotes: tuple[Quote, ...]) -> None:
        if not any(root in s.answers for s in reply.sightings):
            self._say(reply.iri, "repliesTo", root, rule, sure, quotes)

    def _say(self, subject: str, predicate: str, obj: str, how: str, sure: float, quotes: tuple[Quote, ...]) -> None:
        self.links.append(Link(subject, predicate, obj, how, sure, quotes))

    def _quotes(self, a: Letter, b: Letter, how: str) -> tuple[Quote, ...]:
        """The words of both sides that a join rests on."""
        return (*self._telling(a, b, how), *self._telling(b, a, how))

    def _telling(self, one: Letter, other: Letter, how: str) -> tuple[Quote, ...]:
        quotes = [q for s in one.sightings for q in s.quotes]

        def tells(quote: Quote) -> bool:
            words = self.letters.words(quote)
            if how == "number":
                return keys.number(words) in other.numbers
            return keys.title(words) in one.titles

        return tuple([q for q in quotes if tells(q)][:_MOST_QUOTES] or quotes[:1])

    def _sides(self, reply: Letter, proposal: Letter) -> tuple[Quote, ...]:
        """Of a join that only names of files tell: where each letter is quoted from, or begins."""
        return (*self.letters.first_words(reply), *self.letters.first_words(proposal))


def _richness(letter: Letter) -> tuple[bool, bool, int, str]:
    """Proposals with text first, then rows of lists, then those that are only referred to; the fullest first."""
    told = sum(map(bool, (letter.numbers, letter.titles, letter.sessions, letter.places, letter.bodies)))
    return not letter.text, not letter.itself, -told, letter.iri


def _closest(letter: Letter, roots: list[str], members: dict[str, list[Letter]]) -> list[str]:
    """Of several, those with the same title, if there are any."""
    same = [r for r in roots if any(titled_alike(letter.titles, m.titles, 0.9) for m in members[r])]
    return same or roots


def _other_title(node: Letter, other: Letter) -> bool:
    near = settings()["title"]["near"]
    return bool(node.titles and other.titles) and not titled_alike(node.titles, other.titles, near)


def _nothing(reply: Letter) -> Letter:
    """A proposal of which a reply says nothing but, by its issuer, where it was made."""
    empty: frozenset[str] = frozenset()
    return Letter("", "Proposal", (), False, empty, empty, frozenset(), empty, empty, empty, frozenset())
