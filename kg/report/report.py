"""A report that can be written: the content of a frame with the means to turn it into files."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from kg.files import write_files
from kg.report.model import ReportContent
from kg.report.writers import choose_format, render_report
from kg.report.writers.html import render_fragment


@dataclass(frozen=True, slots=True)
class Report(ReportContent):
    """An answer that can be put in front of somebody.

    Attributes:
        name: the report.
        tables: its answers.
        notes: what was counted, and what was not read.
        filters: what it is about.
        build: the state of the store.
    """

    def render(self, form: str = "html", lang: str = "", *, template: str = "") -> bytes:
        """Return the report as a file; equal reports give equal bytes.

        Args:
            form: one of ``kg.report.writers.FORMATS``.
            lang: language of its words; by default the one that it was made with.
            template: a file that takes the place of the package's template (html, docx).

        Raises:
            UsageError: the format is unknown or does not fit the report, or the template cannot be used.
        """
        return render_report(self, form, lang or self.lang, template)

    def write(self, path: str | os.PathLike[str], lang: str = "", *, form: str = "", template: str = "") -> Path:
        """Write the report to a file, completely or not at all, and return its path.

        Args:
            path: the file; its suffix says the format.
            lang: see :meth:`render`.
            form: the format, instead of that of the suffix.
            template: see :meth:`render`.

        Raises:
            UsageError: as :meth:`render`, or the file cannot be written.
        """
        data = self.render(choose_format(form or None, str(path)), lang, template=template)
        return write_files({Path(path): data})[0]

    def _repr_html_(self) -> str:
        """Return the tables as HTML, for notebooks."""
        return render_fragment(self, self.lang)
