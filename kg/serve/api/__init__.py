"""The addresses of programs besides SPARQL: things, documents, search and reports as JSON, and reconciliation."""
