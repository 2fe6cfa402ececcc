"""Text → mentions: for each kind a module with a function ``find_…(context, geography) -> list[Mention]``."""
