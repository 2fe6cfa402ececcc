"""Files in, a store out: each file is read, extracted and put into the store as one named graph.

A file that cannot be read is reported and left out; it never stops a build. Files go through any number of processes
with the same result, because a graph depends on its own source alone.
"""

from __future__ import annotations

import inspect
import json
import multiprocessing
import os
import sys
import types
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse, serialize

from extract.model import REPLIES, Extraction, Kind, Source
from kg import iri, read
from kg.errors import KgError, SourceError, UsageError
from kg.mint import context_iri
from kg.rdf import quads
from kg.store import DEFAULT, Store
from ontology.terms import DCTERMS, PK, PROV, RDF, XSD

if TYPE_CHECKING:
    from extract.decisions import Unapplied
    from extract.llm.report import Report
    from extract.llm.settings import LlmSettings
    from kg.join import Joined
    from kg.review.decided import Decided

Progress = Callable[[int, int, str], None]
"""Called with files done, files in all, and the id of the one just done."""


_WITH_PARTS = frozenset({Kind.PROPOSAL, *REPLIES})
"""Documents that have problems, suggestions, measures or commitments; a policy text has none."""


@dataclass(frozen=True, slots=True)
class Built:
    """A source that is in the store now."""

    source: str
    graph: str
    quads: int
    counts: Mapping[str, int]
    """Documents, parts, entities and figures by class; ``statement`` counts relations."""
    gaps: tuple[str, ...]
    """What was not found where one would expect it: keys of ``[gaps]`` in the messages, with ids."""
    changed: bool
    cleaned: read.CleanReport = field(default_factory=read.CleanReport)
    """What reading it left out or mended."""
    omitted: int = 0
    """Sentences that make a reader expect a fact and gave none (``kg.gaps``)."""


@dataclass(frozen=True, slots=True)
class Failed:
    """A file that is not in the store, and why."""

    path: str
    error: KgError
    source: str = ""
    """The id that its text would have in the store."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did."""

    built: tuple[Built, ...]
    failed: tuple[Failed, ...]
    skipped: tuple[str, ...]
    """Files left aside because of their suffix."""
    seconds: float
    llm: Report | None = None
    """What a language model cost and brought; None if none was asked for."""
    unapplied: tuple[Unapplied, ...] = ()
    """Decisions of people that changed nothing, and why."""
    joined: Joined | None = None
    """Letters of the store that belong together; None if there is no store."""

    @property
    def counts(self) -> Mapping[str, int]:
        """Things found by class, over all sources built (one in two sources counts twice)."""
        total: Counter[str] = Counter()
        for one in self.built:
            total.update(one.counts)
        return total

    @property
    def quads(self) -> int:
        return sum(one.quads for one in self.built)


@dataclass(frozen=True, slots=True)
class _Done:
    """What a worker hands back: plain values, cheap to send."""

    found: read.Found
    error: KgError | None = None
    graph: str = ""
    nquads: bytes = b""
    counts: Mapping[str, int] | None = None
    gaps: tuple[str, ...] = ()
    cleaned: read.CleanReport = field(default_factory=read.CleanReport)
    llm: Report | None = None
    omitted: int = 0
    unapplied: tuple[Unapplied, ...] = ()


