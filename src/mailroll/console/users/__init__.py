"""The users of a domain: the list, one user's page, adding one by hand."""
