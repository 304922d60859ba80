"""Simulated Entra ID: discovery, sign-in, consent and tokens."""