def build(
    paths: Iterable[str | os.PathLike[str]] | str | os.PathLike[str],
    store: str | os.PathLike[str] = DEFAULT,
    *,
    workers: int = 1,
    base: str | None = None,
    lexicon_dir: str | os.PathLike[str] = "",
    model: str | os.PathLike[str] = "",
    llm: LlmSettings | None = None,
    decisions: str | os.PathLike[str] = "",
    allow_private: bool = False,
    progress: Progress | None = None,
) -> BuildReport:
    """Read files and folders into a store; what it has of them already is replaced.

    Args:
        paths: files, folders, addresses; ``-`` is standard input.
        store: the folder of the store; made when the first source is ready for it.
        workers: processes that extract at the same time.
        base: what IRIs begin with; a store keeps the base it was made with.
        lexicon_dir: a folder of your own lexicons, laid over the project's.
        model: the folder of a model that ``kg train`` made: it proposes mentions beside the rules.
        llm: a language model to read beside the rules (``extract.llm``); without it nothing is ever sent anywhere.
        decisions: a file of decisions that ``kg review --apply`` made: they are honoured.
        allow_private: fetch addresses of private networks, too.
        progress: called after each file.

    Raises:
        SourceError: a path that is not there, or nothing readable in a folder.
        StoreError, UsageError: the store or an argument does not fit.
    """
    started = datetime.now(UTC)
    if workers < 1:
        raise UsageError(f"--workers {workers}：至少为 1", f"--workers {workers}: must be at least 1")
    if base is not None:
        iri.checked_base(base)
    digest = _lexicon_digest(lexicon_dir)
    decided = _decided(decisions)
    settings = {
        **_model_settings(model), **_llm_settings(llm), **({"decisions": decided.digest} if decided else {})
    }  # fmt: skip
    one = isinstance(paths, str | os.PathLike)
    listing = read.find([paths] if one else paths, allow_private=allow_private)  # type: ignore[list-item, arg-type]
    built: list[Built] = []
    failed = [Failed(lost.where, lost.error, lost.id) for lost in listing.lost]
    asked: list[Report] = []
    left: list[tuple[str, tuple[Unapplied, ...]]] = []
    with ExitStack() as stack:
        target = _Target(stack, Path(store), base)
        work = partial(
            _work, base=target.base, lexicon_dir=str(lexicon_dir), model=str(model), llm=llm, decided=decided
        )
        for number, done in enumerate(_each(work, listing.files, workers), 1):
            if done.llm is not None:
                asked.append(done.llm)
            if done.error is not None:
                failed.append(Failed(done.found.where, done.error, done.found.id))
            else:
                graph = list(parse(done.nquads, format=RdfFormat.N_QUADS))
                changed = target.open().replace(done.graph, graph)
                counts = done.counts or {}
                left.append((done.found.id, done.unapplied))
                built.append(
                    Built(done.found.id, done.graph, len(graph), counts, done.gaps, changed, done.cleaned, done.omitted)
                )
            if progress:
                progress(number, len(listing.files), done.found.id)
        ended = datetime.now(UTC)
        if built:
            log = _activity(target.open(), built, digest, settings, started, ended)
            target.open().oxigraph.extend(log)
            target.open().flush()
        joined = _join(target, built, failed, lexicon_dir)
        unapplied = _unapplied(decided, left, target) if decided else ()
    seconds = (ended - started).total_seconds()
    skipped = tuple(map(str, listing.skipped))
    return BuildReport(tuple(built), tuple(failed), skipped, seconds, _sum(asked, llm), unapplied, joined)


def remove(source: str, store: Store, *, lexicon_dir: str | os.PathLike[str] = "") -> None:
    """Take a source out of *store*, with all that only it says; or forget a file that could not be read.

    Args:
        source: its id.
        store: an open store that can be written to.
        lexicon_dir: the user's lexicon folder that the store was built with: letters left are joined anew.

    Raises:
        NotFoundError: the store has no such source.
    """
    from kg.errors import NotFoundError
    from kg.join import join, unread

    graph = store.sources().get(source)
    if graph is None and not unread.forget(store, source):
        raise NotFoundError(
            f"{source}：库里没有这个来源（用 kg sources 查看）", f"{source}: no such source (see kg sources)"
        )
    if graph is not None:
        store.remove(graph)
    join(store, lexicon_dir=str(lexicon_dir))
    store.flush()


def graph_of(
    source: Source, base: str = iri.BASE, lexicon_dir: str = "", model: str = ""
) -> tuple[Extraction, list[Quad]]:
    """Extract *source*, and its quads."""
    from extract.pipeline import extract

    extraction = extract(source, lexicon_dir=lexicon_dir, model=model)
    return extraction, list(quads(extraction, base))


