"""Numbers in the cells of tables: what they measure, where and when, by the heads of their own row and column.

A cell that says more than its number is read as any other text. What the heads do not say stays empty: nothing is taken
over from a cell above, below or beside.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache
from itertools import takewhile
from typing import NamedTuple

from extract.figures.about.scope import BODIES, COUNTED, home
from extract.figures.around import Around
from extract.figures.context import FigureContext, Number, Scene, Seen
from extract.figures.cues import cues
from extract.figures.slots import read_per
from extract.figures.support import classify_support, is_penalty
from extract.model import Bound, Entity, EntityId, Figure, FigureId, Kind, Letter, Span
from extract.text.periods import TimeUse
from extract.text.rows import PrintedTable
from ontology.lexicons import Lexicon

_MOST_HEAD_ROWS = 3
_LONGEST_HEAD = 30
"""Characters of a cell that can head a row or a column."""
_YEAR = re.compile(r"(?:19|20)\d\d")
_MONEY = frozenset({"money", "percent", "ratio", "share"})
_ABOUT = COUNTED | BODIES
_CONFIDENCE = 0.7
CELL = "figure.cell"
"""Rule of the figures of cells: what they are about is told by their heads, and by nothing else."""


class _Words:
    """The patterns of ``tables.toml``."""

    def __init__(self, lex: Lexicon) -> None:
        self.at = {name: re.compile(pattern) for name, pattern in lex.read_config("tables").items()}

    def has(self, name: str, words: str) -> bool:
        return self.at[name].search(words) is not None


@cache
def _load_words(lex: Lexicon) -> _Words:
    return _Words(lex)


class _Heads(NamedTuple):
    """What stands at the head of a cell's column and row, in folded places."""

    column: tuple[Span, ...]
    """From top to bottom; empty if the table has no head."""
    row: tuple[Span, ...]
    """From left to right."""


