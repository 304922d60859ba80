"""Lines of `make bench`: one tenant of a million users, whose pages are written as they are asked for."""

import json
import sys
from collections.abc import Iterator

from tests.bench import tenants
from tests.bench.measured import Cost, measure
from tests.bench.page_server import secret_of
from tests.bench.table import Ratio, at_least, at_most

DOMAIN = "customer0.example"
_FIRST_MOST, _AGAIN_MOST = 500, 250
_A_SECOND = 120_000


def lines(users: int) -> Iterator[Ratio]:
    with tenants.installation(0, huge=users) as environment:
        tenants.run(environment, "large")
        first = measure(environment, "measured", DOMAIN, "manual")["run"]
        if first.answer["counts"]["create"] != users:
            sys.exit(f"a first sync of {users} users made {first.answer['counts']}")
        tenant = {
            "login_url": environment["MAILROLL_CUSTOM_LOGIN_URL"],
            "graph_url": environment["MAILROLL_CUSTOM_GRAPH_URL"],
            "ca_file": environment["MAILROLL_CUSTOM_CA_FILE"],
            "tenants": [{"id": str(tenants.ask(environment, "SELECT id FROM directory_domain"))}],
            "app": {"client_id": "bench", "secret": secret_of(DOMAIN, users)},
        }
        floor = measure({**environment, "BENCH_TENANT": json.dumps(tenant)}, "floors", "hashed")["hashed"]
        beside = "fetch, decode and hash the same pages"
        yield Ratio(f"{users:,} users: first sync", first.cpu, "s CPU", beside, floor.cpu)
        yield _memory(first, _FIRST_MOST)
        anew = measure(environment, "measured", DOMAIN, "manual")["run"]
        yield Ratio("  everybody compared anew, as once a day", anew.cpu, "s CPU", beside, floor.cpu)
        yield Ratio(
            "  memory, all of it", anew.memory + anew.imports, "MiB", "a process after its imports", anew.imports
        )
        same = measure(environment, "measured", DOMAIN, "manual")["run"]
        if same.answer["state"] != "unchanged":
            sys.exit(f"a run with nothing new is {same.answer}")
        yield Ratio("  nothing new, full reading", same.cpu, "s CPU", beside, floor.cpu)
        yield at_least("  users a second of CPU", users / same.cpu, "/s", f"{_A_SECOND:,} a second", _A_SECOND, 1)
        yield _memory(same, _AGAIN_MOST)
        tenants.run(environment, "answered", DOMAIN)
        tenants.ask(environment, "DELETE FROM sync_steadystate")
        answered = measure(environment, "measured", DOMAIN, "manual")["run"]
        if answered.answer["counts"]["unchanged"] != users:
            sys.exit(f"where mailboxes told that they are of users, a run made {answered.answer['counts']}")
        yield Ratio("  everybody anew, where all mailboxes told before", answered.cpu, "s CPU", beside, floor.cpu)
        yield _memory(answered, _FIRST_MOST)


def _memory(spent: Cost, most: float) -> Ratio:
    """The whole of a process at its largest."""
    return at_most("  memory, all of it", spent.memory + spent.imports, "MiB", f"{most:g} MiB", most, 1)


def main() -> None:
    tenants.ready()
    tenants.fill()


if __name__ == "__main__":
    main()