def gaps(extraction: Extraction) -> Iterator[str]:
    """What an extraction lacks that one would expect: nothing is lost in silence."""
    letters = extraction.outline.letters
    if not letters:
        yield "no_document"
    divided = {p.letter for p in extraction.outline.parts if p.kind}
    for letter in letters:
        if letter.kind in _WITH_PARTS and letter.body is not None and letter.id not in divided:
            yield f"no_part:{letter.id}"
    if not extraction.entities:
        yield "no_entity"


def counts(extraction: Extraction) -> dict[str, int]:
    """Things of an extraction by class, and its statements."""
    kinds: Counter[str] = Counter()
    kinds.update(x.kind.value for x in extraction.outline.letters if x.kind.value != "PolicyInstrument")
    kinds.update(p.kind.value for p in extraction.outline.parts if p.kind)
    kinds.update(e.kind.value for e in extraction.entities)
    kinds.update(f.kind.value for f in extraction.figures)
    kinds["statement"] = len(extraction.relations)
    return dict(sorted(kinds.items()))


def _join(
    target: _Target, built: list[Built], failed: list[Failed], lexicon_dir: str | os.PathLike[str]
) -> Joined | None:
    """Join the letters of the store anew, if there is one."""
    from kg.join import join

    if not target.there:
        return None
    lost = [f.source for f in failed if f.source]
    found = join(target.open(), lost, lexicon_dir=str(lexicon_dir), changed=any(b.changed for b in built))
    target.open().flush()
    return found


class _Target:
    """The store, opened at once if it is there, else when there is something to put in: a failed build leaves none."""

    def __init__(self, stack: ExitStack, path: Path, base: str | None) -> None:
        self._stack, self._path, self._base = stack, path, base
        self._store: Store | None = None
        if path.exists():
            self.open()

    @property
    def base(self) -> str:
        return self._store.base if self._store else (self._base or iri.BASE)

    @property
    def there(self) -> bool:
        return self._store is not None

    def open(self) -> Store:
        if self._store is None:
            self._store = self._stack.enter_context(Store(self._path, write=True, base=self._base))
        return self._store


def _each(work: Callable[[read.Found], _Done], files: tuple[read.Found, ...], workers: int) -> Iterator[_Done]:
    if workers == 1 or len(files) < 2:
        yield from map(work, files)
        return
    # spawn: a process with an open store and its threads must not be forked
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(workers, len(files)), mp_context=context) as pool:
        try:
            yield from pool.map(work, files)
        except BrokenProcessPool as error:
            raise SourceError(
                "一个处理进程意外结束（可能内存不足）；请用 --workers 1 重试",
                "a worker process died (out of memory?); try again with --workers 1",
            ) from error


def _work(
    found: read.Found, *, base: str, lexicon_dir: str, model: str, llm: LlmSettings | None, decided: Decided | None
) -> _Done:
    asked: Report | None = None
    unapplied: tuple[Unapplied, ...] = ()
    try:
        document = read.load(found)
        source = document.source
        extraction, graph = graph_of(source, base, lexicon_dir, model)
        if llm is not None:
            from kg.llm import enrich

            extraction, asked = enrich(extraction, llm, lexicon_dir)
            graph = list(quads(extraction, base))
        if decided is not None:
            extraction, unapplied = decided.apply(extraction, lexicon_dir)
            graph = list(quads(extraction, base))
        omitted = _omitted(extraction, decided, lexicon_dir)
    except KgError as error:
        return _Done(found, error)
    except Exception as error:  # a fault of ours in one file must not lose all others
        text = " ".join(f"{type(error).__name__}: {error}".split())
        return _Done(
            found,
            SourceError(
                f"{found.where}：处理时出错（{text}）；请把这个文件反馈给我们",
                f"{found.where}: could not be processed ({text}); please report this file",
            ),
        )
    return _Done(
        found,
        graph=context_iri(source.id, base),
        nquads=serialize(graph, format=RdfFormat.N_QUADS) or b"",
        counts=counts(extraction),
        gaps=(*document.report.warnings, *gaps(extraction)),
        cleaned=document.report,
        llm=asked,
        omitted=omitted,
        unapplied=unapplied,
    )


