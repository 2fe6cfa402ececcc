"""The decision which candidate names stay: features of a name and of its borders, and the choice between readings."""
