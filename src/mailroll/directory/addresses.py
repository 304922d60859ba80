"""Which addresses are a user's own, and those of each user in one row, for every query that reads users with theirs.

An address that a user lost keeps its row while it ends, and is nobody's: whoever is given it takes the row away. A
retired user's own addresses end with it, so they are those that began to end at the moment it retired.
"""

from django.db.models import F, Q

OWN = Q(ending_since__isnull=True) | Q(ending_since=F("user__retired_at"))
"""Of `Address`: it is its user's own."""

HELD = """
     CROSS JOIN LATERAL (
           SELECT max(a.address) FILTER (WHERE a.is_primary) AS chief,
                  array_agg(a.address ORDER BY a.address || '') FILTER (WHERE NOT a.is_primary) AS aliases
             FROM directory_address a
            WHERE a.domain_id = u.domain_id AND a.user_id = u.id
              AND (a.ending_since IS NULL OR a.ending_since = u.retired_at)) held
""".strip()
"""Joined to `directory_user u`: `held.chief` is the primary address, `held.aliases` are the others in order, or null.

Looked up user by user: joined to an aggregate over all addresses, a new domain that statistics know nothing of took
minutes instead of seconds. They are ordered by an expression, since no index has one: where statistics take the table
for empty, a plan that reads the whole key in order, once for every user, costs as little as the right one.
"""
