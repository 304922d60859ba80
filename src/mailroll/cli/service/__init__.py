"""Units of systemd, and the command that makes them."""
