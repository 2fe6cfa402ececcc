"""Questions in Chinese or English, answered from a store with sentences.

A question becomes a query by a grammar (``grammar.toml``) over the ontology and the index of the names in the store:

    question → names, words, year, unit → frame → query → rows that hold all of them → sentences

Each name and each word of a question has to be in a row, or the answer is that it is not known.
"""

from __future__ import annotations

from kg.report.ask.answering import ask_store
from kg.report.ask.model import Answer, AnswerLine

__all__ = ["Answer", "AnswerLine", "ask_store"]
