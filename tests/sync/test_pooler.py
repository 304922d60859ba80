"""A database behind a pooler: locks hold only where a session belongs to one client."""

import pytest
from django.db import connection

from mailroll.reconcile.errors import BadInput
from mailroll.sync.locks.pooler import refuse_transaction_pooling
from mailroll_simulator import Simulator
from tests.cli.commands import mailroll
from tests.sync.pooler import pooled

pytestmark = pytest.mark.usefixtures("transactional_db")


def test_a_database_that_is_reached_directly_is_taken() -> None:
    refuse_transaction_pooling()


def test_a_pooler_whose_sessions_outlive_their_clients_is_refused() -> None:
    connection.ensure_connection()  # whoever looks at the locks may come by any way
    with pooled(), pytest.raises(BadInput) as refused:
        refuse_transaction_pooling(patience=0.3)
    assert refused.value.code == "transaction_pooling"
    assert "pool_mode = session" in refused.value.help


@pytest.mark.slow
def test_a_command_says_so_before_it_does_anything(simulator: Simulator) -> None:
    connection.ensure_connection()
    with pooled():
        refused = mailroll("database", "migrate", "--json")
    assert refused.exit_code == 1
    assert refused.document["error"]["code"] == "transaction_pooling"
