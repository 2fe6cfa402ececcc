"""What the sources say of the reply to each proposal: its state, what is not published, and merged proposals."""
