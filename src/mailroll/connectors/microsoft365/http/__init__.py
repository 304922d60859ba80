"""The way out: one question over HTTPS and its answer, which clouds there are, and how patient we are."""