class TableReader:
    """Reads the numbers in the tables of a page.

    Args:
        page: the page.
    """

    def __init__(self, page: FigureContext) -> None:
        self.page = page
        self.words = _load_words(page.lex)
        self.tables = [_PlacedTable(page, table, self.words) for table in page.tables]
        self._begins = [table.begin for table in self.tables]

    def divide_numbers(self, scene: Scene) -> tuple[tuple[Number, ...], tuple[Number, ...]]:
        """Return the numbers of a sentence that are read as text, and those that are the values of cells."""
        table = self._find_table(scene.begin)
        if table is None:
            return scene.numbers, ()
        values = tuple(number for number in scene.numbers if self._is_value(table, scene, number))
        told = (n for n in scene.numbers if n not in values and not self._is_requirement(table, scene, n))
        return tuple(told), values

    def read_value(self, scene: Scene, number: Number, own: EntityId | None, ident: int) -> Figure | None:
        """Return the figure of the value of a cell, None if it makes none."""
        table = self._find_table(scene.begin)
        heads = table.find_heads(number.begin) if table is not None else None
        if table is None or heads is None or number.quantity.kind == "part":
            return None
        page, spans = self.page, [*heads.row, *heads.column]
        text = self._join(spans)
        kind = self._choose_kind(scene, table, number, heads)
        if kind is None:
            return None
        names = [seen for span in spans for seen in page.mentions(*span)]
        place = self._find_place(scene, names, heads)
        about = next((s.entity for s in reversed(names) if s.kind in _ABOUT), None) or place
        period = self._find_period(scene, table, heads, number)
        around = _describe(page, number, text)
        support = classify_support(page, scene, number, around, ()) if kind is Kind.PROVISION else None
        if kind is Kind.PROVISION and support is None:
            return None
        stated = kind in (Kind.OBSERVATION, Kind.TARGET)
        return Figure(
            id=FigureId(f"f{ident}"),
            kind=kind,
            span=page.folded.map_to_source(number.outer_begin, number.outer_end),
            value=number.quantity.value,
            unit=number.quantity.unit,
            bound=self._find_bound(number, text),
            metric=(self._name_support if kind is Kind.PROVISION else self._name)(heads, about, place),
            about=about.id if about is not None else None,
            period=period if stated else "",
            place=place.id if place is not None and stated else None,
            granted_under=own if kind is Kind.PROVISION else None,
            per=(number.quantity.per or read_per(text[-24:], page.lex)) if kind is Kind.PROVISION else "",
            deadline=period if kind is Kind.TARGET else "",
            support=support,
            rule=CELL,
            confidence=_CONFIDENCE,
        )

    def _find_table(self, position: int) -> _PlacedTable | None:
        i = bisect_right(self._begins, position) - 1
        return self.tables[i] if i >= 0 and position < self.tables[i].end else None

    def _is_value(self, table: _PlacedTable, scene: Scene, number: Number) -> bool:
        """Whether nothing but numbers stands in the cell of a number."""
        cell = table.find_cell(number.begin)
        if cell is None:
            return False
        begin, end = table.rows[cell[0]][cell[1]]
        rest, at = "", begin
        for other in self.page.numbers(begin, end):
            rest += self.page.text[at : max(at, other.outer_begin)]
            at = max(at, other.outer_end)
        rest += self.page.text[at:end]
        return not re.search("[A-Za-z一-龥]", self.words.at["beside"].sub("", self.words.at["time"].sub("", rest)))

    def _is_requirement(self, table: _PlacedTable, scene: Scene, number: Number) -> bool:
        """Whether a number stands in a letter's column of what is required for what the other columns give."""
        heads = table.find_heads(number.begin) if scene.letter.kind is not Kind.INSTRUMENT else None
        return heads is not None and self.words.has("condition", self._join(heads.column))

    def _join(self, spans: Sequence[Span]) -> str:
        return "".join(self.page.text[span.begin : span.end] for span in spans)

    def _choose_kind(self, scene: Scene, table: _PlacedTable, number: Number, heads: _Heads) -> Kind | None:
        """Return the class of a value by the words of its heads, None if it is none that is stated of anything."""
        has, quantity, letter = self.words.has, number.quantity, scene.letter
        column, text = self._join(heads.column), self._join((*heads.row, *heads.column))
        if letter.kind is Kind.PROPOSAL and next((p.kind for p in scene.chain if p.kind), None) is not Kind.PROBLEM:
            return None
        if is_penalty(_describe(self.page, number, text), self.page.lex):
            return None
        instrument = letter.kind is Kind.INSTRUMENT
        if has("condition", column):
            return Kind.CONDITION if instrument else None
        times = [t for span in (*heads.column, *heads.row) for t in self.page.times(letter, *span)]
        years = [t.value[:4] for t in times if t.use is TimeUse.AT and t.value[:4].isdigit()] + self._list_years(heads)
        named = has("support", text) or (has("amount", column) and has("support", table.read_heads()))
        told = years or has("summed", self._join(heads.row)) or self._tells_past(letter, table)
        if letter.kind is Kind.REPORT or (not instrument and told and not has("amount", column)):
            named = False  # what was paid in a year, or in all
        if quantity.kind in _MONEY and named and not has("no_support", text):
            return Kind.PROVISION if letter.kind is not Kind.PROPOSAL else None
        if quantity.kind == "time" and quantity.bound is Bound.EXACTLY:
            return None
        if not heads.column and not heads.row:
            return None
        late = any(t.use is TimeUse.BY for t in times)
        if (has("target", text) and not has("no_target", text)) or (late and not has("no_target", text)):
            return Kind.TARGET
        if instrument and quantity.bound is not Bound.EXACTLY and not quantity.ranged:
            return Kind.CONDITION
        issued = (letter.get_value("issued") or "")[:4]
        if years and issued and (years[-1] > issued or (years[-1] == issued and _is_first_of_plan(table, issued))):
            return Kind.TARGET
        title = letter.get_value("title") or ""
        if instrument and not years and cues(self.page.lex).has("plan_title", title) and has("target", title):
            return Kind.TARGET
        return Kind.OBSERVATION

    def _tells_past(self, letter: Letter, table: _PlacedTable) -> bool:
        """Whether the line above a table says that it tells of a time up to the letter's: 2024年情况."""
        issued = letter.get_value("issued") or ""
        times = [t for t in self.page.times(letter, *table.caption) if t.use is TimeUse.AT and t.value[:4].isdigit()]
        return bool(times) and times[-1].value.split("/")[-1][:4] <= issued[:4]

    def _find_place(self, scene: Scene, names: Sequence[Seen], heads: _Heads) -> Entity | None:
        found = {s.entity.id: s.entity for s in names if s.kind is Kind.PLACE}
        if found:
            return next(iter(found.values())) if len(found) == 1 else None
        for begin, end in (*heads.row, *heads.column):
            if m := self.words.at["whole"].search(self.page.text[begin:end]):
                return home(self.page, scene, m["level"])
        return None

    def _find_period(self, scene: Scene, table: _PlacedTable, heads: _Heads, number: Number) -> str:
        """Return the time that the cell, its column, its row or the line above the table states, and no other one."""
        cell = table.find_cell(number.begin)
        inside = [table.rows[cell[0]][cell[1]]] if cell is not None else []
        for spans in (inside, heads.column, heads.row, [table.caption]):
            values = {
                t.value for span in spans for t in self.page.times(scene.letter, *span)
                if t.use in (TimeUse.AT, TimeUse.BY, TimeUse.SINCE)
            }  # fmt: skip
            values |= {year for span in spans if spans is not inside and (year := self._read_year(span))}
            if values:
                return values.pop() if len(values) == 1 else ""
        return ""

    def _read_year(self, span: Span) -> str:
        """Return the year that is all of a head: 2024."""
        words = self.page.text[span.begin : span.end].strip()
        return words if _YEAR.fullmatch(words) else ""

    def _list_years(self, heads: _Heads) -> list[str]:
        return [year for span in (*heads.column, *heads.row) if (year := self._read_year(span))]

    def _find_bound(self, number: Number, text: str) -> Bound:
        if number.quantity.bound is Bound.EXACTLY and number.quantity.kind in _MONEY | {"count"}:
            for name, bound in (("most", Bound.AT_MOST), ("least", Bound.AT_LEAST)):
                if self.words.has(name, text):
                    return bound
        return number.quantity.bound

    def _name(self, heads: _Heads, about: Entity | None, place: Entity | None) -> str:
        """Return the words of the heads without those that say of whom, where or when."""
        column = "".join(self._strip_head(span, about, place) for span in heads.column)
        row = "".join(self._strip_head(span, about, place) for span in heads.row)
        return row + column

    def _name_support(self, heads: _Heads, about: Entity | None, place: Entity | None) -> str:
        """Return the words of the head that names a support, else those of the column."""
        column, row = ([self._strip_head(span, about, place) for span in spans] for spans in (heads.column, heads.row))
        named = next((words for words in [*reversed(row), *reversed(column)] if self.words.has("support", words)), "")
        receiver = "".join(row) if about is None and named not in row else ""
        return receiver + (self.words.at["gives"].sub("", named) or "".join(column))

    def _strip_head(self, span: Span, about: Entity | None, place: Entity | None) -> str:
        """Return the words of a head; empty if they name nothing but a time, a place or what the figure is about."""
        text = self.page.text
        words = text[span.begin : span.end]
        for seen in sorted(self.page.mentions(*span), key=lambda seen: -seen.begin):
            if seen.entity in (about, place) and span.begin <= seen.begin and seen.end <= span.end:
                words = words[: seen.begin - span.begin] + words[seen.end - span.begin :]
        words = self.words.at["time"].sub("", self.words.at["note"].sub("", words))
        if self.words.has("whole", words) or self.words.has("no_name", words):
            return ""
        return words.strip(" :：、，,的(（)）-—")


