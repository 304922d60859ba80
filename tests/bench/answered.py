"""Lets all mailboxes of the huge tenant have told what they are for, as after days of runs that ask 2,000 each."""

import json
import os
import sys
from itertools import islice

from tests.bench import tenants
from tests.bench.page_server import people

AT_ONCE = 10_000


def main() -> None:
    tenants.ready()
    from django.db import connection  # noqa: PLC0415 - of what is set up before

    from mailroll.reconcile.model import ExternalId, ObjectType, Record  # noqa: PLC0415
    from mailroll.sync.purposes import cache  # noqa: PLC0415

    domain, users = sys.argv[1], json.loads(os.environ["BENCH_SIZE"])["huge"]
    licensed = Record(ExternalId(""), ObjectType.USER, (), None, None, True, account_enabled=True)
    answers = (json.loads(text) for text in people(domain, 0, users))
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, tenant_id FROM connections_connection JOIN directory_domain USING (id)")
        key, tenant = cursor.fetchone()
        while several := list(islice(answers, AT_ONCE)):
            cursor.execute(
                "INSERT INTO sync_mailboxpurpose (connection_id, object, state, purpose, key, tries, asked_at)"
                " SELECT %s, object, 'known', 'user', key, 0, now() FROM unnest(%s::text[], %s::text[]) a (object, key)"
                " ON CONFLICT (connection_id, object) DO UPDATE SET state = excluded.state, purpose = excluded.purpose,"
                " key = excluded.key, tries = excluded.tries, asked_at = excluded.asked_at",
                [
                    key,
                    [f"{tenant}:{answer['id']}" for answer in several],
                    [f"{cache.key_with(licensed, answer['mail']):016x}" for answer in several],
                ],
            )
        # Of a tenant that refused in its first sync, as the page server does.
        cursor.execute("UPDATE sync_mailboxaccess SET refusal = NULL, tries = 0")
        cursor.execute("ANALYZE sync_mailboxpurpose")


if __name__ == "__main__":
    main()
