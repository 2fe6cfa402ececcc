"""Turn annotations without text into files that ``kg eval`` reads, and back.

    python scripts/restore_annotations.py restore FOLDER SOURCES OUTPUT    put the quotes back from the sources
    python scripts/restore_annotations.py strip FOLDER SOURCES OUTPUT      replace each quote by its position

``annotations/`` holds annotations of real documents. The documents are not part of the project, so a quote is stored as
``[begin, end]``, its position in the source in code points. ``until`` is the number of code points that were annotated,
if not the whole source was. ``restore`` writes the annotated text beside each file, under the name that the file gives.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

_QUOTED = {"edges": "quote", "figures": "quote", "parts": "begins"}
"""The key of each list's entries that holds words of the source."""


def strip(words: Any, text: str) -> Any:
    """Return the position of *words* in *text*; a list of readings gives a list of positions.

    Raises:
        ValueError: the words are not in the text.
    """
    if isinstance(words, list):
        return [strip(one, text) for one in words]
    begin = text.index(words)
    return [begin, begin + len(words)]


def restore(position: Any, text: str) -> Any:
    """Return the words at a position, or at each of a list of positions."""
    if position and isinstance(position[0], list):
        return [restore(one, text) for one in position]
    begin, end = position
    return text[begin:end]


def convert(gold: dict[str, Any], text: str, change: Callable[[Any, str], Any]) -> dict[str, Any]:
    """Return *gold* with each quote changed; an entry without words keeps none."""
    changed = dict(gold)
    for name, key in _QUOTED.items():
        if name in gold:
            changed[name] = [
                {**entry, key: change(entry[key], text)} if entry.get(key) else entry for entry in gold[name]
            ]
    return changed


def main(arguments: list[str]) -> int:
    """Convert all files of a folder. Return the exit code."""
    if len(arguments) != 4 or arguments[0] not in ("restore", "strip"):
        print(__doc__, file=sys.stderr)
        return 2
    change = restore if arguments[0] == "restore" else strip
    folder, sources, output = map(Path, arguments[1:])
    output.mkdir(parents=True, exist_ok=True)
    for path in sorted(folder.glob("*.gold.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        text = (sources / Path(gold["source"]).name).read_text(encoding="utf-8")[: gold.get("until")]
        lines = json.dumps(convert(gold, text, change), ensure_ascii=False, indent=1)
        (output / path.name).write_text(lines + "\n", encoding="utf-8")
        if change is restore:
            place = output / gold["source"]
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
