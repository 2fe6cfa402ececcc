"""Pages that are policy instruments or reports: their own title, issuers, approval and grounds."""
