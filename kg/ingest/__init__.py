"""One build: which sources to read, reading and extracting them, storing their graphs, reporting."""
