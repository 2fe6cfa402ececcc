"""What names, titles, ladders and headings say by themselves: 《X管理办法》 sets up X, 高企认定奖励 supports 高企."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from extract.linking.link import LinkedMentions
from extract.model import TITLED_KINDS, Entity, EntityId, Kind, Outline, Relation, Span
from extract.text.normalize import name_key, search_fold

_FOR_TIER = re.compile(r"(?:奖|奖励|补助|补贴|资助|贴息|项目|服务|贷|基金|资金|库|工程|计划|直通车|券|险)$")
_FOR_GROUP = re.compile(r"(?:奖|奖励|补助|补贴|资助|贴息|保费|项目|服务|贷|券|险)$")
_WIDE = re.compile(r"^(?:全国|国家|省|市|本市|全市)")
_SETS_UP = re.compile(r"设立|实施|推行|推出|建立|打造")
_RUNS = re.compile(r"(?:办法|方案|细则|规定|规则|计划)(?:试行|暂行)?$|若干措施$")
"""Titles of instruments that may set up what they are named after …"""
_RUNNING = re.compile(r"(?:使用|运营|项目|资金)*(?:管理|实施|暂行|认定)")
"""… if this follows its name in them: 优才卡+管理+暂行办法."""
_IMPLEMENTING = re.compile(
    r"(?:关于)?(?:印发)?(.{6,}?)(?:实施细则|实施办法)(?:试行|暂行)?(?:的通知)?$"
    r"|.{0,24}?关于(?:进一步)?(?:贯彻落实|贯彻实施|贯彻执行|贯彻|落实|实施)(.{6,}?)的(?:实施)?(?:意见|方案|办法|通知|细则|措施)$"
)
"""Titles of instruments that carry out another one, which they name."""
_SAYS_ISSUER = re.compile(
    r"(?:等(?:[\d一二三四五六七八九十]*个?(?:部门|部委|单位|机关|厅局))?)?(?:联合)?(?:关于|印发|转发|批转)"
)
"""What follows the issuers in a title."""
_ASKED = re.compile(r"\s*[：:]\s*你们?[省市区县州旗乡镇局厅委部办院会]?\s*")
"""What stands between the one that a reply is addressed to and the title of what it asked for."""
_ARROWS = frozenset({"—", "——", "-", "－", "–", "→", "➝", "”—“", "”→“", "——“", "”——“"})


_FROM = re.compile('[由从][“"]?$')
_STEP = re.compile('[”"]?[、，,]?(?:再|逐步|最后|进而|直至)?到[“"]?')
_PATH = re.compile('[”"]?的?[^，,。；;：:]{0,6}?(?:递进|梯度|梯次|阶梯|晋级|进阶|成长|升级|培育)')
"""Ladders in words: what stands before the first rung, between two rungs, and behind the last one."""


class Namer:
    """The relations of one page that need no sentence.

    Args:
        issuers: by id of a letter, the agency that it is of.
    """

    def __init__(self, text: str, outline: Outline, linked: LinkedMentions, issuers: dict[str, str]) -> None:
        self.text = text
        self.outline = outline
        self.linked = linked
        self.issuers = issuers
        self.entities: dict[str, Entity] = {e.id: e for e in linked.entities}
        self.letters = {x.id: x for x in outline.letters}

    def relations(self) -> Iterator[Relation]:
        yield from self._issuers()
        yield from self._titles()
        yield from self._grounds()
        yield from self._names()
        yield from self._ladders()
        yield from self._headings()

    def _issuers(self) -> Iterator[Relation]:
        """《X办公室、Y局等部门关于…的通知》 is issued by both; so is what X asked for: X：你局《…的请示》收悉."""
        mentions = self.linked.mentions
        for n, (span, ident) in enumerate(mentions):
            if self.entities[ident].kind is not Kind.INSTRUMENT or not span.of(self.text).startswith("《"):
                continue
            at, issuers = span.begin + 1, []
            for other, who in mentions[n + 1 : n + 8]:
                between = "".join(self.text[at : other.begin].split())
                if not span.contains(other) or self.entities[who].kind is not Kind.AGENCY or between not in ("", "、"):
                    break
                issuers.append((who, other))
                at = other.end
            if not _SAYS_ISSUER.match("".join(self.text[at : at + 20].split())):
                issuers = issuers[:-1]
            for who, other in issuers:
                yield Relation(ident, "issuedBy", who, other, "title.issuer", 0.95)
            before, who = mentions[n - 1] if n else (span, ident)
            if self.entities[who].kind is Kind.AGENCY and _ASKED.fullmatch(self.text, before.end, span.begin):
                yield Relation(ident, "issuedBy", who, Span(before.begin, span.end), "request.addressee", 0.9)

    def _titles(self) -> Iterator[Relation]:
        """《…优才卡管理办法》 establishes 优才卡."""
        programs = [
            (e, {k for n in (e.label, *e.aliases) if len(k := name_key(n)) >= 3})
            for e in self.linked.entities
            if e.kind is Kind.PROGRAM
        ]
        for entity in self.linked.entities:
            if entity.kind is not Kind.INSTRUMENT:
                continue
            title = name_key(entity.label)
            if not _RUNS.search(title):
                continue
            for program, forms in programs:
                if any(_RUNNING.match(title, title.index(f) + len(f)) for f in forms if f in title):
                    yield Relation(entity.id, "establishes", program.id, entity.spans[0], "title.program", 0.8)

    def _grounds(self) -> Iterator[Relation]:
        """《X实施细则》, 《关于贯彻X的意见》 are based on X, if the page names X too."""
        instruments = [e for e in self.linked.entities if e.kind is Kind.INSTRUMENT]
        by_key = {name_key(name): e for e in instruments for name in (e.label, *e.aliases)}
        for entity in instruments:
            found = _IMPLEMENTING.fullmatch(name_key(entity.label))
            ground = by_key.get(found.group(1) or found.group(2)) if found else None
            if ground is not None and ground is not entity:
                yield Relation(entity.id, "basedOn", ground.id, entity.spans[0], "title.ground", 0.9)

    def _names(self) -> Iterator[Relation]:
        """A program named after its beneficiaries supports them: 高企认定奖励, 小微企业保费补贴."""
        classes = [e for e in self.linked.entities if e.kind in (Kind.TIER, Kind.GROUP)]
        forms = sorted(
            ((search_fold(n), e) for e in classes for n in (e.label, *e.aliases) if len(search_fold(n)) >= 2),
            key=lambda x: -len(x[0]),
        )
        begins = tuple(form for form, _ in forms)
        for program in self.linked.entities:
            if program.kind is not Kind.PROGRAM or not any(self._states(s.begin) for s in program.spans):
                continue
            for name in (program.label, *program.aliases):
                folded = _WIDE.sub("", search_fold(name))
                if not folded.startswith(begins):
                    continue
                hit = next((e for f, e in forms if folded.startswith(f) and len(folded) - len(f) >= 2), None)
                if hit and (_FOR_TIER if hit.kind is Kind.TIER else _FOR_GROUP).search(folded):
                    yield Relation(program.id, "supports", hit.id, program.spans[0], "name.beneficiary", 0.8)
                    break

    def _states(self, position: int) -> bool:
        """Whether a position is in a letter that states facts: not in a proposal."""
        return any(
            x.body is not None and x.kind is not Kind.PROPOSAL and x.span.begin <= position < x.span.end
            for x in self.outline.letters
        )

    def _ladders(self) -> Iterator[Relation]:
        """“A—B—C”: A advances to B, B to C."""
        mentions = [(s, i) for s, i in self.linked.mentions if self.entities[i].kind is Kind.TIER]
        for (a, first), (b, second) in pairwise(mentions):
            between = self.text[a.end : b.begin].strip('“”" ')
            if between in _ARROWS and first != second:
                yield Relation(first, "advancesTo", second, Span(a.begin, b.end), "ladder", 0.92)
        yield from self._ladders_in_words(mentions)

    def _ladders_in_words(self, mentions: Sequence[tuple[Span, EntityId]]) -> Iterator[Relation]:
        """由A到B、再到C的递进路径: A advances to B, B to C. The words behind the last rung say that it is a ladder."""
        run: list[tuple[Span, EntityId]] = []
        for mention in mentions:
            if not (run and _STEP.fullmatch(self.text, run[-1][0].end, mention[0].begin)):
                run = []
            run.append(mention)
            begin, end = run[0][0].begin, mention[0].end
            if len(run) > 1 and _FROM.search(self.text, max(0, begin - 2), begin) and _PATH.match(self.text, end):
                for (a, first), (b, second) in pairwise(run):
                    yield Relation(first, "advancesTo", second, Span(a.begin, b.end), "ladder", 0.92)

    def _headings(self) -> Iterator[Relation]:
        """A heading that sets up a program and the instrument that its text names; an item that is a program."""
        for part in self.outline.parts:
            letter = self.letters[part.letter]
            if letter.kind is Kind.PROPOSAL:
                continue
            issuer = self.issuers.get(letter.id)
            if part.heading:
                head = part.heading.of(self.text)
                found = _SETS_UP.search(head)
                programs = [i for s, i in self.linked.find_in(part.heading) if self.entities[i].kind is Kind.PROGRAM]
                if found and programs:
                    for span, ident in self.linked.find_in(Span(part.heading.end, part.span.end)):
                        before = self.text[max(0, span.begin - 6) : span.begin]
                        if self.entities[ident].kind is Kind.INSTRUMENT and re.search(
                            r"(?:出台|印发|制定)了?$", before
                        ):
                            for program in programs[:1]:
                                yield Relation(
                                    ident,
                                    "establishes",
                                    program,
                                    Span(part.heading.begin, span.end),
                                    "heading.program",
                                    0.8,
                                )
                            break
            if issuer and letter.kind not in TITLED_KINDS and part.kind is not None:
                for span, ident in self.linked.find_in(Span(part.span.begin, min(part.span.end, part.span.begin + 48))):
                    lead = self.text[part.span.begin : span.begin].strip('“" ')
                    if self.entities[ident].kind is Kind.PROGRAM and re.search(
                        r"项目|工程|计划|补贴|资助|补助|奖", self.entities[ident].label
                    ):
                        if not lead or lead.endswith("之") or (lead.startswith(("公益", "“")) and len(lead) < 24):
                            yield Relation(issuer, "administers", ident, span, "item.program", 0.75)
                    elif lead and not lead.endswith("之"):
                        break
