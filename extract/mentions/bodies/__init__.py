"""Bodies that are no organs of state, firms, and people."""
