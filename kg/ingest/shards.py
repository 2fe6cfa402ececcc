"""The shared folder of a build on several machines: N-Quads of many sources in one file, and manifests beside them.

A *shard* holds the graphs of a batch of sources, one after the other. Its manifest tells where each of them is, and
what reading the source found. A manifest is written after its shard, and has the checksums of its parts: a shard that a
killed worker left half-written is not used. The folder may be a path, or any address that fsspec opens
(``s3://bucket/folder``).
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any
from uuid import uuid4

from kg.errors import StoreError, UsageError
from kg.ingest.report import BuiltSource, decode_findings, encode_findings
from kg.ingest.worker import SourceResult
from kg.read.values import CleanReport

_FORMAT = 1
_SHARD, _MANIFEST, _NEW, _TOKEN = ".nq", ".json", ".new", "kg-shared"
"""Suffixes of the files, and the name of the file that shows that all machines see the same folder."""


@dataclass(frozen=True, slots=True)
class ShardEntry:
    """One source of a shard: its result without its N-Quads, and where these are."""

    source: str
    """Its id."""
    key: str
    """Its graph fingerprint (``kg.ingest.fingerprint``)."""
    result: SourceResult
    shard: str
    """Name of the shard; empty if there are no N-Quads, because the source could not be read."""
    begin: int = 0
    size: int = 0
    crc: int = 0


class SharedFolder:
    """A folder that all machines of a build can read and write.

    Args:
        url: a path, or an address for fsspec.
    """

    def __init__(self, url: str) -> None:
        self._url = url

    @cached_property
    def _files(self) -> tuple[Any, str]:
        """The file system, and the path of the folder in it."""
        try:
            from fsspec.core import url_to_fs

            files, root = url_to_fs(self._url)
            files.makedirs(root, exist_ok=True)
        except (ImportError, ValueError, OSError) as error:
            raise UsageError(
                f"--shared {self._url}：用不了（{error}）", f"--shared {self._url}: cannot be used ({error})"
            ) from error
        return files, str(root).rstrip("/")

    def write_token(self) -> str:
        """Write a new token into the folder, and return it."""
        token = uuid4().hex
        self._write(_TOKEN, token.encode("ascii"))
        return token

    def has_token(self, token: str) -> bool:
        """Return whether the folder that this machine sees holds *token*."""
        files, root = self._files
        try:
            return bool(files.cat_file(f"{root}/{_TOKEN}") == token.encode("ascii"))
        except (OSError, ValueError):
            return False

    def write_shard(self, name: str, results: Sequence[tuple[str, str, SourceResult]]) -> tuple[ShardEntry, ...]:
        """Write the results of a batch (id, key and result of each source) as a shard, and return its entries."""
        data, entries = bytearray(), []
        for source, key, result in results:
            quads = result.nquads
            place = (name, len(data), len(quads), zlib.crc32(quads)) if result.error is None else ("", 0, 0, 0)
            entries.append(ShardEntry(source, key, replace(result, nquads=b""), *place))
            data += quads
        self._write(name + _SHARD, bytes(data))
        kept = [_encode_entry(entry) for entry in entries if _is_final(entry)]
        manifest = {"format": _FORMAT, "bytes": len(data), "crc": zlib.crc32(data), "sources": kept}
        self._write(name + _MANIFEST, json.dumps(manifest, ensure_ascii=False).encode("utf-8"))
        return tuple(entries)

    def read_entries(self) -> dict[str, ShardEntry]:
        """Return what an interrupted build left, by graph fingerprint. What is damaged is left out."""
        files, root = self._files
        found: dict[str, ShardEntry] = {}
        for path in sorted(files.ls(root, detail=False, refresh=True)):
            if path.endswith(_MANIFEST):
                name = path.rpartition("/")[2].removesuffix(_MANIFEST)
                found.update((entry.key, entry) for entry in self._read_manifest(name))
        return found

    def read_result(self, entry: ShardEntry) -> SourceResult:
        """Return the result of a source with its N-Quads.

        Raises:
            StoreError: the shard is gone, or is not what the worker wrote.
        """
        if not entry.shard:
            return entry.result
        files, root = self._files
        try:
            data = files.cat_file(f"{root}/{entry.shard}{_SHARD}", start=entry.begin, end=entry.begin + entry.size)
        except OSError as error:
            raise self._make_error(entry.shard, str(error)) from error
        if len(data) != entry.size or zlib.crc32(data) != entry.crc:
            raise self._make_error(entry.shard, "checksum")
        return replace(entry.result, nquads=data)

    def remove(self, names: Collection[str]) -> None:
        """Remove shards with their manifests, and the token; then the folder, if it is empty."""
        files, root = self._files
        for path in (f"{root}/{_TOKEN}", *(f"{root}/{name}{end}" for name in names for end in (_MANIFEST, _SHARD))):
            if files.exists(path):
                files.rm_file(path)
        if files.exists(root) and not files.ls(root, detail=False, refresh=True):
            files.rmdir(root)

    def _write(self, name: str, data: bytes) -> None:
        """Write a file as a whole: two workers may write the same one, and each of them may be killed."""
        files, root = self._files
        new = f"{root}/{name}.{uuid4().hex}{_NEW}"
        files.pipe_file(new, data)
        files.mv(new, f"{root}/{name}")

    def _read_manifest(self, name: str) -> Iterator[ShardEntry]:
        files, root = self._files
        try:
            manifest = json.loads(files.cat_file(f"{root}/{name}{_MANIFEST}"))
            if manifest["format"] != _FORMAT or files.size(f"{root}/{name}{_SHARD}") != manifest["bytes"]:
                return
            entries = [_decode_entry(name, values) for values in manifest["sources"]]
        except (OSError, ValueError, KeyError, TypeError):
            return
        yield from entries

    def _make_error(self, shard: str, why: str) -> StoreError:
        return StoreError(
            f"{self._url}/{shard}{_SHARD}：读不出（{why}）；重新运行同一命令即可继续",
            f"{self._url}/{shard}{_SHARD}: cannot be read ({why}); run the same command again to go on",
        )


def _is_final(entry: ShardEntry) -> bool:
    """Return whether reading the source again would give the same result."""
    result = entry.result
    return bool(entry.key and result.error is None and result.intact and result.llm is None) and not (
        result.cleaned.unfinished
    )


def _encode_entry(entry: ShardEntry) -> dict[str, Any]:
    result = entry.result
    built = BuiltSource(entry.source, result.graph, 0, result.counts or {}, result.gaps, changed=True,
                        omitted=result.omitted)  # fmt: skip
    return {
        "source": entry.source, "key": entry.key, "graph": result.graph, "begin": entry.begin, "size": entry.size,
        "crc": entry.crc, "sha256": result.sha256, "media_type": result.media_type, "cleaned": asdict(result.cleaned),
        "findings": encode_findings(built, result.unapplied),
    }  # fmt: skip


def _decode_entry(shard: str, values: dict[str, Any]) -> ShardEntry:
    built, unapplied = decode_findings(values["source"], values["graph"], values["findings"])
    cleaned = CleanReport(**{**values["cleaned"], "warnings": tuple(values["cleaned"]["warnings"])})
    result = SourceResult(
        graph=built.graph, counts=built.counts, gaps=built.gaps, cleaned=cleaned, omitted=built.omitted,
        unapplied=unapplied, sha256=values["sha256"], media_type=values["media_type"],
    )  # fmt: skip
    return ShardEntry(values["source"], values["key"], result, shard, values["begin"], values["size"], values["crc"])
