"""How alerts leave: by mail, by a signed webhook, and by services that are known by name."""
