"""``kg ask``: answer a question in Chinese or English with sentences."""

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from extract.text.normalize import print_line
from kg.cli.options import STORE, make_lang_option, make_store_option, open_output
from kg.cli.texts import build_help, get_language, get_text

if TYPE_CHECKING:
    from kg.report.ask import Answer
    from kg.report.model import Excerpt

_FORMATS = ("text", "json")
_NUMBER = 4
"""Code points of the number of a part."""
_LONGEST = 160
"""Code points of a quote after which it is cut."""


def register(app: typer.Typer) -> None:
    """Add ``kg ask`` to *app*."""

    @app.command("ask", help=build_help("ask"))
    def command(
        words: Annotated[list[str], typer.Argument(metavar="QUESTION", help=get_text("ask.question"))],
        store: Annotated[str, make_store_option()] = STORE,
        form: Annotated[str, typer.Option("--format", metavar="FORMAT", help=get_text("ask.format"))] = "text",
        show_query: Annotated[bool, typer.Option("--show-query", help=get_text("ask.show_query"))] = False,
        lang: Annotated[str | None, make_lang_option()] = None,
    ) -> None:
        from kg.errors import check_choice
        from kg.report.ask import ask_store
        from kg.store.store import Store

        check_choice(form, _FORMATS)
        question = " ".join(words)  # an English question needs no quotation marks
        with Store(store) as opened:
            # a question is answered in its own language, unless --lang asks for another one
            answer = ask_store(opened, question, get_language() if lang is not None else "")
        if form == "json":
            sys.stdout.write(json.dumps(answer.to_dict(), ensure_ascii=False, indent=2) + "\n")
        else:
            _print_answer(answer, show_query=show_query)


def _holds_quote(text: str, quote: "Excerpt") -> bool:
    """Return whether a sentence of an answer has all that it quotes, but for a number before it (一是)."""
    said, sentence = print_line(quote.text), print_line(quote.sentence)
    told = print_line(text)
    return sentence in told or (said in told and len(sentence) - len(said) <= _NUMBER)


def _print_answer(answer: "Answer", *, show_query: bool) -> None:
    from rich.text import Text

    from kg.report.ask.grammar import get_text as get_answer_text

    out = open_output()
    if answer.reading:
        out.print(Text(answer.reading, "dim"))
    for line in answer.lines:
        out.print(Text(line.text, "bold"))
        for quote in line.quotes:
            words, source = print_line(quote.sentence), " ".join(filter(None, (quote.source, quote.locator)))
            shown = words if len(words) <= _LONGEST else words[:_LONGEST] + "……"
            is_told = _holds_quote(line.text, quote)
            out.print(Text(f"    — {source}" if is_told else f"    “{shown}” — {source}", "dim"))
    if answer.query and not show_query:
        out.print(Text(get_answer_text("see_query", answer.lang), "dim"))
    elif answer.query:
        out.print(Text(f"\n{get_answer_text('query', answer.lang)}", "dim"))
        out.print(Text(answer.query.rstrip(), "dim"))
