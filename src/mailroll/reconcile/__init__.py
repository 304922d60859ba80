"""The core: what the sources say and what the roll has, compared into a plan that is safe to apply.

Pure: no clock, no chance, no network, no database. `pipeline.propose` is the one call. Read the modules in its order:

    values    `addresses`, `known`, `reasons`, `model`
    desired   `kinds`, `mapping`, `selecting`, `verdicts`, `statements`, `desired`
    target    `conflicts`, `resolve`
    plan      `diff`, `plan`, `split`
    judging   `findings`, `guards`, `neighbours`
    words     `explain`

`imports` is the same way for a file of users; `filters` stands for itself and knows none of the values.
"""
