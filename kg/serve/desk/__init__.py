"""The desk of one person on one computer: files in, a graph, decisions on what is doubtful, answers out."""
