"""One module for each report: its tables and notes, made of what the store has."""
