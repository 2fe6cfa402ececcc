"""Rows of lists written as the pages that a portal would show."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from kg.read.tables.organs import is_organ
from kg.read.tables.rows import RowContent, RowText
from kg.read.values import DocumentText, TextWriter

SIGNATURE = 80
"""Number of characters at the end of a reply that contain its signature."""


class RowWriter:
    """Writes a row as the page of a portal.

    Args:
        out: where to write.
        settings: the settings of the kind of list.
        content: what the row holds.
    """

    def __init__(self, out: TextWriter, settings: Mapping[str, Any], content: RowContent) -> None:
        self.out, self.settings, self.content = out, settings, content
        self.values, marks = content.values, dict(content.cells)
        self.marks = marks
        for name, others in (("lead", ("handlers", "shared")), ("co", ("handlers", "lead")), ("hidden", ("opinion",))):
            for other in others:
                if name not in marks and other in marks:
                    marks[name] = marks[other]

    def write_page(self) -> DocumentText:
        """Write the row and return its text."""
        number = self.values.get("number", "") if self.settings.get("number_in_title") else ""
        number = number if len(number) > 1 else ""  # (1) before a title may be the number of an item
        for name in self.settings["print"]:
            if name not in self.values or (name == "number" and number and "title" in self.values):
                continue
            if name in self.settings.get("unlabelled", ()):
                self.out.write_blank()
                self._write_value(name)
            else:
                before = f"({number})" if name == "title" and number else ""
                lines = self.values[name].split("\n") if name == "hidden" else [self.values[name]]
                for line in lines:
                    self.out.write(f"{self._get_label(name)}：{before}")
                    self._write_words(name, line)
        for silent in self.content.silent:
            self.out.write(f"{self.settings['labels']['silent']}：{'、'.join(silent.organs)}：")
            self.out.mark(silent.cell)
            self.out.write(" ".join(silent.words.split()) + "\n")
            self.out.mark("")
        for name in self.settings["texts"]:
            if name in self.values:
                self.out.write_blank()
                self.out.write_lines(f"{self.settings['labels'][name]}：")
                self._write_value(name)
            for statement in self.content.statements.get(name, ()):
                self._write_statement(name, statement)
        return self.out.finish()

    def _get_label(self, name: str) -> str:
        yes_or_no = name == "status" and len(self.values[name]) == 1
        return "是否答复" if yes_or_no else str(self.settings["labels"][name])

    def _write_value(self, name: str) -> None:
        self.out.mark(self.marks.get(name, ""))
        self.out.write_lines(self.values[name])
        self.out.mark("")

    def _write_words(self, name: str, words: str) -> None:
        """Write a value, or a part of one, on the line of its label."""
        self.out.mark(self.marks.get(name, ""))
        self.out.write(" ".join(words.split()) + "\n")
        self.out.mark("")

    def _write_statement(self, name: str, statement: RowText) -> None:
        """Write a reply or opinion below its heading and the organ whose it is."""
        self.out.write_blank()
        self.out.write_lines(f"{self.settings['labels'][name]}：")
        organs, mark = "、".join(statement.organs), statement.cell
        if organs:
            signed = re.search(rf"(?m)^\s*{re.escape(organs)}\s*(?:[12]\d{{3}}.*)?$", statement.words) is not None
        else:
            lead = self.values.get("lead", "") if name == "reply" else ""
            organs, mark = lead if is_organ(lead) else "", self.marks.get("lead", "")
            signed = organs in statement.words[-SIGNATURE:]
        if organs and not signed:
            self.out.mark(mark)
            self.out.write_lines(organs)
        self.out.mark(statement.cell)
        self.out.write_lines(statement.words)
        self.out.mark("")
