"""What is done with being told that a directory changed: who wants it, who looks after it, and what reads soon."""
