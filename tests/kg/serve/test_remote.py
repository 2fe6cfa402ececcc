"""The graphs of another endpoint: they are served like a store, and fetched again when they change."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from kg.errors import StoreError, UsageError
from kg.serve.remote import RemoteStore
from kg.serve.settings import QueryLimits, ServeSettings
from kg.store.store import Store
from tests.kg.serve.conftest import GRAPHS, fill_store
from tests.kg.serve.test_limits import change_name
from tests.support.servers import serve

BUREAU = "澄溪市工业和信息化局"


def test_the_site_of_another_endpoint_is_the_same(pages_address: str) -> None:
    settings = ServeSettings(Path("none"), limits=QueryLimits(), endpoint=f"{pages_address}/sparql")
    with serve(settings) as address, httpx.Client(timeout=30, trust_env=False) as client:
        for path in ("/", "/search?q=gyhxxhj", f"/id/agency/{BUREAU}", "/documents", "/reports/money"):
            own, other = client.get(address + path).text, client.get(pages_address + path).text
            assert own == other, path
        query = {"query": "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"}
        answers = [client.get(f"{one}/sparql", params=query).text for one in (address, pages_address)]
        assert answers[0] == answers[1]


def test_what_changes_is_fetched_again(tmp_path: Path) -> None:
    store = fill_store(tmp_path / "store")
    with serve(ServeSettings(store, limits=QueryLimits())) as address:
        remote = RemoteStore(f"{address}/sparql", 600)
        try:
            assert remote.fetch() == 0
            change_name(store, "改名")
            with httpx.Client(trust_env=False) as client:
                while "改名" not in client.get(f"{address}/graphs", params={"graph": GRAPHS[0]}).text:
                    pass
            assert remote.fetch() == 1
            with Store(remote.path) as copy:
                assert "改名" in {getattr(q.object, "value", "") for q in copy.read_quads(GRAPHS[0])}
        finally:
            remote.close()
    assert not remote.path.exists()


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://x.invalid/", "x"])
def test_only_addresses_of_the_web_are_endpoints(url: str) -> None:
    with pytest.raises(UsageError):
        RemoteStore(url, 600)


def test_what_is_no_endpoint_is_said(pages_address: str) -> None:
    for url in (f"{pages_address}/healthz", f"{pages_address}/none", "http://127.0.0.1:9/sparql"):
        with pytest.raises(StoreError, match="--endpoint"):
            RemoteStore(url, 600)


def test_an_endpoint_without_named_graphs_is_one_graph(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(self: RemoteStore, query: str, accept: str) -> bytes:
        return (
            b'{"results":{"bindings":[]}}' if "json" in accept else b'<http://a.invalid/> <http://b.invalid/> "c" .\n'
        )

    monkeypatch.setattr(RemoteStore, "_ask", ask)
    remote = RemoteStore("http://x.invalid/sparql", 600)
    with Store(remote.path) as store:
        assert len(list(store.find_statements("http://a.invalid/"))) == 1
    remote.close()
