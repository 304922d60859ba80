"""Reads a Microsoft 365 tenant through Microsoft Graph."""

from mailroll.connectors.microsoft365.connector import Microsoft365

__all__ = ["Microsoft365"]
