"""An evaluation as one HTML page: each document with what was found, missed and wrong, in colour, in its text.

The page holds all it needs and can reach nothing else: a Content-Security-Policy names its own script and style by
their hashes. It is complete without its script, which adds filters and details.
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
from kg.evaluate.marks import Mark, marks
from kg.evaluate.model import LAYERS, SLOTS, Evaluation, FileResult, Row, Verdict
from kg.evaluate.report import Table, key_word, summary, tables, texts, word

_HOME = Path(__file__).parent / "page"
_LANGUAGES = ("zh", "en")
_WORST_FIRST = (Verdict.WRONG, Verdict.MISSED, Verdict.FOUND, Verdict.OPEN)


def render(result: Evaluation, lang: str = "zh") -> str:
    """The page for *result*, opened in *lang* (it holds Chinese and English); the same text for the same arguments."""
    marked = [(file, marks(file)) for file in result.files]
    style, script = (_read(name).strip() for name in ("page.css", "page.js"))
    keys = sorted({(j.layer, j.key) for f in result.files for j in f.judgements if j.key})
    data: dict[str, Any] = {
        "title": texts()["page"]["title"],
        "words": {name: texts()[t][name] for t in ("layers", "verdicts") for name in texts()[t]}
        | {key: {lang: key_word(layer, key, lang) for lang in _LANGUAGES} for layer, key in keys},
        "files": [[[m.judgement.layer, m.judgement.verdict.value, m.judgement.key, m.judgement.what] for m in found]
                  for _, found in marked],
    }  # fmt: skip
    return _read("page.html").format(
        lang=lang, style=style, script=script, style_hash=_hash(style), script_hash=_hash(script),
        title=escape(word("page", "title", lang)), heading=_both("page", "title"), language=_both("page", "language"),
        intro=_both("page", "intro"), scores_heading=_both("page", "scores"), scores=_scores(result),
        documents_heading=_both("page", "documents"), documents="\n".join(_file(i, *x) for i, x in enumerate(marked)),
        verdict=_both("page", "verdict"), layer=_both("page", "layer"), next=_both("page", "next"),
        details=_both("page", "details"), none=_both("page", "none"),
        data=htmlsafe_json_dumps(data, ensure_ascii=False),
        verdict_boxes="".join(_box("verdicts", v.value, v.value) for v in _WORST_FIRST),
        layer_boxes="".join(_box("layers", layer, "") for layer in (*LAYERS, SLOTS)),
    )  # fmt: skip


def segments(text: str, spans: Iterable[tuple[Span, int]]) -> list[tuple[str, tuple[int, ...]]]:
    """*text* cut where any of *spans* begins or ends, each piece with the numbers of the spans over it."""
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


def _file(number: int, file: FileResult, found: Sequence[Mark]) -> str:
    pieces = segments(file.extraction.source.text, ((s, i) for i, m in enumerate(found) for s in m.spans))
    text = "".join(_passage(piece, numbers, found) for piece, numbers in pieces)
    lost = [m for m in found if not m.spans and m.judgement.verdict in (Verdict.MISSED, Verdict.WRONG)]
    listed = "".join(map(_line, lost))
    nowhere = f'<h3>{_both("page", "nowhere")}</h3><ul class="nowhere">{listed}</ul>' if lost else ""
    rows = [(layer, row) for layer in LAYERS if not (row := file.rows.get(layer, Row())).empty]
    scores = " · ".join(f"{_both('layers', layer)} {row.f1:.2f}" for layer, row in rows)
    return (
        f"<details{'' if number else ' open'}><summary>{escape(file.gold.name)} <small>{scores}</small></summary>"
        f'<div class="text" data-file="{number}" lang="zh">{text}</div>{nowhere}</details>'
    )


def _passage(piece: str, numbers: Sequence[int], found: Sequence[Mark]) -> str:
    if not numbers:
        return escape(piece)
    verdicts = {found[i].judgement.verdict for i in numbers}
    worst = next(v for v in _WORST_FIRST if v in verdicts)
    return f'<span class="m {worst}" data-m="{" ".join(map(str, numbers))}">{escape(piece)}</span>'


def _line(mark: Mark) -> str:
    j = mark.judgement
    return (
        f'<li data-layer="{j.layer}" data-verdict="{j.verdict}"><span class="chip {j.verdict}">'
        f"{_both('verdicts', j.verdict)}</span> {_both('layers', j.layer)} {escape(j.what)}</li>"
    )


def _scores(result: Evaluation) -> str:
    """The tables in both languages; details folded."""
    out = []
    for lang in _LANGUAGES:
        first, *more = (_table(t) for t in tables(result, lang))
        said = "".join(f"<p>{escape(line)}</p>" for line in summary(result, lang))
        folded = f"<details><summary>{escape(word('table', 'details', lang))}</summary>{''.join(more)}</details>"
        out.append(f'<div class="{lang}">{first}{said}{folded}</div>')
    return "\n".join(out)


def _table(table: Table) -> str:
    def row(cells: Sequence[str], tag: str) -> str:
        kinds = ["" if i < table.words else ' class="n"' for i in range(len(cells))]
        return f"<tr>{''.join(f'<{tag}{k}>{escape(c)}</{tag}>' for k, c in zip(kinds, cells, strict=True))}</tr>"

    body = "".join(row(cells, "td") for cells in table.rows)
    head = f"<caption>{escape(table.title)}</caption><thead>{row(table.columns, 'th')}</thead>"
    return f"<table>{head}<tbody>{body}</tbody></table>"


def _box(table: str, name: str, chip: str) -> str:
    words = f'<span class="chip {chip}">{_both(table, name)}</span>' if chip else _both(table, name)
    return f'<label><input type="checkbox" value="{name}" checked> {words}</label>'


def _both(table: str, name: str) -> str:
    """Words in both languages; the style shows the one in use."""
    return "".join(f'<span class="{lang}">{escape(word(table, name, lang))}</span>' for lang in _LANGUAGES)


def _read(name: str) -> str:
    return (_HOME / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
