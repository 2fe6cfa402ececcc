"""What the readers pass on: a text with its marks, and what was done to get it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from extract.model import Mark
from kg.errors import SourceError


class Unreadable(SourceError):
    """A document that cannot be read, and why; whoever knows its name puts it before the message."""

    def at(self, where: str) -> SourceError:
        """The same for a user: *where* it happened, then what."""
        return SourceError(f"{where}：{self.zh}", f"{where}: {self.en}")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one document may take; what goes beyond is reported and left out."""

    file_bytes: int = 64 << 20
    """Of a file, a member of an archive, an answer from the net."""
    text_chars: int = 1_000_000
    """Code points of a text: a thick book. Extraction takes no more at a time."""
    archive_bytes: int = 512 << 20
    """Of an archive, and of all that is packed in it."""
    archive_members: int = 10_000
    archive_ratio: int = 200
    """Times that a large member may be longer than its packed form."""
    rows: int = 20_000
    """Of a spreadsheet."""
    pages: int = 2_000
    """Of a PDF."""
    read_pages: int = 60
    """Scanned pages of one document that are read by OCR."""
    seconds: float = 60.0
    """For reading one document."""
    convert_seconds: float = 120.0
    """For another program (LibreOffice, Tesseract) that reads one document or page."""
    memory: int = 2 << 30
    """Bytes of addresses of the process that reads, and of programs that it calls, where the system can limit them."""


@dataclass(frozen=True, slots=True)
class CleanReport:
    """What reading changed: nothing is dropped without being counted."""

    kind: str = "text"
    """The format that was found: a key of ``[kinds]`` in formats.toml."""
    encoding: str = ""
    """Of text files and pages."""
    changes: Mapping[str, int] = field(default_factory=dict)
    """How often each was done: keys of ``[clean]`` in the messages (``block``, ``page_number``, ``line_joined`` …)."""
    warnings: tuple[str, ...] = ()
    """What was lost: keys of ``[gap]`` in the messages, and what it is about after a colon (``scanned:3,5``)."""
    unfinished: bool = False
    """Whether reading it once more, on a better day, may bring more: a program ran out of time or memory."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The text of a document."""

    text: str
    marks: tuple[Mark, ...] = ()
    report: CleanReport = CleanReport()


class Writer:
    """Puts a text together line by line, with marks and counts."""

    def __init__(self, kind: str, encoding: str = "") -> None:
        self.kind = kind
        self.encoding = encoding
        self.changes: Counter[str] = Counter()
        self.warnings: list[str] = []
        self._parts: list[str] = []
        self._size = 0
        self._marks: list[Mark] = []

    def __len__(self) -> int:
        return self._size

    def mark(self, label: str) -> None:
        """From here on the text stands at *label*; nowhere in particular if empty."""
        if self._marks and self._marks[-1].offset == self._size:
            self._marks.pop()
        if (self._marks[-1].label if self._marks else "") != label:
            self._marks.append(Mark(self._size, label))

    def write(self, text: str) -> None:
        self._parts.append(text)
        self._size += len(text)

    def line(self, text: str) -> None:
        """*text*, as lines of its own, without the white space around them; nothing if there is nothing."""
        for one in text.split("\n"):
            if one := one.strip():
                self.write(one + "\n")

    def blank(self) -> None:
        """A blank line, if there is none yet."""
        if self._parts and not (self._parts[-1].endswith("\n\n") or self._parts[-1] == "\n"):
            self.write("\n")

    def count(self, what: str, times: int = 1) -> None:
        if times:
            self.changes[what] += times

    def warn(self, what: str) -> None:
        self.warnings.append(what)

    def finish(self) -> Reading:
        changes = dict(sorted(self.changes.items()))
        report = CleanReport(self.kind, self.encoding, changes, tuple(dict.fromkeys(self.warnings)))
        return Reading("".join(self._parts), tuple(self._marks), report)
