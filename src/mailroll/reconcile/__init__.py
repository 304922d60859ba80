"""The core: what the sources say and what the roll has, compared into a plan that is safe to apply.

Pure: no clock, no chance, no network, no database. `pipeline.propose` is the one call.

Begin with the cases in `tests/reconcile/cases`: each is a short text, with what a directory shows, what the roll has,
and the plan that comes of it. Then read the modules in this order; each leans only on those before it:

    text      `text`, `cells`, `errors`, `addresses`, `known`
    filters   `filters`, whose own order is in it
    values    `reasons`, `model`, `storage`, `seen`, `piles`, `skips`
    desired   `kinds`, `mapping`, `statements`, `desired`
    target    `conflicts`, `resolve`
    plan      `change`, `arrivals`, `crowd`, `plan`, `split`, `leads`
    judging   `departures`, `findings`, `severity`, `guards`, `neighbours`, `memberships`, `absences`, `touched`
    the call  `sieve`, `newcomers`, `residents`, `pipeline`
    beside    `imports` (a file of users), `answers` (an old plan, asked about again), `likeness` (two plans)
    words     `explain`
"""
