"""The graph page: one HTML file that holds all it needs and can reach nothing else.

pyvis makes it: the graph is a :class:`pyvis.network.Network`, the vis-network library is the copy in pyvis's package.
Three faults of pyvis 0.3.2 are mended. Its template links files on a CDN even with ``in_line``, and prints the heading
twice, unescaped: ``generate_html()`` renders ours instead (``templates/page.html``). It moves nodes about for a minute:
they come with their places (:mod:`viz.layout`). It opens the file without an encoding: we write UTF-8. A
Content-Security-Policy names the page's own scripts and style by their hashes and allows nothing else, so nothing that
a text smuggles in can run, and no request can leave.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import math
import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

from viz.choice import choose, importance
from viz.data import PageData
from viz.layout import SPACING, layout
from viz.payload import check, payload, script_json
from viz.theme import HOME, LANGUAGES, texts, theme

TEMPLATES: Final = HOME / "templates"
FIRST: Final = 300
"""How many nodes are drawn when the page opens."""
MOST: Final = 5000
"""How many nodes a page holds; a browser copes with no more."""
_SCRIPTS: Final = (
    *("model", "shapes", "scene", "labels", "overlay", "places"),
    *("views", "panel", "search", "legend", "picture", "main"),
)
"""``templates/js/*.js`` in the order in which they build on each other."""
_GROWTH: Final = 1.5
"""The most important node is drawn that many times as large as its class is by default."""


def render(data: PageData, *, lang: str = "zh", limit: int = FIRST) -> str:
    """The page for *data*.

    Args:
        data: what to show.
        lang: the language that the page opens in, ``zh`` or ``en``; it holds both.
        limit: how many nodes are drawn at first; the others are there on demand.

    Returns:
        A complete HTML document, the same text for the same arguments.

    Raises:
        ValueError: *data* contradicts itself, or there is no such language.
    """
    if lang not in LANGUAGES:
        raise ValueError(f"lang: one of {', '.join(LANGUAGES)}, not {lang!r}")
    check(data)
    kept, left_out = _cut(data, MOST)
    chosen = sorted(choose(kept, max(limit, 1)))
    at = {node.id: i for i, node in enumerate(kept.nodes)}
    links = [(at[edge.source], at[edge.target]) for edge in kept.edges]
    whole = layout(len(kept.nodes), links, _spacing(len(kept.nodes)))
    if len(chosen) == len(kept.nodes):
        first = [(i, *whole[i]) for i in chosen]
    else:
        rank = {node: i for i, node in enumerate(chosen)}
        among = [(rank[a], rank[b]) for a, b in links if a in rank and b in rank]
        some = layout(len(chosen), among, _spacing(len(chosen)))
        first = [(node, *some[i]) for i, node in enumerate(chosen)]
    return _html(kept, whole, links, payload(kept, first, left_out), lang)


def write(data: PageData, path: str | os.PathLike[str], *, lang: str = "zh", limit: int = FIRST) -> Path:
    """Render *data* into the file *path* (UTF-8); the file is complete or not there.

    Raises:
        OSError: the file cannot be written.
        ValueError: as :func:`render`.
    """
    target = Path(path)
    text = render(data, lang=lang, limit=limit)
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        Path(name).chmod(0o644)
        Path(name).replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
    return target


def _spacing(size: int) -> float:
    """How far apart nodes stand: few ones have room for all their labels."""
    return SPACING * max(1.0, min(2.0, math.pow(200 / max(size, 1), 0.35)))


def _cut(data: PageData, most: int) -> tuple[PageData, int]:
    """*data* with its *most* important nodes only, and how many were left out."""
    if len(data.nodes) <= most:
        return data, 0
    nodes = tuple(data.nodes[i] for i in sorted(choose(data, most)))
    ids = {node.id for node in nodes}
    edges = tuple(e for e in data.edges if e.source in ids and e.target in ids)
    return replace(data, nodes=nodes, edges=edges), len(data.nodes) - most


def _html(
    data: PageData, places: list[tuple[int, int]], links: list[tuple[int, int]], facts: Mapping[str, Any], lang: str
) -> str:
    from pyvis.network import Network  # a second to import: IPython comes with it

    looks, scores = theme(), importance(data)
    top = max(scores, default=1.0) or 1.0
    network = Network(directed=True, cdn_resources="in_line", heading=data.title, bgcolor=looks.page["paper"])
    # Set as lists: add_node() and add_edge() search all that is there already.
    network.nodes = [
        {
            "id": i,
            "label": node.label,
            "group": node.kind,
            "size": round(looks.look(node.kind).size * (1 + (_GROWTH - 1) * (score / top) ** 0.5), 1),
            "x": x,
            "y": y,
        }
        for i, (node, score, (x, y)) in enumerate(zip(data.nodes, scores, places, strict=True))
    ]
    network.edges = [{"id": i, "from": a, "to": b} for i, (a, b) in enumerate(links)]
    network.options = _options()
    network.templateEnv = _environment()
    network.path = "page.html"
    library, code, css = _library(), _code(), _css()
    network.templateEnv.globals |= {
        "lang": lang,
        "subtitle": data.subtitle,
        "texts": texts(),
        "facts": facts,
        "look": {
            "page": looks.page,
            "shapes": looks.shapes,
            "groups": looks.groups,
            "kinds": {name: asdict(look) for name, look in looks.kinds.items()},
        },
        "library": library,
        "code": code,
        "css": css,
        "policy": (
            f"default-src 'none'; script-src {_hash(library)} {_hash(code)}; style-src {_hash(css)}; "
            "img-src data: blob:; base-uri 'none'; form-action 'none'"
        ),
    }
    html: str = network.generate_html()
    return html.encode("utf-8", "replace").decode("utf-8")


def _options() -> dict[str, Any]:
    """Options of vis-network: no physics, straight lines, nothing that moves by itself."""
    return {
        "physics": {"enabled": False},
        "layout": {"improvedLayout": False},
        "nodes": {"shape": "custom", "chosen": False},
        "edges": {"smooth": False, "chosen": False, "width": 1.4, "selectionWidth": 0, "hoverWidth": 0},
        "interaction": {
            "hover": True,
            "selectConnectedEdges": False,
            "hoverConnectedEdges": False,
            "zoomSpeed": 0.7,
            "tooltipDelay": 86400000,
        },
    }


def _environment() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    env = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True
    )
    env.filters["script_json"] = lambda value: Markup(script_json(value))
    env.filters["verbatim"] = Markup
    return env


def _text(path: Path) -> str:
    """A script or style to stand inline: what would end its element, or be another comment there, may not be in it."""
    text = path.read_text(encoding="utf-8")
    for mark in ("</script", "</style", "<!--"):
        if mark in text.lower():
            raise ValueError(f"{path}: contains {mark}, cannot stand inline")
    return text


@cache
def _library() -> str:
    """vis-network, from pyvis's package."""
    import pyvis

    return _text(Path(pyvis.__file__).parent / "templates" / "lib" / "vis-9.1.2" / "vis-network.min.js")


@cache
def _code() -> str:
    return "".join(_text(TEMPLATES / "js" / f"{name}.js") for name in _SCRIPTS)


@cache
def _css() -> str:
    return _text(TEMPLATES / "page.css")


def _hash(text: str) -> str:
    """A source expression of CSP Level 3 for the inline script or style *text*."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}'"
