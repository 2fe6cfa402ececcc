"""The two pages of a desk: its files with what became of each, and what is doubtful."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from kg.review.wording import get_text
from kg.serve.desk.folder import DeskFile, DeskFolder
from kg.serve.desk.review import SHEETS, DeskReview, list_cells, list_offers, list_slots
from kg.serve.site.render import PageRequest, render_page
from kg.serve.site.texts import SiteTexts
from kg.serve.site.tools import list_ready_reports

_DOUBTS = 20
"""Doubts of a page."""


@dataclass(frozen=True, slots=True)
class FileState:
    """A file with what the last build made of it."""

    name: str
    size: str
    state: str
    """``read``, ``failed``, ``skipped``, ``waiting``."""
    sources: tuple[str, ...]
    """Ids of the sources that it gave."""
    remarks: tuple[str, ...]
    unread: int = 0
    """How many of its members were not read."""


def make_desk_page(page: PageRequest, desk: DeskFolder, form_token: str) -> Response:
    """Return the page of the desk."""
    report = desk.read_report()
    files = list_file_states(desk.list_files(), report, page.texts)
    states = Counter(file.state for file in files)
    omitted = sum(source["omitted"] for source in report.get("sources", ()))
    return render_page(
        page, "desk.html", files=files, states=states, report=report, form_token=form_token, omitted=omitted,
        inside=sum(file.unread for file in files if file.state == "read"),
        waiting=desk.hash_decisions() != report.get("decisions", ""), change=desk.describe_last_change(),
        reports=list_ready_reports(page.texts.lang),
    )  # fmt: skip


def list_file_states(files: list[DeskFile], report: dict[str, Any], texts: SiteTexts) -> list[FileState]:
    """Return the files with what the last build made of each: read, failed with the reason, skipped, not read yet."""
    sources, failed = report.get("sources", []), report.get("failed", [])
    skipped, ended = set(report.get("skipped", [])), report.get("time", 0.0)
    found = []
    for file in files:
        own = [source for source in sources if _is_of(source["source"], file.name)]
        faults = [fault for fault in failed if _is_of(fault["source"], file.name) or fault["path"].endswith(file.name)]
        remarks = [str(fault[texts.lang]) for fault in faults]
        remarks += [_describe_gap(gap, texts) for source in own for gap in source["gaps"]]
        if file.changed > ended - report.get("seconds", 0.0) and not own and not faults:
            state = "waiting"
        elif own:
            state = "read"
        elif faults:
            state = "failed"
        else:
            state = "skipped" if file.name.rpartition("/")[2] in skipped else "waiting"
        names = tuple(source["source"] for source in own)
        size = _format_size(file.size)
        found.append(FileState(file.name, size, state, names, tuple(dict.fromkeys(remarks)), len(faults)))
    return found


def make_review_page(page: PageRequest, review: DeskReview, form_token: str) -> Response:
    """Return the page of what is doubtful, one kind at a time."""
    lang = page.texts.lang
    doubts = review.list_doubts(page.state, lang)
    numbers = Counter(doubt.sheet for doubt in doubts)
    kinds = [(sheet, get_text("sheets", sheet, lang), numbers[sheet]) for sheet in SHEETS if numbers[sheet]]
    sheet = page.get("kind", 20)
    if sheet not in numbers:
        sheet = kinds[0][0] if kinds else ""
    shown = [doubt for doubt in doubts if doubt.sheet == sheet]
    number, pages = page.get_number("page", 1, 10_000), -(-len(shown) // _DOUBTS)
    number = min(number, max(pages, 1))
    return render_page(
        page, "review.html", kinds=kinds, sheet=sheet, number=number, pages=pages, form_token=form_token,
        doubts=shown[(number - 1) * _DOUBTS : number * _DOUBTS], offers=list_offers(sheet, lang) if sheet else [],
        slots=list_slots(sheet, lang) if sheet else [], cells=lambda doubt: list_cells(doubt, lang),
        decided=review.find_decided, waiting=review.waiting, head=lambda column: get_text("heads", column, lang),
    )  # fmt: skip


def _is_of(source: str, file: str) -> bool:
    """Return whether a source is a file, or a member of it."""
    return source == file or (source.startswith(file) and not source[len(file)].isalnum())


def _describe_gap(gap: str, texts: SiteTexts) -> str:
    key, _, ident = gap.partition(":")
    return texts(f"gaps.{key}", id=ident) if texts.has(f"gaps.{key}") else key


def _format_size(size: int) -> str:
    if size < 1000:
        return f"{size} B"
    return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{size / 1000:.1f} KB"
