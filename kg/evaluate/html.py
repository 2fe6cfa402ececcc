"""An evaluation as one HTML page: the text of each document, with what was found, missed and wrong in colour.

The page contains all that it needs and cannot load anything else: a Content-Security-Policy allows only its own script
and style, by their hashes. The page is readable without the script, which adds filters and details.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from html import escape
from itertools import pairwise
from pathlib import Path
from typing import Any

from jinja2.utils import htmlsafe_json_dumps

from extract.model import Span
from kg.evaluate.marks import JudgementMark, mark_judgements
from kg.evaluate.model import LAYERS, SLOTS, Evaluation, FileResult, Judgement, MatchVerdict, ScoreRow
from kg.evaluate.report import ScoreTable, describe_key, get_text, load_texts, make_tables, summarize_evaluation

_HOME = Path(__file__).parent / "page"
_LANGUAGES = ("zh", "en")
_PAGE_TEXTS = ("language", "intro", "verdict", "layer", "next", "details", "none")
"""Entries of ``texts.toml`` that stand in ``page.html`` under their own names."""
_WORST_FIRST = (MatchVerdict.WRONG, MatchVerdict.MISSED, MatchVerdict.FOUND, MatchVerdict.OPEN)


def render_evaluation(result: Evaluation, lang: str = "zh") -> str:
    """Return the page for *result*; equal arguments give equal text.

    Args:
        result: the evaluation.
        lang: the language that the page opens in. It contains Chinese and English.
    """
    marked = [(file, mark_judgements(file)) for file in result.files]
    style, script = (_read_asset(name).strip() for name in ("page.css", "page.js"))
    keys = sorted({(j.layer, j.key) for file in result.files for j in file.judgements if j.key})
    texts = load_texts()
    data: dict[str, Any] = {
        "title": texts["page"]["title"],
        "words": {name: texts[table][name] for table in ("layers", "verdicts") for name in texts[table]}
        | {key: {lang: describe_key(layer, key, lang) for lang in _LANGUAGES} for layer, key in keys},
        "files": [[_list_fields(mark.judgement) for mark in marks] for _, marks in marked],
    }
    words = {name: _render_text("page", name) for name in _PAGE_TEXTS}
    return _read_asset("page.html").format(
        lang=lang, style=style, script=script, style_hash=_hash_source(style), script_hash=_hash_source(script),
        title=escape(get_text("page", "title", lang)), heading=_render_text("page", "title"),
        scores_heading=_render_text("page", "scores"), scores=_render_scores(result),
        documents_heading=_render_text("page", "documents"),
        documents="\n".join(_render_file(i, file, marks) for i, (file, marks) in enumerate(marked)),
        data=htmlsafe_json_dumps(data, ensure_ascii=False), **words,
        verdict_boxes="".join(_render_checkbox("verdicts", v.value, v.value) for v in _WORST_FIRST),
        layer_boxes="".join(_render_checkbox("layers", layer, "") for layer in (*LAYERS, SLOTS)),
    )  # fmt: skip


def cut_segments(text: str, spans: Iterable[tuple[Span, int]]) -> list[tuple[str, tuple[int, ...]]]:
    """Return *text* cut at each begin and end of *spans*: pieces, each with the numbers of the spans over it."""
    begins: dict[int, list[int]] = {}
    ends: dict[int, list[int]] = {}
    for span, number in spans:
        begins.setdefault(span.begin, []).append(number)
        ends.setdefault(span.end, []).append(number)
    cuts = sorted({0, len(text), *begins, *ends})
    active: list[int] = []
    pieces = []
    for begin, end in pairwise(cuts):
        for number in ends.get(begin, ()):
            active.remove(number)
        active += begins.get(begin, ())
        pieces.append((text[begin:end], tuple(sorted(set(active)))))
    return pieces


def _list_fields(judgement: Judgement) -> list[str]:
    """Return the fields of a judgement that the script of the page uses."""
    return [judgement.layer, judgement.verdict.value, judgement.key, judgement.description]


def _render_file(number: int, file: FileResult, marks: Sequence[JudgementMark]) -> str:
    spans = ((span, i) for i, mark in enumerate(marks) for span in mark.spans)
    pieces = cut_segments(file.extraction.source.text, spans)
    text = "".join(_render_piece(piece, numbers, marks) for piece, numbers in pieces)
    errors = (MatchVerdict.MISSED, MatchVerdict.WRONG)
    without_span = [mark for mark in marks if not mark.spans and mark.judgement.verdict in errors]
    listed = "".join(map(_render_item, without_span))
    nowhere = f'<h3>{_render_text("page", "nowhere")}</h3><ul class="nowhere">{listed}</ul>' if without_span else ""
    rows = [(layer, row) for layer in LAYERS if not (row := file.rows.get(layer, ScoreRow())).empty]
    scores = " · ".join(f"{_render_text('layers', layer)} {row.f1:.2f}" for layer, row in rows)
    return (
        f"<details{'' if number else ' open'}><summary>{escape(file.gold.name)} <small>{scores}</small></summary>"
        f'<div class="text" data-file="{number}" lang="zh">{text}</div>{nowhere}</details>'
    )


def _render_piece(piece: str, numbers: Sequence[int], marks: Sequence[JudgementMark]) -> str:
    if not numbers:
        return escape(piece)
    verdicts = {marks[i].judgement.verdict for i in numbers}
    worst = next(verdict for verdict in _WORST_FIRST if verdict in verdicts)
    return f'<span class="m {worst}" data-m="{" ".join(map(str, numbers))}">{escape(piece)}</span>'


def _render_item(mark: JudgementMark) -> str:
    layer, verdict = mark.judgement.layer, mark.judgement.verdict
    return (
        f'<li data-layer="{layer}" data-verdict="{verdict}"><span class="chip {verdict}">'
        f"{_render_text('verdicts', verdict)}</span> {_render_text('layers', layer)} "
        f"{escape(mark.judgement.description)}</li>"
    )


def _render_scores(result: Evaluation) -> str:
    """Return the tables in both languages; the details are folded."""
    blocks = []
    for lang in _LANGUAGES:
        first, *more = map(_render_table, make_tables(result, lang))
        summary = "".join(f"<p>{escape(line)}</p>" for line in summarize_evaluation(result, lang))
        folded = f"<details><summary>{escape(get_text('table', 'details', lang))}</summary>{''.join(more)}</details>"
        blocks.append(f'<div class="{lang}">{first}{summary}{folded}</div>')
    return "\n".join(blocks)


def _render_table(table: ScoreTable) -> str:
    def render_row(cells: Sequence[str], tag: str) -> str:
        attributes = ["" if i < table.words else ' class="n"' for i in range(len(cells))]
        rendered = (f"<{tag}{a}>{escape(cell)}</{tag}>" for a, cell in zip(attributes, cells, strict=True))
        return f"<tr>{''.join(rendered)}</tr>"

    body = "".join(render_row(cells, "td") for cells in table.rows)
    head = f"<caption>{escape(table.title)}</caption><thead>{render_row(table.columns, 'th')}</thead>"
    return f"<table>{head}<tbody>{body}</tbody></table>"


def _render_checkbox(table: str, name: str, chip: str) -> str:
    words = f'<span class="chip {chip}">{_render_text(table, name)}</span>' if chip else _render_text(table, name)
    return f'<label><input type="checkbox" value="{name}" checked> {words}</label>'


def _render_text(table: str, name: str) -> str:
    """Return an entry of ``texts.toml`` in both languages; the style shows the one in use."""
    return "".join(f'<span class="{lang}">{escape(get_text(table, name, lang))}</span>' for lang in _LANGUAGES)


def _read_asset(name: str) -> str:
    return (_HOME / name).read_text(encoding="utf-8")


def _hash_source(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
