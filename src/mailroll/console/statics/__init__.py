"""Static addresses: kept by hand or from a file, and why there have to be any."""
