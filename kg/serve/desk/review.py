"""The doubts of a desk, and the decisions of its person, in the file that ``kg review`` and builds use."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from extract.corrections.model import Decision, update_decisions
from kg.errors import NotFoundError
from kg.review.decisions import read_decisions, write_decisions
from kg.review.doubt import Doubt
from kg.review.doubts import find_doubts
from kg.review.reading import read_choice, read_spreadsheet
from kg.review.wording import get_text, load_settings
from kg.serve.desk.folder import DeskFolder
from kg.serve.site.state import SiteState

SHEETS = ("statements", "names", "aliases", "conflicts", "gaps", "revisions")
"""The kinds of doubts, in the order of the page."""
_PROPERTY = "predicate"
_CODE = re.compile(r"\s+[A-Za-z]+\Z")
"""The name of a property in the ontology, behind its words."""
_SIMPLE = {"gaps": ("accept",)}
"""Verdicts that the page offers, if they are fewer than those of the spreadsheet."""


@dataclass(frozen=True, slots=True)
class DecidedDoubt:
    """A doubt with what was decided on it since the last build."""

    doubt: Doubt
    verdict: str
    value: str
    decisions: tuple[Decision, ...]


class DeskReview:
    """The doubts of one desk. Its methods may be called from any thread."""

    def __init__(self, desk: DeskFolder) -> None:
        self._desk = desk
        self._lock = threading.Lock()
        self._decided: dict[str, DecidedDoubt] = {}
        self._state = 0

    def list_doubts(self, state: SiteState, lang: str) -> tuple[Doubt, ...]:
        """Return all doubts of a state of the store, those that were decided on since it was made included."""
        if state.number != self._state:
            with self._lock:
                self._decided, self._state = {}, state.number  # the build has taken the decisions up
        found: tuple[Doubt, ...] = state.remember(
            ("doubts", lang), lambda: find_doubts(state.store, self._read(), lang=lang)
        )
        return found

    def find_decided(self, doubt: str) -> DecidedDoubt | None:
        """Return what was decided on a doubt since the last build."""
        return self._decided.get(doubt)

    @property
    def waiting(self) -> int:
        """The number of decisions that the next build takes up."""
        return len(self._decided)

    def decide(self, state: SiteState, lang: str, doubt: str, cells: Mapping[str, str]) -> None:
        """Save a decision on a doubt, given by its id.

        Raises:
            NotFoundError: there is no such doubt.
            UsageError: the decision is incomplete or wrong.
        """
        about = next((one for one in self.list_doubts(state, lang) if one.id == doubt), None)
        if about is None:
            raise NotFoundError("没有这一条（可能刚刚重新读过）", "there is no such entry (the graph may be newer)")
        new = read_choice(about, cells)
        with self._lock:
            before = self._decided.pop(doubt, None)
            kept = update_decisions(self._without(before), new)
            write_decisions(self._desk.decisions, kept)
            self._decided[doubt] = DecidedDoubt(about, cells["decision"], cells.get("value", ""), new)

    def take_back(self, doubt: str) -> None:
        """Take a decision back that was made since the last build.

        Raises:
            NotFoundError: there is no such decision.
        """
        with self._lock:
            before = self._decided.pop(doubt, None)
            if before is None:
                raise NotFoundError("没有这项决定", "there is no such decision")
            write_decisions(self._desk.decisions, self._without(before))

    def read_file(self, path: Path) -> int:
        """Save the decisions of a spreadsheet that a person filled in, and return their number.

        Raises:
            SourceError, UsageError: it is not such a spreadsheet, or a row is wrong.
        """
        new = read_spreadsheet(path)
        with self._lock:
            write_decisions(self._desk.decisions, update_decisions(self._read(), new))
        return len(new)

    def _read(self) -> tuple[Decision, ...]:
        return read_decisions(self._desk.decisions) if self._desk.decisions.exists() else ()

    def _without(self, decided: DecidedDoubt | None) -> tuple[Decision, ...]:
        gone = decided.decisions if decided else ()
        return tuple(decision for decision in self._read() if decision not in gone)


def list_offers(sheet: str, lang: str) -> list[tuple[str, str]]:
    """Return the verdicts that a kind of doubts offers, each with its words."""
    verdicts = _SIMPLE.get(sheet) or load_settings()["offers"][sheet]
    return [(verdict, get_text("verdicts", verdict, lang)) for verdict in verdicts]


def list_slots(sheet: str, lang: str) -> list[tuple[str, str]]:
    """Return what a correction of a kind of doubts can change, each with its words."""
    return [(slot, get_text("slot_words", slot, lang)) for slot in load_settings()["slots"].get(sheet, ())]


def list_cells(doubt: Doubt, lang: str) -> list[tuple[str, str, str]]:
    """Return key, heading and text of the cells of a doubt that are not sentences."""
    settings = load_settings()
    own = settings["own_heads"].get(doubt.sheet, {})
    columns = [column for column in settings["columns"][doubt.sheet] if doubt.cells.get(column)]
    cells = [(column, (own.get(column) or settings["heads"][column])[lang], doubt.cells[column]) for column in columns]
    # the spreadsheet has the name of a property in the ontology behind its words; here only the words are read
    return [
        (key, head, _CODE.sub("", text) if lang == "zh" and key == _PROPERTY else text) for key, head, text in cells
    ]
