"""Filters: which user objects a source takes, as people write them, check them and as records are judged by them.

Read the modules in this order: `attributes`, `model`, `parsing`, `judging`, `words`.
"""
