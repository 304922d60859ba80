"""The core: what the sources say and what the roll has, compared into a plan that is safe to apply.

Pure: no clock, no chance, no network, no database. Read the modules in the order of the pipeline:
`addresses`, `known`, `model`, `mapping`, `merge`, `resolve`, `plan`, `guards`, `split`, `explain`.
"""
