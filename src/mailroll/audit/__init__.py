"""Who acts and when, and the trail of what they did. It knows nothing else of ours."""
