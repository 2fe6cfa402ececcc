"""Letters in the making, and how replies and proposals of a page find each other."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace

from extract.model import Field, Kind, Span
from extract.structure.cues import Cues, squeeze_label
from extract.structure.references import Reference
from extract.text.normalize import title_key

_RANKS = "省市区县州旗盟"


@dataclass(slots=True)
class Draft:
    """A letter in the making."""

    kind: Kind
    span: Span
    body: Span | None
    fields: list[Field] = field(default_factory=list)
    refs: list[Reference] = field(default_factory=list)
    other: list[Field] = field(default_factory=list)

    def add(self, *new: Field) -> None:
        for f in new:
            if all((f.name, f.value) != (g.name, g.value) for g in self.fields):
                self.fields.append(f)

    def first(self, name: str) -> Field | None:
        return next((f for f in self.fields if f.name == name), None)


def connect(text: str, drafts: list[Draft], c: Cues) -> None:
    """Give replies their proposals, merging references by number or title; make proposals that are only named."""
    proposals = [d for d in drafts if d.kind is Kind.PROPOSAL]
    for reply in [d for d in drafts if d.kind is not Kind.PROPOSAL]:
        targets: list[tuple[Draft, Span]] = []
        for ref in reply.refs:
            target = next((p for p in proposals if _same(p, ref)), None)
            if target is None:
                if (
                    len(proposals) == 1
                    and proposals[0].first("proposalNumber") is None
                    and proposals[0].first("title") is None
                ):
                    target = proposals[0]
                else:
                    target = Draft(Kind.PROPOSAL, ref.span, None)
                    proposals.append(target)
                    drafts.append(target)
            for f in (ref.number, ref.title):
                if f and target.first(f.name) is None:
                    target.add(f)
            target.refs.append(ref)
            known = next((k for k, (t, _) in enumerate(targets) if t is target), None)
            if known is None:
                targets.append((target, ref.span))
            elif len(ref.span) > len(targets[known][1]):
                targets[known] = (target, ref.span)
        texts = [p for p in proposals if p.body or p.first("title")]
        if not targets and texts:
            before = [p for p in texts if p.span.begin < reply.span.begin]
            target = before[-1] if before else texts[0]
            where = _naming_words(text, reply, c)
            targets.append((target, where))
        reply.refs = []
        for target, span in targets:
            reply.fields.append(Field("repliesTo", str(id(target)), span))
            _handled(reply, target, len(targets))
    for p in proposals:
        _settle(p)


def _naming_words(text: str, reply: Draft, c: Cues) -> Span:
    begin = reply.body.begin if reply.body else reply.span.begin
    m = c.patterns["naming"].search(text, begin, min(begin + 300, reply.span.end))
    return Span(m.start(), m.end()) if m else Span(reply.span.begin, min(reply.span.end, reply.span.begin + 40))


def _same(p: Draft, ref: Reference) -> bool:
    number, title = p.first("proposalNumber"), p.first("title")
    if ref.number and number:
        a, b = ref.number.value.lstrip("0"), number.value.lstrip("0")
        return a == b or (
            min(len(a), len(b)) >= 3 and (a.endswith(b) or b.endswith(a)) and _same_title(title, ref.title, True)
        )
    return _same_title(title, ref.title, False)


def _same_title(a: Field | None, b: Field | None, default: bool) -> bool:
    if a is None or b is None:
        return default
    return title_key(a.value) == title_key(b.value)


def _handled(reply: Draft, target: Draft, several: int) -> None:
    """What a reply tells of its proposal: who put it forward, who leads, who joins in."""
    for f in reply.fields:
        if reply.kind is Kind.LEAD_REPLY:
            if f.name == "issuedBy":
                target.other.append(replace(f, name="lead"))
            elif f.name == "addressedTo":
                target.other.append(replace(f, name="proposer"))
        elif f.name == "issuedBy":
            target.other.append(replace(f, name="co"))
        elif f.name == "addressedTo":
            target.other.append(replace(f, name="lead?"))
    for f in reply.other:
        if f.name in ("leadAgency", "coAgency", "session", "submittedBy", "handling"):
            target.other.append(f)
        elif several == 1 and f.name in ("title", "proposalNumber") and target.first(f.name) is None:
            target.add(f)


def _settle(p: Draft) -> None:
    """Choose among what header, replies and references say of a proposal."""
    said = p.other
    for f in said:
        if f.name in ("leadAgency", "coAgency", "handling", "submittedBy") and p.first(f.name) is None:
            p.add(*[g for g in said if g.name == f.name])
    refs = [r for r in p.refs if isinstance(r, Reference)]
    if p.first("session") is None:
        votes = [r.session for r in refs if r.session] + [f for f in said if f.name == "session"]
        if votes:
            best = Counter(v.value for v in votes).most_common(1)[0][0]
            p.add(next(v for v in votes if v.value == best))
    if p.first("submittedBy") is None:
        addressed = [replace(f, name="submittedBy") for f in said if f.name == "proposer"]
        named = next((r.submitted for r in refs if r.submitted), ())
        # A letter to several may say which of them put forward which proposal.
        mine = [f for f in named if any(f.value == a.value for a in addressed)]
        p.add(*(mine or addressed))
    if p.first("submittedBy") is None:
        p.add(*next((r.submitted for r in refs if r.submitted), ()))
    lead = [f for f in p.fields if f.name == "leadAgency"] or [
        replace(f, name="leadAgency") for f in said if f.name == "lead"
    ]
    listed = [f for f in p.fields if f.name == "handling"]
    if not lead and listed and len(listed) == 1:
        lead = [replace(listed[0], name="leadAgency")]
    lead = lead or [replace(f, name="leadAgency") for f in said if f.name == "lead?"][:1]
    if not lead and listed:
        lead = [replace(listed[0], name="leadAgency")]
    co = [f for f in p.fields if f.name == "coAgency"]
    for f in [*listed, *(replace(f, name="coAgency") for f in said if f.name == "co")]:
        if not any(same_agency(f.value, g.value) for g in [*lead, *co]):
            co.append(replace(f, name="coAgency"))
    rest = [f for f in p.fields if f.name not in ("leadAgency", "coAgency", "handling")]
    seen: list[Field] = []
    for f in lead:
        if not any(same_agency(f.value, g.value) for g in seen):
            seen.append(f)
    p.fields = [*rest, *seen, *co]


def same_agency(a: str, b: str) -> bool:
    """Whether two names may be one agency's: 市工信局, 澄溪市工业和信息化局 (the short one's characters, in order)."""
    short, long = sorted((squeeze_label(a), squeeze_label(b)), key=len)
    if short == long:
        return True
    if short[:1] in _RANKS and len(short) > 3:
        short = short[1:]
    it = iter(long)
    return all(ch in it for ch in short)
