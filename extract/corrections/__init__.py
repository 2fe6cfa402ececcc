"""Decisions of people about facts, and their application to an extraction."""
