"""What the installation itself provides, as the layer below has it."""

from mailroll.accounts.installation import sealer, settings

__all__ = ["sealer", "settings"]
