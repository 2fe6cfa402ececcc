"""Text → mentions: one module for each kind, with ``find(context, geography) -> list[Mention]`` and runs alone."""
