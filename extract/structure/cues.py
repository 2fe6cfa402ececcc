"""The patterns of ``ontology/lexicon/structure*``, compiled once a lexicon, for all structure stages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from ontology.lexicons import Lexicon, alternation

HAN = r"\u3400-\u9fff"
SPACE = r"[ \t\u3000\xa0]"
NUMERAL = "[一二三四五六七八九十百零〇]{1,4}"
OPENING_QUOTES = '“"『「‘'
BULLETS = "■□◆◇●○▲△▶►★☆◎※▍▌▎┃❖"
"""Marks that a page prints before a heading."""
CLOSING_QUOTES = '”"』」’'


@dataclass(frozen=True, slots=True)
class Style:
    """One way of numbering, with its rank among the others (outer ones first)."""

    name: str
    rank: int
    pattern: re.Pattern[str]
    label: str
    where: str


@dataclass(frozen=True, slots=True)
class Label:
    """A label of a header field: ``strong`` ones stand without a colon too, ``opening`` ones begin a proposal."""

    field: str
    strong: bool
    opening: bool


@dataclass(frozen=True, eq=False)
class Cues:
    """All compiled patterns; the names follow the keys of ``structure.toml``."""

    furniture: re.Pattern[str]
    footer: re.Pattern[str]
    contact: re.Pattern[str]
    closing: re.Pattern[str]
    sections: dict[str, re.Pattern[str]]
    labels: dict[str, Label]
    label: re.Pattern[str]
    strong_label: re.Pattern[str]
    bare_label: re.Pattern[str]
    title: dict[str, re.Pattern[str]]
    work: re.Pattern[str]
    person_call: re.Pattern[str]
    group_call: re.Pattern[str]
    inline_call: re.Pattern[str]
    not_addressee: re.Pattern[str]
    proposer_organ: re.Pattern[str]
    organ_tail: re.Pattern[str]
    organ_line: re.Pattern[str]
    group_tail: re.Pattern[str]
    person_tail: re.Pattern[str]
    reply: re.Pattern[str]
    opinion: re.Pattern[str]
    opening_end: re.Pattern[str]
    proposal_body: re.Pattern[str]
    policy_body: re.Pattern[str]
    report_body: re.Pattern[str]
    document_number: re.Pattern[str]
    handling_class: re.Pattern[str]
    class_mark: re.Pattern[str]
    organ_note: re.Pattern[str]
    session: re.Pattern[str]
    number: re.Pattern[str]
    number_alone: re.Pattern[str]
    consult: re.Pattern[str]
    consult_tail: re.Pattern[str]
    consult_after: re.Pattern[str]
    not_consulted: re.Pattern[str]
    based_on: re.Pattern[str]
    kinds: dict[str, re.Pattern[str]]
    styles: tuple[Style, ...]
    by_name: dict[str, Style]
    any_start: re.Pattern[str]
    any_inline: re.Pattern[str]
    patterns: dict[str, re.Pattern[str]]


def _any(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{p})" for p in patterns))


def _filled(pattern: str, parts: Mapping[str, str]) -> str:
    """*pattern* with the names in braces replaced by what they stand for."""
    for name in ("book", "GAP", "IN", "ASK", "SAY"):
        pattern = pattern.replace(f"{{{name}}}", parts[name])
    for name, value in (("HAN", HAN), ("S", SPACE), ("OQ", OPENING_QUOTES), ("CQ", CLOSING_QUOTES)):
        pattern = pattern.replace(f"{{{name}}}", value)
    return pattern


def squeeze_label(words: str) -> str:
    """A label without the white space that pads it (案　　由)."""
    return "".join(words.split())


def _spaced(label: str) -> str:
    return f"{SPACE}*".join(re.escape(c) for c in label)


@lru_cache(maxsize=8)
def cues(lex: Lexicon) -> Cues:
    """The compiled patterns of *lex*."""
    config = lex.config("structure")
    line, letter, fields = config["line"], config["letter"], config["fields"]
    labels = {name: Label(target, flag in "13", flag in "23") for name, target, flag in lex.table("structure_fields")}
    names = "|".join(_spaced(n) for n in sorted(labels, key=lambda n: (-len(n), n)))
    strong = "|".join(_spaced(n) for n in sorted((n for n in labels if labels[n].strong), key=lambda n: (-len(n), n)))
    proposers, organs, groups = (alternation(letter[k]) for k in ("proposers", "organ_tails", "group_tails"))
    many = rf"(?:等?{SPACE}*(?:\d+|[一二三四五六七八九十两]+)?{SPACE}*[位名]?(?:政协|人大)?)"
    # Bounded all over: a long line of names must not make the search back up for ever.
    name = rf"[{HAN}·]{{2,12}}(?:{SPACE}+[{HAN}·]{{1,4}}){{0,4}}?"
    others = rf"(?:[、,，]{SPACE}*[{HAN}·]{{2,12}}){{0,12}}?"
    person = rf"(?:{letter['polite']})?{SPACE}*(?P<names>{name}{others}){many}(?:{proposers})(?:们)?"
    work = fields["work_tail"]
    styles = []
    for name, rank, pattern, label, where in lex.table("structure_numbering"):
        styles.append(Style(name, int(rank), re.compile(pattern.replace("{N}", NUMERAL)), label, where))

    # No number begins with another character: looking for these first makes the search several times faster.
    starters = config["numbering"]["starters"]

    def merged(inline: bool) -> re.Pattern[str]:
        # One pattern finds all styles; the group that matched tells which.
        arms = [f"(?P<{s.name}>{s.pattern.pattern.replace('(?P<n>', f'(?P<{s.name}_n>')})" for s in styles
                if not inline or s.where != "start"]  # fmt: skip
        return re.compile(f"(?=[{starters}])(?:{'|'.join(arms)})")

    titles = config["title"]
    after = titles["after"]
    return Cues(
        furniture=_any(line["furniture"]),
        footer=_any(line["footer"]),
        contact=_any(line["contact"]),
        closing=_any(line["closing"]),
        sections={
            k: re.compile(
                rf"^(?:[{BULLETS}]{SPACE}*)?[【\[（(]?(?:{'|'.join(v)})[】\])）]?[一二三四五六七八九十\d]?\s*"
                rf"(?:[:：]\s*[{HAN}]{{0,20}}|[（(][{HAN}]{{2,20}}[）)])?$"
            )
            for k, v in line["sections"].items()
        },
        labels=labels,
        label=re.compile(
            rf"(?:^|(?<=[\s　|;；（(]))(?:(?P<open>[【\[])|[（(])?(?P<label>{names})"
            rf"(?(open)[】\]]{SPACE}*[:：]?|{SPACE}*[:：]){SPACE}*"
        ),
        strong_label=re.compile(
            rf"^[【\[（(]?(?:(?P<label>{strong})[】\]]?[ \t\u3000\xa0|]+"
            rf"|(?P<cell>{names})(?:\t|{SPACE}*\|){SPACE}*)(?=\S)"
        ),
        bare_label=re.compile(rf"^[【\[]?(?P<label>{names})[】\]]?{SPACE}*[:：]?$"),
        title={
            k: re.compile(rf"(?:{alternation(titles[k])}){after}$") for k in ("proposal", "reply", "policy", "report")
        },
        work=re.compile(rf"{work}$"),
        person_call=re.compile(rf"^{person}{SPACE}*[:：]$"),
        group_call=re.compile(rf"^(?:{letter['polite']})?(?P<names>[^:：。；“”\"]{{2,120}}?)[:：]$"),
        inline_call=re.compile(
            rf"^(?P<call>{person}|(?P<group>[{HAN}]{{2,24}}(?:{groups}|{organs})))[:：]{SPACE}*(?=您|你|贵|《|现将|关于|市?政协)"
        ),
        not_addressee=re.compile(letter["not_addressee"]),
        proposer_organ=_any(letter["proposer_organs"]),
        organ_tail=re.compile(rf"(?:{organs})$"),
        organ_line=re.compile(
            rf"^[{HAN}·（）()]{{2,40}}(?<=.)(?:(?:{organs}))(?:[ \t\u3000\xa0、]+[{HAN}·（）()]{{2,40}})*$"
        ),
        group_tail=re.compile(rf"(?:{groups})$"),
        person_tail=re.compile(rf"{SPACE}*{many}?(?:{proposers})(?:们)?$"),
        reply=_any(letter["reply_cues"]),
        opinion=_any(letter["opinion_cues"]),
        opening_end=_any(letter["opening_end"]),
        proposal_body=_any(letter["proposal_body"]),
        policy_body=_any(letter["policy_body"]),
        report_body=_any(letter["report_body"]),
        document_number=re.compile(fields["document_number"].replace("{HAN}", HAN)),
        handling_class=re.compile(fields["handling_class"]),
        class_mark=re.compile(fields["class_mark"]),
        organ_note=re.compile(fields["organ_note"]),
        session=re.compile(
            # 市政协十四届二次会议; 省十四届人大二次会议; 政协第十四届某市委员会第二次会议; 十四届全国人大二次会议
            rf"[{HAN}]{{0,8}}?(?:{fields['session']}[{HAN}]{{0,10}}?第?[一二三四五六七八九十]+届[{HAN}]{{0,10}}?"
            rf"|第?[一二三四五六七八九十]+届[{HAN}]{{0,8}}?{fields['session']}(?:常委会)?)(?:[{HAN}]{{0,8}}委员会)?"
            rf"第?[一二三四五六七八九十]+次(?:全体)?会议"
        ),
        number=re.compile(
            rf"第{SPACE}*(?P<a>[A-Za-z]{{0,3}}\d{{1,12}}(?:-\d{{1,6}}){{0,2}}){SPACE}*号"
            rf"|[（(]{SPACE}*(?P<b>[A-Za-z]{{0,2}}(?:\d{{2,12}}|\d{{1,4}}(?:-\d{{1,6}}){{1,2}}(?={SPACE}*号))){SPACE}*号?{SPACE}*[)）]"
            rf"|(?:提案|建议|议案)(?:编号|号|案号|第)?{SPACE}*[:：]?{SPACE}*(?P<c>\d{{2,12}}){SPACE}*号?(?!年|\d|万|个|条|%)"
        ),
        number_alone=re.compile(rf"^[（(\[【]?{fields['number']}{SPACE}*[)）\]】]?$"),
        consult=re.compile(fields["consult"]),
        consult_tail=re.compile(fields["consult_tail"]),
        consult_after=re.compile(fields["consult_after"]),
        not_consulted=re.compile(fields["not_consulted"]),
        based_on=re.compile(fields["based_on"]),
        kinds={k: re.compile(v) for k, v in config["kinds"].items() if isinstance(v, str)},
        styles=tuple(styles),
        by_name={s.name: s for s in styles},
        any_start=merged(False),
        any_inline=merged(True),
        patterns={k: re.compile(_filled(v, config["patterns"])) for k, v in config["patterns"].items() if k.islower()},
    )
