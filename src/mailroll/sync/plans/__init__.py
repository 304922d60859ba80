"""From a domain to a guarded proposal, and a plan as rows."""
