"""The roll: organizations, their domains, and the users and addresses of each.

`queries`, `load`, `apply` and `edit` are the only modules that touch its rows.
"""
