"""What people decided about facts, and an extraction with these decisions applied."""
