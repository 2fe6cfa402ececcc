"""The stored graph as things: look-ups, queries, descriptions, counts, validation."""
