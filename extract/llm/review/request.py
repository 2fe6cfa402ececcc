"""Build the messages that ask a model to review a section. All words are in ``llm_review.toml``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from extract.llm.contract import read_contract
from extract.llm.prompt import Message
from extract.llm.redaction import Redact
from extract.llm.review.draft import number_relations
from extract.llm.review.quotes import LineIndex
from extract.llm.review.rules import get_review_limit, read_rules
from extract.llm.review.sections import Line, Section
from extract.model import Entity, Extraction, Figure, Kind, Letter, Part, Span
from ontology.lexicons import Lexicon

_MOST_LINES = 6
"""Largest number of lines that are given for one entity."""


def build_review_messages(
    section: Section, extraction: Extraction, lex: Lexicon, redact: Redact = str
) -> tuple[Message, ...]:
    """Return the messages for *section*.

    Args:
        section: what to review.
        extraction: what the rules have found.
        lex: the lexicon.
        redact: masks what must not be sent.
    """
    rules = read_rules(lex)["messages"]
    writer = _RequestWriter(section, extraction, lex, redact)
    letter = extraction.outline.get_letter(section.letter)
    kind = read_rules(lex)["letters"].get(letter.kind.value, letter.kind.value)
    title = redact(letter.get_value("title") or "")
    user = str(rules["user"]).format(
        letter=str(rules["letter"]).format(kind=kind, title=title) if title else kind,
        text=writer.write_text(),
        facts=writer.write_facts(),
        contract=_describe_contract(lex),
    )
    return ({"role": "system", "content": str(rules["system"])}, {"role": "user", "content": user})


def _describe_contract(lex: Lexicon) -> str:
    rules, contract = read_rules(lex), read_contract(lex)
    lines = [f"- {name}：{meaning}" for name, meaning in rules["kinds"].items()]
    for name, meaning in rules["predicates"].items():
        if pairs := contract.pairs.get(name):
            left, right = ("|".join(sorted({pair[i].value for pair in pairs})) for i in (0, 1))
            lines.append(f"- {name}：{left} → {right}，{meaning}")
    lines += [f"- {name}：{meaning}" for name, meaning in rules["document_predicates"].items()]
    return "\n".join(lines)


class _RequestWriter:
    """Writes the text and the facts of one section."""

    def __init__(self, section: Section, extraction: Extraction, lex: Lexicon, redact: Redact) -> None:
        self._section, self._extraction, self._redact = section, extraction, redact
        self._text = redact(extraction.source.text)
        self._words = read_rules(lex)["messages"]
        self._titles: Mapping[str, str] = read_rules(lex)["titles"]
        self._most = get_review_limit("printed", lex)
        self._lines = LineIndex(extraction.source.text)
        self._shown = [line.span for line in section.shown]
        self._own = [line.span for line in section.lines]

    # text

    def write_text(self) -> str:
        section = self._section
        blocks: list[tuple[str, Sequence[Line]]] = [
            ("head", section.head), ("path", section.path), ("section", section.lines), ("tail", section.tail),
        ]  # fmt: skip
        is_whole = not (section.head or section.path or section.tail)
        pieces: list[str] = []
        for name, lines in blocks:
            if lines:
                pieces += [] if is_whole else [str(self._words[name])]
                pieces += [f"{line.number}│{line.span.of(self._text).strip()}" for line in lines]
        return "\n".join(pieces)

    # facts

    def write_facts(self) -> str:
        extraction = self._extraction
        entities = [entity for entity in extraction.entities if self._is_shown(entity.spans)]
        shown = {entity.id for entity in entities}
        letters = [x for x in extraction.outline.letters if x.id == self._section.letter or self._is_shown((x.span,))]
        parts = [part for part in extraction.outline.parts if part.kind and self._is_own(part.span)]
        figures = [figure for figure in extraction.figures if self._is_own(figure.span)]
        edges = list(self._write_edges(shown | {x.id for x in letters} | {p.id for p in parts}))
        groups: list[tuple[str, list[str]]] = [
            ("documents", [self._write_letter(letter) for letter in letters]),
            ("parts", [self._write_part(part) for part in parts] + self._write_suggestions(parts)),
            ("entities", [self._write_entity(entity) for entity in entities]),
            ("edges", edges),
            ("figures", [self._write_figure(figure) for figure in figures]),
        ]
        none = str(self._words["none"])
        return "\n".join(f"{self._titles[name]}：\n" + ("\n".join(rows) or none) for name, rows in groups)

    def _is_shown(self, spans: Sequence[Span]) -> bool:
        return any(line.overlaps(span) for line in self._shown for span in spans)

    def _is_own(self, span: Span) -> bool:
        return any(line.begin <= span.begin < line.end for line in self._own)

    def _at(self, *spans: Span) -> str:
        numbers = dict.fromkeys(self._lines.find_number(span.begin) for span in spans if self._is_shown((span,)))
        return "@" + ",".join(map(str, list(numbers)[:_MOST_LINES]))

    def _print(self, span: Span) -> str:
        words = "".join(span.of(self._text).split())
        return words if len(words) <= self._most else f"{words[: self._most]}…"

    def _write_letter(self, letter: Letter) -> str:
        names = ("title", "proposalNumber", "session", "issued", "documentNumber", "handlingClass", "status")
        fields = [f"{name}={self._redact(value)}" for name in names if (value := letter.get_value(name))]
        return " ".join([letter.id, letter.kind.value, *fields])

    def _write_part(self, part: Part) -> str:
        kind = part.kind.value if part.kind else ""
        return " ".join(x for x in (part.id, kind, part.number, self._at(part.span), self._print(part.label_span)) if x)

    def _write_suggestions(self, parts: Sequence[Part]) -> list[str]:
        """Return the suggestions that parts of a reply may answer, if they stand elsewhere on the page."""
        if self._extraction.outline.get_letter(self._section.letter).kind is Kind.PROPOSAL:
            return []
        known = {part.id for part in parts}
        suggestions = [p for p in self._extraction.outline.parts if p.kind is Kind.SUGGESTION and p.id not in known]
        return [f"{part.id} Suggestion {part.number} {self._print(part.label_span)}" for part in suggestions]

    def _write_entity(self, entity: Entity) -> str:
        facts = [f"{fact.name}={fact.value}" for fact in entity.facts]
        aliases = [f"（{'、'.join(entity.aliases)}）"] if entity.aliases else []
        words = self._redact(" ".join([entity.kind.value, entity.label, *aliases, *facts]))
        return f"{entity.id} {words} {self._at(*entity.spans)}"

    def _write_edges(self, shown: set[str]) -> Iterator[str]:
        spans: dict[tuple[str, str, str], Span] = {}
        for relation in self._extraction.relations:
            spans.setdefault((relation.subject, relation.predicate, relation.object), relation.span)
        for ident, (subject, predicate, obj) in number_relations(self._extraction).items():
            span = spans[subject, predicate, obj]
            if subject in shown and self._is_shown((span,)):
                quote = "" if subject[:1] in "dp" else f"「{self._print(span)}」"
                yield f"{ident} {subject} {predicate} {obj} {self._at(span)}{quote}"

    def _write_figure(self, figure: Figure) -> str:
        slots = {
            "about": figure.about, "period": figure.period, "place": figure.place, "under": figure.granted_under,
            "provider": figure.provider, "per": figure.per, "condition_of": figure.condition_of,
        }  # fmt: skip
        none = str(self._words["none"])
        filled = [f"{name}={value or none}" for name, value in slots.items() if value or name == "about"]
        number = f"{figure.value.normalize():f}{figure.unit}"
        return " ".join(
            [figure.id, figure.kind.value, number, f"「{self._print(figure.span)}」", *filled, self._at(figure.span)]
        )
