"""The addresses of each user in one row, for every query that reads users with theirs."""

HELD = """
     CROSS JOIN LATERAL (
           SELECT max(a.address) FILTER (WHERE a.is_primary) AS chief,
                  array_agg(a.address ORDER BY a.address) FILTER (WHERE NOT a.is_primary) AS aliases
             FROM directory_address a
            WHERE a.domain_id = u.domain_id AND a.user_id = u.id) held
""".strip()
"""Joined to `directory_user u`: `held.chief` is the primary address, `held.aliases` are the others in order, or null.

Looked up user by user: joined to an aggregate over all addresses, a new domain that statistics know nothing of took
minutes instead of seconds.
"""
