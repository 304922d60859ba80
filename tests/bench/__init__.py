"""Measures a whole sync beside the floor it cannot go below, in the same run on the same machine."""
