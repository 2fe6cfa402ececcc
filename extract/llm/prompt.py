"""Build the messages that ask a model for the statements in a chunk. All words are in ``prompt.toml``."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from extract.llm.chunks import Chunk
from extract.llm.contract import Contract, read_contract
from extract.llm.redaction import Redact
from extract.llm.settings import read_prompt
from extract.model import Extraction
from ontology.lexicons import Lexicon

Message = Mapping[str, str]
"""``role`` and ``content`` of a chat completion message."""


def build_messages(chunk: Chunk, extraction: Extraction, lex: Lexicon, redact: Redact = str) -> tuple[Message, ...]:
    """Return the messages for *chunk*. They depend only on the text, the outline around it and the contract.

    *redact* masks what must not be sent.
    """
    source = redact(extraction.source.text)
    text = chunk.span.of(source)
    templates = read_prompt()["messages"]
    headings = [" ".join(heading.of(source).split()) for heading in chunk.headings]
    issuers = extraction.outline.get_letter(chunk.letter).get_fields("issuedBy")
    user = str(templates["user"]).format(
        letter=redact(_describe_letter(chunk, extraction)),
        issuer=redact("、".join(field.value for field in issuers)) or templates["none"],
        context=templates["joiner"].join(headings) or templates["none"],
        fields=_describe_fields(read_contract(lex)),
        # a mark that the text cannot contain, by chance or by intent, because it depends on the whole text
        tag=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8],
        text=text,
    )
    return ({"role": "system", "content": str(templates["system"])}, {"role": "user", "content": user})


def _describe_letter(chunk: Chunk, extraction: Extraction) -> str:
    letter = extraction.outline.get_letter(chunk.letter)
    kind = read_prompt()["letters"].get(letter.kind.value, letter.kind.value)
    title = letter.get_value("title")
    return str(read_prompt()["messages"]["letter"]).format(kind=kind, title=title) if title else str(kind)


def _describe_fields(contract: Contract) -> str:
    predicates = []
    for name, meaning in read_prompt()["predicates"].items():
        if pairs := contract.pairs.get(name):
            left, right = ("|".join(sorted({pair[i].value for pair in pairs})) for i in (0, 1))
            predicates.append(f"- {name}：{left} → {right}，{meaning}")
    return str(read_prompt()["messages"]["fields"]).format(
        kinds="\n".join(f"- {name}：{meaning}" for name, meaning in read_prompt()["kinds"].items()),
        predicates="\n".join(predicates),
        figures="\n".join(f"- {name}：{meaning}" for name, meaning in read_prompt()["figures"].items()),
    )
