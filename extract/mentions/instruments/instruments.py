"""Mentions of policy instruments and reports: titles in 《》 or after a verb."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from extract.mentions.context import MentionContext
from extract.mentions.geography import Geography
from extract.mentions.instruments.facts import read_facts
from extract.mentions.readings import Reading, list_readings
from extract.model import Kind, Mention, Span
from extract.text.search import SpanSet
from ontology.lexicons import Lexicon, join_alternatives

_THEN = "(?:并|和)?(?:印发|发布|公布|实施|落实|出台)?(?:了|好)?"
"""What may stand between a verb of making and a title: 制定并印发."""
_VERSION = r"(?:[(（](?:\d{4}年?版|\d{4}\s*[-—–~至]+\s*\d{4}\s*年?)[)）])?"
_END = r"[，,。；;、)）\s（(的]|等|并|和|与|及|对|进行|$"


@dataclass(frozen=True, slots=True)
class _Rules:
    instrument: re.Pattern[str]
    report: re.Pattern[str]
    proposal: re.Pattern[str]
    other: re.Pattern[str]
    bare: re.Pattern[str]
    owned: re.Pattern[str]
    """A title without 《》 that begins with its place, so that more verbs and endings show it."""
    listed: re.Pattern[str]
    """The next title of a list without 《》."""
    bare_not: re.Pattern[str]
    generic: re.Pattern[str]
    """Words in a title that make it one of a kind."""


@cache
def _rules(lex: Lexicon) -> _Rules:
    config = lex.read_config("instruments")
    tail = r"(?:[(（\[【][^)）\]】]{1,20}[)）\]】]|\d{4}年?版?)*$"
    verbs = join_alternatives(config["verbs"])
    bare = join_alternatives(config["bare_endings"])
    owned = join_alternatives([*config["bare_endings"], *config["owned_endings"]])
    word = '(?:“[^“”\\n]{1,16}”|[^，,。；;：:、《》“”"\\s的和与及了(（])'
    return _Rules(
        re.compile(rf"(?:{join_alternatives(config['endings'])}){tail}"),
        re.compile(rf"(?:{join_alternatives(config['reports'])}){tail}"),
        re.compile(
            rf"^(?:[(（][^)）]{{1,6}}[)）])?(?:{join_alternatives(config['proposal_start'])}).*(?:{join_alternatives(config['proposals'])})\s*{tail}|的(?:{join_alternatives(config['proposals'])})\s*$|(?:提案|议案)$"
        ),
        re.compile(rf"(?:{join_alternatives(config['others'])})$"),
        re.compile(rf"(?:{verbs})(?:{_THEN})?(?P<title>{word}{{4,40}}?(?:{bare}){_VERSION})(?={_END})"),
        re.compile(
            rf"(?:{verbs}|{join_alternatives(config['relied_verbs'])})(?:{_THEN})?(?P<title>(?={config['owners']}){word}{{4,40}}?(?:{owned}){_VERSION})(?={_END})"
        ),
        re.compile(rf"(?:[、和与及]|以及)(?P<title>{word}{{4,40}}?(?:{owned}){_VERSION})(?={_END})"),
        re.compile(join_alternatives(config["bare_not"])),
        re.compile(join_alternatives(config["generic"])),
    )


def find_instruments(page: MentionContext, geo: Geography) -> list[Mention]:
    """Every instrument and report that the page names."""
    out = [m for m in _titled(page) if page.is_in_letter(m.span)]
    taken = SpanSet(page.text, (m.span for m in out))
    for reading in reversed(list_readings(page)):  # joined lines first: a title may go over two lines
        for mention in _find_bare(page, reading):
            if not taken.overlaps(mention.span) and page.is_in_letter(mention.span):
                taken.add(mention.span)
                out.append(mention)
    for found in re.finditer(join_alternatives(page.lex.read_config("instruments")["named"]), page.text):
        span = Span(*found.span())
        if not taken.overlaps(span):
            out.append(Mention(span, Kind.INSTRUMENT, found.group(), "instrument.named", 0.85))
    return out


def _find_bare(page: MentionContext, reading: Reading) -> Iterator[Mention]:
    """Yield the instruments without 《》 after a verb of making or relying, and those listed with them."""
    rules = _rules(page.lex)
    text = reading.text
    for pattern in (rules.bare, rules.owned):
        for found in pattern.finditer(text):
            match: re.Match[str] | None = found
            while match is not None:
                words = match["title"]
                if rules.generic.search(words) or (rules.bare_not.match(words) and not _OWN.match(words)):
                    break
                span = reading.span(*match.span("title"))
                name = _OWN.sub("", words)
                yield Mention(span, Kind.INSTRUMENT, name, "instrument.bare", 0.7, read_facts(page, span))
                match = rules.listed.match(text, match.end())


_AND = re.compile(r"\s*(?:[(（〔][^()（）\n]{0,30}[)）]\s*)?(?:[、和与及]|以及)?\s*")
"""What stands between two titles of a list."""
_OWN = re.compile("^[我本][市省县区]")


def titles(text: str) -> list[Span]:
    """Stretches in 《》, nested ones whole; a 《 without its fellow reaches no further than its line."""
    out: list[Span] = []
    at = 0
    while (begin := text.find("《", at)) >= 0:
        depth, end = 0, -1
        for i in range(begin, min(len(text), begin + 160)):
            c = text[i]
            if c == "《":
                depth += 1
            elif c == "》":
                depth -= 1
                if depth == 0 or text[i + 1 : i + 2] != "》":
                    end = i
                    if depth == 0:
                        break
            elif c == "\n" and text[i + 1 : i + 2] in {"\n", "\u3000", " "} | {""}:
                break
        if end < 0:
            at = begin + 1
            continue
        out.append(Span(begin, end + 1))
        at = end + 1
    return out


def _titled(page: MentionContext) -> list[Mention]:
    rules = _rules(page.lex)
    out: list[Mention] = []
    proposals = {x.get_value("title") for x in page.outline.letters if x.kind is Kind.PROPOSAL}
    last, first = Span(0, 0), 0
    for span in titles(page.text):
        if not _AND.fullmatch(page.text, last.end, span.begin):
            first = span.begin
        last = span
        inner = Span(span.begin + 1, span.end - 1)
        name = re.sub(r"\s*\n\s*", "", inner.of(page.text)).strip()
        if len(name) < 3 or rules.proposal.search(name) or name in proposals:
            continue
        if rules.other.search(name):
            continue
        if rules.instrument.search(name):
            kind = Kind.INSTRUMENT
        elif rules.report.search(name):
            kind = Kind.REPORT
        elif len(name) < 5:
            continue
        else:
            kind = Kind.INSTRUMENT
        if kind is Kind.INSTRUMENT and re.search(r"报告[)）]?$", name):
            kind = Kind.REPORT
        out.append(Mention(span, kind, name, "instrument.title", 0.95, read_facts(page, span, first)))
    return out
