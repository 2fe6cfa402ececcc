"""``kg diff``"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.options import STORE, console, lang_option
from kg.cli.texts import help_of, language, say

if TYPE_CHECKING:
    from rich.text import Text

    from kg.compare import Change, Diff, Said, Thing
    from kg.graph.view import Passage

FORMATS = ("text", "json", "csv")
_LIMIT = 12
_LONGEST = 160
"""Code points of a quote."""
_MARKS = {"added": ("+", "green"), "dropped": ("-", "red"), "changed": ("~", "yellow")}


def register(app: typer.Typer) -> None:
    @app.command("diff", help=help_of("diff"))
    def command(
        a: Annotated[str, typer.Argument(metavar="A", help=say("diff.a"))] = STORE,
        b: Annotated[str | None, typer.Argument(metavar="B", help=say("diff.b"))] = None,
        about: Annotated[str | None, typer.Option("--about", metavar="NAME", help=say("diff.about"))] = None,
        kind: Annotated[str | None, typer.Option("--kind", metavar="CLASS", help=say("diff.kind"))] = None,
        form: Annotated[str, typer.Option("--format", "-f", metavar="FORMAT", help=say("diff.format"))] = "text",
        output: Annotated[str | None, typer.Option("--output", "-o", metavar="FILE", help=say("diff.output"))] = None,
        limit: Annotated[int, typer.Option("--limit", metavar="N", min=0, help=say("diff.limit"))] = _LIMIT,
        exit_code: Annotated[bool, typer.Option("--exit-code", help=say("diff.exit_code"))] = False,
        lang: Annotated[str | None, lang_option()] = None,
    ) -> None:
        from kg.compare import diff
        from kg.compare.writing import as_csv, as_json
        from kg.errors import check_choice
        from kg.files import write_files

        check_choice(form, FORMATS)
        found = diff(a, b, about=about, kind=kind, lang=language())
        lines = list(_lines(found, limit)) if form == "text" else []
        if output is not None and output != "-":
            data = {"text": "".join(f"{line.plain}\n" for line in lines).encode("utf-8")}.get(form) or (
                as_json(found).encode("utf-8") if form == "json" else as_csv(found, language())
            )
            for path in write_files({Path(output): data}):
                typer.echo(say("app.written", path=path))
        elif form == "text":
            out = console()
            for line in lines:
                out.print(line, soft_wrap=True)  # one fact a line, for people and for grep
        else:
            text = as_json(found) if form == "json" else as_csv(found, language()).decode("utf-8-sig")
            sys.stdout.write(text)
            sys.stdout.flush()
        if exit_code and found:
            raise typer.Exit(1)


def _lines(diff: "Diff", limit: int) -> "Iterator[Text]":
    from rich.text import Text

    yield Text(say("diff.before", name=diff.before), "dim")
    yield Text(say("diff.after", name=diff.after), "dim")
    for op, sources in (("added", diff.sources_added), ("dropped", diff.sources_dropped)):
        for source in sources:
            yield _marked(op, f"{say('diff.source')} {source}", "")
    groups = list(diff.groups())
    for thing, changes in groups:
        yield Text("")
        yield _heading(thing)
        listed = [c for c in changes if c.what != "thing"]
        shown = listed if limit == 0 else listed[:limit]
        if not listed:
            yield from _quotes(changes[0])
        for change in shown:
            yield _line(change)
            yield from _quotes(change)
        if len(listed) > len(shown):
            yield Text(f"  {say('diff.more', n=len(listed) - len(shown))}", "dim")
    yield Text("")
    yield Text(say("diff.summary", things=len(groups), **diff.counts) if diff else say("diff.none"), "bold")


def _heading(thing: "Thing") -> "Text":
    """The thing; marked, if it is new or gone itself."""
    from rich.text import Text

    from ontology.labels import name_class

    kind = f"  [{name_class(thing.kind, language())}]" if thing.kind else ""
    line = _marked(thing.op, thing.label, "", "bold") if thing.op else Text(thing.label, "bold")
    return line.append(kind, "not bold dim")


def _line(change: "Change") -> "Text":
    between = "：" if language() == "zh" else ": "
    said = _short(change.words) if change.what == "part" and change.op != "changed" else change.words
    return _marked(change.op, f"{change.label}{between}{said}", "  ")


def _marked(op: str, words: str, indent: str, style: str = "") -> "Text":
    from rich.text import Text

    mark, colour = _MARKS[op]
    return Text.assemble(indent, (mark, f"bold {colour}"), " ", (words, style))


def _quotes(change: "Change") -> "Iterator[Text]":
    """A sentence of each side that says it; one, where both say it in the same words."""
    before, after = _first(change.before), _first(change.after)
    if change.what == "part":  # the line is the quote
        yield from (_where(p) for p in (after or before,) if p)
        return
    if before and after and _sentence(before) == _sentence(after):
        before = None
    for mark, passage in (("-", before), ("+", after)):
        if passage is not None:
            yield _quoted(passage, f"{mark} " if change.op == "changed" and before and after else "")


def _first(said: "Said | None") -> "Passage | None":
    return said.passages[0] if said and said.passages else None


def _sentence(p: "Passage") -> tuple[str, str]:
    return p.before + p.text + p.after, p.source


def _where(p: "Passage") -> "Text":
    from rich.text import Text

    return Text("      — " + " ".join(filter(None, (p.source, p.locator))), "dim")


def _quoted(p: "Passage", mark: str) -> "Text":
    from rich.text import Text

    parts = ((f"      {mark}“{p.before}", "dim"), (_short(p.text), "bold"), (f"{p.after}” ", "dim"))
    return Text.assemble(*parts, (_where(p).plain.lstrip(), "dim"))


def _short(words: str) -> str:
    flat = " ".join(words.split())
    return flat if len(flat) <= _LONGEST else flat[:_LONGEST] + "……"
