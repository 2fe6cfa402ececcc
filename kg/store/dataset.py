"""The store as an rdflib Dataset that never opens a connection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from oxrdflib import OxigraphStore
from rdflib import Dataset
from rdflib.query import Result
from rdflib.term import Identifier

from kg.errors import QueryError
from kg.store.sparql import check_local


class OfflineOxigraphStore(OxigraphStore):
    """An rdflib store that refuses ``SERVICE`` and updates: ``SERVICE`` and ``LOAD`` would read from the network."""

    def query(
        self,
        query: Any,
        initNs: Mapping[str, Any],
        initBindings: Mapping[str, Identifier],
        queryGraph: str,
        **kwargs: object,
    ) -> Result:
        if isinstance(query, str):
            check_local(query)
        return super().query(query, initNs, initBindings, queryGraph, **kwargs)

    def update(self, *args: Any, **kwargs: Any) -> None:
        raise QueryError(
            "这个 Dataset 只供读取，不能更新；要改动知识图谱库，请用 kg build 或 kg.Store",
            "this Dataset is for reading, it takes no update; to change a store use kg build or kg.Store",
        )


def make_dataset(oxigraph: Any) -> Dataset:
    """Return an rdflib Dataset on an open Oxigraph store, with the default graph of the store as its own."""
    return Dataset(store=OfflineOxigraphStore(store=oxigraph), default_union=False)
