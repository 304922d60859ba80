"""Who got mail lately and would be refused: what logs of mail servers tell, beside the roll."""

from mailroll.gateway.compare.comparing import Comparison, Missed, compare
from mailroll.gateway.compare.reading import Log

__all__ = ["Comparison", "Log", "Missed", "compare"]
