"""What figures are about: who gets, what is counted, the place; lists of names in turn."""
