"""What ails an installation, on the command line."""
