"""Answers that can be put in front of somebody: tables with their sentences, as pages, spreadsheets and documents."""

from __future__ import annotations

from kg.report.catalog import list_reports, make_report
from kg.report.model import Filters
from kg.report.report import Report

__all__ = ["Filters", "Report", "list_reports", "make_report"]
