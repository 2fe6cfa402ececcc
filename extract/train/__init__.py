"""The statistical second opinion: a small spaCy component, fitted on annotated pages, that proposes mentions.

annotated files ──examples.gold───▶ Labelled ─┐
folder ──rules──▶ examples.silver ─▶ Labelled ┴─fit──▶ Language ──folder──▶ model folder ──propose──▶ Mention
"""
