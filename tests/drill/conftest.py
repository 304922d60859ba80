"""The drill needs real servers: `make drill` says where they are; without them it does not exist."""

import os

from tests.gateways_real.conftest import root

__all__ = ["root"]

collect_ignore_glob = [] if os.environ.get("MAILROLL_TEST_GATEWAYS") else ["test_*.py"]
