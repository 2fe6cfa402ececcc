"""A build on several machines: batches of sources are read by the workers of a Dask cluster.

Each worker has a process that has loaded the rules and reads one source after another. A worker writes the quads of a
batch into a folder that all machines share (``kg.ingest.shards``), and returns only where they are. If a worker is
lost, Dask gives its batch to another one. A source that kills its process twice is set aside by the worker; a batch
that kills its workers is read again source by source, to find which one does.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from platform import node
from typing import Any

from kg.errors import KgError, SourceError, UsageError
from kg.ingest.plan import PlannedSource
from kg.ingest.pool import ProcessPool, choose_workers, make_death_error
from kg.ingest.shards import ShardEntry, SharedFolder
from kg.ingest.worker import SourceResult
from kg.read import FoundSource
from kg.version import compute_graph_digest

_BATCH = 16
"""Most sources in a batch: so many are read again, at most, when a worker is lost."""
_AHEAD = 4
"""How many batches for each worker are given out before the first of them is stored."""
_RETRIES = 2
_SECONDS = 30
"""How long to wait for the scheduler."""
_WORKER_SECONDS = 300
"""How long to wait for the first worker."""

Process = Callable[[FoundSource], SourceResult]


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where a build is done.

    Attributes:
        scheduler: address of a Dask scheduler (``tcp://host:8786``), or the file that ``dask scheduler
            --scheduler-file`` wrote; empty to start workers on this machine.
        shared: a folder that all machines see, or an address for fsspec; empty for a folder beside the store.
    """

    scheduler: str = ""
    shared: str = ""


@dataclass(frozen=True, slots=True)
class SourceBatch:
    """What a worker gets."""

    name: str
    """Name of the shard."""
    sources: tuple[tuple[FoundSource, str], ...]
    """Sources with their graph fingerprints."""
    process: Process
    shared: str
    token: str
    """What the shared folder holds."""
    software: str
    """Digest of the software that gave out the batch."""


def process_batch(batch: SourceBatch) -> tuple[ShardEntry, ...]:
    """Read the sources of a batch in a worker, write their shard, and return its entries.

    Raises:
        UsageError: this machine has another version of the software, or does not see the shared folder.
    """
    if compute_graph_digest() != batch.software:
        raise UsageError(
            f"集群中 {node()} 上的软件版本不同；请在每台机器安装同一版本",
            f"the software on {node()} is another version; install the same one on each machine",
        )
    folder = SharedFolder(batch.shared)
    if not folder.has_token(batch.token):
        raise UsageError(
            f"--shared {batch.shared}：{node()} 看不到这个文件夹；请用各台机器共有的文件夹或对象存储",
            f"--shared {batch.shared}: {node()} does not see it; name a folder that all machines share",
        )
    results = [(found.id, key, _open_pool().process(batch.process, found)) for found, key in batch.sources]
    return folder.write_shard(batch.name, results)


@cache
def _open_pool() -> ProcessPool:
    """Return the processes of this worker, one for each of its threads; they end with it."""
    return ProcessPool()


class ClusterRun:
    """The reading of the sources of one build on a cluster."""

    def __init__(self, client: Any, folder: SharedFolder, shared: str, process: Process) -> None:
        self._client, self._folder, self._shared, self._process = client, folder, shared, process
        self._token = folder.write_token()
        self._software = compute_graph_digest()
        self._used: set[str] = set()

    def process(self, sources: Sequence[PlannedSource]) -> Iterator[SourceResult]:
        """Yield the result of each source, in order. What an interrupted build left is not read again.

        Raises:
            KgError: the scheduler is gone, or a machine cannot take part.
        """
        known = self._folder.read_entries()
        left = [source for source in sources if source.graph_fingerprint not in known]
        new = self._read_batches(_cut(left, _choose_size(len(left), self._count_threads())))
        for source in sources:
            entry = known.get(source.graph_fingerprint) or next(new)
            self._used.add(entry.shard)
            yield self._folder.read_result(entry)

    def end(self) -> None:
        """Remove the shards, which the store has now."""
        self._folder.remove(self._used - {""})

    def _read_batches(self, batches: Iterable[Sequence[PlannedSource]]) -> Iterator[ShardEntry]:
        waiting: deque[tuple[Sequence[PlannedSource], Any]] = deque()
        for batch in batches:
            waiting.append((batch, self._submit(batch)))
            if len(waiting) >= _AHEAD * self._count_threads():
                yield from self._collect(*waiting.popleft())
        while waiting:
            yield from self._collect(*waiting.popleft())

    def _submit(self, batch: Sequence[PlannedSource]) -> Any:
        sources = tuple((_resolve(source.found), source.graph_fingerprint) for source in batch)
        name = sha256("\n".join(f"{found.id} {key}" for found, key in sources).encode("utf-8", "surrogatepass"))
        given = SourceBatch(name.hexdigest()[:32], sources, self._process, self._shared, self._token, self._software)
        return self._client.submit(process_batch, given, pure=False, retries=_RETRIES)

    def _collect(self, batch: Sequence[PlannedSource], future: Any) -> Iterator[ShardEntry]:
        """Yield the entries of a batch. If it killed its workers, read its sources one at a time."""
        from distributed import KilledWorker

        try:
            yield from self._wait(future)
            return
        except KilledWorker:
            pass
        if len(batch) == 1:
            source = batch[0]
            yield ShardEntry(
                source.found.id, source.graph_fingerprint, SourceResult(make_death_error(source.found)), ""
            )
            return
        for source in batch:
            yield from self._collect([source], self._submit([source]))

    def _wait(self, future: Any) -> tuple[ShardEntry, ...]:
        from distributed import KilledWorker

        try:
            entries: tuple[ShardEntry, ...] = future.result()
        except (KgError, KilledWorker):
            raise
        except (CancelledError, OSError, TimeoutError) as error:
            raise _make_lost_error(error) from error
        except Exception as error:  # of the cluster: a source never raises one
            if type(error).__name__.endswith("CancelledError"):
                raise _make_lost_error(error) from error
            text = " ".join(f"{type(error).__name__}: {error}".split())[:300]
            raise SourceError(f"集群上出错（{text}）", f"the cluster failed ({text})") from error
        return entries

    def _count_threads(self) -> int:
        """Return the number of threads of all workers; workers may come and go."""
        return max(1, sum(map(int, self._client.nthreads().values())))


