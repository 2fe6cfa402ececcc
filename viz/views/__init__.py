"""The views of a page: the same things and statements, arranged for one question each.

A view gives columns, rows and their order. The scripts of the page compute the pixels, because only they know the size
of the window. Each view is a function of the page data alone, so that a page made by hand has all of them.

    graph  about       drawn from all nodes, placed by viz.layout and by the scripts
    agencies           which agency runs what for whom      viz.views.agencies
    tiers              what each tier gets                  viz.views.tiers
    answers            suggestions beside their answers     viz.views.answers
    instruments        policy instruments by date           viz.views.instruments
    schema             classes and properties in use        viz.views.schema
"""

from __future__ import annotations

from typing import Any, Final

from viz.data import PageData
from viz.views.agencies import build_agency_columns
from viz.views.answers import build_proposal_sheets
from viz.views.index import PageIndex
from viz.views.instruments import build_timeline
from viz.views.schema import build_schema
from viz.views.tiers import build_tier_ladder

VIEWS: Final = ("graph", "about", "agencies", "tiers", "answers", "instruments", "schema")
"""Names of all views, in the order of the page's tabs."""


def build_views(data: PageData) -> dict[str, Any]:
    """Return all views of *data* except the graph drawings, as plain values for ``js/view_*.js``."""
    index = PageIndex(data)
    return {
        "agencies": build_agency_columns(index).to_json(),
        "tiers": build_tier_ladder(index).to_json(),
        "answers": [sheet.to_json() for sheet in build_proposal_sheets(index)],
        "instruments": build_timeline(index).to_json(),
        "schema": build_schema(index).to_json(),
    }
