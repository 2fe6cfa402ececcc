"""Letter drafts, and the connection of replies and proposals of one page."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace

from extract.model import Field, Kind, Span
from extract.structure.cues import StructureCues
from extract.structure.references import Reference
from extract.text.normalize import remove_space, title_key

PROPOSAL_FIELDS = ("title", "proposalNumber", "session", "submittedBy", "leadAgency", "coAgency", "handling")
"""Fields that state something about a proposal, also in the header of a reply."""
_RANKS = "省市区县州旗盟"
_SHORTEST_KEY = 7
"""Fewest digits of a number that may be the key of a portal and not the number in the meeting."""
_LONGEST_NOTICE = 24
"""Most characters of the text of a letter that only says that there is one."""
_LONGEST_NUMBER = 4
"""Most digits of a number in a meeting."""


@dataclass(slots=True, eq=False)
class LetterDraft:
    """A letter before it has an id and all its fields."""

    kind: Kind
    span: Span
    body: Span | None
    fields: list[Field] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    """Of a reply: the proposals that it names. Of a proposal: the words that name it."""
    hints: list[Field] = field(default_factory=list)
    """What the letter, or a reply to it, states about the proposal; ``connect_replies`` decides what counts.

    Beside names of fields, ``lead``, ``co`` and ``proposer`` name the issuer and addressees of a reply, and
    ``possibleLead`` the addressees of an opinion.
    """
    replies_to: list[tuple[LetterDraft, Span]] = field(default_factory=list)
    """Of a reply: its proposals, with the words that name them."""

    def add(self, *new: Field) -> None:
        """Add fields, without repeating one."""
        for stated in new:
            if all((stated.name, stated.value) != (old.name, old.value) for old in self.fields):
                self.fields.append(stated)

    def get_fields(self, name: str) -> list[Field]:
        """Return all fields of that name."""
        return [stated for stated in self.fields if stated.name == name]

    def get_field(self, name: str) -> Field | None:
        """Return the first field of that name, None if there is none."""
        return next((stated for stated in self.fields if stated.name == name), None)


@dataclass(frozen=True, slots=True)
class StatedHandlers:
    """The agencies that the headers of proposals state."""

    lead: tuple[str, ...]
    co: tuple[str, ...]


def connect_replies(text: str, drafts: list[LetterDraft], cues: StructureCues) -> None:
    """Set the proposals that each reply answers, and complete the fields of the proposals.

    References of one number or title are one proposal. A proposal that is only named becomes a draft without body.

    Args:
        text: the page.
        drafts: its proposals and replies; proposals that are only named are appended.
        cues: the compiled patterns.
    """
    proposals = [draft for draft in drafts if draft.kind is Kind.PROPOSAL]
    for reply in [draft for draft in drafts if draft.kind is not Kind.PROPOSAL]:
        for reference in reply.references:
            target = _find_proposal(proposals, reference, cues) or _find_sole_proposal(text, proposals, reference)
            if target is None:
                target = LetterDraft(Kind.PROPOSAL, reference.span, None)
                proposals.append(target)
                drafts.append(target)
            _add_reference(reply, target, reference)
        known = ("title", "proposalNumber")
        on_page = [one for one in proposals if one.body or any(one.get_field(name) for name in known)]
        if not reply.replies_to and on_page:
            before = [proposal for proposal in on_page if proposal.span.begin < reply.span.begin]
            target = before[-1] if before else on_page[0]
            reply.replies_to.append((target, _find_naming_words(text, reply, cues)))
        for target, _ in reply.replies_to:
            _add_hints(reply, target, len(reply.replies_to))
    for proposal in proposals:
        _complete_proposal(proposal, cues)
    for kind, role in ((Kind.LEAD_REPLY, "leadAgency"), (Kind.CO_OPINION, "coAgency")):
        _add_handlers_as_issuers(text, [draft for draft in drafts if draft.kind is kind], role)


def _add_handlers_as_issuers(text: str, letters: list[LetterDraft], role: str) -> None:
    """Add the agency that has *role* in the proposal as the issuer of an unsigned letter.

    Of several agencies those count before whose words they stand (市水利局：同意). One of several unsigned opinions
    cannot be told from the others.
    """
    for letter in letters:
        if letter.get_field("issuedBy") is None and letter.body is not None:
            letter.add(*_find_speakers(text, letter.body, letter, role))
    unsigned = [letter for letter in letters if letter.get_field("issuedBy") is None]
    if role == "coAgency" and len(unsigned) > 1:
        unsigned = [one for one in unsigned if not any(_share_proposal(one, other) for other in unsigned)]
    for letter in unsigned:
        agencies = [stated for target, _ in letter.replies_to for stated in target.fields if stated.name == role]
        if len({stated.value for stated in agencies}) == 1:
            letter.add(replace(agencies[0], name="issuedBy"))


def _find_speakers(text: str, body: Span, letter: LetterDraft, role: str) -> list[Field]:
    """Return the agencies that have *role* in the proposal and stand before their words, if the letter begins so."""
    found: dict[int, Field] = {}
    for stated in [one for target, _ in letter.replies_to for one in target.fields if one.name == role]:
        speaks = re.compile(rf"(?:(?<=\n)|(?<=[。；;])|(?<!.))[ \t\u3000]*{re.escape(stated.value)}[ \t]*[:：](?=.)")
        if m := speaks.search(text, body.begin, body.end):
            begin = text.index(stated.value, m.start())
            found[m.start()] = Field("issuedBy", stated.value, Span(begin, begin + len(stated.value)))
    begins_so = bool(found) and not text[body.begin : min(found)].strip()
    return [found[begin] for begin in sorted(found)] if begins_so else []


def _share_proposal(letter: LetterDraft, other: LetterDraft) -> bool:
    targets = {target for target, _ in letter.replies_to}
    return other is not letter and any(target in targets for target, _ in other.replies_to)


def list_stated_handlers(drafts: list[LetterDraft]) -> StatedHandlers:
    """Return the agencies that the headers of proposals state."""
    lead: list[str] = []
    co: list[str] = []
    for proposal in [draft for draft in drafts if draft.kind is Kind.PROPOSAL]:
        by_name = {name: [one.value for one in (*proposal.fields, *proposal.hints) if one.name == name]
                   for name in ("leadAgency", "coAgency", "handling")}  # fmt: skip
        lead += by_name["leadAgency"] or by_name["handling"][:1]
        co += by_name["coAgency"] + by_name["handling"][0 if by_name["leadAgency"] else 1 :]
    return StatedHandlers(tuple(lead), tuple(co))


def _find_proposal(proposals: list[LetterDraft], reference: Reference, cues: StructureCues) -> LetterDraft | None:
    """Return the proposal that *reference* names: by number or title, or the only one if it has neither."""
    target = next((proposal for proposal in proposals if _is_same_proposal(proposal, reference, cues)), None)
    if target is None and len(proposals) == 1:
        only = proposals[0]
        if only.get_field("proposalNumber") is None and only.get_field("title") is None:
            return only
    return target


def _find_sole_proposal(text: str, proposals: list[LetterDraft], reference: Reference) -> LetterDraft | None:
    """Return the only proposal of the page with text and a title, if *reference* has no number and no 《》.

    关于规划集市场地的建议，… in a reply below it names a suggestion of that proposal, not another proposal.
    """
    with_text = [proposal for proposal in proposals if proposal.body is not None]
    if reference.number is not None or reference.title is None or len(with_text) != 1:
        return None
    marked = text[: reference.title.span.begin].rstrip()[-1:] in '《〈“"'
    return None if marked or with_text[0].get_field("title") is None else with_text[0]


def _add_reference(reply: LetterDraft, target: LetterDraft, reference: Reference) -> None:
    for stated in (reference.number, reference.title):
        if stated and target.get_field(stated.name) is None:
            target.add(stated)
    target.references.append(reference)
    known = next((i for i, (other, _) in enumerate(reply.replies_to) if other is target), None)
    if known is None:
        reply.replies_to.append((target, reference.span))
    elif len(reference.span) > len(reply.replies_to[known][1]):
        reply.replies_to[known] = (target, reference.span)


def _find_naming_words(text: str, reply: LetterDraft, cues: StructureCues) -> Span:
    begin = reply.body.begin if reply.body else reply.span.begin
    m = cues.patterns["naming"].search(text, begin, min(begin + 300, reply.span.end))
    if m:
        return Span(m.start(), m.end())
    if reply.body and len(reply.body.of(text)) <= _LONGEST_NOTICE:  # 会办意见已收到, and not the words of its label
        return reply.body
    return Span(reply.span.begin, min(reply.span.end, reply.span.begin + 40))


def _is_same_proposal(proposal: LetterDraft, reference: Reference, cues: StructureCues) -> bool:
    number, title = proposal.get_field("proposalNumber"), proposal.get_field("title")
    if reference.number and number:
        short, long = sorted((reference.number.value.lstrip("0"), number.value.lstrip("0")), key=len)
        if short == long:
            return True
        if len(long) >= _SHORTEST_KEY and len(short) <= _LONGEST_NUMBER:  # the key of a portal beside the number
            return _is_same_title(title, reference.title, cues, default=False)
        return len(short) >= 3 and long.endswith(short) and _is_same_title(title, reference.title, cues, default=True)
    return _is_same_title(title, reference.title, cues, default=False)


def _is_same_title(first: Field | None, second: Field | None, cues: StructureCues, *, default: bool) -> bool:
    """Whether two titles are the same; *default* if one of them is missing."""
    if first is None or second is None:
        return default
    frame = cues.patterns["title_frame"]
    # One of them may lack a 的, or its last word.
    one, other = (title_key(frame.sub("", title.value)).replace("的", "") for title in (first, second))
    return one == other


def _add_hints(reply: LetterDraft, target: LetterDraft, targets: int) -> None:
    """Add what a reply states about its proposal: the proposers, the lead agency, the co-handling agencies.

    Args:
        reply: the reply.
        target: the proposal.
        targets: number of proposals that the reply answers.
    """
    for stated in reply.fields:
        if reply.kind is Kind.LEAD_REPLY:
            if stated.name == "issuedBy":
                target.hints.append(replace(stated, name="lead"))
            elif stated.name == "addressedTo":
                target.hints.append(replace(stated, name="proposer"))
        elif stated.name == "issuedBy":
            target.hints.append(replace(stated, name="co"))
        elif stated.name == "addressedTo":
            target.hints.append(replace(stated, name="possibleLead"))
    for stated in reply.hints:
        if stated.name in ("leadAgency", "coAgency", "session", "submittedBy", "handling"):
            target.hints.append(stated)
        elif targets == 1 and stated.name in ("title", "proposalNumber") and target.get_field(stated.name) is None:
            target.add(stated)


def _complete_proposal(proposal: LetterDraft, cues: StructureCues) -> None:
    """Add the fields that the header of a proposal lacks, from its replies and the references to it."""
    for hint in proposal.hints:
        if hint.name in ("leadAgency", "coAgency", "handling", "submittedBy") and proposal.get_field(hint.name) is None:
            proposal.add(*[other for other in proposal.hints if other.name == hint.name])
    if proposal.get_field("session") is None:
        sessions = [reference.session for reference in proposal.references if reference.session]
        sessions += [hint for hint in proposal.hints if hint.name == "session"]
        if sessions:
            most_frequent = Counter(session.value for session in sessions).most_common(1)[0][0]
            proposal.add(next(session for session in sessions if session.value == most_frequent))
    if proposal.get_field("submittedBy") is None:
        _add_proposers(proposal, cues)
    _set_agencies(proposal)


def _add_proposers(proposal: LetterDraft, cues: StructureCues) -> None:
    addressed = [replace(hint, name="submittedBy") for hint in proposal.hints if hint.name == "proposer"]
    named = next((reference.submitted for reference in proposal.references if reference.submitted), ())
    # A letter to several proposers may name those of each proposal.
    both = [
        proposer
        for proposer in addressed
        if any(proposer.value.startswith(other.value) for other in named)  # 谭代表单独提的
    ]
    own = [proposer for proposer in addressed if not cues.patterns["forwarder"].search(proposer.value)]
    proposal.add(*(both or own or named or addressed))


def _set_agencies(proposal: LetterDraft) -> None:
    """Set lead and co-handling agencies, each of them once."""
    hints = proposal.hints
    lead = [stated for stated in proposal.fields if stated.name == "leadAgency"]
    lead = lead or [replace(hint, name="leadAgency") for hint in hints if hint.name == "lead"]
    listed = [stated for stated in proposal.fields if stated.name == "handling"]
    if not lead and len(listed) == 1:
        lead = [replace(listed[0], name="leadAgency")]
    lead = lead or [replace(hint, name="leadAgency") for hint in hints if hint.name == "possibleLead"][:1]
    if not lead and listed:
        lead = [replace(listed[0], name="leadAgency")]
    leading = {stated.value for stated in lead}
    co = [stated for stated in proposal.fields if stated.name == "coAgency" and stated.value not in leading]
    for candidate in [*listed, *(hint for hint in hints if hint.name == "co")]:
        if not any(is_same_agency(candidate.value, other.value) for other in [*lead, *co]):
            co.append(replace(candidate, name="coAgency"))
    unique_lead: list[Field] = []
    for agency in lead:
        if not any(is_same_agency(agency.value, other.value) for other in unique_lead):
            unique_lead.append(agency)
    rest = [stated for stated in proposal.fields if stated.name not in ("leadAgency", "coAgency", "handling")]
    proposal.fields = [*rest, *unique_lead, *co]


def is_same_agency(first: str, second: str) -> bool:
    """Whether two names may be those of one agency: the long one has all characters of the short one, in order.

    市工信局 and 澄溪市工业和信息化局 are an example. The short name's rank (市) is ignored.
    """
    short, long = sorted((remove_space(first), remove_space(second)), key=len)
    if short == long:
        return True
    if short[:1] in _RANKS and len(short) > 3:
        short = short[1:]
    characters = iter(long)
    return all(character in characters for character in short)
