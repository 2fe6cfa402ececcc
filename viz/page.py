"""The graph page: one HTML file that holds all it needs and can reach nothing else.

pyvis makes it: the graph is a :class:`pyvis.network.Network`, the vis-network library is the copy in pyvis's package.
Three faults of pyvis 0.3.2 are mended. Its template links files on a CDN even with ``in_line``, and prints the heading
twice, unescaped: ``generate_html()`` renders ours instead (``templates/page.html``). It moves nodes about for a minute:
they come with their places (:mod:`viz.layout`). It opens the file without an encoding: we write UTF-8. A page of more
than :data:`WEBGL` things is the same page with the same data, drawn by sigma.js. A Content-Security-Policy names the
page's own scripts and style by their hashes and allows nothing else, so nothing that a text smuggles in can run, and no
request can leave.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import math
import os
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

from viz.choice import choose, importance
from viz.data import PageData
from viz.layout import SPACING, draw
from viz.payload import check, payload, script_json
from viz.theme import HOME, LANGUAGES, Skin, own
from viz.views import VIEWS, views

FIRST: Final = 300
"""How many nodes are drawn when the page opens."""
WEBGL: Final = 1000
"""A page of more nodes is drawn by sigma.js (WebGL) instead of vis-network (canvas)."""
MOST: Final = 50_000
"""How many nodes a page holds: a browser copes with no more."""
_SCRIPTS: Final = (
    *("model", "words", "shapes", "scene", "render_vis", "render_gl", "labels", "overlay", "places"),
    *("filters", "views", "paths", "card", "panel", "pinyin", "search", "legend", "board"),
    *("view_agencies", "view_tiers", "view_answers", "view_instruments", "view_schema", "tabs", "table"),
    *("svg", "picture", "exports", "address", "main"),
)
"""``templates/js/*.js`` in the order in which they build on each other."""
_GROWTH: Final = 1.5
"""The most important node is drawn that many times as large as its class is by default."""
_ASSETS: Final = HOME / "assets" / "js"
_SIGMA: Final = ("graphology-0.26.0.min.js", "sigma-3.0.3.min.js")


def render(
    data: PageData,
    *,
    lang: str = "zh",
    limit: int = FIRST,
    view: str = "graph",
    embed: bool = False,
    look: str | os.PathLike[str] | None = None,
) -> str:
    """The page for *data*.

    Args:
        data: what to show.
        lang: the language that the page opens in, ``zh`` or ``en``; it holds both.
        limit: how many nodes are drawn at first; the others are there on demand.
        view: the view that it opens with, one of :data:`viz.views.VIEWS`; all are in the page.
        embed: open without the frame (title, search, panel), as a part of another page.
        look: folder with files that replace those of the package (:class:`viz.theme.Skin`).

    Returns:
        A complete HTML document, the same text for the same arguments.

    Raises:
        ValueError: *data* contradicts itself; there is no such language or view; a file of *look* is wrong.
    """
    if lang not in LANGUAGES:
        raise ValueError(f"lang: one of {', '.join(LANGUAGES)}, not {lang!r}")
    if view not in VIEWS:
        raise ValueError(f"view: one of {', '.join(VIEWS)}, not {view!r}")
    check(data)
    kept, left_out = _cut(data, MOST)
    chosen = sorted(choose(kept, max(limit, 1)))
    at = {node.id: i for i, node in enumerate(kept.nodes)}
    links = [(at[edge.source], at[edge.target]) for edge in kept.edges]
    whole = draw(len(kept.nodes), links, _spacing(len(kept.nodes)))
    first: list[tuple[int, ...]]
    if len(chosen) == len(kept.nodes):
        first = [(i, *whole.places[i], whole.groups[i]) for i in chosen]
    else:
        rank = {node: i for i, node in enumerate(chosen)}
        among = [(rank[a], rank[b]) for a, b in links if a in rank and b in rank]
        some = draw(len(chosen), among, _spacing(len(chosen)))
        first = [(node, *some.places[i], some.groups[i]) for i, node in enumerate(chosen)]
    facts = payload(kept, first, list(whole.groups), left_out)
    facts |= {"views": views(kept), "view": view, "embed": embed}
    return _html(kept, whole.places, links, facts, lang, Skin(Path(look)) if look else own())


def write(
    data: PageData,
    path: str | os.PathLike[str],
    *,
    lang: str = "zh",
    limit: int = FIRST,
    view: str = "graph",
    embed: bool = False,
    look: str | os.PathLike[str] | None = None,
) -> Path:
    """Render *data* into the file *path* (UTF-8), with the arguments of :func:`render`; it is complete or not there.

    Raises:
        OSError: the file cannot be written.
        ValueError: as :func:`render`.
    """
    target = Path(path)
    text = render(data, lang=lang, limit=limit, view=view, embed=embed, look=look)
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
    data: PageData,
    places: Sequence[tuple[int, int]],
    links: list[tuple[int, int]],
    facts: Mapping[str, Any],
    lang: str,
    skin: Skin,
) -> str:
    from pyvis.network import Network  # a second to import: IPython comes with it

    looks, scores = skin.theme, importance(data)
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
    network.templateEnv = _environment(skin)
    network.path = "page.html"
    large = len(data.nodes) > WEBGL
    vis, code, css = _library(), _code(skin), _css(skin)
    sigma = "".join(f"{_text(_ASSETS / name)}\n" for name in _SIGMA) if large else ""
    scripts = [text for text in (vis, sigma, code) if text]
    network.templateEnv.globals |= {
        "lang": lang,
        "subtitle": data.subtitle,
        "texts": skin.texts,
        "facts": facts,
        "look": {
            "page": looks.page,
            "dark": looks.dark,
            "shapes": looks.shapes,
            "groups": looks.groups,
            "kinds": {name: asdict(look) for name, look in looks.kinds.items()},
        },
        "vis": vis,
        "sigma": sigma,
        "code": code,
        "css": css,
        "policy": (
            f"default-src 'none'; script-src {' '.join(map(_hash, scripts))}; style-src {_hash(css)}; "
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


def _environment(skin: Skin) -> Any:
    from jinja2 import Environment, FunctionLoader, StrictUndefined
    from markupsafe import Markup

    env = Environment(
        loader=FunctionLoader(lambda name: skin.path(name).read_text(encoding="utf-8")),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
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
    # a map that lies elsewhere: browsers' tools would go and ask for it
    return re.sub(r"(?m)^//# sourceMappingURL=.*$", "", text)


@cache
def _library() -> str:
    """vis-network, from pyvis's package."""
    import pyvis

    return _text(Path(pyvis.__file__).parent / "templates" / "lib" / "vis-9.1.2" / "vis-network.min.js")


def _code(skin: Skin) -> str:
    return "".join(_text(skin.path(f"js/{name}.js")) for name in _SCRIPTS)


def _css(skin: Skin) -> str:
    """Colours of the theme as variables, the style, and what a user adds."""
    light, dark = (
        "".join(f"--{name.replace('_', '-')}:{_colour(value)};" for name, value in colours.items())
        for colours in (skin.theme.page, skin.theme.dark)
    )
    extra = skin.extra()
    return (
        f":root{{color-scheme:light;{light}}}\n:root[data-scheme=dark]{{color-scheme:dark;{dark}}}\n"
        + _text(skin.path("page.css"))
        + (_text(extra) if extra else "")
    )


def _colour(value: str) -> str:
    if not re.fullmatch(r"#[0-9A-Fa-f]{6}", value):
        raise ValueError(f"theme.toml: {value!r} is no colour of the form #rrggbb")
    return value


def _hash(text: str) -> str:
    """A source expression of CSP Level 3 for the inline script or style *text*."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}'"
