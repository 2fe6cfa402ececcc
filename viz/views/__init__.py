"""The views of a page: the same things and statements, arranged for one question each.

A view says what stands where (columns, rows, order); how many pixels that takes is for the page to find out, which
knows the window. Each is a function of the page's data alone, so that a page made by hand has them too.

    graph  about       drawn from all things, placed by viz.layout and by the page
    agencies           who answers for what           viz.views.agencies
    tiers              what each rung gets            viz.views.tiers
    answers            suggestions beside answers     viz.views.answers
    instruments        who cites what, by date        viz.views.instruments
    schema             classes and properties         viz.views.schema
"""

from __future__ import annotations

from typing import Any, Final

from viz.data import PageData
from viz.views.agencies import agencies
from viz.views.answers import answers
from viz.views.index import Index
from viz.views.instruments import instruments
from viz.views.schema import schema
from viz.views.tiers import tiers

VIEWS: Final = ("graph", "about", "agencies", "tiers", "answers", "instruments", "schema")
"""Names of all views, in the order of the page's tabs."""


def views(data: PageData) -> dict[str, Any]:
    """All views of *data* that are not drawn as a graph, as plain values for the page (``js/view_*.js``)."""
    index = Index(data)
    return {
        "agencies": agencies(index).plain(),
        "tiers": tiers(index).plain(),
        "answers": [sheet.plain() for sheet in answers(index)],
        "instruments": instruments(index).plain(),
        "schema": schema(index).plain(),
    }
