"""What Prometheus may read of an installation: the tables of names, what is counted between two readings, who may read.

Counts and ages only: a label never names a customer, a domain or a person, of which there may be a hundred thousand.
"""
