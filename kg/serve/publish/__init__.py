"""The site as plain files, for any web server or none."""
