"""Simulated Microsoft Graph, version 1.0."""
