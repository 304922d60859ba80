"""What people ask: how domains and runs stand, what happened, and why. Plain values, no HTML."""
