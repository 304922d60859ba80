"""Real mail servers for tests, from Debian's packages, unpacked beside the system and never installed."""
