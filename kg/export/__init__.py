"""The store as files: RDF, networks, tables, interactive pages."""
