"""Questions answered by a sentence of the sources, where the graph has no answer.

A question becomes terms and kinds of answers (``analysis.toml``); sentences are ranked by the weight of the terms that
they and their surroundings hold, and have to hold an answer of each kind that is asked:

    question → terms, kinds of answers → sentences ranked → a sure sentence, possible ones, or none
"""

from __future__ import annotations

from kg.report.ask.sentences.finder import SentenceFinder, SentenceResult

__all__ = ["SentenceFinder", "SentenceResult"]
