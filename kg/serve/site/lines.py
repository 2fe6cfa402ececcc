"""Lines of the pages of things as HTML: facts with their sentences.

A page has up to hundreds of them, and a template would need most of its time for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from markupsafe import Markup, escape

from extract.text.normalize import join_lines
from kg.graph.facts import Passage
from kg.serve.site.addresses import Addresses
from kg.serve.site.texts import SiteTexts
from kg.serve.site.things import ThingLine
from viz.theme import read_theme


def render_line(line: ThingLine, iri: str, addresses: Addresses, texts: SiteTexts) -> Markup:
    """Return a line of a group as HTML.

    Args:
        line: a figure or statement.
        iri: the thing whose page it is.
        addresses: the addresses of pages.
        texts: the words around it.
    """
    value, date = escape(line.value), f" <time>{escape(line.date)}</time>" if line.date else ""
    if line.kind:
        shown = f'{make_icon(line.kind)}<a href="{escape(addresses.thing(line.target))}">{value}</a>'
    else:
        label = str(escape(line.label))
        if line.target and line.target != iri:
            label = f'<a href="{escape(addresses.thing(line.target))}">{label}</a>'
        shown = f"{label}{'：' if texts.lang == 'zh' else ': '}<b>{value}</b>"
    quotes = render_quotes(line.passages, line.more, addresses, texts)
    return Markup(f'<div class="fact">{shown}{date}</div>\n{quotes}')


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


@cache
def make_icon(kind: str) -> Markup:
    """Return the sign of a class."""
    theme = read_theme()
    return Markup('<svg class="icon k-{}" viewBox="-1.4 -1.4 2.8 2.8" aria-hidden="true"><path d="{}"/></svg>').format(
        kind, theme.shapes[theme.find_look(kind).shape]
    )
