"""Listening to the directories of a domain: whole, in part, again, and by id."""
