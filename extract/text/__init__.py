"""Functions on raw text for all stages: name keys, numerals, dates, quantities, periods, sentences."""
