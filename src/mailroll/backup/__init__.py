"""The whole installation in one file, and back: into an empty one, where nothing that was read is trusted."""
