"""Mentions of people: beside a title, in lists of members, of those honoured and of contacts, and state leaders."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from extract.mentions.context import MentionContext
from extract.mentions.words import PageWords
from extract.model import Kind, Mention, Span
from extract.text.normalize import remove_space
from extract.text.segment import Word, segmenter
from ontology.lexicons import Lexicon, join_alternatives

_GAP = r"[ \u3000]"
_SPACED = re.compile(rf"[一-龥]{_GAP}")
_DOTS = "·・•‧"


@dataclass(frozen=True, slots=True)
class _Patterns:
    office: re.Pattern[str]
    """A title and the name after it."""
    title: re.Pattern[str]
    """A title after a name, or after a list of names: 等3位委员."""
    named: re.Pattern[str]
    """A name at the end of what stands before a title."""
    listed: re.Pattern[str]
    """One more name before a name in a list."""
    foreign: re.Pattern[str]
    """A name with dots before a title."""
    leader: re.Pattern[str]
    leader_before: re.Pattern[str]
    """A title of a state leader, before whose name nothing shows where it ends."""
    name: re.Pattern[str]
    not_names: frozenset[str]
    titles: frozenset[str]
    """Words that after a surname stand for a person without a name: 李+主任."""
    before_leader: tuple[str, ...]
    """Words before a leader's name that are no part of it, whatever the split into words says."""
    post: re.Pattern[str]
    """A name, a gap and its post, in a list of members."""
    honoured: re.Pattern[str]
    """A line with a name and its organ in brackets."""
    members: re.Pattern[str]
    """A role and a list of names after it."""
    contact: re.Pattern[str]
    next_contact: re.Pattern[str]
    contacts: re.Pattern[str]
    """A line with an organ and names, before a line with a telephone number."""


@cache
def _compile_patterns(lex: Lexicon) -> _Patterns:
    people = lex.read_config("organizations")["persons"]
    name = rf"(?:(?:{join_alternatives(people['compound'])})[一-龥]{{1,2}}|[{people['surnames']}][一-龥]{{1,2}})"
    spaced = rf"(?:[{people['surnames']}]{_GAP}{{1,4}}[一-龥](?![一-龥])|{name})"
    after = join_alternatives(people["after"])
    posts = join_alternatives(people["posts"])
    lead_in = people["lead_in"]
    end = r"(?=[\d*，,。；;、（()\s]|$)"
    return _Patterns(
        re.compile(
            rf"(?:{join_alternatives(people['before'])})[:：\s]{{0,3}}(?P<name>{name})(?=[，,。；;：:、）)\s]|担任|同志|代表|委员|主持|出席|$|（|\()"
        ),
        re.compile(rf"(?:等(?:[\d一二三四五六七八九十百]+[名位])?)?(?:{after})"),
        re.compile(rf"(?:(?<![一-龥{_DOTS}])|(?<=[{lead_in}]))(?P<name>{name})\Z"),
        re.compile(rf"(?:(?<![一-龥{_DOTS}])|(?<=[{lead_in}]))(?P<name>{name})、\Z"),
        re.compile(
            rf"(?:[{lead_in}和与给]|(?<![一-龥{_DOTS}]))"
            rf"(?P<name>(?:(?![{lead_in}和与给])[一-龥]){{1,6}}(?:[{_DOTS}][一-龥]{{1,7}}){{1,3}})"
            rf"(?={join_alternatives([*people['after'], *people['foreign']])})"
        ),
        re.compile(join_alternatives(people["leaders"])),
        re.compile(join_alternatives(people["leaders_before"])),
        re.compile(name),
        frozenset(people["not_names"]),
        frozenset([*people["after"], *people["before"], *people["posts"]]),
        tuple(people["before_leader"]),
        re.compile(
            rf"(?:(?<=[:：\n、；;])|(?:{posts})){_GAP}*(?P<name>{spaced})(?={_GAP}+[一-龥（）()、]{{0,24}}?(?:{posts}))"
        ),
        re.compile(
            rf"^{_GAP}*(?P<name>{spaced}){_GAP}*[（(][一-龥]{{2,22}}(?:{join_alternatives(people['organs'])})[)）]{_GAP}*$",
            re.M,
        ),
        re.compile(
            rf"(?<![一-龥])(?:{join_alternatives(people['roles'])})[:：]{_GAP}*(?P<names>{spaced}(?:(?:、|{_GAP}+){spaced})*)(?={_GAP}*(?:$|[，。；;\n（(]))",
            re.M,
        ),
        re.compile(
            rf"(?:{join_alternatives(people['contacts'])})[:：\s]{{0,3}}(?:[一-龥]{{2,14}}?[处科局室司部委心股办]{_GAP}?)?(?P<name>{name}){end}"
        ),
        re.compile(rf"[\d*\-－—、，,（）() \u3000]{{1,30}}?(?P<name>{name}){end}"),
        re.compile(
            rf"^{_GAP}*[一-龥]{{4,20}}[处科局室司部委心]{_GAP}+(?P<names>{name}(?:{_GAP}+{name})*)\s*\n{_GAP}*(?:联系)?(?:电话|手机|\d)",
            re.M,
        ),
    )


