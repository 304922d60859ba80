"""The User Sync tab of a domain: the automatic sync, the manual one, and the User Sources."""
