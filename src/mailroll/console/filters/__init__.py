"""The editor of a source's filter."""
