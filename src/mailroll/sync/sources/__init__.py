"""What a run reads, and for whom: the sources of a domain, what comes with a reading, and what it leaves."""
