"""What any stage may ask of raw text: name keys, numerals, dates, quantities, periods, sentences."""
