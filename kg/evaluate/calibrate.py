"""The command that counts on annotated files how often each rule is right, and writes ``confidence.toml``.

python -m kg.evaluate.calibrate                                                the project's annotated files
python -m kg.evaluate.calibrate GOLD… --output my-lexicon/confidence.toml      your files, for your lexicon
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from kg.errors import KgError
from kg.evaluate import accuracy


def main(argv: Sequence[str] | None = None) -> int:
    """Count, write the table and, for the project's own files, the documents. Return the exit code."""
    description = "Count on annotated files how often each rule is right."
    parser = argparse.ArgumentParser(prog="python -m kg.evaluate.calibrate", description=description)
    parser.add_argument("gold", nargs="*", type=Path, help="annotated files or folders (default: the project's)")
    parser.add_argument("--source-dir", type=Path, help="folder of their sources")
    parser.add_argument("--output", type=Path, help="confidence.toml to write (needed with GOLD)")
    args = parser.parse_args(argv)
    if bool(args.gold) != bool(args.output):
        parser.error("GOLD needs --output, and --output needs GOLD: other files must not change the project's table")
    try:
        if args.gold:
            accuracy.calibrate_rules(args.gold, args.output, args.source_dir)
        else:
            accuracy.calibrate_project()
    except KgError as error:
        print(error.message("en"), file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
