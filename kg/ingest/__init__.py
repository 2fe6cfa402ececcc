"""One build: plan which sources to read, read and extract them, store their graphs, and report."""
