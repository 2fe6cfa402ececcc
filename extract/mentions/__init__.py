"""Text → mentions: one module for each kind; each offers ``find(context, geography) -> list[Mention]`` and runs alone."""
