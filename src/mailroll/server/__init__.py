"""The HTTP server that the Console runs in, with every limit set; it knows nothing of what it serves."""
