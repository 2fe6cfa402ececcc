"""Mentions of policy instruments and reports: titles in 《》 or after a verb."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from extract.mentions.context import MentionContext
from extract.mentions.geography import Geography
from extract.mentions.instrument_facts import read_facts
from extract.model import Kind, Mention, Span
from extract.text.search import SpanSet
from ontology.lexicons import Lexicon, join_alternatives


@dataclass(frozen=True, slots=True)
class _Rules:
    instrument: re.Pattern[str]
    report: re.Pattern[str]
    proposal: re.Pattern[str]
    other: re.Pattern[str]
    bare: re.Pattern[str]
    bare_not: re.Pattern[str]


@cache
def _rules(lex: Lexicon) -> _Rules:
    config = lex.read_config("instruments")
    tail = r"(?:[(（\[【][^)）\]】]{1,20}[)）\]】]|\d{4}年?版?)*$"
    verbs = join_alternatives(config["verbs"])
    bare = join_alternatives(config["bare_endings"])
    return _Rules(
        re.compile(rf"(?:{join_alternatives(config['endings'])}){tail}"),
        re.compile(rf"(?:{join_alternatives(config['reports'])}){tail}"),
        re.compile(
            rf"^(?:[(（][^)）]{{1,6}}[)）])?(?:{join_alternatives(config['proposal_start'])}).*(?:{join_alternatives(config['proposals'])})\s*{tail}|的(?:{join_alternatives(config['proposals'])})\s*$|(?:提案|议案)$"
        ),
        re.compile(rf"(?:{join_alternatives(config['others'])})$"),
        re.compile(
            rf"(?:{verbs})(?:了|好|实施)?(?P<title>[^，,。；;：:、《》“”\"\s的和与及了]{{4,40}}?(?:{bare}))(?=[，,。；;、)）\s（(的]|等|，|并|$)"
        ),
        re.compile(join_alternatives(config["bare_not"])),
    )


def find_instruments(page: MentionContext, geo: Geography) -> list[Mention]:
    """Every instrument and report that the page names."""
    out = [m for m in _titled(page) if page.is_in_letter(m.span)]
    taken = SpanSet(page.text, (m.span for m in out))
    rules = _rules(page.lex)
    for found in rules.bare.finditer(page.text):
        span = Span(*found.span("title"))
        if taken.overlaps(span) or not page.is_in_letter(span):
            continue
        words = found.group("title")
        if rules.bare_not.match(words) and not _OWN.match(words):
            continue
        name = _OWN.sub("", words)
        out.append(Mention(span, Kind.INSTRUMENT, name, "instrument.bare", 0.7, read_facts(page, span)))
    for found in re.finditer(join_alternatives(page.lex.read_config("instruments")["named"]), page.text):
        span = Span(*found.span())
        if not taken.overlaps(span):
            out.append(Mention(span, Kind.INSTRUMENT, found.group(), "instrument.named", 0.85))
    return out


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
