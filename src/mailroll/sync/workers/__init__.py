"""What a worker does beside runs: select who is due, ask quiet domains, take over, and clear away."""