def find_people(page: MentionContext) -> list[Mention]:
    """Every person named on the page."""
    patterns = _compile_patterns(page.lex)
    out = [*_find_by_title(page, patterns), *_find_members(page, patterns), *_find_contacts(page, patterns)]
    return [*out, *_find_leaders(page, patterns)]


def _find_by_title(page: MentionContext, patterns: _Patterns) -> Iterator[Mention]:
    """Yield people whose title stands beside their name: 局长张三, 张三、李四同志, 约翰·史密斯教授."""
    text = page.text
    for found in patterns.office.finditer(text):
        yield from _make_person(page, Span(*found.span("name")), "person.office", 0.85, patterns)
    for title in patterns.title.finditer(text):
        named = patterns.named.search(text, max(0, title.start() - 5), title.start())
        while named:
            yield from _make_person(page, Span(*named.span("name")), "person.title", 0.75, patterns)
            begin = named.start("name")
            named = patterns.listed.search(text, max(0, begin - 6), begin)
    for found in patterns.foreign.finditer(text) if any(dot in text for dot in _DOTS) else ():
        yield Mention(Span(*found.span("name")), Kind.PERSON, found.group("name"), "person.foreign", 0.8)


def _find_members(page: MentionContext, patterns: _Patterns) -> Iterator[Mention]:
    """Yield people of lists: members with their posts, people honoured with their organs, names after a role."""
    for begin, end in _find_spaced_lines(page.text):
        for found in patterns.post.finditer(page.text, begin, end):
            yield from _make_person(page, Span(*found.span("name")), "person.post", 0.8, patterns)
    lines = list(patterns.honoured.finditer(page.text))
    for found in lines if len(lines) > 1 else ():
        yield from _make_person(page, Span(*found.span("name")), "person.list", 0.8, patterns)
    for found in patterns.members.finditer(page.text):
        yield from _split_names(page, Span(*found.span("names")), "person.list", patterns)


def _find_spaced_lines(text: str) -> Iterator[tuple[int, int]]:
    """Yield begin and end of the lines with a gap behind a character: a list of members has one in each line."""
    end = -1
    for gap in _SPACED.finditer(text):
        if gap.start() >= end:
            begin = text.rfind("\n", 0, gap.start()) + 1
            end = text.find("\n", gap.start()) + 1 or len(text)
            yield begin, end


def _find_contacts(page: MentionContext, patterns: _Patterns) -> Iterator[Mention]:
    """Yield people to whom questions go: 联系人：张三 010-…, 李四."""
    for found in patterns.contact.finditer(page.text):
        contact: re.Match[str] | None = found
        while contact:
            yield from _make_person(page, Span(*contact.span("name")), "person.contact", 0.8, patterns)
            contact = patterns.next_contact.match(page.text, contact.end())
    for found in patterns.contacts.finditer(page.text):
        yield from _split_names(page, Span(*found.span("names")), "person.contact", patterns)


