"""A language model as a second reader, off by default: any endpoint with the chat completions of OpenAI.

    prompt.toml   all words and limits              settings.py  endpoint and model; reads prompt.toml
    contract.py   allowed classes and properties    chunks.py    extraction → pieces that fit a request
    prompt.py     piece → messages                  answer.py    answer → typed proposals
    naming.py     printed name → entity             accept.py    proposals + extraction → extraction
    client.py     sends requests (no other does)    cache.py     answers on disk
    report.py     costs and results                 session.py   all of these for one extraction

All modules except ``client``, ``cache`` and ``session`` are pure. An answer of a model is not trusted: only what the
text itself says at the quoted place enters an extraction.
"""

from extract.llm.accept import accept_answer
from extract.llm.answer import AnswerError, LlmAnswer, parse_answer
from extract.llm.chunks import Chunk, make_chunks
from extract.llm.report import LlmReport
from extract.llm.settings import LlmSettings

__all__ = [
    "AnswerError",
    "Chunk",
    "LlmAnswer",
    "LlmReport",
    "LlmSettings",
    "accept_answer",
    "make_chunks",
    "parse_answer",
]
