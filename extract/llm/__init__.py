"""A language model as a second reader, off unless asked for: any endpoint that speaks OpenAI's chat completions.

    prompt.toml   all words and limits            settings.py  which endpoint and model; reads the words
    contract.py   what may be stated of what      chunks.py    a page in pieces that fit a request
    prompt.py     a piece → messages              answer.py    an answer → typed proposals
    quotes.py     where quoted words stand        accept.py    proposals + extraction → extraction
    client.py     the only module that sends      cache.py     answers on disk
    report.py     what it cost, what came of it   session.py   all of these for one extraction

All but ``client``, ``cache`` and ``session`` are pure. What a model says is material: nothing of it enters an
extraction but what the text itself says at the place that is quoted.
"""

from extract.llm.accept import accept
from extract.llm.answer import Answer, AnswerError, parse
from extract.llm.chunks import Chunk, chunks
from extract.llm.report import Report
from extract.llm.settings import LlmSettings

__all__ = ["Answer", "AnswerError", "Chunk", "LlmSettings", "Report", "accept", "chunks", "parse"]
