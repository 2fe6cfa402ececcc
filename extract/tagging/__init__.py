"""A sequence model over the words of a page: how likely a stretch of words is a name, and of which kind."""
