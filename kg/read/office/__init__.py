"""Office documents: Word, spreadsheets, and formats that LibreOffice converts."""
