"""The server itself, with every limit set: the commands run it, and so do the tests."""

from typing import Any

import uvicorn

from mailroll.server.limits import BACKLOG, Limits
from mailroll.server.protocol import PunctualHttp


def configured(application: str | Any, host: str = "127.0.0.1", port: int = 0) -> uvicorn.Config:
    return uvicorn.Config(
        application,
        host=host,
        port=port,
        http=PunctualHttp,
        ws="none",
        lifespan="off",
        log_config=None,
        server_header=False,
        # Only `MAILROLL_TRUSTED_PROXIES` says who is believed; uvicorn would believe this machine.
        proxy_headers=False,
        backlog=BACKLOG,
        h11_max_incomplete_event_size=Limits().head_bytes,
    )
