"""Organs by the parts of their names: jurisdictions, central organs, boards, offices."""
