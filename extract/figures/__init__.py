"""Quantities → figures: kind, subject, recipient, period and the other slots of each number."""
