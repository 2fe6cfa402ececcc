"""What a support takes beside its amount: who gives it, who gets it, who is in charge, and on which conditions."""
