"""Lines of a page: joined where the width of the page broke them, each with its kind."""
