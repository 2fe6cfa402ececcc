"""What the parts of letters involve, and who acts in them or promises what they tell."""
