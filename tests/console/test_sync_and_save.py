"""The page that follows a click on Sync & Save names no file that the click does not enter."""

from collections.abc import Callable
from uuid import UUID

import pytest
from django.test import Client

from tests.followed import followed, named
from tests.sync.world import DOMAIN, Customer

AROUND = {"console/server/wall.py", "sync/workers/worker.py", "sync/workers/tick.py"}
"""The server, the worker and the schedule, whose place a test takes."""


@pytest.mark.usefixtures("today")
def test_two_clicks_enter_every_file_of_the_page(
    customer: Customer, owner: Client, answered: Callable[[], UUID]
) -> None:
    files, entered = named("sync-and-save.md"), set[str]()

    def click() -> None:
        run = owner.post(f"/domains/{DOMAIN}/user-sync/sync/")["Location"]
        assert owner.get(run).status_code == 200
        answered()
        assert owner.get(run).status_code == 200

    customer.sync()
    customer.tenant.add_user("New Joiner", local="joiner")
    customer.preview()
    with followed(lambda file, *_: entered.add(file)):
        click()
        # So many that they wait, and are parted off from the rest.
        for number in range(5):
            customer.tenant.delete_user(f"p{number}@{DOMAIN}")
        click()
    assert len(files) > 25
    assert files - AROUND - entered == set()
