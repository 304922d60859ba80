"""The first run: a page that makes the first operator and the organization on top."""
