"""The Console: screens over the use cases below, one folder a subject. No rule is decided here."""
