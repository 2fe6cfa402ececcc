"""PDF files: characters → lines → paragraphs, and text recognition for scanned pages."""
