"""Tables of any format as text: grids with merged cells, forms, lists of proposals, policies and messages."""

from __future__ import annotations

from kg.read.tables.writing import Cell, is_boilerplate, load_labels, match_label, read_listed, write_table

__all__ = ["Cell", "is_boilerplate", "load_labels", "match_label", "read_listed", "write_table"]
