"""What a directory says of one address now: asked for by a person, answered by a worker, kept for an hour."""
