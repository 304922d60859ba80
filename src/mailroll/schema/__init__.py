"""Which version the tables are of, and whose turn it is to change it."""
