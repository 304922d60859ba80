"""Template tags: the marks and words that every page shares."""
