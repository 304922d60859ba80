"""Filters: which user objects a source takes, as people write them, check them and as records are judged by them.

Read the modules in this order; each leans only on those before it:

    `model`, `attributes`, `expressions`, `value_check`, `parser`, `judgement`, `words`, `counter`
"""
