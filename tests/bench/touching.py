"""Gives users of the bench's tenant another name: `python -m tests.bench.touching NUMBER EVERY MARK`.

It reads thousands at once, and a process begins with the peak of memory of whoever started it: so it is one of its own.
"""

import json
import os
import sys

from tests.bench.engine import control

_PAGE = 1_000
"""Users that the simulator tells of together. It counts its users from the first one on for each question."""


def main() -> None:
    number, every, mark = map(int, sys.argv[1:])
    tenant = json.loads(os.environ["BENCH_TENANT"])
    root = f"{tenant['control_url']}/tenants/{tenant['tenants'][0]['id']}/users"
    for start in range(0, number * every, _PAGE):
        page = control(f"{root}?start={start}&limit={min(_PAGE, number * every - start)}")["users"]
        for place, user in enumerate(page):
            if (start + place) % every == 0:
                control(f"{root}/{user['id']}", {"displayName": f"Changed {mark} {start + place}"})


if __name__ == "__main__":
    main()
