"""Who got mail lately and would be refused: what logs of mail servers tell, beside the roll."""

from mailroll.gateway.compare.comparison import Comparison, Missed, compare
from mailroll.gateway.compare.log import Log

__all__ = ["Comparison", "Log", "Missed", "compare"]
