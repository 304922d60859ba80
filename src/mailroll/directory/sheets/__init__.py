"""CSV files that people bring and take: read with everything that is wrong with them, written harmless."""
