"""Training of a small spaCy component that proposes mentions beside the rules.

annotated files ──examples──▶ LabelledChunk ─┐
files ──rules───▶ examples ─▶ LabelledChunk ─┴─fit──▶ Language ──proposer.folder──▶ model folder ──proposer──▶ Mention
"""
