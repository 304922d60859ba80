"""Sets the domain of the bench up in one process: `python -m tests.bench.setup DOMAIN`."""

import json
import os
import sys

import django


def main() -> None:
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 - of what is set up above

    from mailroll.audit.actor import Acting  # noqa: PLC0415
    from mailroll.connections import attach, sources  # noqa: PLC0415
    from mailroll.connections.credentials import Credential  # noqa: PLC0415
    from mailroll.directory import edit  # noqa: PLC0415
    from mailroll.schema import age  # noqa: PLC0415

    if age.age() is not age.SchemaAge.CURRENT:
        call_command("migrate", verbosity=0, interactive=False)
    tenant, acting = json.loads(os.environ["BENCH_TENANT"]), Acting("bench")
    app, directory = tenant["app"], tenant["tenants"][0]["id"]
    organization = edit.add_organization("Bench", acting)
    domain = edit.add_domain(organization, sys.argv[1], acting)
    credential = Credential(secret=app["secret"])
    offer = attach.offer(organization, "microsoft365", directory, app["client_id"], "custom", credential)
    sources.add(domain, attach.attach(None, offer, attach.OnTrust(), acting), acting)


if __name__ == "__main__":
    main()
