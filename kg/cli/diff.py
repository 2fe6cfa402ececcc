"""``kg diff``: compare two graphs."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from extract.text.normalize import print_line
from kg.cli.options import STORE, make_force_option, make_lang_option, open_output
from kg.cli.texts import build_help, get_language, get_text

if TYPE_CHECKING:
    from rich.text import Text

    from kg.compare import Change, ChangedThing, Diff, FactValue
    from kg.graph.facts import Passage

FORMATS = ("text", "json", "csv")
SUFFIXES = {".txt": "text", ".json": "json", ".csv": "csv"}
_LIMIT = 12
_LONGEST = 160
"""Code points of a quote after which it is cut."""
_MARKS = {"added": ("+", "green"), "dropped": ("-", "red"), "changed": ("~", "yellow")}


def register(app: typer.Typer) -> None:
    """Add ``kg diff`` to *app*."""

    @app.command("diff", help=build_help("diff"))
    def command(
        first: Annotated[str, typer.Argument(metavar="A", help=get_text("diff.a"))] = STORE,
        second: Annotated[str | None, typer.Argument(metavar="B", help=get_text("diff.b"))] = None,
        about: Annotated[str | None, typer.Option("--about", metavar="NAME", help=get_text("diff.about"))] = None,
        kind: Annotated[str | None, typer.Option("--kind", metavar="CLASS", help=get_text("diff.kind"))] = None,
        form: Annotated[
            str | None, typer.Option("--format", "-f", metavar="FORMAT", help=get_text("diff.format"))
        ] = None,
        output: Annotated[
            str | None, typer.Option("--output", "-o", metavar="FILE", help=get_text("diff.output"))
        ] = None,
        force: Annotated[bool, make_force_option()] = False,
        limit: Annotated[int, typer.Option("--limit", metavar="N", min=0, help=get_text("diff.limit"))] = _LIMIT,
        exit_code: Annotated[bool, typer.Option("--exit-code", help=get_text("diff.exit_code"))] = False,
        lang: Annotated[str | None, make_lang_option()] = None,
    ) -> None:
        from kg.compare import diff
        from kg.errors import check_choice
        from kg.files import check_free, choose_format

        output = None if output == "-" else output
        if form is not None:
            check_choice(form, FORMATS)
        chosen = (form or "text") if output is None else choose_format(form, output, SUFFIXES)
        check_free([Path(output)] if output else [], replace=force)
        found = diff(first, second, about=about, kind=kind, lang=get_language())
        if output is not None:
            _write_diff(found, chosen, limit, Path(output))
        else:
            _print_diff(found, chosen, limit)
        if exit_code and found:
            raise typer.Exit(1)


def _write_diff(found: "Diff", form: str, limit: int, path: Path) -> None:
    from kg.compare.writing import encode_diff_csv, encode_diff_json
    from kg.files import write_files

    if form == "text":
        data = "".join(f"{line.plain}\n" for line in _make_lines(found, limit)).encode("utf-8")
    elif form == "json":
        data = encode_diff_json(found).encode("utf-8")
    else:
        data = encode_diff_csv(found, get_language())
    for written in write_files({path: data}):
        typer.echo(get_text("app.written", path=written))


def _print_diff(found: "Diff", form: str, limit: int) -> None:
    from kg.compare.writing import encode_diff_csv, encode_diff_json

    if form == "text":
        out = open_output()
        for line in _make_lines(found, limit):
            out.print(line, soft_wrap=True)  # each fact stays on one line, for people and for grep
        return
    if form == "json":
        sys.stdout.write(encode_diff_json(found))
    else:
        sys.stdout.write(encode_diff_csv(found, get_language()).decode("utf-8-sig"))
    sys.stdout.flush()


def _make_lines(diff: "Diff", limit: int) -> "Iterator[Text]":
    """Yield the lines of the text format, with at most *limit* facts of each thing (0: all of them)."""
    from rich.text import Text

    yield Text(get_text("diff.before", name=diff.before), "dim")
    yield Text(get_text("diff.after", name=diff.after), "dim")
    for op, sources in (("added", diff.sources_added), ("dropped", diff.sources_dropped)):
        for source in sources:
            yield _mark(op, f"{get_text('diff.source')} {source}")
    groups = list(diff.groups())
    for thing, changes in groups:
        yield Text("")
        yield _make_heading(thing)
        listed = [change for change in changes if change.what != "thing"]
        shown = listed if limit == 0 else listed[:limit]
        if not listed:
            yield from _quote_change(changes[0])
        for change in shown:
            yield _make_line(change)
            yield from _quote_change(change)
        if len(listed) > len(shown):
            yield Text(f"  {get_text('diff.more', n=len(listed) - len(shown))}", "dim")
    yield Text("")
    yield Text(get_text("diff.summary", things=len(groups), **diff.counts) if diff else get_text("diff.none"), "bold")
    if not diff and diff.before == diff.after:
        yield Text(get_text("diff.unchanged"), "dim")


def _make_heading(thing: "ChangedThing") -> "Text":
    """Return the name and class of *thing*, marked with ``+`` or ``-`` if only one side has it."""
    from rich.text import Text

    from ontology.labels import name_class

    kind = f"  [{name_class(thing.kind, get_language())}]" if thing.kind else ""
    line = _mark(thing.op, thing.label, style="bold") if thing.op else Text(thing.label, "bold")
    return line.append(kind, "not bold dim")


def _make_line(change: "Change") -> "Text":
    colon = "：" if get_language() == "zh" else ": "
    words = _shorten(change.words) if change.what == "part" and change.op != "changed" else change.words
    return _mark(change.op, f"{change.label}{colon}{words}", indent="  ")


def _mark(op: str, words: str, *, indent: str = "", style: str = "") -> "Text":
    """Return *words* after ``+``, ``-`` or ``~``."""
    from rich.text import Text

    mark, colour = _MARKS[op]
    return Text.assemble(indent, (mark, f"bold {colour}"), " ", (words, style))


def _quote_change(change: "Change") -> "Iterator[Text]":
    """Yield the sentence of each side that states the fact, or one sentence if both sides have the same."""
    before, after = _get_first_passage(change.before), _get_first_passage(change.after)
    if change.what == "part":  # the line above is the quote itself
        yield from (_make_place(passage) for passage in (after or before,) if passage)
        return
    if before and after and _get_sentence(before) == _get_sentence(after):
        before = None
    for mark, passage in (("-", before), ("+", after)):
        if passage is not None:
            yield _make_quote(passage, f"{mark} " if change.op == "changed" and before and after else "")


def _get_first_passage(value: "FactValue | None") -> "Passage | None":
    return value.passages[0] if value and value.passages else None


def _get_sentence(passage: "Passage") -> tuple[str, str]:
    return passage.before + passage.text + passage.after, passage.source


def _make_place(passage: "Passage") -> "Text":
    from rich.text import Text

    return Text("      — " + " ".join(filter(None, (passage.source, passage.locator))), "dim")


def _make_quote(passage: "Passage", mark: str) -> "Text":
    from rich.text import Text

    words = _shorten(passage.text)
    parts = ((f"      {mark}“{passage.before}", "dim"), (words, "bold"), (f"{passage.after}” ", "dim"))
    return Text.assemble(*parts, (_make_place(passage).plain.lstrip(), "dim"))


def _shorten(words: str) -> str:
    flat = print_line(words)
    return flat if len(flat) <= _LONGEST else flat[:_LONGEST] + "……"
