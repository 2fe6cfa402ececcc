"""The style sheet of the pages: the colours of the graph pages, and the layout of this site."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from viz.theme import NodeLook, read_theme

_STATIC = Path(__file__).parent / "static"
_REPORT = Path(__file__).parents[2] / "report" / "templates" / "report.css"
_DARK = "@media screen and (prefers-color-scheme: dark)"


@cache
def build_css() -> str:
    """Return the style sheet. Dark colours hold where the reader or the browser wants them; paper is always light."""
    theme = read_theme()
    light, dark = (
        "".join(f"--{name.replace('_', '-')}:{value};" for name, value in colours.items())
        for colours in (theme.page, theme.dark)
    )
    looks = theme.kinds
    light_kinds = "".join(_paint(name, look.fill, look.border) for name, look in looks.items())
    dark_kinds = "".join(_paint(name, *_get_dark(look)) for name, look in looks.items())
    return "\n".join(
        [
            f":root{{color-scheme:light;{light}{light_kinds}}}",
            f"{_DARK}{{:root:not([data-scheme=light]){{color-scheme:dark;{dark}{dark_kinds}}}}}",
            f"@media screen{{:root[data-scheme=dark]{{color-scheme:dark;{dark}{dark_kinds}}}}}",
            *(f".k-{name}{{--fill:var(--k-{name});--rim:var(--r-{name})}}" for name in looks),
            (_STATIC / "site.css").read_text(encoding="utf-8"),
        ]
    )


@cache
def build_report_css() -> str:
    """Return the style sheet of the tables of reports, with the colours of the site."""
    return _REPORT.read_text(encoding="utf-8") + (_STATIC / "report-site.css").read_text(encoding="utf-8")


def _paint(name: str, fill: str, rim: str) -> str:
    return f"--k-{name}:{fill};--r-{name}:{rim};"


def _get_dark(look: NodeLook) -> tuple[str, str]:
    return look.dark_fill or look.fill, look.dark_border or look.border
