"""The graph page: one HTML file that holds everything it needs and loads nothing.

The page is made with pyvis: the graph is a :class:`pyvis.network.Network`, and vis-network is the copy in the package
of pyvis. Three faults of pyvis 0.3.2 are avoided:

* Its template links to a CDN even with ``in_line``, and prints the heading twice and unescaped. ``generate_html()``
  renders ``templates/page.html`` instead.
* It moves the nodes for about a minute. Here they have fixed places (:mod:`viz.layout`).
* It opens the file without an encoding. Here the file is UTF-8.

A page of more than :data:`WEBGL_NODES` nodes has the same data and is drawn by sigma.js. The Content-Security-Policy
allows only the scripts and the style of the page, by their hashes. So no script in a quoted text can run, and the page
can send no request.
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

from viz.choice import choose_nodes, score_nodes
from viz.data import PageData, PageOptions
from viz.layout import SPACING, Drawing, draw_graph
from viz.payload import build_payload, check_page_data, encode_script_json
from viz.theme import LANGUAGES, VIZ_FOLDER, Skin, Theme, get_package_skin
from viz.views import VIEWS, build_views

WEBGL_NODES: Final = 1000
"""A page of more nodes is drawn by sigma.js (WebGL) instead of vis-network (canvas)."""
MAX_NODES: Final = 50_000
"""Largest number of nodes of a page. More are too slow in a browser."""
_SCRIPTS: Final = (
    *("model", "words", "shapes", "scene", "render_vis", "render_gl", "labels", "overlay", "places"),
    *("filters", "views", "paths", "card", "panel", "pinyin", "search", "legend", "board"),
    *("view_agencies", "view_tiers", "view_answers", "view_instruments", "view_schema", "tabs", "table"),
    *("svg", "picture", "exports", "address", "main"),
)
"""``templates/js/*.js`` in load order: each file uses only what earlier files define."""
_GROWTH: Final = 1.5
"""Size of the most important node, relative to the default size of its class."""
_ASSETS: Final = VIZ_FOLDER / "assets" / "js"
_SIGMA: Final = ("graphology-0.26.0.min.js", "sigma-3.0.3.min.js")


def render_html(data: PageData, options: PageOptions | None = None) -> str:
    """Return the page for *data* as a complete HTML document, the same text for the same arguments.

    Args:
        data: the content of the page.
        options: how the page opens and looks. None: the defaults.

    Raises:
        ValueError: *data* is inconsistent (see :class:`PageData`), there is no such language or view, or a file of the
            folder *look* is wrong.
    """
    options = options or PageOptions()
    if options.lang not in LANGUAGES:
        raise ValueError(f"lang: one of {', '.join(LANGUAGES)}, not {options.lang!r}")
    if options.view not in VIEWS:
        raise ValueError(f"view: one of {', '.join(VIEWS)}, not {options.view!r}")
    check_page_data(data)
    shown, left_out = _keep_most_important(data, min(max(options.most, 1), MAX_NODES))
    position = {node.id: i for i, node in enumerate(shown.nodes)}
    links = [(position[edge.source], position[edge.target]) for edge in shown.edges]
    whole = draw_graph(len(shown.nodes), links, _choose_spacing(len(shown.nodes)))
    chosen = sorted(choose_nodes(shown, max(options.limit, 1)))
    facts = build_payload(shown, _draw_first_view(chosen, links, whole), list(whole.groups), left_out)
    facts |= {"views": build_views(shown), "view": options.view, "embed": options.embed}
    if options.site is not None:
        facts["site"] = asdict(options.site)
    skin = Skin(Path(options.look)) if options.look else get_package_skin()
    return _fill_template(shown, whole.places, links, facts, options.lang, skin)


def write_html(data: PageData, path: str | os.PathLike[str], options: PageOptions | None = None) -> Path:
    """Write the page for *data* to the file *path* (UTF-8), completely or not at all, and return the path.

    Raises:
        OSError: the file cannot be written.
        ValueError: as :func:`render_html`.
    """
    target = Path(path)
    text = render_html(data, options)
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


def _draw_first_view(chosen: list[int], links: list[tuple[int, int]], whole: Drawing) -> list[tuple[int, ...]]:
    """Return position, x, y and community of each chosen node; *whole* is the drawing of all nodes."""
    if len(chosen) == len(whole.places):
        return [(node, *whole.places[node], whole.groups[node]) for node in chosen]
    rank = {node: i for i, node in enumerate(chosen)}
    chosen_links = [(rank[source], rank[target]) for source, target in links if source in rank and target in rank]
    drawing = draw_graph(len(chosen), chosen_links, _choose_spacing(len(chosen)))
    return [(node, *drawing.places[i], drawing.groups[i]) for i, node in enumerate(chosen)]


def _choose_spacing(size: int) -> float:
    """Return the distance between nodes, in page units. Fewer nodes get more room for their labels."""
    return SPACING * max(1.0, min(2.0, math.pow(200 / max(size, 1), 0.35)))


def _keep_most_important(data: PageData, most: int) -> tuple[PageData, int]:
    """Return *data* with at most *most* nodes, and the number of nodes that were left out."""
    if len(data.nodes) <= most:
        return data, 0
    nodes = tuple(data.nodes[i] for i in sorted(choose_nodes(data, most)))
    ids = {node.id for node in nodes}
    edges = tuple(edge for edge in data.edges if edge.source in ids and edge.target in ids)
    return replace(data, nodes=nodes, edges=edges), len(data.nodes) - most


def _fill_template(
    data: PageData,
    places: Sequence[tuple[int, int]],
    links: list[tuple[int, int]],
    facts: Mapping[str, Any],
    lang: str,
    skin: Skin,
) -> str:
    looks = skin.theme
    network = _make_network(data, places, links, looks)
    network.templateEnv = _make_environment(skin)
    network.path = "page.html"
    large = len(data.nodes) > WEBGL_NODES
    vis, code, css = _read_vis_network(), _read_scripts(skin), _build_css(skin)
    sigma = "".join(f"{_read_inline_file(_ASSETS / name)}\n" for name in _SIGMA) if large else ""
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
        "policy": _make_policy(scripts, css),
    }
    html: str = network.generate_html()
    return html.encode("utf-8", "replace").decode("utf-8")


def _make_network(data: PageData, places: Sequence[tuple[int, int]], links: list[tuple[int, int]], theme: Theme) -> Any:
    """Return the pyvis network of *data*: nodes and edges have their positions in *data* as ids."""
    from pyvis.network import Network  # imports IPython: about 1 s

    scores = score_nodes(data)
    top = max(scores, default=1.0) or 1.0
    network = Network(directed=True, cdn_resources="in_line", heading=data.title, bgcolor=theme.page["paper"])
    # the lists are set directly: add_node() and add_edge() search all earlier ones
    network.nodes = [
        {
            "id": i,
            "label": node.label,
            "group": node.kind,
            "size": round(theme.find_look(node.kind).size * (1 + (_GROWTH - 1) * (score / top) ** 0.5), 1),
            "x": x,
            "y": y,
        }
        for i, (node, score, (x, y)) in enumerate(zip(data.nodes, scores, places, strict=True))
    ]
    network.edges = [{"id": i, "from": source, "to": target} for i, (source, target) in enumerate(links)]
    network.options = _make_vis_options()
    return network


def _make_vis_options() -> dict[str, Any]:
    """Return the options of vis-network: no physics, straight lines, nothing moves by itself."""
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


def _make_environment(skin: Skin) -> Any:
    from jinja2 import Environment, FunctionLoader, StrictUndefined
    from markupsafe import Markup

    env = Environment(
        loader=FunctionLoader(lambda name: skin.find_template(name).read_text(encoding="utf-8")),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    env.filters["script_json"] = lambda value: Markup(encode_script_json(value))
    env.filters["verbatim"] = Markup
    return env


def _read_inline_file(path: Path) -> str:
    """Return the text of a script or style for an inline element.

    Raises:
        ValueError: the text would end its element or begin an HTML comment.
    """
    text = path.read_text(encoding="utf-8")
    for mark in ("</script", "</style", "<!--"):
        if mark in text.lower():
            raise ValueError(f"{path}: contains {mark}, cannot stand inline")
    # browser tools would request the source map
    return re.sub(r"(?m)^//# sourceMappingURL=.*$", "", text)


@cache
def _read_vis_network() -> str:
    """Return the script of vis-network from the package of pyvis."""
    import pyvis

    return _read_inline_file(Path(pyvis.__file__).parent / "templates" / "lib" / "vis-9.1.2" / "vis-network.min.js")


def _read_scripts(skin: Skin) -> str:
    return "".join(_read_inline_file(skin.find_template(f"js/{name}.js")) for name in _SCRIPTS)


def _build_css(skin: Skin) -> str:
    """Return the colours of the theme as CSS variables, ``page.css``, and the user's ``extra.css``."""
    light, dark = (
        "".join(f"--{name.replace('_', '-')}:{_check_colour(value)};" for name, value in colours.items())
        for colours in (skin.theme.page, skin.theme.dark)
    )
    extra = skin.find_extra_css()
    return (
        f":root{{color-scheme:light;{light}}}\n:root[data-scheme=dark]{{color-scheme:dark;{dark}}}\n"
        + _read_inline_file(skin.find_template("page.css"))
        + (_read_inline_file(extra) if extra else "")
    )


def _check_colour(value: str) -> str:
    if not re.fullmatch(r"#[0-9A-Fa-f]{6}", value):
        raise ValueError(f"theme.toml: {value!r} is not a colour of the form #rrggbb")
    return value


def _make_policy(scripts: Sequence[str], css: str) -> str:
    """Return the Content-Security-Policy that allows only these inline scripts and this style."""
    return (
        f"default-src 'none'; script-src {' '.join(map(_make_csp_hash, scripts))}; style-src {_make_csp_hash(css)}; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    )


def _make_csp_hash(text: str) -> str:
    """Return the CSP Level 3 source expression for the inline script or style *text*."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}'"
