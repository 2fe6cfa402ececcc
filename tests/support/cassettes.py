"""Recorded answers of reviewing models, replayed by a local server.

A recorded answer (``tests/cassettes/review/NAME.json``) has one object for each section of a document of
``tests/gold``: the answer as the model gave it, and what its ids stood for. The ids of an extraction change
with the rules, so a replayed answer has the ids that the same things have now; what the rules do not find any more is
left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from extract.llm.review import make_sections
from extract.llm.review.draft import number_relations
from extract.model import Extraction
from ontology.lexicons import Lexicon
from tests.support.llm_server import Asked, Say
from tests.support.paths import ROOT

FOLDER = ROOT / "tests" / "cassettes" / "review"
_OLD_ID = "erfpd"
"""First letters of the ids of an extraction; keys that an answer gives begin with others."""


def name_things(extraction: Extraction) -> dict[str, str]:
    """What each id of *extraction* stands for, in words that do not depend on the numbering."""
    text = extraction.source.text
    names = {entity.id: f"{entity.kind.value} {entity.label}" for entity in extraction.entities}
    names |= {letter.id: f"{letter.kind.value} {letter.span.begin}" for letter in extraction.outline.letters}
    names |= {part.id: f"part {part.span.begin} {part.span.of(text)[:12]}" for part in extraction.outline.parts}
    ordered = sorted(extraction.figures, key=lambda figure: figure.span)
    names |= {f.id: f"figure {f.value.normalize():f} {f.unit} {f.span.end}" for f in ordered}
    stated = number_relations(extraction).items()
    return names | {ident: " | ".join((names[s], p, names[o])) for ident, (s, p, o) in stated}


def record(answers: list[str], extraction: Extraction, model: str) -> str:
    """A recorded answer as text."""
    names = name_things(extraction)
    rows = []
    for answer in answers:
        content = json.loads(answer)
        rows.append({"answer": content, "things": {i: names[i] for i in sorted(set(_find_ids(content))) if i in names}})
    return json.dumps({"model": model, "sections": rows}, ensure_ascii=False, indent=1) + "\n"


def replay(path: Path, extraction: Extraction) -> list[str]:
    """The answers of a recording, with the ids that the things have in *extraction*."""
    now: dict[str, str] = {}
    for ident, name in name_things(extraction).items():
        now.setdefault(name, ident)
    rows = json.loads(path.read_text(encoding="utf-8"))["sections"]
    return [json.dumps(_translate(row["answer"], row["things"], now), ensure_ascii=False) for row in rows]


def serve_recording(path: Path, extraction: Extraction, lex: Lexicon) -> Any:
    """A script of a server that answers the request about each section with the recorded answer."""
    sections = make_sections(extraction, lex)
    answers = replay(path, extraction)
    marks = [
        f"{section.lines[0].number}│{section.lines[0].span.of(extraction.source.text).strip()}" for section in sections
    ]

    def script(asked: Asked) -> Say:
        own = asked.body["messages"][-1]["content"].partition("（要审校的正文）\n")[2]
        return next(Say(answer) for mark, answer in zip(marks, answers, strict=True) if own.startswith(mark))

    return script


def _find_ids(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for entry in value.values():
            yield from _find_ids(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from _find_ids(entry)
    elif isinstance(value, str) and value[:1] in _OLD_ID and value[1:].isdigit():
        yield value


def _translate(answer: Mapping[str, list[Any]], things: Mapping[str, str], now: Mapping[str, str]) -> dict[str, Any]:
    """The answer with present ids. A change that names something that is no longer found is left out."""
    ids = {old: now.get(name) for old, name in things.items()}
    made: dict[str, Any] = {}
    for key, rows in answer.items():
        made[key] = [_replace(row, ids) for row in rows if all(ids.get(i) for i in _find_ids(row))]
    return made


def _replace(value: Any, ids: Mapping[str, str | None]) -> Any:
    if isinstance(value, dict):
        return {key: _replace(entry, ids) for key, entry in value.items()}
    if isinstance(value, list):
        return [_replace(entry, ids) for entry in value]
    return ids.get(value, value) if isinstance(value, str) else value
