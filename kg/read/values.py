"""The values that readers return: a text with its marks, and what was changed to get it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from extract.model import Mark
from kg.errors import SourceError


class ReadError(SourceError):
    """A document cannot be read. The message does not name the document: :meth:`add_place` does."""

    def add_place(self, where: str) -> SourceError:
        """Return the error for users: the message begins with *where* the document is."""
        return SourceError(f"{where}：{self.zh}", f"{where}: {self.en}")


@dataclass(frozen=True, slots=True)
class Limits:
    """How large one document can be; what exceeds a limit is reported and left out."""

    file_bytes: int = 64 << 20
    """Bytes of a file, a member of an archive, or a response from the network."""
    text_chars: int = 1_000_000
    """Code points of a text: a thick book. One extraction takes no more."""
    archive_bytes: int = 512 << 20
    """Bytes of an archive, and of all its unpacked members."""
    archive_members: int = 10_000
    archive_ratio: int = 200
    """How many times longer than its packed form a large member can be."""
    rows: int = 20_000
    """Rows of a spreadsheet."""
    pages: int = 2_000
    """Pages of a PDF."""
    read_pages: int = 60
    """Scanned pages of one document that are read by OCR."""
    seconds: float = 60.0
    """Seconds to read one document."""
    convert_seconds: float = 120.0
    """Seconds for another program (LibreOffice, Tesseract) to read one document or page."""
    memory: int = 2 << 30
    """Bytes of address space of the process that reads, and of programs that it calls, if the system can limit it."""


@dataclass(frozen=True, slots=True)
class CleanReport:
    """What reading changed: everything that is dropped is counted."""

    kind: str = "text"
    """The format of the document: a key of ``[kinds]`` in ``formats.toml``."""
    encoding: str = ""
    """Encoding of text files and web pages."""
    changes: Mapping[str, int] = field(default_factory=dict)
    """How often each change was made, by key of ``[clean]`` in the messages (``block page_number line_joined`` …)."""
    warnings: tuple[str, ...] = ()
    """What was lost: keys of ``[gap]`` in the messages, and details after a colon (``scanned:3,5``)."""
    unfinished: bool = False
    """Whether another attempt may read more: a program ran out of time or memory."""


@dataclass(frozen=True, slots=True)
class DocumentText:
    """The text of a document, with its marks and a report."""

    text: str
    marks: tuple[Mark, ...] = ()
    report: CleanReport = CleanReport()


NamedText = tuple[str, DocumentText]
"""A text, after its name in its document; the name is empty if the document is one text."""


class TextWriter:
    """Builds a text line by line, with marks and counts."""

    def __init__(self, kind: str, encoding: str = "") -> None:
        self.kind = kind
        self.encoding = encoding
        self.changes: Counter[str] = Counter()
        self.warnings: list[str] = []
        self._parts: list[str] = []
        self._size = 0
        self._end = ""
        """The last two characters."""
        self._marks: list[Mark] = []

    def __len__(self) -> int:
        return self._size

    def mark(self, label: str) -> None:
        """Set the place (page, cell) of the text that follows; an empty *label* ends the last place."""
        if self._marks and self._marks[-1].offset == self._size:
            self._marks.pop()
        if (self._marks[-1].label if self._marks else "") != label:
            self._marks.append(Mark(self._size, label))

    def write(self, text: str) -> None:
        self._parts.append(text)
        self._size += len(text)
        self._end = (self._end + text[-2:])[-2:]

    def write_lines(self, text: str) -> None:
        """Write the lines of *text*, stripped; empty lines are left out."""
        for line in text.split("\n"):
            if line := line.strip():
                self.write(line + "\n")

    def write_blank(self) -> None:
        """Write a blank line, unless the text is empty or ends in one."""
        if self._size and self._end not in ("\n\n", "\n"):
            self.write("\n")

    def append(self, document: DocumentText) -> None:
        """Write a text with its marks, and add what its report says."""
        written = 0
        for mark in document.marks:
            self.write(document.text[written : mark.offset])
            self.mark(mark.label)
            written = mark.offset
        self.write(document.text[written:])
        self.mark("")
        self.changes.update(document.report.changes)
        self.warnings.extend(document.report.warnings)

    def count(self, change: str, times: int = 1) -> None:
        if times:
            self.changes[change] += times

    def warn(self, warning: str) -> None:
        self.warnings.append(warning)

    def finish(self) -> DocumentText:
        """Return the text with its marks and report."""
        changes = dict(sorted(self.changes.items()))
        report = CleanReport(self.kind, self.encoding, changes, tuple(dict.fromkeys(self.warnings)))
        return DocumentText("".join(self._parts), tuple(self._marks), report)
