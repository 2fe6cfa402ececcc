"""Quoted sentences of pages as HTML. Pages have many of them, and a template would take most of its time for them."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

from extract.text.normalize import join_lines
from kg.graph.view import Passage
from kg.serve.site.addresses import Addresses
from kg.serve.site.texts import SiteTexts


def render_quote(passage: Passage, addresses: Addresses) -> Markup:
    """Return a passage as HTML: its words marked in their sentence, with a link to their place in the text."""
    before, words, after = (escape(join_lines(part)) for part in (passage.before, passage.text, passage.after))
    address = addresses.document(passage.source, passage.begin, passage.begin + len(passage.text))
    where = f"{passage.source} {passage.locator}" if passage.locator else passage.source
    return Markup(
        f"<blockquote><span>{before}</span><mark>{words}</mark><span>{after}</span>\n"
        f'<cite><a href="{escape(address)}">{escape(where)}</a></cite></blockquote>\n'
    )


def render_quotes(passages: Sequence[Passage], more: int, addresses: Addresses, texts: SiteTexts) -> Markup:
    """Return the passages of a line as HTML: the first one, the others folded up.

    Args:
        passages: what is shown.
        more: how many passages are not shown.
        addresses: the addresses of texts.
        texts: the words around them.
    """
    if not passages:
        return Markup("")
    first = render_quote(passages[0], addresses)
    if len(passages) == 1:
        return first
    others = "".join(render_quote(passage, addresses) for passage in passages[1:])
    hidden = f'<p class="soft">{escape(texts("thing.hidden_quotes", n=more))}</p>\n' if more else ""
    summary = escape(texts("thing.more_quotes", n=len(passages) - 1 + more))
    return Markup(f"{first}<details><summary>{summary}</summary>\n{others}{hidden}</details>\n")
