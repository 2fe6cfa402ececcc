"""Line breaks that cut a word in two, in pages copied from PDF files."""

from __future__ import annotations

import re

from extract.mentions.context import MentionContext
from extract.text.segment import segmenter


def is_cut(page: MentionContext, begin: int) -> bool:
    """Whether a line break before *begin* cuts a word in two, so that no name begins there: 投|资集团有限公司."""
    before = _BEFORE_BREAK.search(page.text, max(0, begin - 12), begin)
    if before is None:
        return False
    words = before.group(1)
    end = begin + 4
    return any(
        word.begin < len(words) < word.begin + len(word.text)
        for word in segmenter(page.lex).segment(words + page.text[begin:end].partition("\n")[0])
    )


_BEFORE_BREAK = re.compile(r"([一-龥]{1,6})\n\Z")