def _omitted(extraction: Extraction, decided: Decided | None, lexicon_dir: str) -> int:
    from kg.gaps import gaps as left_out
    from kg.review.decided import open_gaps
    from ontology.lexicons import lexicon

    return len(open_gaps(left_out(extraction, lexicon(lexicon_dir)), decided.decisions if decided else ()))


def _decided(path: str | os.PathLike[str]) -> Decided | None:
    """The decisions to honour: read once, so that every source sees the same."""
    if not str(path):
        return None
    from kg.review.decided import taken

    return taken(path)


def _unapplied(
    decided: Decided, left: list[tuple[str, tuple[Unapplied, ...]]], target: _Target
) -> tuple[Unapplied, ...]:
    from kg.review.decided import unapplied

    return unapplied(decided.decisions, left, target.open().sources()) if left else ()


def _lexicon_digest(folder: str | os.PathLike[str]) -> str:
    from ontology.lexicons import LexiconError, lexicon

    try:
        return lexicon(str(folder)).digest
    except LexiconError as error:
        raise UsageError(f"词表：{error}", f"lexicon: {error}") from error


def _model_settings(folder: str | os.PathLike[str]) -> Mapping[str, str]:
    """What a graph depends on besides source and lexicon: the model, by its files and not by where it lies."""
    if not str(folder):
        return {}
    from extract.train.errors import ModelError
    from extract.train.folder import load

    try:
        return {"model": load(str(folder)).digest}
    except ModelError as error:
        raise UsageError(error.zh, error.en) from error


def _llm_settings(llm: LlmSettings | None) -> Mapping[str, str]:
    """Of a language model: its name and the version of what it is asked, never where it is."""
    if llm is None:
        return {}
    from kg.llm import checked

    return checked(llm)


def _sum(asked: list[Report], llm: LlmSettings | None) -> Report | None:
    if llm is None:
        return None
    from extract.llm.report import total

    return total(asked)


def _activity(
    store: Store, built: list[Built], digest: str, settings: Mapping[str, str], started: datetime, ended: datetime
) -> list[Quad]:
    """The log of a build, for the graph of builds."""
    import kg

    graph = NamedNode(store.builds_graph)
    node = NamedNode(f"{store.builds_graph}#{started:%Y%m%dT%H%M%S%fZ}")
    facts: list[tuple[str, Any]] = [
        (RDF + "type", NamedNode(PROV + "Activity")),
        (PROV + "startedAtTime", _time(started)),
        (PROV + "endedAtTime", _time(ended)),
        (PK + "softwareVersion", Literal(kg.__version__)),
        (PK + "lexiconDigest", Literal(digest)),
        (PK + "settings", Literal(json.dumps({"base": store.base, **settings}, sort_keys=True))),
        *((PROV + "generated", NamedNode(b.graph)) for b in built if b.changed),
        (DCTERMS + "extent", Literal(str(len(built)), datatype=NamedNode(XSD + "integer"))),
    ]
    return [Quad(node, NamedNode(p), o, graph) for p, o in facts]


def _time(when: datetime) -> Literal:
    return Literal(when.strftime("%Y-%m-%dT%H:%M:%S.%fZ"), datatype=NamedNode(XSD + "dateTime"))


class _Callable(types.ModuleType):
    """This module, which can be called as :func:`build`: importing it makes it the attribute ``kg.build``."""

    @property
    def __signature__(self) -> inspect.Signature:
        return inspect.signature(build)

    def __call__(self, *args: Any, **kwargs: Any) -> BuildReport:
        return build(*args, **kwargs)


sys.modules[__name__].__class__ = _Callable
