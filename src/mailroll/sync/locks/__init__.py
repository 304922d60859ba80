"""Advisory locks of the database: one session of a process holds them all, and one run at a time has a domain."""
