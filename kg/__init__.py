"""Knowledge graphs from proposals of China's CPPCC and people's congresses, and the replies to them.

    import kg

    kg.build("提案文件夹", "kg-store")            # read files into a store
    with kg.open("kg-store") as graph:
        for row in graph.query(name="handling", params={"proposal": "20240015"}).values():
            print(row["agency"], row["opinion"], row["quote"])
        graph.export("turtle", "graph.ttl")
        graph.render("graph.html")
    extraction = kg.extract("page.txt")           # typed values, no store

Each name is imported when it is first used, so that ``import kg`` loads no large library.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kg.api import Graph, extract, open, remove, reports, snapshots
    from kg.compare import Diff, diff
    from kg.errors import (
        DiskError,
        KgError,
        NotFoundError,
        QueryError,
        SourceError,
        StoreError,
        UsageError,
        ValidationFailed,
    )
    from kg.ingest.build import build
    from kg.ingest.cluster import Cluster
    from kg.ingest.report import BuildReport
    from kg.store.store import Store
    from kg.version import __version__

# The module that defines each public name.
_HOMES = {
    "kg.api": ("Graph", "extract", "open", "remove", "reports", "snapshots"),
    "kg.ingest.build": ("build",),
    "kg.compare": ("Diff", "diff"),
    "kg.ingest.cluster": ("Cluster",),
    "kg.ingest.report": ("BuildReport",),
    "kg.store.store": ("Store",),
    "kg.version": ("__version__",),
    "kg.errors": (
        "DiskError", "KgError", "NotFoundError", "QueryError", "SourceError", "StoreError", "UsageError",
        "ValidationFailed",
    ),
}  # fmt: skip

__all__ = [
    "BuildReport",
    "Cluster",
    "Diff",
    "DiskError",
    "Graph",
    "KgError",
    "NotFoundError",
    "QueryError",
    "SourceError",
    "Store",
    "StoreError",
    "UsageError",
    "ValidationFailed",
    "__version__",
    "build",
    "diff",
    "extract",
    "open",
    "remove",
    "reports",
    "snapshots",
]


def __getattr__(name: str) -> Any:
    for module, names in _HOMES.items():
        if name in names:
            value = globals()[name] = getattr(import_module(module), name)
            return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return list(__all__)
