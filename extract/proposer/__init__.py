"""A trained model that proposes mentions beside the rules."""
