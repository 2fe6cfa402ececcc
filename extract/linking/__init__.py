"""Mentions → entities: canonical names, clusters of mentions of one thing, merging."""
