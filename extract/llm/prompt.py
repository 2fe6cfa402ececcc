"""A piece of text → the messages that ask for what it says; words only, from ``prompt.toml``."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from extract.llm.chunks import Chunk
from extract.llm.contract import Contract, contract
from extract.llm.settings import words
from extract.model import Extraction
from ontology.lexicons import Lexicon

Message = Mapping[str, str]
"""``role`` and ``content``, as chat completions take them."""


def messages(chunk: Chunk, extraction: Extraction, lex: Lexicon) -> tuple[Message, ...]:
    """What to send for *chunk*: it depends on the text, the outline around it and the contract alone."""
    text = chunk.span.of(extraction.source.text)
    said = words()["messages"]
    headings = said["joiner"].join(
        " ".join(h.of(extraction.source.text).split()) for h in chunk.headings
    )  # fmt: skip
    user = str(said["user"]).format(
        letter=_letter(chunk, extraction),
        issuer="、".join(f.value for f in extraction.outline.letter(chunk.letter).all("issuedBy")) or said["none"],
        context=headings or said["none"],
        fields=_fields(contract(lex)),
        # a mark that the text cannot hold by chance or by intent: it depends on all of the text
        tag=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8],
        text=text,
    )
    return ({"role": "system", "content": str(said["system"])}, {"role": "user", "content": user})


def _letter(chunk: Chunk, extraction: Extraction) -> str:
    letter = extraction.outline.letter(chunk.letter)
    kind = words()["letters"].get(letter.kind.value, letter.kind.value)
    title = letter.first("title")
    return str(words()["messages"]["letter"]).format(kind=kind, title=title) if title else str(kind)


def _fields(allowed: Contract) -> str:
    predicates = []
    for name, meaning in words()["predicates"].items():
        if pairs := allowed.pairs.get(name):
            left, right = ("|".join(sorted({p[i].value for p in pairs})) for i in (0, 1))
            predicates.append(f"- {name}：{left} → {right}，{meaning}")
    return str(words()["messages"]["fields"]).format(
        kinds="\n".join(f"- {k}：{v}" for k, v in words()["kinds"].items()),
        predicates="\n".join(predicates),
        figures="\n".join(f"- {k}：{v}" for k, v in words()["figures"].items()),
    )
