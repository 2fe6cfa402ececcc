"""A firm against the supports of a store: what it is entitled to, what is likely, not known, or not for it.

profile → supports of its place that the graph knows → their requirements, judged one by one → status
"""

from __future__ import annotations

from kg.report.match.profile import FirmProfile, read_profile

__all__ = ["FirmProfile", "read_profile"]
