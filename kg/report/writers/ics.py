"""The deadlines of a report as a calendar (iCalendar, RFC 5545): one day for each, with its sentence and source."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from kg.report.model import Event, ReportContent
from kg.report.texts import Texts

_LONGEST = 75
"""Bytes of a line; a longer one is folded."""
_STAMP = "20000101T000000Z"
"""Time of every calendar, so that equal reports give equal bytes."""


def render(report: ReportContent, lang: str) -> bytes:
    """Return the calendar of *report*."""
    texts = Texts(lang)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//proposal-kg//kg report//ZH",
        f"X-WR-CALNAME:{_escape(texts.title(report.name))}",
    ]
    for event in report.events:
        lines += _list_lines(event, texts)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _fold(line)).encode("utf-8")


def _list_lines(event: Event, texts: Texts) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{event.uid}@proposal-kg"
    yield f"DTSTAMP:{_STAMP}"
    yield f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{event.day + timedelta(days=1):%Y%m%d}"
    if event.yearly:
        yield "RRULE:FREQ=YEARLY"
    yield f"SUMMARY:{_escape(event.title)}"
    if event.quote:
        words = f"{event.quote.sentence}\n{texts.place(event.quote)}"
        yield f"DESCRIPTION:{_escape(words)}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _escape(text: str) -> str:
    for sign in "\\;,":
        text = text.replace(sign, f"\\{sign}")
    return "".join(char for char in text.replace("\r", "").replace("\n", "\\n") if char.isprintable())


def _fold(line: str) -> Iterator[str]:
    """Yield a line in parts of at most 75 bytes; all but the first begin with a space."""
    part, size = "", 0
    for char in line:
        width = len(char.encode("utf-8"))
        if size + width > _LONGEST:
            yield part
            part, size = " ", 1
        part += char
        size += width
    yield part
