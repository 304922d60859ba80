"""A reading kept for a while with everything that a filter can name, so that counts are live as one is written."""
