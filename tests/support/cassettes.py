"""Recorded answers of reviewing models, replayed by a local server.

A recorded answer (``tests/cassettes/review/NAME.json``) has one object for each section of a document: its lines, the
answer as the model gave it, and what the ids in it stood for, by class and position in the text. The ids and borders of
an extraction change with the rules, so an answer is replayed with the ids that the same things have now. What the
rules find no more, but the answer relies on, is a new entity of the answer; what it only corrects is left out.

Answers about a text that is not part of the project are recorded without words of it: ``{"at": [begin, end]}``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from extract.llm.review import make_sections
from extract.llm.review.draft import number_relations
from extract.llm.review.request import build_review_messages
from extract.model import Entity, Extraction, Span
from ontology.lexicons import Lexicon
from tests.support.llm_server import Asked, Say
from tests.support.paths import ROOT

FOLDER = ROOT / "tests" / "cassettes" / "review"
_OLD_ID = "erfpd"
"""First letters of the ids of an extraction; keys that an answer gives begin with others."""
_CORRECTED = ("drop", "rename", "retype", "parts", "fields")
"""Lists that correct one thing. If it is found no more, there is nothing to correct."""
_AROUND = 40
"""Characters around a name that are quoted for it."""
_SHIFT = 8
"""Characters that the begin of a part may have moved."""
Thing = Mapping[str, Any]


# recording


def record(answers: Sequence[str], extraction: Extraction, lex: Lexicon, model: str, *, with_text: bool = True) -> str:
    """A recorded answer as text, for the answers about all sections of *extraction*."""
    things = describe_things(extraction, with_text=with_text)
    rows = []
    for section, answer in zip(make_sections(extraction, lex), answers, strict=True):
        content = json.loads(answer)
        named = _close(set(_find_ids(content)), things)
        rows.append({
            "lines": [section.lines[0].number, section.lines[-1].number],
            "answer": content if with_text else _hide_words(content, extraction.source.text),
            "things": {i: things[i] for i in sorted(named, key=lambda i: (i[0], int(i[1:])))},
        })  # fmt: skip
    return render({"model": model, "sections": rows})


def render(recording: Mapping[str, Any]) -> str:
    """A recording as text: each change and each thing on one line."""

    def dump(value: Any) -> str:
        return json.dumps(value, ensure_ascii=False)

    sections = []
    for row in recording["sections"]:
        lists = ",\n ".join(f"{dump(name)}: [{_join(map(dump, items))}]" for name, items in row["answer"].items())
        things = _join(f"{dump(ident)}: {dump(thing)}" for ident, thing in row["things"].items())
        lines = dump(row["lines"])
        sections.append(f'{{"lines": {lines}, "answer": {{\n {lists}}},\n "things": {{{things}}}}}')
    together = ",\n".join(sections)
    return f'{{"model": {dump(recording["model"])}, "sections": [\n{together}\n]}}\n'


def _join(rows: Iterable[str]) -> str:
    return ",".join(f"\n  {row}" for row in rows)


def describe_things(extraction: Extraction, *, with_text: bool = True) -> dict[str, Thing]:
    """What each id of *extraction* stands for: class and positions, which do not depend on the numbering."""
    found: dict[str, Thing] = {}
    for entity in extraction.entities:
        found[entity.id] = {"kind": entity.kind.value, "at": [list(span) for span in entity.spans[:4]]}
        found[entity.id] |= {"label": entity.label} if with_text else {}
    for letter in extraction.outline.letters:
        found[letter.id] = {"kind": letter.kind.value, "at": [list(letter.span)]}
    for part in extraction.outline.parts:
        found[part.id] = {"kind": "part", "at": [list(part.span)]}
    for figure in extraction.figures:
        value = f"{figure.value.normalize():f}"
        found[figure.id] = {"kind": "figure", "at": [list(figure.span)], "value": value}
        found[figure.id] |= {"unit": figure.unit} if with_text or figure.unit.isascii() else {}
    for ident, (subject, predicate, obj) in number_relations(extraction).items():
        found[ident] = {"s": subject, "p": predicate, "o": obj}
    return found


def _close(idents: set[str], things: Mapping[str, Thing]) -> set[str]:
    """The ids that are known, with the ends of the relations among them."""
    known = {ident for ident in idents if ident in things}
    return known | {things[i][end] for i in known if "p" in things[i] for end in "so" if things[i][end] in things}


def _hide_words(value: Any, text: str) -> Any:
    """The same answer with positions instead of words of the text. Words that are not in it are only counted."""
    if isinstance(value, dict):
        return {key: entry if key in ("kind", "p", "slot", "field", "key") else _hide_words(entry, text)
                for key, entry in value.items()}  # fmt: skip
    if isinstance(value, list):
        return [_hide_words(entry, text) for entry in value]
    if not isinstance(value, str) or value.isascii():
        return value
    at = _locate(value, text)
    return {"at": at} if at else {"absent": len(value)}


def _locate(words: str, text: str) -> list[int]:
    """Begins and ends of *words* in *text*, white space aside: one place, or the two pieces of a member of a list."""
    pattern = r"\s*".join(map(re.escape, "".join(words.split())))
    if found := re.search(pattern, text):
        return [*found.span()]
    for cut in range(len(words) - 1, 0, -1):
        if found := re.search(f"({re.escape(words[:cut])})[^。；\n]{{1,40}}?({re.escape(words[cut:])})", text):
            return [*found.span(1), *found.span(2)]
    return []


def _show_words(value: Any, text: str) -> Any:
    if isinstance(value, dict) and set(value) == {"at"}:
        at = value["at"]
        return "".join(text[begin:end] for begin, end in zip(at[::2], at[1::2], strict=True))
    if isinstance(value, dict) and set(value) == {"absent"}:
        return "〇" * int(value["absent"])
    if isinstance(value, dict):
        return {key: _show_words(entry, text) for key, entry in value.items()}
    return [_show_words(entry, text) for entry in value] if isinstance(value, list) else value


# replaying


def replay(path: Path, extraction: Extraction, lex: Lexicon) -> list[str]:
    """The answers of a recording about the present sections of *extraction*, with present ids.

    A section whose lines are divided differently now gets the answers about all sections that it shares lines with.
    """
    rows = json.loads(path.read_text(encoding="utf-8"))["sections"]
    translated = [_Translator(row, number, extraction).translate() for number, row in enumerate(rows, 1)]
    answers = []
    for section in make_sections(extraction, lex):
        first, last = section.lines[0].number, section.lines[-1].number
        about = [
            answer
            for row, answer in zip(rows, translated, strict=True)
            if row["lines"][0] <= last and first <= row["lines"][1]
        ]
        names = dict.fromkeys(chain.from_iterable(about))
        joined = {name: [row for answer in about for row in answer.get(name, [])] for name in names}
        answers.append(json.dumps(joined or {"drop": []}, ensure_ascii=False))
    return answers


def serve_recording(path: Path, extraction: Extraction, lex: Lexicon) -> Callable[[Asked], Say]:
    """A script of a server that answers the request about each section with the recorded answer."""
    sections = make_sections(extraction, lex)
    answers = replay(path, extraction, lex)
    by_request = {
        build_review_messages(section, extraction, lex)[-1]["content"]: answer
        for section, answer in zip(sections, answers, strict=True)
    }
    return lambda asked: Say(by_request[asked.body["messages"][-1]["content"]])


@dataclass
class _Translator:
    """Gives the answer about one section the ids of an extraction."""

    row: Mapping[str, Any]
    number: int
    """Number of the section: keys of different sections stay different."""
    extraction: Extraction

    def translate(self) -> dict[str, list[Any]]:
        answer = _show_words(self.row["answer"], self.extraction.source.text)
        exact = {ident: self._find(thing, is_exact=True) for ident, thing in self.row["things"].items()}
        close = {ident: self._find(thing, is_exact=False) for ident, thing in self.row["things"].items()}
        made: dict[str, list[Any]] = {name: [] for name in answer}
        new = {ident: f"x{self.number}{ident[1:]:0>3}" for ident in close if ident[:1] == "e" and not close[ident]}
        used: set[str] = set()
        for name, items in answer.items():
            ids = {**close, **new} if name not in _CORRECTED else exact if name == "drop" else close
            for item in items:
                here = set(_find_ids(item))
                if all(ids.get(ident) for ident in here):
                    made[name].append(self._replace(item, ids))
                    used |= here & set(new)
        made["entities"] = [*(self._name(i, new[i], answer) for i in sorted(used)), *made.get("entities", [])]
        return made

    def _find(self, thing: Thing, *, is_exact: bool) -> str:
        """The id of the same thing now, or an empty string."""
        if "p" in thing:
            ends = [self._find(self.row["things"].get(thing[end], {}), is_exact=False) for end in "so"]
            now = number_relations(self.extraction).items()
            return next((i for i, (s, p, o) in now if [s, p, o] == [ends[0], thing["p"], ends[1]]), "")
        spans = [Span(*at) for at in thing.get("at", ())]
        kind = thing.get("kind", "")
        if kind == "figure":
            wanted = (thing["value"], thing.get("unit"))
            same = [f for f in self.extraction.figures
                    if (f"{f.value.normalize():f}", f.unit if wanted[1] is not None else None) == wanted]  # fmt: skip
            return next((f.id for f in same if any(f.span.overlaps(span) for span in spans)), "")
        if kind == "part":
            parts = {part.id: abs(part.span.begin - spans[0].begin) for part in self.extraction.outline.parts}
            nearest = min(parts, key=lambda ident: parts[ident], default="")
            return nearest if nearest and parts[nearest] <= _SHIFT else ""
        for letter in self.extraction.outline.letters:
            if spans and letter.span.begin == spans[0].begin and letter.kind.value == kind:
                return letter.id
        return self._find_entity(kind, thing.get("label", ""), spans, is_exact=is_exact)

    def _find_entity(self, kind: str, label: str, spans: Sequence[Span], *, is_exact: bool) -> str:
        entities = [e for e in self.extraction.entities if e.kind.value == kind or not is_exact]
        entities.sort(key=lambda entity: entity.kind.value != kind)
        for entity in entities:
            if set(entity.spans) & set(spans) or (label and entity.label == label):
                return entity.id
        if is_exact:
            return ""
        shared = [(_measure_shared(entity, spans), entity) for entity in entities if entity.kind.value == kind]
        most, best = max(shared, key=lambda pair: pair[0], default=(0.0, None))
        return best.id if best is not None and most > 0.5 else ""

    def _name(self, ident: str, key: str, answer: Mapping[str, Any]) -> dict[str, str]:
        """A new entity of the answer for what the rules found when it was recorded."""
        thing, text = self.row["things"][ident], self.extraction.source.text
        begin, end = thing["at"][0] if thing["at"] else (0, 0)
        line = text.rfind("\n", 0, begin) + 1, text.find("\n", end)
        quote = text[max(line[0], begin - _AROUND) : min(line[1] if line[1] >= 0 else len(text), end + _AROUND)]
        kinds = {row["id"]: row["kind"] for row in answer.get("retype", [])}
        names = {row["id"]: row["name"] for row in answer.get("rename", [])}
        name = names.get(ident) or text[begin:end]
        return {"key": key, "kind": kinds.get(ident, thing["kind"]), "name": name, "quote": quote}

    def _replace(self, value: Any, ids: Mapping[str, str]) -> Any:
        if isinstance(value, dict):
            return {key: self._replace(entry, ids) for key, entry in value.items()}
        if isinstance(value, list):
            return [self._replace(entry, ids) for entry in value]
        if isinstance(value, str) and value[:1] in "nm" and value[1:].isdigit():
            return f"{value[0]}{self.number}{value[1:]:0>3}"
        return ids.get(value, value) if isinstance(value, str) else value


def _measure_shared(entity: Entity, spans: Sequence[Span]) -> float:
    """The largest share of characters that a mention of *entity* and one of *spans* have in common."""
    pairs = ((one, two) for one in entity.spans for two in spans if one.overlaps(two))
    shared = (
        (min(one.end, two.end) - max(one.begin, two.begin)) / (max(one.end, two.end) - min(one.begin, two.begin))
        for one, two in pairs
    )
    return max(shared, default=0.0)


def _find_ids(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for entry in value.values():
            yield from _find_ids(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from _find_ids(entry)
    elif isinstance(value, str) and value[:1] in _OLD_ID and value[1:].isdigit():
        yield value
