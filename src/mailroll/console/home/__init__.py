"""Home: all domains, what needs a person first; adding a domain; the look of the Console."""
