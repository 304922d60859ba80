"""The Gateway tab of a domain: what mail servers are told, how they are set up, and what they asked."""
