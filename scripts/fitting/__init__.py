"""Fitting of the models of the extraction on annotated documents."""
