"""Mentions of places: divisions and regions, named areas, villages and streets."""
