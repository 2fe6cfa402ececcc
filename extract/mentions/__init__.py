"""Mentions: one module a kind; each offers ``find(page, geo) -> list[Mention]`` and can be run and tested alone."""
