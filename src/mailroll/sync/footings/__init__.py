"""What a run stands on: our own side, what the last run left, and when nothing of either has moved."""
