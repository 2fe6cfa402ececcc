"""Web pages: fetching addresses, and the text of HTML and MHT files."""
