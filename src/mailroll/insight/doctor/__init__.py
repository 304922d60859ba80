"""What ails an installation: a list of checks, each a small function, that the command line and a page both show."""
