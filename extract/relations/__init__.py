"""Sentences → relations between entities, and which measure answers which suggestion."""