def _split_names(page: MentionContext, span: Span, rule: str, patterns: _Patterns) -> Iterator[Mention]:
    """Yield the people of a list of names with 、 or gaps between them; none if one of them is a word."""
    people: list[Mention] = []
    for piece in re.finditer(rf"[一-龥]{_GAP}+[一-龥](?![一-龥])|[一-龥]+", page.text[span.begin : span.end]):
        whole = Span(span.begin + piece.start(), span.begin + piece.end())
        made = _make_person(page, whole, rule, 0.8, patterns)
        if not made:
            return
        people += made
    yield from people


def _make_person(page: MentionContext, span: Span, rule: str, confidence: float, patterns: _Patterns) -> list[Mention]:
    """A mention of the person at *span*; none if the words are no name."""
    printed = span.of(page.text)
    name = _check_name(remove_space(printed), page.lex)
    if not name or name in patterns.not_names or name[1:] in patterns.titles:
        return []
    return [Mention(Span(span.end - len(printed), span.end), Kind.PERSON, name, rule, confidence)]


def _check_name(name: str, lex: Lexicon) -> str:
    """Return *name*; empty if it is a word of its own, or 和 or the like and a surname or word (和谭代表)."""
    words = segmenter(lex).segment(name)
    if len(words) == 1 and not words[0].tag.startswith(("nr", "x")):
        return ""
    if len(words) == 2 and words[0].tag.startswith("v") and words[1].tag in _CONNECTING:
        return ""  # 成立由+局长…: a verb and what belongs to the next words
    return "" if name[0] in "和于从经都向时" and (len(name) == 2 or len(words) < len(name)) else name


def _find_leaders(page: MentionContext, patterns: _Patterns) -> Iterator[Mention]:
    """Yield state leaders, whose names are single characters between words of other kinds: …总理."""
    words = page.words
    for title in patterns.leader.finditer(words.text):
        number = words.find_word_at(title.start())
        for length in (3, 2):
            begin = title.start() - length
            if begin < 0 or not patterns.name.fullmatch(words.text, begin, title.start()):
                continue
            first = words.find_word_at(begin)
            if first is None or number is None:  # a word crosses the name's beginning: 落|实习…
                if not words.text.endswith(patterns.before_leader, 0, begin):
                    continue
                yield _make_leader(words, begin, title.start())
                break
            if _is_name(words.words[first:number]) and (not first or words.words[first - 1].tag not in _NOUNS):
                yield _make_leader(words, begin, title.start())
                break
    for title in patterns.leader_before.finditer(words.text):
        begin = title.end()
        for end in (begin + 3, begin + 2):
            first, last = words.find_word_at(begin), words.find_word_at(end)
            if first is None or last is None or not patterns.name.fullmatch(words.text, begin, end):
                continue
            if _is_name(words.words[first:last]) and words.text[begin] not in _FUNCTION:
                yield _make_leader(words, begin, end)
                break


def _is_name(words: Sequence[Word]) -> bool:
    """Whether *words* can be a name: single characters, or one word that is a person's name."""
    return all(len(word.text) == 1 for word in words) or (len(words) == 1 and words[0].tag.startswith("nr"))


def _make_leader(words: PageWords, begin: int, end: int) -> Mention:
    return Mention(words.span(begin, end), Kind.PERSON, words.text[begin:end], "person.leader", 0.85)


_NOUNS = frozenset({"x", "n", "nr", "a", "b", "j"})
"""Parts of speech that before a name show that it began earlier."""
_CONNECTING = frozenset({"p", "c", "u", "d"})
"""Parts of speech that end no name behind a verb."""
_FUNCTION = frozenset("和于从经都向时及与同应曾常又安关")
"""Surnames that after a title are other words: 总书记和…."""