class _PlacedTable:
    """A table in folded places, with its head."""

    def __init__(self, page: FigureContext, table: PrintedTable, words: _Words) -> None:
        self.page, self.words = page, words
        self.rows = [[page.folded.map_span(cell) for cell in row.cells] for row in table.rows]
        self.begin, self.end = page.folded.map_span(table.span)
        self._row_begins = [page.folded.map_offset(row.span.begin) for row in table.rows]
        self.caption = self._find_caption()
        self.height = self._measure_head()
        self.first_value = self._find_first_value()

    def find_cell(self, position: int) -> tuple[int, int] | None:
        """Return row and column of the cell at a place, None if none is there."""
        y = bisect_right(self._row_begins, position) - 1
        if y < 0:
            return None
        return next(((y, x) for x, (begin, end) in enumerate(self.rows[y]) if begin <= position < end), None)

    def find_heads(self, position: int) -> _Heads | None:
        """Return the heads of the cell at a place; None for a cell of the head."""
        cell = self.find_cell(position)
        if cell is None or cell[0] < self.height:
            return None
        y, x = cell
        if not self._is_regular(y):
            return _Heads((), self._list_row_heads(y, x)[:1])
        column = [self._find_head(row, x) for row in range(self.height)]
        heads = tuple(dict.fromkeys(span for span in column if span is not None))
        return _Heads(heads, self._list_row_heads(y, x))

    def read_heads(self) -> str:
        """Return the words of the line above the table and of all heads of columns."""
        return " ".join(map(self._read, (self.caption, *(span for row in self.rows[: self.height] for span in row))))

    def _read(self, span: Span) -> str:
        return self.page.text[span.begin : span.end]

    def _is_regular(self, y: int) -> bool:
        """Whether a row has a cell under each head, so that its cells belong to the columns above them."""
        return bool(self.height) and len(self.rows[y]) <= max(len(row) for row in self.rows[: self.height])

    def _find_head(self, row: int, x: int) -> Span | None:
        """Return the head of a column in a row of the head; one over several columns stands above the first of them."""
        cells = self.rows[row]
        is_last = row == self.height - 1
        while x >= 0:
            if x < len(cells) and len(cells[x]):
                return cells[x]
            if is_last:
                return None
            x -= 1
        return None

    def _list_row_heads(self, y: int, x: int) -> tuple[Span, ...]:
        """Return the cells left of the values of a row that can name it: no numbers, no offices in charge."""
        found: list[Span] = []
        for column, span in enumerate(self.rows[y][: min(x, self.first_value)]):
            words = self._read(span)
            head = self._read(self.rows[self.height - 1][column]) if self._has_head(column) else ""
            if not words or len(words) > _LONGEST_HEAD or self.words.has("no_head", head):
                continue
            if re.search("[一-龥A-Za-z]", self.words.at["time"].sub("", words)) or self.words.at["time"].search(words):
                found.append(span)
        return tuple(found)

    def _has_head(self, column: int) -> bool:
        return bool(self.height) and column < len(self.rows[self.height - 1])

    def _find_caption(self) -> Span:
        """Return the line above the table, or above the line with its units."""
        text, stop = self.page.text, max(0, self.begin - 1)
        begin = text.rfind("\n", 0, stop) + 1
        if (
            begin
            and (units := self.words.at["unit_line"].search(text, begin, stop))
            and not text[begin : units.start()].strip("（( ")
        ):
            stop = begin - 1
            begin = text.rfind("\n", 0, stop) + 1
        return Span(begin, stop)

    def _measure_head(self) -> int:
        """Return the number of rows of the head, 0 if the first row has values already."""
        if not self.rows or not self._may_be_head(0) or sum(1 for cell in self.rows[0] if len(cell)) < 2:
            return 0
        height = 1
        while height < min(_MOST_HEAD_ROWS, len(self.rows)) and self._goes_on(height):
            height += 1
        return height if height < len(self.rows) else 0

    def _may_be_head(self, y: int) -> bool:
        cells = [self._read(span) for span in self.rows[y]]
        return all(len(cell) <= _LONGEST_HEAD and not re.search(r"\d", self._strip(cell)) for cell in cells)

    def _strip(self, cell: str) -> str:
        return self.words.at["time"].sub("", self.words.at["note"].sub("", cell))

    def _goes_on(self, y: int) -> bool:
        """Whether row *y* belongs to the head: it divides heads over several columns, and repeats the others."""
        if not self._may_be_head(y):
            return False
        above, cells = self.rows[y - 1], self.rows[y]
        divided = 0
        for x in range(max(len(above), len(cells))):
            upper = self._read(above[x]) if x < len(above) else ""
            lower = self._read(cells[x]) if x < len(cells) else ""
            opens = x + 1 < len(cells) and (x + 1 >= len(above) or not len(above[x + 1]))
            if not upper and x:
                divided += bool(lower)
            elif lower and lower != upper and not opens:
                return False
        return divided > 0

    def _find_first_value(self) -> int:
        """Return the first column with values below the head: the columns before it name the rows."""
        for x in range(max((len(row) for row in self.rows), default=0)):
            cells = [self._read(row[x]) for row in self.rows[self.height :] if x < len(row) and len(row[x])]
            counted = list(takewhile(lambda pair: pair[1].isdigit() and int(pair[1]) == pair[0], enumerate(cells, 1)))
            numbers = sum(
                bool(re.match(r"[-+约近超]?[\d¥￥$]", cell)) and not self.words.at["time"].fullmatch(cell)
                for cell in cells
            )
            if cells and len(counted) < len(cells) and numbers * 2 >= len(cells):
                return x
        return max((len(row) for row in self.rows), default=0)


def _is_first_of_plan(table: _PlacedTable, year: str) -> bool:
    """Whether the heads of a table name later years than *year*, and none before it."""
    named = re.findall(r"(?<!\d)20\d\d(?=年)", table.read_heads())
    return year in named and min(named) == year < max(named)


def _describe(page: FigureContext, number: Number, left: str) -> Around:
    """Return the words around a value as if the heads stood before it."""
    own = page.text[number.begin : number.end]
    clause = left + own
    return Around(
        left=left, lead=left, near=left, right="", tail="", clause=clause, segment=clause, before="", after=""
    )
