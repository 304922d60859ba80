"""Commands about mail gateways and what they read, a module for each."""
