"""Tenants ready to use: a small firm, a school, one of every oddity, and one of any size."""

from mailroll.simulator.tenants.brightwater import small_firm
from mailroll.simulator.tenants.lindenfield import school
from mailroll.simulator.tenants.multitude import huge
from mailroll.simulator.tenants.oddities import mess

__all__ = ["huge", "mess", "school", "small_firm"]
