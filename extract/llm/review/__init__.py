"""A language model that reviews what the rules have found. It sees a whole letter and the facts, and names changes.

    rules.py     words and limits of ``llm_review.toml``     sections.py  letter → sections that fit a request
    request.py   section + facts → messages                  schema.py    JSON schema of an answer
    forms.py     form of the items of an answer              quotes.py    words of a change → places in the text
    changes.py   answer → typed changes                      names.py     names in two pieces, and names of one thing
    draft.py     an extraction while changes are applied     apply.py     changes + extraction → extraction
    session.py   all of these for one extraction             trust.py     which kinds of changes may override rules

The modules ``entities``, ``edges``, ``figures`` and ``documents`` judge one kind of changes each. An answer of a model
is not trusted: a change is applied only if the text supports it, and what the rules had said is kept as a
:class:`extract.model.Revision`.
"""

from extract.llm.review.apply import apply_review
from extract.llm.review.changes import ReviewAnswer, parse_review
from extract.llm.review.sections import Section, make_sections
from extract.llm.review.session import ReviewSession

__all__ = ["ReviewAnswer", "ReviewSession", "Section", "apply_review", "make_sections", "parse_review"]