@contextmanager
def open_cluster(
    cluster: Cluster, store: Path, process: Process, sources: int, workers: int | None
) -> Iterator[ClusterRun]:
    """Connect with a cluster, and remove the shards at the end if there was no error.

    Args:
        cluster: where it is.
        store: the store that is built.
        process: reads one source.
        sources: number of sources.
        workers: how many processes to start on this machine, if the cluster has no scheduler; None to choose.

    Raises:
        UsageError: Dask is not installed, or the scheduler does not answer, or has no worker.
    """
    shared = cluster.shared or str(store.absolute().with_name(f"{store.absolute().name}.shards"))
    if "://" not in shared:
        shared = str(Path(shared).absolute())
    with _connect(cluster.scheduler, choose_workers(sources, workers)) as client:
        run = ClusterRun(client, SharedFolder(shared), shared, process)
        yield run
        run.end()


@contextmanager
def _connect(scheduler: str, threads: int) -> Iterator[Any]:
    try:
        import distributed
    except ImportError as error:
        raise UsageError(
            "--engine dask 需要 Dask：pip install 'proposal-kg[cluster]'",
            "--engine dask needs Dask: pip install 'proposal-kg[cluster]'",
        ) from error
    dask: Any = distributed
    if not scheduler:
        local = dask.LocalCluster(
            n_workers=1, threads_per_worker=threads, processes=False, dashboard_address=":0", silence_logs=50
        )
        with local, dask.Client(local, set_as_default=False) as client:
            yield client
        return
    try:
        where = {"scheduler_file": scheduler} if Path(scheduler).is_file() else {"address": scheduler}
        client = dask.Client(**where, timeout=_SECONDS, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise UsageError(
            f"--scheduler {scheduler}：连不上（{error}）", f"--scheduler {scheduler}: does not answer ({error})"
        ) from error
    with client:
        try:
            client.wait_for_workers(1, timeout=_WORKER_SECONDS)
        except TimeoutError as error:
            raise UsageError(
                f"--scheduler {scheduler}：没有工作进程；请先启动 dask worker",
                f"--scheduler {scheduler}: has no workers; start some with dask worker",
            ) from error
        yield client


def _make_lost_error(error: BaseException) -> SourceError:
    return SourceError(
        f"与集群的连接断了（{error}）；已读的都保留着，重新运行同一命令即可继续",
        f"the cluster is gone ({error}); what was read is kept: run the same command again to go on",
    )


def _resolve(found: FoundSource) -> FoundSource:
    """Return *found* with its full path: a worker has another working folder."""
    if found.address or str(found.path) == "-":
        return found
    return replace(found, path=found.path.absolute())


def _choose_size(sources: int, threads: int) -> int:
    """Return how many sources a batch has: fewer for few sources, so that each worker gets some."""
    return max(1, min(_BATCH, sources // (_AHEAD * threads)))


def _cut(sources: Sequence[PlannedSource], size: int) -> Iterator[Sequence[PlannedSource]]:
    for begin in range(0, len(sources), size):
        yield sources[begin : begin + size]
