"""A pause of Python's search for circles of objects that nothing else refers to.

Python frees a value as soon as nothing refers to it; the search is for circles only. It begins anew after every few
hundred values and, now and then, goes through everything that a process holds: all words and weights of the lexicons. A
page makes tens of thousands of values and no circles that matter, so the search costs a fifth of its time and finds
nothing. The pause ends with the page: what a program holds besides is searched as before.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

_lock = Lock()
_pauses = 0
"""How many pauses there are now: threads and nested calls may each have one."""
_was_enabled = False
"""Whether the search was on before the first of them."""


@contextmanager
def pause_collection() -> Iterator[None]:
    """Search for no circles meanwhile; go on afterwards if the search was on before.

    Pauses may be nested and may overlap in several threads: the last one to end switches the search on.
    """
    global _pauses, _was_enabled
    with _lock:
        if not _pauses:
            _was_enabled = gc.isenabled()
            gc.disable()
        _pauses += 1
    try:
        yield
    finally:
        with _lock:
            _pauses -= 1
            if not _pauses and _was_enabled:
                gc.enable()
