"""The pages for readers: search, things, documents with their marked text, reports, queries, graphs."""
