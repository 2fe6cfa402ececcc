"""Programs and platforms that patterns and lists find, and the checks of their names."""
