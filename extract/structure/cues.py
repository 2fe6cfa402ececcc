"""The patterns of ``ontology/lexicon/structure*``, compiled once for each lexicon, for all structure stages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from ontology.lexicons import Lexicon, join_alternatives

if TYPE_CHECKING:
    from extract.text.segment import Segmenter

HAN = r"\u3400-\u9fff"
SPACE = r"[ \t\u3000\xa0]"
NUMERAL = "[一二三四五六七八九十百零〇]{1,4}"
OPENING_QUOTES = '“"『「‘'
CLOSING_QUOTES = '”"』」’'
_SECTION_NUMBER = r"[（(]?[一二三四五六七八九十\d]{0,2}[)）]?"
"""The number of an opinion in the heading above it: 会办意见一, 会办意见（2）."""
BULLETS = "■□◆◇●○▲△▶►★☆◎※▍▌▎┃❖"
"""Marks that a page prints before a heading."""
_MANY = rf"(?:等?{SPACE}*(?:\d+|[一二三四五六七八九十两]+)?{SPACE}*[位名]?(?:[全省市区县州旗]?国?(?:政协|人大))?)"
"""What may stand between the names of proposers and 委员 or 代表: 等3位."""


@dataclass(frozen=True, slots=True)
class NumberingStyle:
    """One way of numbering items; outer styles have a lower rank."""

    name: str
    rank: int
    pattern: re.Pattern[str]
    label: str
    """Format of the number in a number path: ``({})``."""
    where: str
    """``start``: only at the start of a paragraph. ``glued``: also inside it, if the count goes on. ``inline``: at the
    start of any clause."""


@dataclass(frozen=True, slots=True)
class FieldLabel:
    """A label of a header field (案号, 主办单位)."""

    field: str
    strong: bool
    """Whether it is a label without a colon too."""
    opening: bool
    """Whether it begins a proposal."""


class StructureCues:
    """The compiled patterns; attributes are named after the keys of ``structure.toml``.

    Args:
        lex: the lexicon.
    """

    def __init__(self, lex: Lexicon) -> None:
        config = lex.read_config("structure")
        self._lexicon = lex
        self._compile_line_patterns(config["line"])
        self._compile_label_patterns(lex)
        self._compile_addressee_patterns(config["letter"])
        self._compile_letter_patterns(config["letter"])
        self._compile_field_patterns(config["fields"])
        self._compile_numbering(lex, config["numbering"]["starters"])
        titles = config["title"]
        self.title = {
            kind: re.compile(rf"(?:{join_alternatives(titles[kind])}){titles['after']}$")
            for kind in ("proposal", "reply", "policy", "report")
        }
        self.kinds = {
            key: re.compile(value.replace("{TAKES}", config["kinds"]["takes"]).replace("{HAN}", HAN))
            for key, value in config["kinds"].items()
            if isinstance(value, str)
        }
        patterns = config["patterns"] | {"policy_words": join_alternatives(titles["policy"])}
        self.patterns = {
            key: re.compile(_fill_placeholders(value, patterns))
            for key, value in patterns.items()
            if key in config["patterns"] and key.islower()
        }

    @cached_property
    def segmenter(self) -> Segmenter:
        """Splits text into words. It is loaded when it is used, because letters are joined without it."""
        from extract.text.segment import segmenter

        return segmenter(self._lexicon)

    def _compile_line_patterns(self, line: Mapping[str, Any]) -> None:
        self.furniture = _compile_any(line["furniture"])
        self.footer = _compile_any(line["footer"])
        self.contact = _compile_any(line["contact"])
        self.closing = _compile_any(line["closing"])
        self.sections = {
            key: re.compile(
                rf"^(?:[{BULLETS}]{SPACE}*)?[【\[（(]?(?:{'|'.join(words)}){_SECTION_NUMBER}[】\])）]?{_SECTION_NUMBER}\s*"
                rf"(?:[:：]\s*[{HAN}]{{0,20}}|[（(][{HAN}]{{2,20}}[）)])?$"
            )
            for key, words in line["sections"].items()
        }

    def _compile_label_patterns(self, lex: Lexicon) -> None:
        self.labels = {
            name: FieldLabel(field, flag in "13", flag in "23")
            for name, field, flag in lex.read_table("structure_fields")
        }
        longest_first = sorted(self.labels, key=lambda name: (-len(name), name))
        names = "|".join(map(_allow_spaces, longest_first))
        strong = "|".join(_allow_spaces(name) for name in longest_first if self.labels[name].strong)
        self.label = re.compile(
            rf"(?:^|(?<=[\s　|;；（(]))(?:(?P<open>[【\[])|[（(])?(?P<label>{names})"
            rf"(?(open)[】\]]{SPACE}*[:：]?|{SPACE}*[:：|]){SPACE}*"
        )
        dates, publishers = (
            "|".join(name for name in longest_first if self.labels[name].field in fields)
            for fields in (("issued", "published"), ("publisher",))
        )
        # In a line of labels and values with gaps between them and no colons.
        self.gap_label = re.compile(rf"(?<=[ \t\u3000\xa0]{{2}})(?P<label>{names})[ \t\u3000\xa0]{{2,}}(?=\S)")
        # Behind another value, without a gap: 来源：某县水利局发布时间：2025-11-04.
        self.glued_label = re.compile(rf"(?P<label>{dates}|{publishers}){SPACE}*[:：]{SPACE}*")
        # Without a gap before a date or an organ: 发布日期2024-05-06.
        glued = rf"(?:{dates})(?={SPACE}*(?:19|20)\d{{2}}[-/.年])|(?:{publishers})(?=[{HAN}]{{4,30}}$)"
        glued += r"|索引号(?=[\w/-]{8,}$)|[时有]效性(?=[有失]效$|已?废止$)"
        self.strong_label = re.compile(
            r"^(?:[-•·*]\s+)?"
            rf"[【\[（(]?(?:(?P<label>(?:{strong})(?=[】\]]?[ \t\u3000\xa0|])|{glued})[】\]]?[ \t\u3000\xa0|]*"
            rf"|(?P<cell>{names})(?:\t|{SPACE}*\|){SPACE}*)(?=\S)"
        )
        self.bare_label = re.compile(rf"^[【\[]?(?P<label>{names})[】\]]?{SPACE}*[:：]?$")

    def _compile_addressee_patterns(self, letter: Mapping[str, Any]) -> None:
        proposers, organs, groups = (
            join_alternatives(letter[key]) for key in ("proposers", "organ_tails", "group_tails")
        )
        polite = letter["polite"]
        # All repetitions have a limit, so that the search in a long line of names stays fast.
        name = rf"[{HAN}·]{{2,12}}(?:{SPACE}+[{HAN}·]{{1,4}}){{0,4}}?"
        other_names = rf"(?:[、,，]{SPACE}*(?:[{HAN}·]{{2,12}}|[{HAN}]{SPACE}{{1,2}}[{HAN}])){{0,12}}?"
        person = rf"(?:{polite})?{SPACE}*(?P<names>{name}{other_names}){_MANY}(?:{proposers})(?:们)?"
        self.person_call = re.compile(rf"^{person}{SPACE}*[:：]$")
        self.bare_call = re.compile(
            rf"^{person}{SPACE}*(?:[,，:：]?{SPACE}*(?P<hello>(?:您们?|你们?|大家)好))?[,，;；。!！]?$"
        )
        self.group_call = re.compile(rf"^(?:{polite})?(?P<names>[^:：。；“”\"]{{2,120}}?)[:：]$")
        self.inline_call = re.compile(
            rf"^(?P<call>{person}|(?P<group>[{HAN}]{{2,24}}(?:{groups}|{organs})))[:：]{SPACE}*(?=您|你|贵|《|现将|关于|市?政协)"
        )
        self.not_addressee = re.compile(letter["not_addressee"])
        self.proposer_organ = _compile_any(letter["proposer_organs"])
        self.organ_tail = re.compile(rf"(?:{organs})$")
        self.group_tail = re.compile(rf"(?:{groups})$")
        self.person_tail = re.compile(rf"{SPACE}*{_MANY}?(?:{proposers})(?:们)?$")

    def _compile_letter_patterns(self, letter: Mapping[str, Any]) -> None:
        self.reply = _compile_any(letter["reply_cues"])
        self.opinion = _compile_any(letter["opinion_cues"])
        self.opening_end = _compile_any(letter["opening_end"])
        self.proposal_body = _compile_any(letter["proposal_body"])
        self.policy_body = _compile_any(letter["policy_body"])
        self.report_body = _compile_any(letter["report_body"])

    def _compile_field_patterns(self, fields: Mapping[str, Any]) -> None:
        self.document_number = re.compile(fields["document_number"].replace("{HAN}", HAN))
        self.handling_class = re.compile(fields["handling_class"])
        self.class_mark = re.compile(fields["class_mark"].replace("{HAN}", HAN))
        self.organ_note = re.compile(fields["organ_note"].replace("{HAN}", HAN))
        self.session = re.compile(
            # 市政协十四届二次会议; 省十四届人大二次会议; 政协第十四届某市委员会第二次会议; 十四届全国人大二次会议
            rf"[{HAN}]{{0,8}}?(?:{fields['session']}[{HAN}]{{0,10}}?第?[一二三四五六七八九十]+届[{HAN}]{{0,10}}?\s*"
            rf"|第?[一二三四五六七八九十]+届[{HAN}]{{0,8}}?{fields['session']}(?:常委会)?)\s*"
            rf"(?:[{HAN}]{{0,8}}委员会)?\s*第?[一二三四五六七八九十]+次(?:全体)?会议"
        )
        self.number = re.compile(
            rf"(?:第|(?<=编号)[:：]){SPACE}*(?P<a>[A-Za-z]{{0,3}}(?:[（(〔\[](?:19|20)\d\d[）)〕\]])?\d{{1,16}}(?:-\d{{1,6}}){{0,2}}(?:(?<=\d{{4}}){SPACE}\d{{2,6}})?){SPACE}*号"
            rf"|[（(]{SPACE}*(?P<b>[A-Za-z]{{0,2}}(?:\d{{2,12}}|\d{{1,4}}(?:-\d{{1,6}}){{1,2}}(?={SPACE}*号))){SPACE}*号?{SPACE}*[)）]"
            rf"|(?:提案|建议|议案)(?:编号|号|案号|第)?{SPACE}*[:：]?{SPACE}*(?P<c>\d{{2,12}}(?:-\d{{1,6}}){{0,2}}){SPACE}*号?(?!年|[-\d]|万|个|条|%)"
            rf"|(?<![第\d\-])(?P<d>\d{{1,8}}){SPACE}*号(?=提案|建议|议案)"
        )
        self.number_alone = re.compile(rf"^[（(\[【]?{fields['number']}{SPACE}*[)）\]】]?$")
        self.consult = re.compile(fields["consult"].replace("{HAN}", HAN))
        self.consult_tail = re.compile(fields["consult_tail"])
        self.consult_after = re.compile(fields["consult_after"])
        self.not_consulted = re.compile(fields["not_consulted"])
        self.based_on = re.compile(fields["based_on"])
        self.ground_verb = re.compile(fields["ground_verb"])

    def _compile_numbering(self, lex: Lexicon, starters: str) -> None:
        self.styles = tuple(
            NumberingStyle(name, int(rank), re.compile(pattern.replace("{N}", NUMERAL)), label, where)
            for name, rank, pattern, label, where in lex.read_table("structure_numbering")
        )
        self.by_name = {style.name: style for style in self.styles}
        self.any_start = _compile_styles(self.styles, starters)
        self.any_inline = _compile_styles([style for style in self.styles if style.where != "start"], starters)


@lru_cache(maxsize=8)
def compile_cues(lex: Lexicon) -> StructureCues:
    """Return the compiled patterns of *lex*."""
    return StructureCues(lex)


def _compile_any(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns).replace("{HAN}", HAN))


def _compile_styles(styles: Iterable[NumberingStyle], starters: str) -> re.Pattern[str]:
    """Return one pattern for several styles: the group that matches names the style, and its ``_n`` group the number.

    The pattern tests first whether a number can begin with the character at all, which makes it several times faster.
    """
    arms = (f"(?P<{style.name}>{style.pattern.pattern.replace('(?P<n>', f'(?P<{style.name}_n>')})" for style in styles)
    return re.compile(f"(?=[{starters}])(?:{'|'.join(arms)})")


_PLACEHOLDERS = (
    "book", "GAP", "IN", "ASK", "SAY", "ANSWERED", "ANSWERED_ON", "ANSWERED_BESIDE", "UNANSWERED", "DUE", "UNDUE",
    "MERGED", "CASES", "policy_words",
)  # fmt: skip


def _fill_placeholders(pattern: str, parts: Mapping[str, str]) -> str:
    """Return *pattern* with the names in braces replaced by the patterns that they stand for."""
    for name in _PLACEHOLDERS:
        pattern = pattern.replace(f"{{{name}}}", parts[name])
    for name, value in (("HAN", HAN), ("S", SPACE), ("OQ", OPENING_QUOTES), ("CQ", CLOSING_QUOTES)):
        pattern = pattern.replace(f"{{{name}}}", value)
    return pattern


def _allow_spaces(label: str) -> str:
    """Return a pattern for *label* that allows padding between its characters (案　　由)."""
    return f"{SPACE}*".join(re.escape(character) for character in label)
