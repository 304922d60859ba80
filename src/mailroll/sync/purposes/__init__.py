"""What mailboxes are for: asked a few at a time, kept for each object, asked again when something about it changes."""
